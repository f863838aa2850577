"""One call to a model: ask, read the stream, and say what came of it. Nothing is raised."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream

from advisor.case.endpoints import TokenCap, profile_of
from advisor.case.refusals import Refusals
from advisor.llm.addresses import path_ends
from advisor.llm.faults import AskedHost, Fault, fault_of_body, fault_of_error, redact
from advisor.llm.kinds import kinds, spelt_alike
from advisor.llm.limits import NO_PACE, Pace, pace_of
from advisor.llm.stream import LONGEST_ANSWER, Heard, listen
from advisor.llm.thinking import Parted

_TOTAL_OF_TIMEOUT = 10
"""A call may last this many times its time-out in all, as long as the server keeps talking."""
_CHANGES = 6
"""Times one call is sent at most, each time with one more parameter dropped or renamed."""
_LEAST_BOUND = 16
"""Tokens: a bound below leaves no room for an answer."""

NoAnswer = Literal["thinking", "unclosed", "empty"]
"""Nothing failed, and there is no answer: the limit was spent on reasoning; the reasoning has no
end; nothing came."""


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
    """What an endpoint does not take, by model; learnt once, then kept."""

    known: dict[str, Refusals] = field(default_factory=dict)
    """All of it."""
    learnt: dict[str, Refusals] = field(default_factory=dict)
    """Of that: what was found out here, and not known before."""
    path: str = ""
    """What the address lacks, such as "/v1"."""
    path_is_old: bool = False
    """The path was found out in a run before, and has not answered in this one."""
    notes: list[str] = field(default_factory=list)
    """What was found out, a sentence each, for whoever reads how the run went."""

    def of(self, model: str) -> Refusals:
        """What this model does not take."""
        return self.known.get(model, _NOTHING)

    def know(self, model: str, before: Refusals) -> None:
        """Take over what was found out before."""
        self.known[model] = self.of(model).then(before)
        if before.lacks:
            self.path, self.path_is_old = before.lacks, True

    def body(self, call: Call, limit: TokenCap) -> dict[str, Any]:
        """The request's body as this endpoint takes it, `limit` naming the answer's bound."""
        refused = self.of(call.model)
        dropped = refused.parameters
        other = "max_tokens" if limit == "max_completion_tokens" else "max_completion_tokens"
        body: dict[str, Any] = {
            **call.extra,
            "model": call.model,
            "messages": _one_voice(call.messages) if refused.instruction else call.messages,
            other if limit in dropped else limit: min(
                call.max_output_tokens, refused.above or call.max_output_tokens
            ),
        }
        for name in dropped & call.extra.keys():
            del body[name]
        if call.temperature is not None and "temperature" not in dropped:
            body["temperature"] = call.temperature
        if "stream" not in dropped:
            body["stream"] = True
            if "stream_options" not in dropped:
                body["stream_options"] = {"include_usage": True}
        return body

    def note(self, sentence: str) -> None:
        """Say what was found out, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def say_changes(self, call: Call) -> None:
        """Say what of a call is not sent as it was asked for, whenever that was found out."""
        model, refused = call.model, self.of(call.model)
        asked = {*call.extra, *(() if call.temperature is None else ("temperature",))}
        for name in sorted(refused.parameters & asked):
            self.note(f"“{model}” does not take {name}, so it was asked without it.")
        if refused.above is not None and refused.above < call.max_output_tokens:
            self.note(
                f"“{model}” writes at most {refused.above:,} tokens an answer, so the limit of "
                f"{call.max_output_tokens:,} was lowered to that."
            )
        if refused.instruction and _has_instruction(call.messages):
            self.note(
                f"“{model}” takes no instruction apart from the text, so it stands before it."
            )

    def learn(self, call: Call, body: dict[str, Any], fault: Fault, address: str) -> bool:
        """Take in what a complaint says, so that the call can be sent otherwise.

        Returns:
            False: nothing can be done about it, or it was done before.
        """
        if fault.cause == "address":
            return self._mend_path(address)
        if fault.cause == "system_role":
            if not _has_instruction(body["messages"]):
                return False
            self._take_in(call.model, Refusals(instruction=True))
            return True
        if fault.cause == "bound" and fault.bound is not None:
            if not _is_lower(fault.bound, body):
                return False
            self._take_in(call.model, Refusals(above=fault.bound))
            return True
        return self._drop(call, body, fault)

    def answered_at(self, path: str, model: str) -> None:
        """A call was answered with this at the end of the address: it stays, and is said."""
        if path:
            self.note(f"The address lacked {path} at its end; it was asked with it.")
        if path == self.path:
            self.path_is_old = False
            if path or self.of(model).lacks:
                self._take_in(model, Refusals(lacks=path))

    def _take_in(self, model: str, refused: Refusals) -> None:
        if self.of(model).then(refused) != self.of(model):
            for held in (self.known, self.learnt):
                held[model] = held.get(model, _NOTHING).then(refused)

    def _mend_path(self, address: str) -> bool:
        """Try what the address lacks, one after the other; kept is the one that answers."""
        if self.path_is_old:  # the server may have changed since: begin with the address as it is
            self.path, self.path_is_old = "", False
            return True
        ends = path_ends(address)
        if self.path:
            tried = ends.index(self.path) + 1 if self.path in ends else len(ends)
            ends = ends[tried:]
        if not ends:
            self.path = ""
            return False
        self.path = ends[0]
        return True

    def _drop(self, call: Call, body: dict[str, Any], fault: Fault) -> bool:
        """Drop the parameter a 400 names; False = it names none that was sent.

        Calls in flight at the same time hear of the same one: each is sent once more.
        """
        if fault.status not in (400, 422) or "context_length" in fault.code:
            return False
        dropped = self.of(call.model).parameters
        param = fault.param.partition(".")[0]
        further = {name: (name,) for name in call.extra if name not in _DROPPABLE}
        for name, words in (_DROPPABLE | further).items():
            told = any(_tells_of(word, fault.sentence) for word in words)
            if (param == name or (not param and told)) and name in body:
                if name in dropped:
                    return True
                if name.startswith("max_") and dropped & {"max_completion_tokens", "max_tokens"}:
                    return False  # it takes neither name; without a limit the price has no bound
                self._take_in(call.model, Refusals(frozenset({name})))
                return True
        if fault.param == "stream" and "stream" in body:
            self._take_in(call.model, Refusals(frozenset({"stream"})))
            return True
        return False


