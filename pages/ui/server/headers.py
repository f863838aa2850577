"""What stands before every answer of the server: the headers it carries, and whom it is given to."""

import base64
import hashlib
import logging
import re
from functools import cache
from importlib.resources import files

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.host.settings import exposure
from advisor.host.telemetry import may_read
from pages.ui import sign_in

METRICS = "/metrics"
"""Asked by a machine's address as well, by whoever has the host's token."""
ALIVE = ("/_stcore/health", "/_stcore/script-health-check", "/healthz", "/readyz", "/health")
"""Ends of paths that are asked by a machine's address, not by the app's name; they tell nothing."""


@cache
def policy() -> str:
    """The content security policy of a page: nothing is loaded from, or sent to, anywhere else.

    So an answer that got past every other control still fetches no image, runs no script and
    sends nothing off. Styles are Streamlit's, written by its own script: they can't be listed.
    """
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", *_inline_scripts())),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' data: blob:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "frame-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {allowed}" for name, allowed in rules.items())


def sent() -> dict[str, str]:
    """Sent with every answer."""
    # A year: once reached by TLS, a browser asks no more without it (RFC 6797).
    tls = {"Strict-Transport-Security": "max-age=31536000"} if behind_tls() else {}
    return tls | {
        # The address of a shared page holds its token: it is told to no other site.
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "Content-Security-Policy": policy(),
    }


class Guarded:
    """Adds `sent()` to whatever is answered, by us or by Streamlit; what is there already stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to the head of its answer."""
        # Streamlit's own numbers too.
        numbers = scope["type"] == "http" and str(scope["path"]).endswith(METRICS)
        if numbers and not may_read(Headers(scope=scope).get("authorization", "")):
            await PlainTextResponse("Not Found\n", 404, sent())(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                head = MutableHeaders(scope=message)
                for name, value in sent().items():
                    head.setdefault(name, value)
                if behind_tls():
                    _only_by_tls(head)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def _only_by_tls(head: MutableHeaders) -> None:
    """Mark every cookie that is set as Secure: Streamlit leaves that to whoever stands in front."""
    cookies = head.getlist("set-cookie")
    if not cookies:
        return
    del head["set-cookie"]
    for cookie in cookies:
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        head.append("set-cookie", cookie if "secure" in attributes else f"{cookie}; Secure")


class KnownNames(TrustedHostMiddleware):
    """Refuses a request, and a session, for a name that is not the app's.

    A page that reached the app by another name (DNS rebinding, a poisoned cache) is no page of it.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask who is wanted, but for a question whether the server is alive."""
        if scope["type"] == "http" and str(scope["path"]).endswith((*ALIVE, METRICS)):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def middleware() -> list[Middleware]:
    """What every request goes through, the first one first."""
    names = exposure().hostnames
    if exposure().to_strangers and not names:
        logging.getLogger(__name__).warning(
            "WORTH_TUNING_HOSTNAMES is not set: requests are answered under any name."
        )
    known = [Middleware(KnownNames, allowed_hosts=names, www_redirect=False)] if names else []
    return [Middleware(Guarded), *known]


@cache
def behind_tls() -> bool:
    """The app is reached by https, as its own address at the sign-in says."""
    return str(sign_in.as_set_up().get("redirect_uri", "")).startswith("https://")


def _inline_scripts() -> list[str]:
    """By digest, the scripts that stand in Streamlit's own page."""
    page = files("streamlit").joinpath("static", "index.html").read_text("utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
