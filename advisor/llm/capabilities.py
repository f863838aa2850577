"""Finding out what an endpoint can do: a list of its models and three tiny calls."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import httpx2
import openai
from openai import AsyncStream

from advisor.case.endpoints import profile_of
from advisor.case.refusals import Refusals
from advisor.host.endpoints import check_model
from advisor.llm.client import Client, make_client
from advisor.llm.probe import another_model, ask_twice
from advisor.llm.quirks import Call, Quirks
from advisor.llm.replay import replayed_sample
from advisor.llm.replies import Reply
from advisor.words import count

T = TypeVar("T")

_FIRST_S = 8.0
_THEN_S = 6.0
_LONGEST_LIST = 4_000_000
"""Bytes."""
_SCHEMA = {
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
    "additionalProperties": False,
}
_SEED = "a seed, so that equal calls may answer alike"
_SHUTDOWN = ("shutdown_date", "deprecation_date", "retirement_date")


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether an endpoint can do a thing; None = it could not be found out."""

    able: bool | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an endpoint can do."""

    answers: Finding
    streaming: Finding
    usage: Finding
    seed: Finding
    structured_output: Finding
    models: tuple[str, ...] | None
    """Names it lists; None = it lists none."""
    listed: Finding
    """Whether the model asked for is among them."""
    shutdown_date: date | None
    """When the model asked for will stop, where the list says so."""
    refused: Refusals | None = None
    """What the address did not take, and was not known before; None = nothing."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything found, one sentence each."""
        found = [self.answers, self.streaming, self.usage, self.seed, self.structured_output]
        sentences = [finding.sentence for finding in (*found, self.listed)]
        if self.shutdown_date is not None:
            sentences.append(f"The endpoint says this model stops on {self.shutdown_date}.")
        return tuple(sentences)


def find_out(
    endpoint: str,
    model: str,
    key: str | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
    *,
    known: Refusals | None = None,
) -> Capabilities:
    """Ask an endpoint what it can do, for at most about 15 seconds. Not for use on an event loop.

    Args:
        endpoint: the address.
        model: the model's id.
        key: the key, if the endpoint wants one.
        transport: stands in for the network.
        known: what the address did not take before.

    Raises:
        BadEndpoint: the address or the key can't be used as it is.
    """
    if replayed_sample(endpoint) is not None:
        recorded = Finding(None, "Recorded answers need no connection.")
        return Capabilities(recorded, recorded, recorded, recorded, recorded, None, recorded, None)
    quirks = Quirks.knowing(model, known)
    found = asyncio.run(_find_out(endpoint, model, key, transport, quirks))
    return replace(found, refused=quirks.learnt.get(model))


async def _find_out(
    endpoint: str,
    model: str,
    key: str | None,
    transport: httpx2.AsyncBaseTransport | None,
    quirks: Quirks,
) -> Capabilities:
    check_model(endpoint, model)
    client = make_client(endpoint, key, _FIRST_S, transport)
    host = client.base_url.host
    say_ok = Call(model, [{"role": "user", "content": "Reply with the word OK."}], 64)
    # "JSON" stands in the text, as some servers want that for this kind of answer.
    as_json = replace(
        say_ok, messages=[{"role": "user", "content": 'Reply with the JSON {"word": "OK"}.'}]
    )
    schema = {"name": "reply", "strict": True, "schema": _SCHEMA}
    formatted = {"response_format": {"type": "json_schema", "json_schema": schema}}
    try:
        first, listing = await asyncio.gather(
            _within(_FIRST_S, lambda: ask_twice(client, say_ok, quirks)),
            _within(_FIRST_S, lambda: _models(client, quirks.path)),
        )
        seeded = structured = None
        if listing is None and quirks.path:  # the address lacked its end, as is known by now
            listing = await _within(_THEN_S, lambda: _models(client, quirks.path))
        if first is not None and first.fault is None:
            seeded, structured = await asyncio.gather(
                _within(
                    _THEN_S, lambda: ask_twice(client, replace(say_ok, extra={"seed": 7}), quirks)
                ),
                _within(
                    _THEN_S, lambda: ask_twice(client, replace(as_json, extra=formatted), quirks)
                ),
            )
    finally:
        await client.close()
    dropped = quirks.of(model).parameters
    names = None if listing is None else tuple(str(one["id"]) for one in listing)
    return Capabilities(
        answers=_answers(first, host, model),
        streaming=_streaming(first),
        usage=_usage(first),
        seed=_accepted(seeded, _SEED, dropped="seed" in dropped),
        structured_output=_structured(structured, dropped="response_format" in dropped),
        models=names,
        listed=_listed(names, model, profile_of(endpoint).models),
        shutdown_date=_shutdown(listing or [], model),
    )


