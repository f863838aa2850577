"""Signing out: of every copy of the cookie, and at the identity provider.

Also at one that knows no address to come back to.
"""

import asyncio
import logging
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.errors import AdvisorError
from advisor.host.settings import hosting
from pages.ui import sign_in
from pages.ui.server.identity import user_of

LOGOUT = "/auth/logout"
BACK = "post_logout_redirect_uri"


_STILL_IN = (
    "You are still signed in: the database can't be reached just now. Go back, and sign out again in "
    "a minute."
)


class SigningOut:
    """Ends the sign-in for every copy of its cookie, before the browser is told to drop its own.

    Takes the address to come back to out of the request to the provider, unless it knows it.

    That may be left out (OpenID Connect RP-Initiated Logout 1.0, 2); a provider that has not been
    told of it refuses the whole request, and its user stays signed in there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; of one answer change where it leads."""
        signs_out = scope["type"] == "http" and str(scope["path"]).endswith(LOGOUT)
        if signs_out:
            try:
                await asyncio.to_thread(sign_in.end, user_of(Request(scope)))
            except AdvisorError:
                logging.getLogger(__name__).warning("a sign-out could not be kept")
                await PlainTextResponse(f"{_STILL_IN}\n", 503)(scope, receive, send)
                return
        if not signs_out or hosting().oidc_post_logout:
            await self.app(scope, receive, send)
            return

        async def without(message: Message) -> None:
            if message["type"] == "http.response.start":
                head = MutableHeaders(scope=message)
                if "location" in head:
                    head["location"] = _without(head["location"])
            await send(message)

        await self.app(scope, receive, without)


def _without(address: str) -> str:
    parts = urlsplit(address)
    asked = [(name, said) for name, said in parse_qsl(parts.query) if name != BACK]
    return urlunsplit(parts._replace(query=urlencode(asked)))
