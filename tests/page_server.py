"""A small real server of pages and feeds, which behaves as it is told to.

with PageServer({"/prices": "gpt-4.1 $2.00"}).running() as server:
    ... server.url + "/prices" ...
server.asked  # the paths, in their order
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass(frozen=True)
class Page:
    """What is answered at a path."""

    body: str = ""
    kind: str = "text/html"
    status: int = 200
    location: str = ""
    breaks_off: bool = False
    """The connection ends in the middle of the body."""


Answer = Page | str | Callable[[str], Page]
"""A text is a page in HTML; a function gets the query."""


@dataclass
class PageServer:
    pages: dict[str, Answer]
    latency_s: float = 0.0
    hosts: int = 1
    """At how many ports it listens: each is a host of its own."""
    asked: list[str] = field(default_factory=list)
    most_at_once: dict[int, int] = field(default_factory=dict)
    """By port."""
    unchanged: int = 0
    """How many requests were answered 304."""
    ports: list[int] = field(default_factory=list)
    _going: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return self.urls[0]

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    @contextmanager
    def running(self) -> Iterator[Self]:
        servers = [
            ThreadingHTTPServer(("127.0.0.1", 0), self._handler()) for _ in range(self.hosts)
        ]
        self.ports = [server.server_port for server in servers]
        for server in servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield self
        finally:
            for server in servers:
                server.shutdown()
                server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                port = self.server.server_port
                with owner._lock:
                    owner.asked.append(self.path)
                    owner._going[port] = owner._going.get(port, 0) + 1
                    most = owner.most_at_once.get(port, 0)
                    owner.most_at_once[port] = max(most, owner._going[port])
                time.sleep(owner.latency_s)
                with owner._lock:
                    owner._going[port] -= 1
                self.answer()

            def answer(self) -> None:
                path, _, query = self.path.partition("?")
                found = owner.pages.get(path)
                if callable(found):
                    found = found(query)
                page = Page(found) if isinstance(found, str) else found or Page(status=404)
                body = page.body.encode()
                tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                if page.status == 200 and self.headers.get("If-None-Match") == tag:
                    with owner._lock:
                        owner.unchanged += 1
                    self.send_response(304)
                    self.end_headers()
                    return
                self.send_response(page.status)
                self.send_header("Content-Type", page.kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("ETag", tag)
                if page.location:
                    self.send_header("Location", page.location)
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if page.breaks_off else body)
                if page.breaks_off:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Nothing is written."""

        return Handler
