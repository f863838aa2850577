"""A small real server that speaks chat completions, and misbehaves as it is told to.

server = FaultServer(fault=lambda asked, number: "cut" if number % 10 == 0 else None)
with server.running():
    ... server.url ...
server.completed[(model, text)]  # answers that were sent whole, so paid for
"""

import asyncio
import contextlib
import json
import socket
import struct
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Fault = Callable[[dict[str, Any], int], str | None]
"""Gets the request's body and number (from 1), gives the name of a fault or None."""

HANGS_S = 30
"""How long a call that is to "hang" hangs, seconds."""
USAGE = {
    "prompt_tokens": 11,
    "completion_tokens": 7,
    "total_tokens": 18,
    "prompt_tokens_details": {"cached_tokens": 4},
    "completion_tokens_details": {"reasoning_tokens": 2},
}


def answer_to(text: str, model: str) -> str:
    return f"{model} says: {text[::-1]}"


@dataclass
class FaultServer:
    fault: Fault = lambda asked, number: None
    host: str = "127.0.0.1"
    latency_s: float = 0.0
    holds: bool = False
    """For as long as it is true, no further piece of a "slow" answer is sent."""
    per_window: tuple[int, float] | None = None
    """(requests, seconds): more are answered 429 with Retry-After."""
    retry_after: str | None = None
    """What a 429 says; None = nothing, or the rest of the window."""
    completed: Counter[tuple[str, str]] = field(default_factory=Counter)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)
    """When each request came, monotonic seconds."""
    most_at_once: int = 0
    first_at: float | None = None
    """When the first request came, monotonic seconds."""
    last_at: float = 0.0
    """When the last response had been sent."""
    _at_once: int = 0
    _times: deque[float] = field(default_factory=deque)
    _port: int = 0

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self._port}/v1"

    @contextlib.contextmanager
    def running(self) -> Iterator["FaultServer"]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        server = asyncio.run_coroutine_threadsafe(self.listen(), loop).result(5)
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(self._end(server), loop).result(5)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
            loop.close()

    async def _end(self, server: asyncio.Server) -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # so that what they closed is closed before the loop ends

    async def listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._connection, self.host, 0, backlog=1000)
        self._port = server.sockets[0].getsockname()[1]
        return server

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Closed here in any case: asyncio leaves the socket of a cancelled task open.
        ended = contextlib.suppress(OSError, asyncio.IncompleteReadError)
        with contextlib.closing(writer), ended:
            while True:
                if (first := await reader.readexactly(1)) == b"\x16":  # a TLS greeting
                    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    break
                head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                named = (line.split(": ", 1) for line in head[1:] if line)
                headers = {name.lower(): value for name, value in named}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                asked = json.loads(body) if body else {}
                self.first_at = self.first_at or time.monotonic()
                self.arrivals.append(time.monotonic())
                self.requests.append(asked)
                self.headers.append(headers)
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
                try:
                    fault = self.fault(asked, len(self.requests)) or self._too_many()
                    if self.latency_s:
                        await asyncio.sleep(self.latency_s)
                    key = headers.get("authorization", "").removeprefix("Bearer ")
                    if not await self._respond(writer, asked, fault, key):
                        return
                finally:
                    self._at_once -= 1
                    self.last_at = time.monotonic()

    def _too_many(self) -> str | None:
        if self.per_window is None:
            return None
        most, seconds = self.per_window
        now = time.monotonic()
        while self._times and now - self._times[0] > seconds:
            self._times.popleft()
        if len(self._times) >= most:
            return "window"
        self._times.append(now)
        return None

    async def _respond(
        self, writer: asyncio.StreamWriter, asked: dict[str, Any], fault: str | None, key: str
    ) -> bool:
        """Send a response; False = the connection is over."""
        if fault == "reset":
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        if fault == "hang":
            await asyncio.sleep(HANGS_S)
        if fault is None and not asked.get("stream"):
            fault = "json"
        if "messages" not in asked:  # a GET, as for the list of its models: it has none
            writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
            return True
        text = asked["messages"][-1]["content"]
        plain = self._plain(asked, fault, key)
        if plain is not None:
            status, kind, content, extra = plain
            head = f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {len(content)}"
            lines = "".join(f"\r\n{name}: {value}" for name, value in extra.items())
            writer.write((head + lines + "\r\n\r\n").encode() + content)
            await writer.drain()
            if fault == "json":
                self.completed[asked["model"], text] += 1
            return True
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: req-1\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        for event in self._events(asked, fault):
            data = f"data: {event}\n\n".encode()
            writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            if fault == "slow":
                await writer.drain()
                await asyncio.sleep(0.1)
                while self.holds:
                    await asyncio.sleep(0.01)
        if fault == "cut":
            await writer.drain()
            writer.close()
            return False
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        if fault in (None, "no_usage", "slow", "length"):
            self.completed[asked["model"], text] += 1
        return True

    def _plain(
        self, asked: dict[str, Any], fault: str | None, key: str
    ) -> tuple[int, str, bytes, dict[str, str]] | None:
        def error(
            status: int, code: str, message: str, param: str | None = None, **extra: str
        ) -> tuple[int, str, bytes, dict[str, str]]:
            body = {"error": {"message": message, "code": code, "param": param, "type": "x"}}
            named = {name.replace("_", "-"): value for name, value in extra.items()}
            return status, "application/json", json.dumps(body).encode(), named

        if fault and fault.startswith("param:"):
            name = fault.removeprefix("param:")
            return error(400, "unsupported_parameter", f"{name} is not supported", name)
        match fault:
            case "429":
                extra = {} if self.retry_after is None else {"retry_after": self.retry_after}
                return error(429, "rate_limit_exceeded", "too many", **extra)
            case "window":
                assert self.per_window is not None
                left = self._times[0] + self.per_window[1] - time.monotonic()
                said = f"{max(left, 0):.3f}" if self.retry_after is None else self.retry_after
                return error(429, "rate_limit_exceeded", "too many", retry_after=said)
            case "500" | "503" | "408":
                return error(int(fault), "server_error", "it broke")
            case "401":
                return error(401, "invalid_api_key", f"Incorrect API key provided: {key}")
            case "404":
                return error(404, "model_not_found", f"no {asked['model']}")
            case "quota":
                return error(429, "insufficient_quota", "You exceeded your current quota")
            case "refuse_400":
                return error(400, "content_filter", "filtered")
            case "400":
                return error(400, "bad", "too long a prompt")
            case "html":
                return 200, "text/html", b"<!DOCTYPE html><p>Sign in</p>", {}
            case "redirect":
                return 301, "text/html", b"", {"location": "https://elsewhere.example/v1"}
            case "error_200":
                return 200, "application/json", b'{"error": {"message": "overloaded"}}', {}
            case "no_choices":
                return 200, "application/json", b'{"choices": null, "model": "m"}', {}
            case "broken_json":
                return 200, "application/json", b'{"choices": [{"message": {"content": "hal', {}
            case "json":
                said = answer_to(asked["messages"][-1]["content"], asked["model"])
                choice = {"message": {"content": said}, "finish_reason": "stop"}
                body = {"model": asked["model"], "choices": [choice], "usage": USAGE}
                return 200, "application/json", json.dumps(body).encode(), {}
        return None

    def _events(self, asked: dict[str, Any], fault: str | None) -> Iterator[str]:
        model = asked["model"]
        text = answer_to(asked["messages"][-1]["content"], model)

        def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> str:
            choices = [{"index": 0, "delta": delta, "finish_reason": finish_reason}]
            return json.dumps({"model": f"{model}-served", "choices": choices})

        if fault == "think":
            text = f"<think>Let me see.</think>{text}"
        if fault == "calls":
            call = {"index": 0, "function": {"name": "look", "arguments": "{}"}}
            yield chunk({"tool_calls": [call]}, "tool_calls")
            yield "[DONE]"
            return
        half = len(text) // 2
        if fault == "huge":
            for _ in range(250):
                yield chunk({"content": "x" * 10_000})
        if fault != "empty":
            yield chunk({"content": text[:half]})
        if fault in ("cut", "cut_clean"):
            return
        if fault == "broken_event":
            yield '{"choices": [{"delta"'
            return
        if fault == "error_event":
            yield '{"error": {"message": "overloaded", "code": "overloaded"}}'
            return
        if fault != "empty":
            yield chunk({"content": text[half:]})
        finish = {"refuse": "content_filter", "length": "length"}.get(fault or "", "stop")
        yield chunk({}, finish)
        if fault != "no_usage":
            yield json.dumps({"model": model, "choices": [], "usage": USAGE})
        yield "[DONE]"


async def _serve(latency_s: float) -> None:
    server = FaultServer(latency_s=latency_s)
    listening = await server.listen()
    print(server.url, flush=True)
    await listening.serve_forever()


if __name__ == "__main__":  # `python -m tests.fault_server 0.2`: a server in a process of its own
    asyncio.run(_serve(float(sys.argv[1])))
