"""Fields and labels: answers that a system reads."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import regex
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from advisor.evidence.metrics.registry import metric
from advisor.evidence.metrics.tokens import words

_PATTERN_SECONDS = 0.5  # a pattern that takes longer on one answer is given up: it never fits


@metric("Valid JSON", "Whether the answer as it stands is JSON that a program can read.", needs=())
def json_valid(answer: str) -> float:
    """0 or 1, by RFC 8259: no fence, no comment, no NaN."""
    return float(_parsed(answer) is not _BROKEN)


@metric(
    "Fits the schema",
    "Whether the answer is JSON with the fields and types of your schema.",
    needs=("json_schema",),
)
def schema_match(answer: str, json_schema: str) -> float:
    """0 or 1, by jsonschema; a schema elsewhere on the net is never fetched, so it never fits."""
    found = _parsed(answer)
    if found is _BROKEN:
        return 0.0
    try:
        return float(_validator(json_schema).is_valid(found))
    except (Unresolvable, RecursionError):
        return 0.0


@metric(
    "Fields right",
    "How many fields have the approved value, out of all fields that either answer has.",
    primary=True,
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
def pattern_match(answer: str, pattern: str) -> float:
    """0 or 1; a pattern that takes more than half a second never fits."""
    try:
        return float(bool(regex.fullmatch(pattern, answer.strip(), timeout=_PATTERN_SECONDS)))
    except TimeoutError:
        return 0.0


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


@lru_cache(maxsize=32)
def _validator(json_schema: str) -> Validator:
    schema = json.loads(json_schema)
    return validator_for(schema)(schema, registry=Registry())


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
