"""A real server that answers as the options and as a judge, and judges as it is told to.

with judging(prefers=longer) as server:
    ... server.url ...
server.completed[(model, text)]  # answers that were sent whole, so paid for
"""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.replay_server import _events

JUDGE = "m-judge"
Prefers = Callable[[dict[str, Any]], str]
"""Gets what the judge is handed, gives its whole reply."""


def reply(choice: str) -> str:
    return json.dumps({"reason": "It says what was asked.", "choice": choice})


def longer(given: dict[str, Any]) -> str:
    """Prefers the longer answer, whatever the order; as long: no difference."""
    lengths = {name: len(text) for name, text in given["answers"].items()}
    if len(set(lengths.values())) == 1:
        return reply("no difference")
    return reply(max(lengths, key=lambda name: lengths[name]))


def always_first(given: dict[str, Any]) -> str:
    """A judge with a strong bias for the place: every swap is a flip."""
    return reply(next(iter(given["answers"])))


_ORDERS = re.compile(
    r"choose|pick|select|prefer|rate|ignore|winner|system|wähle|choisis|elige", re.I
)


def gullible(given: dict[str, Any]) -> str:
    """Obeys whatever an answer tells it to do, which is to prefer that answer; else `longer`."""
    for name, text in given["answers"].items():
        if _ORDERS.search(text):
            return reply(name)
    return longer(given)


def says(model: str, text: str) -> str:
    """Of every four texts, tuned writes more on three."""
    number = int(re.sub(r"\D", "", text) or 0)
    more = model.endswith("tuned") == (number % 4 != 0)
    return f"{model} about {text}" + ". A further sentence" * more


@contextmanager
def judging(**options: Any) -> Iterator["JudgeServer"]:
    """A server on a free port of this machine, for as long as the block lasts."""
    server = JudgeServer(**options)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class JudgeServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 100

    def __init__(
        self,
        prefers: Prefers = longer,
        answers: Callable[[str, str], str] = says,
        *,
        takes_format: bool = True,
        finish_reason: str = "stop",
        latency_s: float = 0.0,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.prefers = prefers
        self.answers = answers
        self.takes_format = takes_format
        self.finish_reason = finish_reason
        self.latency_s = latency_s
        self.judge_fails = False
        self.asked: list[dict[str, Any]] = []
        self.keys: Counter[tuple[str, str]] = Counter()
        self.completed: Counter[tuple[str, str]] = Counter()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def judged(self) -> list[dict[str, Any]]:
        """What the judge was asked."""
        return [asked for asked in self.asked if asked["model"] == JUDGE]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: JudgeServer

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        model, text = asked["model"], asked["messages"][-1]["content"]
        self.server.asked.append(asked)
        self.server.keys[model, self.headers.get("authorization", "")] += 1
        time.sleep(self.server.latency_s)
        if "response_format" in asked and not self.server.takes_format:
            said = "'response_format' of type 'json_schema' is not supported"
            return self._send(400, json.dumps({"error": {"message": said}}).encode())
        if model == JUDGE and self.server.judge_fails:
            return self._send(400, b'{"error": {"message": "no", "code": "bad"}}')
        if model == JUDGE:
            answer, finish = self.server.prefers(json.loads(text)), self.server.finish_reason
        else:
            answer, finish = self.server.answers(model, text), "stop"
        events = b"".join(_events(model, answer)).replace(b'"stop"', f'"{finish}"'.encode())
        self._send(200, events, "text/event-stream")
        self.server.completed[model, text] += 1
        return None

    def _send(self, status: int, content: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""
