"""A real server that answers chat completions from a sample's recorded answers."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from advisor.case import SAMPLES, load_sample

Breaks = Callable[[str, str], bool]
"""(model, text): True = this call is answered 400."""


def recorded(sample: str) -> dict[tuple[str, str], str]:
    """Answers by (model, text)."""
    texts = {prompt.id: prompt.text for prompt in load_sample(sample).prompts}
    lines = (SAMPLES / sample / "answers.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return {(row["model"], texts[row["prompt_id"]]): row["text"] for row in rows}


@contextmanager
def replaying(sample: str, breaks: Breaks = lambda model, text: False) -> Iterator["Replaying"]:
    """A server on a free port of this machine, for as long as the block lasts."""
    server = Replaying(sample, breaks)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Replaying(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 100

    def __init__(self, sample: str, breaks: Breaks) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = recorded(sample)
        self.breaks = breaks
        self.asked: list[dict[str, Any]] = []
        self.keys: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Replaying

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(asked)
        self.server.keys.add(self.headers.get("authorization", ""))
        model, text = asked["model"], asked["messages"][-1]["content"]
        answer = self.server.answers.get((model, text))
        if self.path != "/v1/chat/completions" or answer is None or not asked.get("stream"):
            self._send(404, "application/json", b'{"error": {"message": "nothing here"}}')
        elif self.server.breaks(model, text):
            error = b'{"error": {"message": "this text is too long", "code": "too_long"}}'
            self._send(400, "application/json", error)
        else:
            self._send(200, "text/event-stream", b"".join(_events(model, answer)))

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""


def _events(model: str, answer: str) -> Iterator[bytes]:
    half = len(answer) // 2
    for delta, finish in (
        ({"role": "assistant", "content": answer[:half]}, None),
        ({"content": answer[half:]}, None),
        ({}, "stop"),
    ):
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        yield f"data: {json.dumps({'model': model, 'choices': [choice]})}\n\n".encode()
    yield b"data: [DONE]\n\n"
