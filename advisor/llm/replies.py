"""One call to a model: ask, read the stream, and say what came of it. Nothing is raised."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream

from advisor.case.endpoints import profile_of
from advisor.llm.faults import AskedHost, Fault, fault_of_body, fault_of_error, redact
from advisor.llm.kinds import is_truncated, kinds, spelt_alike
from advisor.llm.limits import NO_PACE, Pace, pace_of
from advisor.llm.quirks import Call, Quirks, is_lower
from advisor.llm.stream import LONGEST_ANSWER, Heard, listen
from advisor.llm.thinking import NoAnswer, why_none

_TOTAL_OF_TIMEOUT = 10
"""A call may last this many times its time-out in all, as long as the server keeps talking."""
_CHANGES = 6
"""Times one call is sent at most, each time with one more parameter dropped or renamed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one request."""

    fault: Fault | None = None
    """None = nothing failed."""
    text: str = ""
    reasoning: str = ""
    """What the model thought first: billed, and no part of the answer."""
    why: NoAnswer | None = None
    """Why there is no answer, though nothing failed."""
    finish_reason: str | None = None
    served_model: str | None = None
    request_id: str | None = None
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    first_token_ms: float | None = None
    latency_ms: float | None = None
    pace: Pace = NO_PACE
    streamed: bool = False
    """It came as events, not as one body."""


async def ask(
    client: AsyncOpenAI,
    call: Call,
    quirks: Quirks | None = None,
    live: Callable[[str], None] | None = None,
) -> Reply:
    """Make one request, streaming; a parameter the endpoint does not take is left out.

    Args:
        client: from `make_client`.
        call: what is asked.
        quirks: what is known of the endpoint; kept by the caller between calls.
        live: gets each piece of text as it comes.
    """
    quirks = quirks or Quirks()
    address = str(client.base_url)
    limit = profile_of(address).token_cap
    for _ in range(_CHANGES):
        body, path = quirks.body(call, limit), quirks.path
        quirks.say_changes(call)
        # Whole, so that the SDK need not take its own address apart for each call.
        url = f"{address.rstrip('/')}{path}/chat/completions"
        reply = await _ask_once(client, call.model, url, body, live)
        if reply.fault is None:
            break
        if quirks.path != path and reply.fault.cause == "address":
            continue  # another call has found the way meanwhile
        most = reply.fault.bound
        if reply.fault.cause == "room" and most is not None and is_lower(most, body):
            quirks.note(
                f"Some texts left “{call.model}” too little room for the limit of "
                f"{call.max_output_tokens:,} tokens; for those it was lowered."
            )
            call = replace(call, max_output_tokens=most)
        elif not quirks.learn(call, body, reply.fault, address):
            break
    if reply.fault is None:
        quirks.answered_at(path, call.model)
    return _without(client.api_key, reply)


async def _ask_once(
    client: AsyncOpenAI,
    model: str,
    url: str,
    body: dict[str, Any],
    live: Callable[[str], None] | None,
) -> Reply:
    host = client.base_url.host
    timeout_s = _read_timeout_s(client)
    heard = Heard(live)
    pace = NO_PACE
    fault: Fault | None = None
    began = time.monotonic()
    try:
        async with asyncio.timeout(timeout_s * _TOTAL_OF_TIMEOUT):
            response = await client.post(
                url,
                body=body,
                cast_to=httpx2.Response,
                stream=True,
                stream_cls=AsyncStream[Any],
            )
            assert isinstance(response, httpx2.Response)  # noqa: S101 - what cast_to asks for
            pace = pace_of(response.headers)
            heard.request_id = response.headers.get("x-request-id")
            try:
                await listen(response, heard)
            finally:
                await response.aclose()
    except openai.APIStatusError as error:
        pace = pace_of(error.response.headers)
        heard.request_id = error.request_id
        fault = fault_of_error(error, place_of(client), model, timeout_s, pace.retry_after_s)
    except (openai.OpenAIError, httpx2.HTTPError, TimeoutError, ValueError) as error:
        if not heard.complete:  # a connection lost after the end of an answer costs nothing
            fault = fault_of_error(error, place_of(client), model, timeout_s)
    return replace(_reply(heard, fault or _fault_of(heard, host, model), began), pace=pace)


def _fault_of(heard: Heard, host: str, model: str) -> Fault | None:
    """What a response without an HTTP error still has wrong."""
    if heard.error is not None:
        return fault_of_body(heard.error, 200, host, model)
    ended, how = spelt_alike(heard.finish_reason), kinds().finish
    if ended in how.refused or heard.refusal:
        said = f": {heard.refusal}" if heard.refusal else "."
        return Fault("refused", f"{host} refused to answer this text{said}")
    if ended in how.failed:
        return Fault("retry", f"{host} broke the answer off with “{heard.finish_reason}”.")
    if heard.web_page:
        return Fault("suspect", f"{host} sent a web page, not an answer; check the address.")
    if heard.too_long:
        most = f"{LONGEST_ANSWER:,} characters"
        return Fault("failed", f"{host} sent more than {most} for one answer; it was not read on.")
    if not heard.complete:
        return Fault("retry", f"The answer of {host} broke off before its end.")
    return None


def _reply(heard: Heard, fault: Fault | None, began: float) -> Reply:
    def since_start_ms(moment: float | None) -> float | None:
        return None if moment is None else round((moment - began) * 1000, 3)

    said = heard.parted()
    return Reply(
        fault=fault,
        text=said.answer,
        reasoning=said.reasoning,
        why=None if fault is not None else why_none(said, heard.finish_reason),
        finish_reason="length" if is_truncated(heard.finish_reason) else heard.finish_reason,
        served_model=heard.model,
        request_id=heard.request_id,
        input_tokens=heard.usage.input,
        cached_tokens=heard.usage.cached,
        output_tokens=heard.usage.output,
        reasoning_tokens=heard.usage.reasoning,
        first_token_ms=since_start_ms(heard.first_at),
        latency_ms=since_start_ms(heard.ended_at or time.monotonic()),
        streamed=heard.streamed,
    )


def place_of(client: AsyncOpenAI) -> AskedHost:
    """Who is asked."""
    address = client.base_url
    where = address.host if address.port is None else f"{address.host}:{address.port}"
    return AskedHost(address.host, where)


def _without(key: str, reply: Reply) -> Reply:
    """The reply without the key, should the server have echoed it anywhere."""
    fault = reply.fault
    if fault is not None:
        fault = replace(fault, sentence=redact(fault.sentence, key))

    def clean(said: str | None) -> str | None:
        # A key shorter than this is no secret, and may well be a word of the answer.
        return said if said is None or len(key) < 8 else said.replace(key, "[key]")

    return replace(
        reply,
        fault=fault,
        text=clean(reply.text) or "",
        reasoning=clean(reply.reasoning) or "",
        finish_reason=clean(reply.finish_reason),
        served_model=clean(reply.served_model),
        request_id=clean(reply.request_id),
    )


def _read_timeout_s(client: AsyncOpenAI) -> float:
    timeout = client.timeout
    seconds = timeout.read if isinstance(timeout, httpx2.Timeout) else timeout
    return seconds if isinstance(seconds, (int, float)) else 60.0
