"""What is asked of a model, and what its endpoint does not take of that: learnt once, then kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from advisor.case.endpoints import TokenCap
from advisor.case.refusals import Refusals
from advisor.llm.addresses import path_ends
from advisor.llm.faults import Fault

_LEAST_BOUND = 16
"""Tokens: a bound below leaves no room for an answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of a model."""

    model: str
    messages: list[dict[str, str]]
    max_output_tokens: int
    temperature: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further parameters, as they are sent."""


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

    @classmethod
    def knowing(cls, model: str, before: Refusals | None) -> "Quirks":
        """Of an endpoint of which this is known; None = nothing."""
        quirks = cls()
        if before is not None:
            quirks.know(model, before)
        return quirks

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
            if not is_lower(fault.bound, body):
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
        if fault.status not in (400, 422) or fault.cause == "too_long":
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


def is_lower(most: int, body: dict[str, Any]) -> bool:
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


def _one_voice(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """The messages with the system prompt folded into the first user message."""
    said = [m["content"] for m in messages if m["role"] == "system"]
    others = [dict(m) for m in messages if m["role"] != "system"]
    if said and others:
        others[0]["content"] = "\n\n".join((*said, others[0]["content"]))
    return others
