"""Who may upload to, and scrape, a server that strangers reach: asked by the real server."""

import gc
import weakref
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo

from pages.ui.server import operations
from pages.ui.server.uploads import STRANGERS_BYTES
from tests.e2e.server import running

SIGN_IN = {
    "WORTH_TUNING_OIDC_METADATA_URL": "http://127.0.0.1:9/.well-known/openid-configuration",
    "WORTH_TUNING_OIDC_CLIENT_ID": "c",
    "WORTH_TUNING_OIDC_CLIENT_SECRET": "s",
    "WORTH_TUNING_OIDC_REDIRECT_URI": "http://localhost:9/oauth2callback",
    "WORTH_TUNING_OIDC_COOKIE_SECRET": "0" * 32,
}
OPEN = {
    "WORTH_TUNING_SIGN_IN": "none",
    "WORTH_TUNING_HOSTNAMES": "localhost",
    "WORTH_TUNING_METRICS_TOKEN": "canary-token",
}


def put(url: str, headers: dict[str, str]) -> tuple[int, str]:
    """What is answered to the head of an upload; its body is never sent."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.putrequest("PUT", "/_stcore/upload_file/some-session/some-file")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    return answer.status, said


@pytest.mark.parametrize(
    ("settings", "headers", "answered"),
    [
        (SIGN_IN, {"Content-Length": "5"}, (401, "Sign in before you bring a file.\n")),
        (
            SIGN_IN,
            {"Content-Length": "5", "Cookie": "_streamlit_user=made-up"},
            (401, "Sign in before you bring a file.\n"),
        ),
        (OPEN, {"Transfer-Encoding": "chunked"}, (411, "The length of the file is not said.\n")),
    ],
)
def test_nobody_uploads_before_signing_in(servers, settings, headers, answered):
    assert put(servers["WORTH_TUNING_SIGN_IN" in settings], headers) == answered


def test_strangers_fill_no_memory(servers):
    open_to_all = servers[True]
    status, said = put(open_to_all, {"Content-Length": str(STRANGERS_BYTES + 1)})
    assert (status, said.partition(".")[0]) == (413, "This server takes no more files just now")
    status, _ = put(open_to_all, {"Content-Length": "5"})
    assert status in (400, 403)  # by Streamlit: there is no such session


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Host": "app1:8501"}, 400),
        ("/metrics", {"Host": "app1:8501"}, 404),
        ("/metrics", {"Host": "app1:8501", "Authorization": "Bearer canary-token"}, 200),
        ("/_stcore/metrics", {"Host": "localhost"}, 404),
        ("/_stcore/metrics", {"Host": "app1:8501", "Authorization": "Bearer canary-token"}, 200),
    ],
)
def test_a_replica_is_scraped_by_its_own_address_and_by_nobody_without_the_token(
    servers, path, headers, status
):
    connection = HTTPConnection("127.0.0.1", urlsplit(servers[True]).port or 0, timeout=30)
    connection.request("GET", path, headers=headers)
    assert connection.getresponse().status == status
    connection.close()


class _Left:
    """A session that a reader has left."""

    id = "left"
    ended = False

    def shutdown(self) -> None:
        _Left.ended = True


def test_a_session_that_nobody_comes_back_to_is_let_go_of():
    storage = MemorySessionStorage(ttl_seconds=0)
    left = _Left()
    gone = weakref.ref(left)
    storage.save(SessionInfo(client=None, session=left))  # type: ignore[arg-type]
    del left
    assert gone() is not None
    operations.let_go(storage)
    gc.collect()
    assert gone() is None
    assert _Left.ended


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory):
    """One with a sign-in, and one that is open; by whether it is open."""
    hosted = {"WORTH_TUNING_HOSTED": "true"}
    one, other = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")
    with (
        running(Path(one), **hosted, **SIGN_IN) as signed_in,
        running(Path(other), **hosted, **OPEN) as open_to_all,
    ):
        yield {False: signed_in, True: open_to_all}
