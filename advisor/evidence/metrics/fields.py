"""Fields and labels: answers that a system reads."""

import json
from collections.abc import Iterator
from typing import Any

import regex

from advisor.case.rule_sandbox import fits
from advisor.evidence.metrics.registry import metric
from advisor.evidence.metrics.tokens import words


@metric("Valid JSON", "Whether the answer as it stands is JSON that a program can read.", needs=())
def json_valid(answer: str) -> float:
    """0 or 1, by RFC 8259: no fence, no comment, no NaN."""
    return float(_parsed(answer) is not _BROKEN)


@metric(
    "Fits the schema",
    "Whether the answer is JSON with the fields and types of your schema.",
    needs=("json_schema",),
)
def schema_match(answer: str, json_schema: str) -> float | None:
    """0 or 1, by jsonschema; None where the schema takes too long to tell.

    A schema elsewhere on the net is never fetched, so nothing fits it.
    """
    if _parsed(answer) is _BROKEN:
        return 0.0
    return _share(fits("json_schema", json_schema, answer))


@metric(
    "Fields right",
    "How many fields have the approved value, out of all fields that either answer has.",
    primary=True,
    words="fields with the approved value",
)
def field_accuracy(answer: str, reference: str) -> float | None:
    """Equal fields / fields in either, 0 to 1; None where the approved answer is no JSON object.

    Texts are compared whatever their case and spaces. A fence around the JSON is looked past.
    """
    wanted = _parsed(reference)
    if not isinstance(wanted, dict | list) or not wanted:
        return None
    found = _parsed(_without_fence(answer))
    right, given = dict(_leaves(wanted)), {} if found is _BROKEN else dict(_leaves(found))
    equal = sum(path in given and given[path] == value for path, value in right.items())
    return equal / len(right.keys() | given.keys())


@metric(
    "Label right",
    "Whether the answer is the approved label, alone on a line or after a colon.",
    needs=("reference", "labels"),
    primary=True,
    words="the approved label",
)
def label_accuracy(answer: str, reference: str, labels: tuple[str, ...]) -> float | None:
    """0 or 1; None where the approved answer itself names no one label.

    A label within a sentence does not count: then a copy of the text might name it by chance.
    """
    wanted = _label(reference, labels)
    return None if wanted is None else float(_label(answer, labels) == wanted)


@metric(
    "Fits the pattern",
    "Whether the whole answer has the form that your pattern describes.",
    needs=("pattern",),
)
def pattern_match(answer: str, pattern: str) -> float | None:
    """0 or 1; None where the pattern takes too long to tell."""
    return _share(fits("pattern", pattern, answer.strip()))


def _share(fitting: bool | None) -> float | None:
    return None if fitting is None else float(fitting)


_BROKEN = object()


def _parsed(text: str) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return _BROKEN


def _without_fence(text: str) -> str:
    found = regex.search(r"```\w*\s*\n(.*?)\n\s*```", text, regex.DOTALL)
    return str(found[1]) if found else text


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[object, object]]:
    """(path, value) of each field; an empty list or object is a value."""
    if isinstance(value, dict | list) and value:
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for name, part in parts:
            yield from _leaves(part, (*path, name))
    elif isinstance(value, str):
        yield path, " ".join(value.casefold().split())
    else:
        yield path, json.dumps(value) if isinstance(value, bool | dict | list) else value


def _label(text: str, labels: tuple[str, ...]) -> str | None:
    """The one label that stands alone on a line, or alone after a colon."""
    by_words = {words(label): label for label in labels}
    parts = [part for line in text.splitlines() for part in (line, line.rpartition(":")[2])]
    found = {by_words[said] for part in parts if (said := words(part)) in by_words}
    return found.pop() if len(found) == 1 else None
