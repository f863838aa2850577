"""Who may upload a file: nobody before signing in, and strangers together only so much."""

import json

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette import starlette_auth_routes as auth
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from advisor.host.settings import exposure
from pages.ui import sign_in

UPLOAD = "/_stcore/upload_file/"
STRANGERS_BYTES = 50_000_000
"""All that strangers have uploaded and that is still held, in this process."""


class Uploads:
    """Refuses an upload before its body is read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no upload, and one that may be made."""
        if scope["type"] == "http" and scope["method"] == "PUT" and UPLOAD in scope["path"]:
            status, why = _refused(Request(scope))
            if status:
                answer = PlainTextResponse(f"{why}\n", status, {"Connection": "close"})
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _refused(request: Request) -> tuple[int, str]:
    """The status and the reason; 0 = it may be made."""
    if sign_in.is_set_up():
        return (0, "") if _is_signed_in(request) else (401, "Sign in before you bring a file.")
    if not exposure().to_strangers:
        return 0, ""
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        return 411, "The length of the file is not said."
    if _held() + int(length) > STRANGERS_BYTES:
        return 413, "This server takes no more files just now. Bring a smaller one, or try later."
    return 0, ""


def _is_signed_in(request: Request) -> bool:
    said = auth._get_cookie_value_from_request(request, USER_COOKIE_NAME)
    try:
        user = json.loads(said) if said else {}
    except ValueError:
        return False
    return bool(user.get("is_logged_in") and sign_in.owner_of(user) and sign_in.is_allowed(user))


def _held() -> int:
    """Bytes of the files that are held for all sessions of this process."""
    manager = runtime.get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)  # noqa: S101 - Streamlit has one kind
    return sum(
        len(file.data)
        for held in list(manager.file_storage.values())
        for file in list(held.values())
    )
