"""Reading a chat completion off the wire: a stream of events, one JSON body, or neither."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2

LONGEST_ANSWER = 200_000
"""Characters: as many as one of the reader's texts may have."""
_LONGEST_BODY = 4_000_000
"""Bytes; an event wraps a few characters in a few hundred bytes."""
_DRAIN_S = 0.1


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the endpoint reports them; None = it did not say."""

    input: int | None = None
    cached: int | None = None
    output: int | None = None
    reasoning: int | None = None


class Heard:
    """What has been heard of an answer so far."""

    def __init__(self, live: Callable[[str], None] | None = None) -> None:
        self._live = live
        self._pieces: list[str] = []
        self._length = 0
        self.refusal = ""
        self.finish_reason: str | None = None
        self.model: str | None = None
        self.request_id: str | None = None
        self.usage = Usage()
        self.error: object | None = None
        self.first_at: float | None = None
        self.ended_at: float | None = None
        self.complete = False
        """The answer came to its end; a cut stream raises nothing, it only has no finish reason."""
        self.streamed = False
        self.web_page = False
        self.too_long = False

    @property
    def text(self) -> str:
        """The answer, no longer than one may be; Postgres keeps no NUL."""
        return "".join(self._pieces).replace("\0", "")[:LONGEST_ANSWER]

    def take(self, chunk: object) -> None:
        """Take in one event, or a whole body."""
        if not isinstance(chunk, dict):
            return
        if chunk.get("error"):
            self.error = chunk["error"]
            return
        if isinstance(chunk.get("model"), str):
            self.model = chunk["model"][:200]
        if isinstance(chunk.get("usage"), dict):
            self.usage = _usage(chunk["usage"])
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return
        said = choice.get("delta") or choice.get("message")
        if isinstance(said, dict):
            self._say(_text(said.get("content")))
            self.refusal = (self.refusal + _text(said.get("refusal")))[:1000]
        if isinstance(choice.get("finish_reason"), str):
            self.finish_reason = choice["finish_reason"][:100]
            self.complete = True
            self.ended_at = time.monotonic()

    def _say(self, piece: str) -> None:
        if not piece:
            return
        self.first_at = self.first_at or time.monotonic()
        self._pieces.append(piece)
        self._length += len(piece)
        self.too_long = self._length > LONGEST_ANSWER
        if self._live is not None:
            self._live(piece)


async def listen(response: httpx2.Response, heard: Heard) -> None:
    """Read a response with status 200 to its end, or until it is of no use.

    Raises:
        httpx2.HTTPError: the connection broke.
        ValueError: an event or the body is not JSON.
    """
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        await _events(response, heard)
        return
    body = await _body(response, heard)
    start = body[:200].lstrip().lower()
    if kind == "text/html" or start.startswith((b"<!doctype", b"<html")):
        heard.web_page = True
    elif start.startswith((b"data:", b"event:", b":")):  # events, mislabelled
        events = {"content-type": "text/event-stream"}
        read = httpx2.Response(200, headers=events, content=body, request=response.request)
        await _events(read, heard)
    elif not heard.too_long:
        answer = json.loads(body)
        heard.take(answer)
        # A body that parses is whole, so it may do without a finish reason; not without a message.
        heard.complete = heard.complete or _has_message(answer)


async def _events(response: httpx2.Response, heard: Heard) -> None:
    heard.streamed = True
    events = aiter(httpx2.EventSource(response, max_event_size=_LONGEST_BODY))
    try:
        async for event in events:
            if event.data.startswith("[DONE]"):
                break
            heard.take(json.loads(event.data))
            if heard.error is not None or heard.too_long:
                return
    except httpx2.SSEError:  # the one cause left: an event without an end
        heard.too_long = True
        return
    # Reading to the very end lets the connection be used again.
    try:
        async with asyncio.timeout(_DRAIN_S):
            async for _ in events:
                pass
    except (TimeoutError, httpx2.HTTPError):
        return


async def _body(response: httpx2.Response, heard: Heard) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        parts.append(part)
        size += len(part)
        if size > _LONGEST_BODY:
            heard.too_long = True
            break
    return b"".join(parts)


def _has_message(answer: Any) -> bool:
    try:
        return isinstance(answer["choices"][0]["message"], dict)
    except (TypeError, KeyError, IndexError):
        return False


def _text(content: object) -> str:
    """Text of a message; some models send it in parts, their reasoning apart."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def _usage(said: dict[str, Any]) -> Usage:
    given = _count(said, "prompt_tokens")
    answered = _count(said, "completion_tokens")
    total = _count(said, "total_tokens")
    if given is not None and answered is not None and total is not None:
        answered = max(answered, total - given)  # some leave reasoning out of completion_tokens
    return Usage(
        input=given or None,  # no prompt has 0 tokens: the server did not count
        cached=_count(said.get("prompt_tokens_details"), "cached_tokens"),
        output=answered,
        reasoning=_count(said.get("completion_tokens_details"), "reasoning_tokens"),
    )


def _count(said: object, name: str) -> int | None:
    value = said.get(name) if isinstance(said, dict) else None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return None
    return value
