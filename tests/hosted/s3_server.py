"""As much of S3 as a copy of files to a bucket asks for; any key opens it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


@dataclass
class Bucket:
    """What was put there, by path."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    signed: list[str] = field(default_factory=list)
    """The `Authorization` of each request."""


@contextmanager
def bucket(host: str) -> Iterator[Bucket]:
    """Serve one on a free port of this address."""
    held = Bucket()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(
                200, b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
            )

        def do_HEAD(self) -> None:
            self._answer(200 if self._path() in held.files else 404)

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.files[self._path()] = body
            self._answer(200, b"", md5(body, usedforsecurity=False).hexdigest())

        def _path(self) -> str:
            held.signed.append(self.headers.get("Authorization", ""))
            return unquote(urlsplit(self.path).path)

        def _answer(self, status: int, body: bytes = b"", tag: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            if tag:
                self.send_header("ETag", f'"{tag}"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    held.url = f"http://{host}:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
