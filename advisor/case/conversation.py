"""Conversations and tool calls: what a text may be beside a single message."""

import json
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field, field_validator

from advisor.case.brief import Frozen

Speaker = Literal["system", "user", "assistant", "tool"]

_NAMES = {"system": "System", "user": "User", "assistant": "Assistant", "tool": "Tool"}


def canonical_json(value: object) -> str:
    """JSON that is the same for the same value, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class ToolCall(Frozen):
    """A call of a tool: its name and its arguments."""

    name: str = Field(min_length=1, max_length=200)
    arguments: str = "{}"
    """As canonical JSON, so that two equal calls are equal."""

    @field_validator("arguments", mode="before")
    @classmethod
    def _canonical(cls, given: object) -> object:
        """Take an object, or its JSON as an endpoint sends it; other words stay as they are."""
        if not isinstance(given, str):
            return canonical_json({} if given is None else given)
        try:
            return canonical_json(json.loads(given or "{}"))
        except (ValueError, RecursionError):
            return given

    @property
    def words(self) -> str:
        """On one line: `order_status(order="812")`."""
        try:
            given = json.loads(self.arguments)
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            return f"{self.name}({self.arguments})"
        said = (f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in given.items())
        return f"{self.name}({', '.join(said)})"


class ChatMessage(Frozen):
    """One message of a conversation."""

    role: Speaker
    content: str = ""
    calls: tuple[ToolCall, ...] = ()
    """Tools that an assistant called here."""
    call_id: str | None = None
    """Of a tool's result: which call it answers, as the conversation numbers them."""

    @property
    def words(self) -> str:
        """What was said, calls included."""
        return "\n".join((*filter(None, [self.content]), *(call.words for call in self.calls)))


def transcript(messages: Iterable[ChatMessage]) -> str:
    """A conversation as one text: who said what, a blank line between two messages."""
    return "\n\n".join(f"{_NAMES[one.role]}: {one.words}" for one in messages)


def as_sent(messages: Iterable[ChatMessage]) -> list[dict[str, Any]]:
    """The messages as an OpenAI-compatible endpoint takes them."""
    sent: list[dict[str, Any]] = []
    open_calls: list[str] = []
    made = 0
    for one in messages:
        message: dict[str, Any] = {"role": one.role, "content": one.content}
        if one.calls:
            ids = [f"call_{made + n}" for n in range(1, len(one.calls) + 1)]
            made += len(ids)
            open_calls = [*open_calls, *ids]
            message["tool_calls"] = [
                {
                    "id": call_id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call_id, call in zip(ids, one.calls, strict=True)
            ]
        if one.role == "tool":
            # A result answers the first call that has none yet, in the order of the conversation.
            message["tool_call_id"] = open_calls.pop(0) if open_calls else "call_0"
        sent.append(message)
    return sent


def calls_as_text(calls: Iterable[ToolCall]) -> str:
    """Calls as the text of an answer: a JSON list, equal for equal calls."""
    return canonical_json(
        [{"name": call.name, "arguments": _value(call.arguments)} for call in calls]
    )


def as_read(answer: str) -> str:
    """An answer as people read it: calls one a line, `order_status(order="812")`."""
    calls = calls_in_text(answer)
    return "\n".join(call.words for call in calls) if calls else answer


def calls_in_text(text: str) -> tuple[ToolCall, ...] | None:
    """The calls an answer is; None = it is an answer in words."""
    if not text.lstrip().startswith("["):
        return None
    try:
        found = json.loads(text)
        if not all(one.keys() == {"name", "arguments"} for one in found):
            return None
        return tuple(ToolCall(name=one["name"], arguments=one["arguments"]) for one in found)
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None


def same_call(one: ToolCall, other: ToolCall) -> bool:
    """The same name, and arguments that are equal as JSON values: 1 is 1.0, and is not "1"."""
    return one.name == other.name and _same(_value(one.arguments), _value(other.arguments))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):  # Python takes True for 1
        return one is other
    return bool(one == other)


def _value(arguments: str) -> object:
    try:
        return json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
