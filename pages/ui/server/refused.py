"""A sign-in that the identity provider refused: told on the sign-in page, and not only in a log."""

import re
from urllib.parse import parse_qs, urlencode

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

CALLBACK = "/oauth2callback"
ASKED = "sign_in_refused"
"""The query parameter of the first page that holds what the provider said."""
_CODE = re.compile(r"[a-z_]{1,60}")
_LONGEST = 200
"""Characters of a description that are shown."""


class RefusedSignIn:
    """Sends a browser that comes back with an error on to the sign-in page, with the reason."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything else on (RFC 6749, 4.1.2.1 names the parameters)."""
        path = str(scope.get("path", ""))
        if scope["type"] == "http" and path.endswith(CALLBACK):
            asked = parse_qs(bytes(scope["query_string"]).decode("utf-8", "replace"))
            code = asked.get("error", [""])[0]
            if _CODE.fullmatch(code):
                said = " ".join(asked.get("error_description", [""])[0].split())[:_LONGEST]
                query = urlencode({ASKED: f"{code}: {said}" if said else code})
                there = f"{path.removesuffix(CALLBACK)}/?{query}"
                await RedirectResponse(there, 302)(scope, receive, send)
                return
        await self.app(scope, receive, send)
