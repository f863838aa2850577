"""What servers of the tests share that answer chat completions, each in its own way."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class ChatServer(ThreadingHTTPServer):
    """A real server on a free port of this machine."""

    daemon_threads = True
    request_queue_size = 100

    def __init__(self, handler: type["ChatHandler"]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.asked: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @contextmanager
    def running(self) -> Iterator[Self]:
        """For as long as the block lasts."""
        thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()
            thread.join(5)


class ChatHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ChatServer

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(asked)
        self.respond(asked, asked["model"], asked["messages"][-1]["content"])

    def respond(self, asked: dict[str, Any], model: str, text: str) -> None:
        """Say what this server says to a request, by its model and its last message."""
        raise NotImplementedError

    def send(self, status: int, content: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def fail(self, status: int, message: str, code: str | None = None) -> None:
        said = {"message": message} | ({"code": code} if code else {})
        self.send(status, json.dumps({"error": said}).encode())

    def answer(self, model: str, text: str, finish_reason: str = "stop") -> None:
        """A whole answer, streamed in two pieces."""
        half = len(text) // 2
        events = b""
        for delta, finish in (
            ({"role": "assistant", "content": text[:half]}, None),
            ({"content": text[half:]}, None),
            ({}, finish_reason),
        ):
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            events += f"data: {json.dumps({'model': model, 'choices': [choice]})}\n\n".encode()
        self.send(200, events + b"data: [DONE]\n\n", "text/event-stream")

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""
