"""The access log: one line a request, without what only the holder of a link may know."""

import logging
from time import perf_counter

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.host.settings import hosting
from pages.ui.server.headers import ALIVE

_LOG = logging.getLogger("advisor.requests")
_NAMED = 2
"""Parts of a path that are written: those after them may be a session's or a file's own name."""


class Requests:
    """Writes method, path, status, time and client of each request.

    Never what stands behind the `?`: links, ballots and sign-in codes do. The server's own access
    log writes it, so that one is silenced. Questions whether the server is alive are left out.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and write a line once it is answered."""
        if scope["type"] != "http" or str(scope["path"]).endswith((*ALIVE, "/metrics")):
            await self.app(scope, receive, send)
            return
        began, status = perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            _LOG.info(
                "request",
                extra={
                    "method": scope["method"],
                    "path": _path(str(scope["path"])),
                    "status": status or None,
                    "ms": round((perf_counter() - began) * 1000),
                    "client": client_of(scope),
                },
            )


def _path(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[: _NAMED + 1]) + ("/…" if len(parts) > _NAMED + 1 else "")


def client_of(scope: Scope) -> str | None:
    """Who asked: as the host's proxy says, in the header that the host trusts, else the peer."""
    if (named := hosting().client_header) and (said := Headers(scope=scope).get(named)):
        # A client may send such a header too; the proxy next to us writes the last entry.
        return said.rpartition(",")[2].strip()[:100]
    peer = scope.get("client")
    return str(peer[0]) if peer else None
