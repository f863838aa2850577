"""One call to a model: ask, read the stream, and say what came of it. Nothing is raised."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream

from advisor.case.endpoints import TokenCap, profile_of
from advisor.llm.faults import Fault, fault_of_body, fault_of_error, redact
from advisor.llm.limits import NO_PACE, Pace, pace_of
from advisor.llm.stream import LONGEST_ANSWER, Heard, listen

_TOTAL_OF_TIMEOUT = 10
"""A call may last this many times its time-out in all, as long as the server keeps talking."""
_CHANGES = 6
"""Times one call is sent at most, each time with one more parameter dropped or renamed."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of a model."""

    model: str
    messages: list[dict[str, str]]
    max_output_tokens: int
    temperature: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further parameters, as they are sent."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one request."""

    fault: Fault | None = None
    """None = an answer."""
    text: str = ""
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


_DROPPABLE = {
    "max_completion_tokens": ("max_completion_tokens",),
    "max_tokens": ("max_tokens",),
    "temperature": ("temperature",),
    "stream_options": ("stream_options",),
    "response_format": ("response_format", "json_schema", "guided_json"),
}
"""Parameters a call can do without or under another name, and what a complaint calls them."""


@dataclass(slots=True)
class Quirks:
    """Which parameters an endpoint does not take, by model; learnt once, then kept."""

    dropped: dict[str, set[str]] = field(default_factory=dict)

    def body(self, call: Call, limit: TokenCap) -> dict[str, Any]:
        """The request's body as this endpoint takes it, `limit` naming the answer's bound."""
        dropped = self.dropped.get(call.model, set())
        other = "max_tokens" if limit == "max_completion_tokens" else "max_completion_tokens"
        body: dict[str, Any] = {
            **call.extra,
            "model": call.model,
            "messages": call.messages,
            other if limit in dropped else limit: call.max_output_tokens,
        }
        if "response_format" in dropped:
            body.pop("response_format", None)
        if call.temperature is not None and "temperature" not in dropped:
            body["temperature"] = call.temperature
        if "stream" not in dropped:
            body["stream"] = True
            if "stream_options" not in dropped:
                body["stream_options"] = {"include_usage": True}
        return body

    def learn(self, call: Call, body: dict[str, Any], fault: Fault) -> bool:
        """Drop the parameter a 400 names; False = it names none, or one dropped before."""
        if fault.status not in (400, 422) or "context_length" in fault.code:
            return False
        dropped = self.dropped.setdefault(call.model, set())
        for name, words in _DROPPABLE.items():
            param = fault.param.partition(".")[0]
            named = param == name or (not param and any(word in fault.sentence for word in words))
            if named and name in body and name not in dropped:
                if name.startswith("max_") and dropped & {"max_completion_tokens", "max_tokens"}:
                    return False  # it takes neither name; without a limit the price has no bound
                dropped.add(name)
                return True
        if fault.param == "stream" and "stream" not in dropped:
            dropped.add("stream")
            return True
        return False


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
    limit = profile_of(str(client.base_url)).token_cap
    for _ in range(_CHANGES):
        body = quirks.body(call, limit)
        reply = await _ask_once(client, call.model, body, live)
        if reply.fault is None or not quirks.learn(call, body, reply.fault):
            break
    return _without(client.api_key, reply)


async def _ask_once(
    client: AsyncOpenAI, model: str, body: dict[str, Any], live: Callable[[str], None] | None
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
                "/chat/completions",
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
        fault = fault_of_error(error, host, model, timeout_s)
    except (openai.OpenAIError, httpx2.HTTPError, TimeoutError, ValueError) as error:
        if not heard.complete:  # a connection lost after the end of an answer costs nothing
            fault = fault_of_error(error, host, model, timeout_s)
    return replace(_reply(heard, fault or _fault_of(heard, host, model), began), pace=pace)


def _fault_of(heard: Heard, host: str, model: str) -> Fault | None:
    """What a response without an HTTP error still has wrong."""
    if heard.error is not None:
        return fault_of_body(heard.error, 200, host, model)
    if heard.finish_reason == "content_filter" or heard.refusal:
        said = f": {heard.refusal}" if heard.refusal else "."
        return Fault("refused", f"{host} refused to answer this text{said}")
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

    return Reply(
        fault=fault,
        text=heard.text,
        finish_reason=heard.finish_reason,
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
        finish_reason=clean(reply.finish_reason),
        served_model=clean(reply.served_model),
        request_id=clean(reply.request_id),
    )


def _read_timeout_s(client: AsyncOpenAI) -> float:
    timeout = client.timeout
    seconds = timeout.read if isinstance(timeout, httpx2.Timeout) else timeout
    return seconds if isinstance(seconds, (int, float)) else 60.0
