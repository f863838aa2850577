"""OpenTelemetry: spans of models by the conventions for generative AI (1.44), as OTLP JSON, as a
console exporter prints them, or with the older numbered attributes (gen_ai.prompt.0.content)."""

import re
from collections.abc import Iterator
from typing import Any

from advisor.case.reading.exports.flat import FlatRow, flat_table
from advisor.case.reading.messages import parsed
from advisor.case.reading.table import Table

_ASKED, _SAID = "gen_ai.input.messages", "gen_ai.output.messages"
_SYSTEM, _TOOLS = "gen_ai.system_instructions", "gen_ai.tool.definitions"
_MODELS = ("gen_ai.response.model", "gen_ai.request.model")
_NUMBERED = re.compile(r"gen_ai\.(prompt|completion)\.(\d{1,4})\.(role|content)")


def otel_spans(value: Any) -> Table | None:
    """The requests of a trace with what models answered; None = it is another file."""
    rows = []
    for number, attributes in enumerate(_spans(value), start=1):
        asked, said = _messages(attributes, "prompt"), _messages(attributes, "completion")
        if not asked:
            continue
        values: dict[str, Any] = {"messages": asked}
        tools = parsed(attributes.get(_TOOLS))
        if tools:
            values["tools"] = tools
        model = next((str(attributes[m]) for m in _MODELS if attributes.get(m)), "the model")
        rows.append(FlatRow(number, values, {model[:100]: _answer(said)} if said else {}))
    return flat_table("OpenTelemetry spans", "JSON", "span", rows) if rows else None


def _spans(value: object) -> Iterator[dict[str, Any]]:
    """The attributes of each span."""
    if isinstance(value, dict) and isinstance(value.get("resourceSpans"), list):
        for resource in value["resourceSpans"]:
            for scope in _list(resource, "scopeSpans"):
                for span in _list(scope, "spans"):
                    yield {one["key"]: _plain(one.get("value")) for one in _list(span, "attributes")
                           if isinstance(one, dict) and isinstance(one.get("key"), str)}  # fmt: skip
        return
    for span in value if isinstance(value, list) else [value]:
        if isinstance(span, dict) and "resourceSpans" in span and span is not value:
            yield from _spans(span)  # a collector writes one such object a line
            continue
        attributes = span.get("attributes") if isinstance(span, dict) else None
        if isinstance(attributes, dict) and any(key.startswith("gen_ai.") for key in attributes):
            yield attributes


def _list(found: object, key: str) -> list[Any]:
    inside = found.get(key) if isinstance(found, dict) else None
    return inside if isinstance(inside, list) else []


def _plain(value: object) -> Any:
    """A value of OTLP as what it holds."""
    if not isinstance(value, dict):
        return value
    if "arrayValue" in value:
        return [_plain(one) for one in _list(value["arrayValue"], "values")]
    if "kvlistValue" in value:
        return {
            one.get("key"): _plain(one.get("value"))
            for one in _list(value["kvlistValue"], "values")
        }
    return next(iter(value.values()), None)


def _messages(attributes: dict[str, Any], side: str) -> list[dict[str, Any]]:
    """The messages that went in ("prompt") or came out, in the shape of a chat."""
    found = parsed(attributes.get(_ASKED if side == "prompt" else _SAID))
    if isinstance(found, list):
        system = parsed(attributes.get(_SYSTEM)) if side == "prompt" else None
        before = [{"role": "system", "parts": system}] if isinstance(system, list) else []
        return [
            message for one in (*before, *found) if isinstance(one, dict) for message in _chat(one)
        ]
    numbered: dict[int, dict[str, Any]] = {}
    for key, value in attributes.items():
        at = _NUMBERED.fullmatch(key)
        if at and at[1] == side:
            numbered.setdefault(int(at[2]), {})[at[3]] = value
    return [{"role": "user", **numbered[n]} for n in sorted(numbered)]


def _chat(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A message with parts as one of a chat; each result of a tool is a message of its own."""
    parts = message.get("parts")
    if not isinstance(parts, list):
        yield message
        return
    words = [p for p in parts if _kind(p) not in ("tool_call", "tool_call_response", "reasoning")]
    calls = [{"name": p.get("name"), "arguments": p.get("arguments")} for p in parts
             if _kind(p) == "tool_call"]  # fmt: skip
    results = [p for p in parts if _kind(p) == "tool_call_response"]
    if words or calls:
        yield {"role": message.get("role"), "content": words or None, "tool_calls": calls}
    for part in results:
        found = part.get("response", part.get("result"))
        yield {"role": "tool", "tool_call_id": part.get("id"), "content": str(found or "")}


def _kind(part: object) -> str:
    return str(part.get("type")) if isinstance(part, dict) else ""


def _answer(said: list[dict[str, Any]]) -> Any:
    """Words, or the calls that were made."""
    calls = [call for message in said for call in message.get("tool_calls") or ()]
    return calls or said
