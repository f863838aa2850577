"""A worker's own addresses, for whoever runs it: whether its loop turns, and its numbers.

They are served by a thread, so that a loop that hangs is told and not waited for.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from advisor.errors import AdvisorError
from advisor.host.telemetry import exposition, may_read

_SLOWEST_S = 10
"""A client that takes longer over its request is left."""


class Pulse:
    """Heartbeat of an event loop: written by the loop, read by another thread."""

    def __init__(self, longest_s: float) -> None:
        """Take what counts as alive.

        Args:
            longest_s: a loop that has not turned for so many seconds hangs.
        """
        self._longest_s = longest_s
        self._turned = time.monotonic()

    def beat(self) -> None:
        """The loop has turned."""
        self._turned = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether the loop has turned lately."""
        return time.monotonic() - self._turned <= self._longest_s


@contextmanager
def served(port: int | None, pulse: Pulse) -> Iterator[None]:
    """Answer /healthz and /metrics at a port while the block lasts; None = nothing is served.

    Raises:
        AdvisorError: the port can't be had.
    """
    if port is None:
        yield
        return
    try:
        server = _Server(port, pulse)
    except OSError as error:
        raise AdvisorError(
            f"A worker can't answer at port {port} ({error.strerror}); "
            "set WORTH_TUNING_WORKER_PORT to another, or leave it out."
        ) from error
    thread = threading.Thread(target=server.serve_forever, name="worker's server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, pulse: Pulse) -> None:
        self.pulse = pulse
        # Asked from other machines of the host's network; what strangers get is "ok" or nothing.
        super().__init__(("0.0.0.0", port), _Handler)  # noqa: S104


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SLOWEST_S
    server_version, sys_version = "worker", ""

    def do_GET(self) -> None:
        """The two addresses; for all others, and without the token, there is no such page."""
        path = self.path.partition("?")[0]
        if path == "/healthz" and self.server.pulse.alive:
            self._send(200, b"ok\n")
        elif path == "/healthz":
            self._send(503, b"the worker hangs\n")
        elif path == "/metrics" and may_read(self.headers.get("authorization", "")):
            self._send(200, *exposition())
        else:
            self._send(404, b"Not Found\n")

    def _send(self, status: int, content: bytes, kind: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """A scrape every few seconds is no news."""
