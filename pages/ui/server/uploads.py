"""Who may upload a file: nobody before signing in, and strangers together only so much."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from advisor.errors import AdvisorError
from advisor.host.settings import exposure
from pages.ui import sign_in
from pages.ui.server.identity import user_of

UPLOAD = "/_stcore/upload_file/"
STRANGERS_BYTES = 50_000_000
"""All that strangers have uploaded and that is still held, or on its way, in this process."""
FIRST_S = 30.0
SLOWEST = 100_000
"""Bytes a second, after the first seconds: a stranger's upload that is slower loses its place."""


_LENGTH = re.compile(r"[0-9]{1,15}")


class NotTaken(Exception):
    """An upload that may not be made: a status, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Uploads:
    """Refuses an upload before its body is read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._on_their_way = 0
        """Bytes of strangers' uploads that were let in and are not held yet."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no upload, and one that may be made."""
        if scope["type"] != "http" or scope["method"] != "PUT" or UPLOAD not in scope["path"]:
            await self.app(scope, receive, send)
            return
        try:
            if sign_in.is_set_up():
                await _need_sign_in(Request(scope))
                await self.app(scope, receive, send)
            elif not exposure().to_strangers:
                await self.app(scope, receive, send)
            else:
                with self._place_for(Request(scope)) as length:
                    async with asyncio.timeout(FIRST_S + length / SLOWEST):
                        await self.app(scope, receive, send)
        except TimeoutError:
            await _answer(408, "The file took too long. Try again.")(scope, receive, send)
        except NotTaken as refused:
            await _answer(refused.status, str(refused))(scope, receive, send)

    @contextmanager
    def _place_for(self, request: Request) -> Iterator[int]:
        """Set the place of a stranger's file aside until it is held; gives its bytes.

        Nothing is awaited between looking and setting aside, so of many at once none is missed.
        """
        said = request.headers.get("content-length", "")
        if not _LENGTH.fullmatch(said):
            raise NotTaken(411, "The length of the file is not said.")
        length = int(said)
        if _held() + self._on_their_way + length > STRANGERS_BYTES:
            raise NotTaken(
                413, "This server takes no more files just now. Bring a smaller one, or try later."
            )
        self._on_their_way += length
        try:
            yield length
        finally:
            self._on_their_way -= length


def _answer(status: int, why: str) -> PlainTextResponse:
    return PlainTextResponse(f"{why}\n", status, {"Connection": "close"})


async def _need_sign_in(request: Request) -> None:
    user = user_of(request)
    try:
        if not (sign_in.owner_of(user) and sign_in.is_allowed(user)):
            raise NotTaken(401, "Sign in before you bring a file.")
        if await asyncio.to_thread(sign_in.is_over, user):
            raise NotTaken(401, "You signed out. Sign in again before you bring a file.")
    except AdvisorError as error:
        raise NotTaken(503, str(error)) from error


def _held() -> int:
    """Bytes of the files that are held for all sessions of this process."""
    manager = runtime.get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)  # noqa: S101 - Streamlit has one kind
    return sum(
        len(file.data)
        for held in list(manager.file_storage.values())
        for file in list(held.values())
    )
