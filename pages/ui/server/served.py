"""What the server sends beside the pages: the PDF of a shared report, and how it is."""

import asyncio

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from advisor.errors import AdvisorError
from pages.ui.server import operations

OF_A_LINK = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
"""Sent besides with what only the holder of a link may read."""
OF_A_FILE = OF_A_LINK | {"Content-Security-Policy": "frame-ancestors 'self'"}
"""A browser's reader of PDFs is a page of its own, and brings its own parts."""


async def report_pdf(request: Request) -> Response:
    """The PDF of a shared report; a link that works no more gets one sentence, whatever the reason."""
    # Imported late: the server is to listen before the store and the typesetter are loaded.
    from advisor.report.file_name import disposition
    from advisor.report.sharing import CLOSED
    from pages.ui.verdict import shared

    try:
        # Typesetting takes the processor for 50 ms: in a thread, so that nobody else waits.
        found = await asyncio.to_thread(shared.pdf, request.query_params.get("share", ""))
    except AdvisorError as error:
        return PlainTextResponse(f"{error}\n", 409, OF_A_LINK)
    if found is None:
        return PlainTextResponse(f"{CLOSED}\n", 404, OF_A_LINK)
    name, file = found
    headers = OF_A_FILE | {"Content-Disposition": disposition(name)}
    return Response(file, headers=headers, media_type="application/pdf")


def routes() -> list[Route]:
    """Addresses that are no pages."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    under = f"/{base}" if base else ""
    return [
        Route(f"{under}/report.pdf", report_pdf),
        Route(f"{under}/healthz", operations.healthz),
        Route(f"{under}/readyz", operations.readyz),
        Route(f"{under}/metrics", operations.metrics),
    ]
