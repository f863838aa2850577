"""What the server sends beside the pages: headers on every answer, and the PDF of a shared report."""

import asyncio

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.errors import AdvisorError

HEADERS = {
    # The address of a shared page holds its token: it is told to no other site.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Sent with every answer."""
OF_A_LINK = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
"""Sent besides with what only the holder of a link may read."""


class Headers:
    """Adds `HEADERS` to whatever is answered, by us or by Streamlit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to the head of its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                head = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    head.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


async def report_pdf(request: Request) -> Response:
    """The PDF of a shared report; a link that works no more gets one sentence, whatever the reason."""
    # Imported late: the server is to listen before the store and the typesetter are loaded.
    from advisor.report.sharing import CLOSED
    from pages.ui import shared

    try:
        # Typesetting takes the processor for 50 ms: in a thread, so that nobody else waits.
        found = await asyncio.to_thread(shared.pdf, request.query_params.get("share", ""))
    except AdvisorError as error:
        return PlainTextResponse(f"{error}\n", 409, OF_A_LINK)
    if found is None:
        return PlainTextResponse(f"{CLOSED}\n", 404, OF_A_LINK)
    name, file = found
    headers = OF_A_LINK | {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(file, headers=headers, media_type="application/pdf")


def middleware() -> list[Middleware]:
    """What stands before every answer."""
    return [Middleware(Headers)]


def routes() -> list[Route]:
    """Addresses that are no pages."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return [Route(f"/{base}/report.pdf" if base else "/report.pdf", report_pdf)]
