"""The shipped Caddyfile in a real Caddy, before two real replicas on a real Postgres."""

import os
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from tests.e2e.server import ROOT, free_port, running
from tests.pages.test_away import wait_until_ready

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif("MAKE_HOSTED" not in os.environ, reason="`make hosted` runs it"),
    pytest.mark.skipif(shutil.which("caddy") is None, reason="there is no Caddy here"),
]
TOO_LARGE = (0, 413, 502)
"""What Caddy says of a body that is too large; before 2.8 it was 502."""
OPEN = {"WORTH_TUNING_SIGN_IN": "none"}


@contextmanager
def caddy(folder: Path, replicas: list[int]) -> Iterator[int]:
    """The proxy before these ports; gives its own."""
    port = free_port()
    said = (ROOT / "deploy/Caddyfile").read_text("utf-8")
    assert "app1:8501 app2:8501" in said
    said = said.replace("app1:8501 app2:8501", " ".join(f"127.0.0.1:{at}" for at in replicas))
    file = folder / "Caddyfile"
    file.write_text(said.replace("{\n\tservers", "{\n\tadmin off\n\tservers", 1))
    env = os.environ | {"APP_HOSTNAME": f"http://localhost:{port}", "HOME": str(folder)}
    started = subprocess.Popen(
        ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"],
        env=env, stderr=(folder / "caddy.log").open("wb"),
    )  # fmt: skip
    try:
        until = time.monotonic() + 30
        while ask(port, "/healthz")[0] != 404:  # answered by the proxy itself
            assert time.monotonic() < until, (folder / "caddy.log").read_text()
            time.sleep(0.2)
        yield port
    finally:
        started.terminate()
        started.wait(30)


def ask(port: int, path: str, method: str = "GET", length: int = 0) -> tuple[int, str]:
    """Status and body; 0 = no answer."""
    connection = HTTPConnection("localhost", port, timeout=60)
    try:
        connection.putrequest(method, path)
        if length:
            connection.putheader("Content-Length", str(length))
        connection.endheaders()
        if length:
            connection.send(b"x" * min(length, 2_000_000))
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    except (OSError, HTTPException):
        return 0, ""
    finally:
        connection.close()


def test_no_link_is_in_the_log_though_no_replica_answers(tmp_path: Path):
    with caddy(tmp_path, [free_port(), free_port()]) as port:
        for path in ("/report?share=canary", "/vote?ballot=canary", "/oauth2callback?code=canary"):
            status, _ = ask(port, path)
            assert status in (502, 503)
    told = (tmp_path / "caddy.log").read_text()
    assert '"uri":"/report' in told  # it was told of
    assert "canary" not in told


class Reader(BaseHTTPRequestHandler):
    """A replica that reads whatever it is sent; ours answers many a body before it is there."""

    read: ClassVar[Counter[str]] = Counter()
    """Bytes by path."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        while left and (part := self.rfile.read1(min(left, 65_536))):
            self.read[self.path] += len(part)
            left -= len(part)
        self._answer()

    def _answer(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *said: object) -> None:
        """Nothing."""


def test_a_body_that_is_too_large_reaches_no_replica_whole(tmp_path: Path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Reader)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with caddy(tmp_path, [server.server_port, server.server_port]) as port:
            until = time.monotonic() + 60
            while ask(port, "/")[0] != 200:
                assert time.monotonic() < until
                time.sleep(0.2)
            assert ask(port, "/other", "POST", 1_500_000)[0] in TOO_LARGE
            assert ask(port, "/_stcore/upload_file/a/b", "POST", 1_500_000)[0] == 200
    finally:
        server.shutdown()
        server.server_close()
    assert Reader.read["/other"] <= 1_000_000
    assert Reader.read["/_stcore/upload_file/a/b"] == 1_500_000


def test_replicas_replaced_in_turn_fail_no_request_and_the_inside_is_not_public(
    postgres_url: str, tmp_path: Path
):
    ports = [free_port(), free_port()]
    settings = {"DATABASE_URL": postgres_url} | OPEN

    def replica(number: int) -> ExitStack:
        stack = ExitStack()
        url = stack.enter_context(running(tmp_path / str(number), ports[number], **settings))
        wait_until_ready(url)
        return stack

    replicas = [replica(0), replica(1)]
    answered: Counter[int] = Counter()
    over = threading.Event()
    with caddy(tmp_path, ports) as port:
        until = time.monotonic() + 60
        while ask(port, "/")[0] != 200:
            assert time.monotonic() < until
            time.sleep(0.2)
        for inside in ("/metrics", "/readyz", "/healthz", "/_stcore/metrics"):
            assert ask(port, inside) == (404, "")

        def load() -> None:
            while not over.is_set():
                answered[ask(port, "/")[0]] += 1

        asking = [threading.Thread(target=load) for _ in range(3)]
        for one in asking:
            one.start()
        for number in (0, 1):
            replicas[number].close()
            replicas[number] = replica(number)
            time.sleep(5)
        over.set()
        for one in asking:
            one.join()
    for stack in replicas:
        stack.close()
    assert set(answered) == {200}
    assert answered[200] > 20