_NOTHING = Refusals()


def _has_instruction(messages: list[dict[str, str]]) -> bool:
    return any(message["role"] == "system" for message in messages)


def _is_lower(most: int, body: dict[str, Any]) -> bool:
    """Whether this bound of an answer leaves room for one, and is less than was asked for."""
    sent = body.get("max_tokens") or body.get("max_completion_tokens") or 0
    return _LEAST_BOUND <= most < sent


def _tells_of(name: str, said: str) -> bool:
    """Whether a complaint is about this parameter; a plain word has to stand there as a name."""
    if name in _WORDS or "_" in name:
        return re.search(rf"(?<![a-z_]){re.escape(name)}(?![a-z_])", said, re.I) is not None
    as_name = re.escape(name)
    quoted = rf"[\"'`“‘]{as_name}[\"'`”’]"
    named = rf"{quoted}|\b(?:parameter|argument|field|key):? {as_name}\b"
    return re.search(named, said, re.I) is not None


_WORDS = ("temperature",)
"""Parameters whose plain name no complaint about anything else would hold."""


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
        reply = await _ask_once(client, call.model, f"{path}/chat/completions", body, live)
        if reply.fault is None:
            break
        if quirks.path != path and reply.fault.cause == "address":
            continue  # another call has found the way meanwhile
        most = reply.fault.bound
        if reply.fault.cause == "room" and most is not None and _is_lower(most, body):
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
    path: str,
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
                path,
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


def why_none(said: Parted, finish_reason: str | None) -> NoAnswer | None:
    """Why a reply that came to its end is no answer; None = it is one."""
    if said.answer.strip():
        return None
    if is_truncated(finish_reason):
        return "thinking"
    return "empty" if said.closed else "unclosed"


def is_truncated(finish_reason: str | None) -> bool:
    """Whether an answer ended because it met its limit."""
    return spelt_alike(finish_reason) in kinds().finish.truncated


def place_of(client: AsyncOpenAI) -> AskedHost:
    """Who is asked."""
    address = client.base_url
    where = address.host if address.port is None else f"{address.host}:{address.port}"
    return AskedHost(address.host, where)


def _one_voice(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """The messages with the instruction before the first text."""
    said = [m["content"] for m in messages if m["role"] == "system"]
    others = [dict(m) for m in messages if m["role"] != "system"]
    if said and others:
        others[0]["content"] = "\n\n".join((*said, others[0]["content"]))
    return others


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