async def _within(seconds: float, work: Callable[[], Awaitable[T]]) -> T | None:
    """What came of it in time."""
    try:
        async with asyncio.timeout(seconds):
            return await work()
    except TimeoutError:
        return None


async def _models(client: Client, path: str = "") -> list[dict[str, Any]] | None:
    """The models an endpoint lists; None = it lists none that can be read."""
    body = b""
    try:
        response = await client.get(
            f"{path}/models", cast_to=httpx2.Response, stream=True, stream_cls=AsyncStream[Any]
        )
        assert isinstance(response, httpx2.Response)  # noqa: S101 - what cast_to asks for
        try:
            async for part in response.aiter_bytes():
                body += part
                if len(body) > _LONGEST_LIST:
                    return None
        finally:
            await response.aclose()
        listing = json.loads(body)
    except (openai.OpenAIError, httpx2.HTTPError, ValueError, RecursionError):
        return None
    rows = listing.get("data") if isinstance(listing, dict) else listing
    if not isinstance(rows, list):
        return None
    return [row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]


def _answers(reply: Reply | None, host: str, model: str) -> Finding:
    if reply is None:
        return Finding(False, f"{host} did not answer within {_FIRST_S:g} seconds.")
    if reply.fault is not None and reply.fault.severity != "refused":
        return Finding(False, reply.fault.sentence)
    seconds = f"{(reply.latency_ms or 0) / 1000:.1f} seconds"
    return Finding(
        True, f"{model} answered in {seconds}.{another_model(model, reply.served_model)}"
    )


def _streaming(reply: Reply | None) -> Finding:
    if reply is None or reply.fault is not None:
        return Finding(None, "Whether it streams could not be found out.")
    if reply.streamed:
        return Finding(True, "It streams its answers.")
    return Finding(False, "It does not stream: an answer shows only when it is whole.")


def _usage(reply: Reply | None) -> Finding:
    if reply is None or reply.fault is not None:
        return Finding(None, "Whether it counts tokens could not be found out.")
    if reply.input_tokens is not None and reply.output_tokens is not None:
        return Finding(True, "It reports the tokens it bills.")
    return Finding(False, "It reports no tokens; they are counted here instead.")


def _accepted(reply: Reply | None, what: str, *, dropped: bool) -> Finding:
    """Whether a call with one more parameter went through, and not only without it."""
    if dropped:
        return Finding(False, f"It does not accept {what}.")
    if reply is not None and reply.fault is None:
        return Finding(True, f"It accepts {what}.")
    if reply is not None and reply.fault is not None and reply.fault.status in (400, 422):
        return Finding(False, f"It does not accept {what}.")
    return Finding(None, f"Whether it accepts {what}, could not be found out.")


def _structured(reply: Reply | None, *, dropped: bool) -> Finding:
    accepted = _accepted(reply, "a schema for its answers", dropped=dropped)
    if not accepted.able or reply is None:
        return accepted
    try:
        kept = set(json.loads(reply.text)) == {"word"}
    except (ValueError, TypeError):
        kept = False
    if kept:
        return Finding(True, "It keeps to a schema for its answers.")
    return Finding(False, "It accepts a schema for its answers and does not keep to it.")


def _listed(names: tuple[str, ...] | None, model: str, where: str) -> Finding:
    if names is None:
        return Finding(None, f"It lists no models. {where}")
    if model in names:
        return Finding(True, f"It lists {model} among {count(len(names), 'model')}.")
    if len(names) == 1:
        return Finding(False, f"It lists one model, {names[0]}, and not {model}.")
    return Finding(False, f"It lists {count(len(names), 'model')}, and {model} is not among them.")


def _shutdown(listing: list[dict[str, Any]], model: str) -> date | None:
    row = next((row for row in listing if row["id"] == model), {})
    said = next((row[name] for name in _SHUTDOWN if row.get(name)), None)
    try:
        if isinstance(said, (int, float)):
            return datetime.fromtimestamp(said, UTC).date()
        return date.fromisoformat(said[:10]) if isinstance(said, str) else None
    except (ValueError, OverflowError, OSError):
        return None
