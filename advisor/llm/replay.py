"""Recorded answers served as if by an endpoint: the app's samples run the path of a live run."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx2

from advisor.errors import BadEndpoint

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
_CHUNKS = 4


def replayed_sample(endpoint: str) -> str | None:
    """The sample's name in `replay:<sample>`; None = an ordinary address.

    Raises:
        BadEndpoint: the name is not one of a sample.
    """
    scheme, colon, name = endpoint.strip().partition(":")
    if not colon or scheme != "replay":
        return None
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise BadEndpoint(f"“{name[:100]}” is not the name of a sample.")
    return name


class ReplayTransport(httpx2.AsyncBaseTransport):
    """Answers `/chat/completions` from a sample, by model and last user message."""

    def __init__(self, sample: str, samples: Path = SAMPLES) -> None:
        """Read the sample.

        Raises:
            BadEndpoint: there is no such sample.
        """
        self._answers = _load(samples / sample)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer like a server: a stream or a body, 404 where nothing was recorded."""
        if not request.url.path.endswith("/chat/completions"):
            return _error(404, "Only chat completions were recorded.")
        asked: dict[str, Any] = json.loads(await request.aread())
        said = [m["content"] for m in asked["messages"] if m["role"] == "user"]
        found = self._answers.get((asked["model"], said[-1] if said else ""))
        if found is None:
            return _error(404, "This sample holds no recorded answer to that text of that model.")
        if not asked.get("stream"):
            message = {"role": "assistant", "content": found.text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            body = {"id": "replay", "object": "chat.completion", "model": asked["model"]}
            return httpx2.Response(200, json={**body, "choices": [choice], **found.usage()})
        return httpx2.Response(
            200,
            headers={"content-type": "text/event-stream"},
            stream=_Events(asked["model"], found),
        )


@dataclass(frozen=True, slots=True)
class _Recorded:
    """One recorded answer, with its server's own counts.

    An end at the limit is not replayed: nothing recorded can be asked to go on. The sample says it.
    """

    text: str
    input_tokens: int | None
    cached_tokens: int | None
    output_tokens: int | None

    def usage(self) -> dict[str, Any]:
        """The server's own counts, as a reply carries them; nothing where they were not kept."""
        if self.input_tokens is None or self.output_tokens is None:
            return {}
        found: dict[str, Any] = {
            "prompt_tokens": self.input_tokens,
            "completion_tokens": self.output_tokens,
            "total_tokens": self.input_tokens + self.output_tokens,
        }
        if self.cached_tokens is not None:
            found["prompt_tokens_details"] = {"cached_tokens": self.cached_tokens}
        return {"usage": found}


class GivenTransport(httpx2.AsyncBaseTransport):
    """Answers nothing: the answers came with the texts, and what is not among them is missing."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Say that there is no such answer."""
        return _error(404, "No answer to that text came with the texts.")


class _Events(httpx2.AsyncByteStream):
    """The text in a few chunks, as server-sent events; usage, where it was kept, at the end."""

    def __init__(self, model: str, recorded: _Recorded) -> None:
        self._model = model
        self._recorded = recorded

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in _pieces(self._recorded.text):
            yield self._event({"content": piece}, None)
        yield self._event({}, "stop")
        if usage := self._recorded.usage():
            yield self._chunk({"choices": [], **usage})
        yield b"data: [DONE]\n\n"

    def _event(self, delta: dict[str, str], finish_reason: str | None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return self._chunk({"choices": [choice]})

    def _chunk(self, of: dict[str, Any]) -> bytes:
        chunk = {"object": "chat.completion.chunk", "model": self._model, **of}
        return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def _pieces(text: str) -> Iterator[str]:
    size = max(1, -(-len(text) // _CHUNKS))
    return (text[start : start + size] for start in range(0, len(text), size))


@lru_cache(maxsize=8)
def _load(folder: Path) -> dict[tuple[str, str], _Recorded]:
    """Recorded answers by (model, prompt text)."""
    if not (folder / "answers.jsonl").is_file():
        raise BadEndpoint(f"There is no sample called “{folder.name}”.")
    prompts = {row["id"]: row["prompt"] for row in _rows(folder / "prompts.jsonl")}
    return {
        (row["model"], prompts[row["prompt_id"]]): _Recorded(
            row["text"],
            row.get("input_tokens"),
            row.get("cached_tokens"),
            row.get("output_tokens"),
        )
        for row in _rows(folder / "answers.jsonl")
    }


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return iter([json.loads(line) for line in lines if line.strip()])


def _error(status: int, message: str) -> httpx2.Response:
    return httpx2.Response(status, json={"error": {"message": message, "code": "not_recorded"}})
