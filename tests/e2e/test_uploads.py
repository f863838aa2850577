"""Files of strangers, many at one moment: together they take what they may, and no more."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from pages.ui.server.uploads import STRANGERS_BYTES

from .server import running, settled

pytestmark = pytest.mark.e2e
AT_ONCE = 24
EACH = 5_000_000
"""Bytes of a file: ten take all that there is."""


def captured(page: Page, url: str) -> Request:
    """A real upload of a small file, as the browser sends it."""
    page.goto(url)
    settled(page, "Is fine-tuning worth it?")
    page.goto(f"{url}/decisions")
    settled(page, "My decisions")
    page.get_by_role("button", name="Import").click()
    settled(page)
    file = {"name": "small.json", "mimeType": "application/json", "buffer": b"{}"}
    with page.expect_request(lambda sent: sent.method == "PUT") as sent:
        page.locator("input[type=file]").first.set_input_files([file])
    return sent.value


def test_strangers_who_upload_at_one_moment_take_no_more_than_they_may(page, tmp_path):
    settings = {"WORTH_TUNING_HOSTED": "true", "WORTH_TUNING_SIGN_IN": "none"}
    with running(tmp_path, **settings) as url:
        sent = captured(page, url)
        place = urlsplit(sent.url)
        given = {
            name: value
            for name, value in sent.all_headers().items()
            if name in ("cookie", "x-xsrftoken")
        }
        head = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
        tail = b"\r\n--b--\r\n"
        all_asked = threading.Barrier(AT_ONCE)

        def put(number: int) -> int:
            path = re.sub(r"[^/]+$", f"file-{number}", place.path)
            connection = HTTPConnection(place.hostname or "", place.port, timeout=120)
            connection.putrequest("PUT", path)
            for name, value in given.items():
                connection.putheader(name, value)
            connection.putheader("Content-Type", "multipart/form-data; boundary=b")
            connection.putheader("Content-Length", str(EACH))
            connection.endheaders(head)
            all_asked.wait(60)  # each has been let in, or not, before any file has come
            try:
                body = b"x" * (EACH - len(head) - len(tail))
                connection.send(body + tail)
            except OSError:
                pass  # it was refused, and the server hung up
            try:
                return connection.getresponse().status
            except OSError:
                return 413  # hung up with the answer on its way
            finally:
                connection.close()

        with ThreadPoolExecutor(AT_ONCE) as together:
            answered = Counter(together.map(put, range(AT_ONCE)))
        assert set(answered) == {204, 413}
        assert 1 <= answered[204] * EACH <= STRANGERS_BYTES
        assert put_one(place.port or 0, place.path, given, b"x" * 100, head, tail) in (204, 413)


def put_one(
    port: int, path: str, given: dict[str, str], body: bytes, head: bytes, tail: bytes
) -> int:
    connection = HTTPConnection("localhost", port, timeout=60)
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    connection.request("PUT", path, head + body + tail, given | kind)
    status = connection.getresponse().status
    connection.close()
    return status
