"""Parse a chat completion off the wire: server-sent events, one JSON body, or neither."""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx2

from advisor.llm.events import Events, TooLong
from advisor.llm.kinds import kinds
from advisor.llm.thinking import Parted, Splitter, called, part
from advisor.llm.usage import Usage, usage_of

LONGEST_ANSWER = 200_000
"""Characters: as many as one of the reader's texts may have."""
_LONGEST_BODY = 4_000_000
"""Bytes; an event wraps a few characters in a few hundred bytes."""
_DRAIN_S = 0.1


class Pieces:
    """A text in pieces. Where each begins with all before it, the last one is the whole."""

    def __init__(self) -> None:
        self._all: list[str] = []
        self._grows = True

    def __bool__(self) -> bool:
        return bool(self._all)

    def __str__(self) -> str:
        return self._all[-1] if self.repeats else "".join(self._all)

    @property
    def repeats(self) -> bool:
        """Whether each piece holds all before it; that one or two do is chance."""
        return self._grows and len(self._all) > 2

    def add(self, piece: str) -> str:
        """Take the next one in; gives what of it is new."""
        last = self._all[-1] if self._grows and self._all else ""
        if self.repeats and piece == last:
            return ""
        self._grows = self._grows and piece.startswith(last) and len(piece) > len(last)
        self._all.append(piece)
        return piece[len(last) :] if self.repeats else piece


class Heard:
    """What has been heard of an answer so far."""

    def __init__(self, live: Callable[[str], None] | None = None) -> None:
        self._live = live
        self._pieces = Pieces()
        self._thought = Pieces()
        self._length = 0
        self._split = Splitter()
        self._calls: dict[object, dict[str, str]] = {}
        self._index: object = None
        self.refusal = ""
        self.finish_reason: str | None = None
        self.model: str | None = None
        self.request_id: str | None = None
        self.usage = Usage()
        self.error: object | None = None
        self.first_at: float | None = None
        self.ended_at: float | None = None
        self.began = False
        """A choice has come, whatever it held."""
        self.complete = False
        """The answer came to its end; a cut stream raises nothing, it only has no finish reason."""
        self.streamed = False
        self.web_page = False
        self.too_long = False

    def parted(self) -> Parted:
        """Answer and reasoning, neither longer than an answer may be, and fit to be stored.

        Calls of tools without a word are the answer, as JSON.
        """
        said = part(storable(str(self._pieces))[:LONGEST_ANSWER])
        beside = storable(str(self._thought)).strip()
        thought = "\n\n".join(filter(None, (beside, said.reasoning)))[:LONGEST_ANSWER]
        answer = said.answer
        if self._calls and not answer.strip():
            answer = json.dumps([called(**call) for call in self._calls.values()])
        return Parted(answer[:LONGEST_ANSWER], thought, said.closed or bool(self._calls))

    def take(self, chunk: object, kind: str = "") -> None:
        """Take in one event of a kind, or a whole body."""
        if not isinstance(chunk, dict):
            if kind == "error":
                self.error = chunk
            return
        chunk = _in_choices(chunk)
        if kind == "error" or _is_error(chunk):
            self.error = chunk
            self._count(chunk)
            return
        if isinstance(chunk.get("model"), str) and chunk["model"]:
            self.model = storable(chunk["model"][:200])
        self._count(chunk)
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict) or not self._is_ours(choice.get("index")):
            return
        self.began = True
        if "usage" in choice:
            self._count({"": choice})
        said = choice.get("delta") or (None if self._pieces else choice.get("message"))
        if isinstance(said, dict):
            self._hear(said)
        elif isinstance(choice.get("text"), str):
            self._say(choice["text"])
        if choice.get("error"):
            self.error = choice["error"]
        elif ended := _reason(choice):
            self.finish_reason = storable(ended[:100])
            self.complete = True
            self.ended_at = time.monotonic()

    def _is_ours(self, index: object) -> bool:
        """Several answers may come side by side; the one that begins is the one that is heard."""
        if self._index is None:
            self._index = index
        return index is None or index == self._index

    def _count(self, chunk: dict[str, Any]) -> None:
        """Update the token counts, which only grow: some servers send zeros at the end."""
        for value in (chunk, *chunk.values()):  # some put it in a field of their own
            if isinstance(value, dict) and isinstance(said := value.get("usage"), dict):
                self.usage = self.usage.grown(usage_of(said))

    def _hear(self, said: dict[str, Any]) -> None:
        content = said.get("content")
        if isinstance(content, list):
            for thought, text in _parts(content):
                self._think(text) if thought else self._say(text)
        else:
            self._say(content if isinstance(content, str) else "")
        fields = kinds().fields
        self._think(next(filter(None, (_within(said.get(name)) for name in fields.reasoning)), ""))
        if said.get("refusal"):
            self.refusal = storable(self.refusal + _within(said["refusal"]))[:1000]
        calls = said.get("tool_calls")
        for call in calls if isinstance(calls, list) else []:
            if isinstance(call, dict):
                self._call(call.get("index", len(self._calls)), call.get("function"))
        self._call(0, said.get("function_call"))

    def _call(self, index: object, function: object) -> None:
        """A call of a tool, or a piece of one."""
        if isinstance(function, dict) and not self.too_long:
            so_far = self._calls.setdefault(index, {"name": "", "arguments": ""})
            for name, before in so_far.items():
                said = function.get(name) or ""
                so_far[name] = before + (said if isinstance(said, str) else json.dumps(said))
            self._grow("".join(v for v in function.values() if isinstance(v, str)))

    def _say(self, piece: str) -> None:
        if not piece:
            return
        new = self._pieces.add(piece)
        self._grow(new)
        shown = self._split.feed(new)
        if not shown:
            return
        self.first_at = self.first_at or time.monotonic()
        if self._live is not None:
            self._live(storable(shown))

    def _think(self, piece: str) -> None:
        if piece:
            self._grow(self._thought.add(piece))

    def _grow(self, piece: str) -> None:
        self._length += len(piece)
        self.too_long = self._length > LONGEST_ANSWER


