"""A real server that sends exactly the bytes it is told to: a reply of any shape, on the wire.

with Wire(events({"content": "Hi"}, finish="stop")).running() as server: ... server.url ...
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.chat_server import ChatHandler, ChatServer

EVENTS = "text/event-stream"


@dataclass(frozen=True)
class Sent:
    """One response, as it goes over the wire."""

    content: bytes
    kind: str = EVENTS
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    old: bool = False
    """By HTTP/1.0, its end told by the end of the connection alone."""


def events(
    *deltas: dict[str, Any] | str,
    finish: str | None = "stop",
    usage: dict[str, Any] | None = None,
    done: bool = True,
    model: str = "m",
) -> Sent:
    """A stream: a delta, or a text, an event; a reason of the end; usage; the mark of the end."""
    said = [{"content": delta} if isinstance(delta, str) else delta for delta in deltas]
    rows: list[Any] = [{"model": model, "choices": [{"index": 0, "delta": one}]} for one in said]
    if finish is not None:
        rows.append({"model": model, "choices": [{"delta": {}, "finish_reason": finish}]})
    if usage is not None:
        rows.append({"model": model, "choices": [], "usage": usage})
    return lines(*rows, *(["[DONE]"] if done else []))


def lines(*rows: Any) -> Sent:
    """Events as they are: what is no text is written as JSON."""
    said = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    return Sent("".join(f"data: {one}\n\n" for one in said).encode())


def body(value: Any, status: int = 200, **headers: str) -> Sent:
    """One JSON body; headers with _ for -."""
    named = {name.replace("_", "-"): said for name, said in headers.items()}
    return Sent(json.dumps(value).encode(), "application/json", status, named)


def words(said: str, status: int) -> Sent:
    """A body of plain words."""
    return Sent(said.encode(), "text/plain", status)


Says = Callable[[dict[str, Any], int], Sent]
"""Gets the request's body and number, from 1."""


class Wire(ChatServer):
    """Answers every request with the same, or as a function says."""

    def __init__(self, says: Sent | Says) -> None:
        super().__init__(_Handler)
        self.says: Says = says if callable(says) else lambda asked, number: says
        self.paths: list[str] = []


class _Handler(ChatHandler):
    server: Wire

    def respond(self, asked: dict[str, Any], model: str, text: str) -> None:
        self.server.paths.append(self.path)
        sent = self.server.says(asked | {"path": self.path}, len(self.server.asked))
        self.protocol_version = "HTTP/1.0" if sent.old else "HTTP/1.1"
        self.send_response(sent.status)
        for name, said in sent.headers.items():
            self.send_header(name, said)
        self.send_header("content-type", sent.kind)
        if sent.old:
            self.close_connection = True
        else:
            self.send_header("content-length", str(len(sent.content)))
        self.end_headers()
        self.wfile.write(sent.content)
