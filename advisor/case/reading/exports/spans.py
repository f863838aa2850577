"""OpenTelemetry: spans of models as OTLP JSON, by the conventions for generative AI (1.38)."""

from collections.abc import Iterator
from typing import Any

from advisor.case.reading import columns as roles
from advisor.case.reading import values
from advisor.case.reading.drafts import Draft
from advisor.case.reading.exports.export import Export
from advisor.words import count

_ASKED, _SAID = "gen_ai.input.messages", "gen_ai.output.messages"
_SYSTEM = "gen_ai.system_instructions"


def otel_spans(value: Any) -> Export | None:
    """Read the requests of a trace; what models answered is left out."""
    if not isinstance(value, dict) or not isinstance(value.get("resourceSpans"), list):
        return None
    drafts, answered = [], 0
    for number, span in enumerate(_spans(value), start=1):
        told = _attributes(span)
        asked = values.parsed(told.get(_ASKED))
        if not isinstance(asked, list):
            continue
        where = f"Span {number:,}"
        system = values.parsed(told.get(_SYSTEM))
        before = [{"role": "system", "parts": system}] if isinstance(system, list) else []
        messages = [{**one, "content": one.get("parts")} for one in (*before, *asked)]
        answered += _SAID in told
        drafts.append(Draft(where, values.messages_of(messages, where)))
    said = f"{count(answered, 'answer')} of models left out: they are no approved answers."
    return Export(
        "OpenTelemetry spans",
        tuple(drafts),
        {_ASKED: roles.TEXT},
        (_SAID,) if answered else (),
        (said,) if answered else (),
    )


def _spans(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in value["resourceSpans"]:
        for scope in _list(resource, "scopeSpans"):
            yield from (span for span in _list(scope, "spans") if isinstance(span, dict))


def _list(found: object, key: str) -> list[Any]:
    inside = found.get(key) if isinstance(found, dict) else None
    return inside if isinstance(inside, list) else []


def _attributes(span: dict[str, Any]) -> dict[str, str]:
    """The attributes of a span that are text."""
    told: dict[str, str] = {}
    for one in _list(span, "attributes"):
        given = one.get("value") if isinstance(one, dict) else None
        if isinstance(given, dict) and isinstance(given.get("stringValue"), str):
            told[str(one.get("key"))] = given["stringValue"]
    return told