async def listen(response: httpx2.Response, heard: Heard) -> None:
    """Read a response with status 200 to its end, or until it is of no use.

    Raises:
        httpx2.HTTPError: the connection broke.
        ValueError: an event or the body is not JSON.
    """
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/event-stream" or kind in kinds().by_line:
        await _events(response, heard, by_line=kind in kinds().by_line)
        return
    _take_body(await _body(response, heard), heard, kind)


def _take_body(body: bytes, heard: Heard, kind: str) -> None:
    """Take in a body that came as a whole, whatever it is said to be."""
    start = body[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if kind == "text/html" or start.startswith((b"<!doctype", b"<html")):
        heard.web_page = True
    elif start.startswith((b"data:", b"event:", b":")):  # events, mislabelled
        heard.streamed = True
        events = Events(_LONGEST_BODY)
        _ = _hear_all(events.feed(body), heard) or _hear_all(events.end(), heard)
    elif not heard.too_long:
        _whole(body, heard)


async def _events(response: httpx2.Response, heard: Heard, *, by_line: bool) -> None:
    heard.streamed = True
    events = Events(_LONGEST_BODY, by_line=by_line)
    pieces = aiter(response.aiter_bytes())
    ended = False
    try:
        async for piece in pieces:
            if _hear_all(events.feed(piece), heard):
                break
        else:
            ended = True
            _hear_all(events.end(), heard)
    except TooLong:
        heard.too_long = True
        return
    if events.unread and not heard.began and heard.error is None:
        _take_body(b"\n".join(events.unread), heard, "")
    if ended or heard.error is not None or heard.too_long:
        return
    # Reading to the very end lets the connection be used again.
    try:
        async with asyncio.timeout(_DRAIN_S):
            async for _ in pieces:
                pass
    except (TimeoutError, httpx2.HTTPError):
        return


def _hear_all(events: Iterable[tuple[str, str]], heard: Heard) -> bool:
    """Take in what has come; True = nothing that comes later counts."""
    for kind, said in events:
        if said.startswith("[DONE]"):
            # Some servers give no reason, and the mark of the end is one all the same; alone it is
            # what is left of an answer that failed.
            heard.complete = heard.complete or heard.began
            return True
        if said.strip():
            heard.take(_read(said, kind), kind)
            if heard.error is not None or heard.too_long:
                return True
    return False


def _whole(body: bytes, heard: Heard) -> None:
    """A body that is one JSON, or one a line."""
    try:
        answer = json.loads(body)
    except ValueError:
        rows = [json.loads(line) for line in body.splitlines() if line.strip()]
        if len(rows) < 2:
            raise
        for row in rows:
            heard.take(row)
        return
    heard.take(answer)
    # A body that parses is whole, so it may do without a finish reason; not without a message.
    heard.complete = heard.complete or _has_message(answer)


async def _body(response: httpx2.Response, heard: Heard) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for piece in response.aiter_bytes():
        parts.append(piece)
        size += len(piece)
        if size > _LONGEST_BODY:
            heard.too_long = True
            break
    return b"".join(parts)


def _has_message(answer: Any) -> bool:
    try:
        return isinstance(answer["choices"][0]["message"], dict)
    except (TypeError, KeyError, IndexError):
        return False


def storable(said: str) -> str:
    """A text that every database keeps: without NUL, and with the halves of a character joined.

    A server that cuts an answer anywhere may send the two halves of an emoji in two pieces.
    """
    said = said.replace("\0", "")
    if said.isascii() or not any("\ud800" <= c <= "\udfff" for c in said):
        return said
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _read(said: str, kind: str) -> object:
    """What an event holds; an error may be words alone."""
    try:
        return json.loads(said)
    except ValueError:
        if kind == "error":
            return said
        raise


def _in_choices(chunk: dict[str, Any]) -> dict[str, Any]:
    """An event without choices, which holds the message itself or a whole reply, as one with them."""
    if "choices" in chunk:
        return chunk
    bare, within = kinds().bare, chunk.get("result")
    if isinstance(within, dict) and "choices" in within:
        return within
    if bare.done not in chunk:
        return chunk
    said = chunk.get(bare.message) or {"content": chunk.get(bare.text)}
    ended = (chunk.get(bare.reason) or "stop") if chunk[bare.done] else None
    choice = {"delta": said, "finish_reason": ended}
    counted = {name: chunk[count] for name, count in bare.usage.items() if count in chunk}
    return {"model": chunk.get("model"), "choices": [choice], "usage": counted}


def _reason(choice: dict[str, Any]) -> str:
    """Why an answer ended, as it is spelt; "" = it has not."""
    for name in kinds().fields.finish:
        said = choice.get(name)
        if isinstance(said, dict):
            said = said.get("type")
        if isinstance(said, str) and said.strip():
            return said
    return ""


def _is_error(chunk: dict[str, Any]) -> bool:
    """Whether an event, or a body, says what went wrong in place of an answer."""
    if chunk.get("error"):
        return True
    if isinstance(chunk.get("choices"), list) and chunk["choices"]:
        return False
    failed = chunk.get("base_resp")
    if isinstance(failed, dict) and failed.get("status_code"):
        return True
    return any(chunk.get(name) for name in kinds().errors.fields)


def _parts(content: list[Any]) -> Iterator[tuple[bool, str]]:
    """The parts of a message, each with whether it is reasoning."""
    fields = kinds().fields
    for one in content:
        if isinstance(one, str):
            yield False, one
        elif isinstance(one, dict):
            thought = one.get("type") in fields.reasoning_parts or bool(one.get("thought"))
            text = _within(one) if thought else one.get("text")
            yield thought, text if isinstance(text, str) else ""


def _within(said: object) -> str:
    """The text of reasoning, however deep it stands."""
    if isinstance(said, str):
        return said
    if isinstance(said, list):
        return "".join(map(_within, said))
    if isinstance(said, dict):
        found = (_within(said.get(name)) for name in kinds().fields.within_parts)
        return next(filter(None, found), "")
    return ""
