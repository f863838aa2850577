"""Signing out at the identity provider, also at one that knows no address to come back to."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.host.settings import hosting

LOGOUT = "/auth/logout"
BACK = "post_logout_redirect_uri"


class SigningOut:
    """Takes the address to come back to out of the request to the provider, unless it knows it.

    It may be left out (OpenID Connect RP-Initiated Logout 1.0, 2); a provider that has not been
    told of it refuses the whole request, and its user stays signed in there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; of one answer change where it leads."""
        signs_out = scope["type"] == "http" and str(scope["path"]).endswith(LOGOUT)
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
