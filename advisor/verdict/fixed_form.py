"""Schema first: where answers have fixed fields or labels, an enforced form is tried before tuning."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from advisor.case.case import Case
from advisor.case.options import LONGEST_LABEL, Arm, OptionId
from advisor.case.variants import free_id

LEAST = 5
"""Approved answers with fields from which their form is taken."""
_MOST = 200
"""Of them looked at: the form of the rest is the same."""
FormOf = Literal["schema", "fields", "labels"]
"""What the form is taken from: the reader's schema, the approved answers, or the labels."""


@dataclass(frozen=True, slots=True)
class FixedForm:
    """A base option again, with the form of its answers enforced by the endpoint."""

    of: OptionId
    schema: dict[str, Any]
    taken_from: FormOf
    fields: tuple[str, ...]
    """Names of the fields, or the labels."""


def suggest_fixed_form(case: Case) -> FixedForm | None:
    """The form to try; None = the case asks for none, or a base option has one already."""
    plain = [
        option
        for option in case.bases
        if case.variant_of(option) == "plain" and not case.arms[option].recorded
    ]
    if not plain or any(case.arms[o].parameters.response_format for o in case.bases):
        return None
    found = _form(case)
    return None if found is None else FixedForm(plain[0], *found)


def with_fixed_form(case: Case, form: FixedForm) -> Case:
    """The case with that option, which follows its base's model and is priced by it.

    Raises:
        AdvisorError: it would be one option too many.
    """
    like, ending = case.arms[form.of], ", fixed form"
    label = f"{case.name_of(form.of)[: LONGEST_LABEL - len(ending)]}{ending}"
    asked = like.parameters.model_copy(update={"response_format": form.schema})
    new = Arm.model_validate(
        like.model_dump()
        | {"kind": case.kind_of(form.of), "variant": "plain", "follows": form.of, "label": label}
    )
    option = free_id(case, f"{form.of}_fixed_form")
    return case.put(option, new.model_copy(update={"parameters": asked}))


def _form(case: Case) -> tuple[dict[str, Any], FormOf, tuple[str, ...]] | None:
    if case.checks.json_schema:
        schema = json.loads(case.checks.json_schema)
        if isinstance(schema, dict) and schema:
            return schema, "schema", tuple(schema.get("properties", ()))
    answers = [_object(p.reference) for p in case.prompts[:_MOST] if p.reference is not None]
    objects = [one for one in answers if one]
    if len(objects) >= LEAST and len(objects) == len(answers):
        schema = _schema_of(objects)
        return schema, "fields", tuple(schema["properties"])
    if case.checks.labels and case.run.primary_metric == "label_accuracy":
        labels = tuple(dict.fromkeys(case.checks.labels))
        return _closed({"label": {"type": "string", "enum": list(labels)}}), "labels", labels
    return None


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _schema_of(values: Sequence[Any]) -> dict[str, Any]:
    """A schema that all these values fit: the types seen, the fields seen, those in all required."""
    kinds = {_kind(value) for value in values}
    if kinds == {"object"}:
        names = dict.fromkeys(name for value in values for name in value)
        fields = {name: _schema_of([v[name] for v in values if name in v]) for name in names}
        needed = [name for name in names if all(name in value for value in values)]
        return _closed(fields) | {"required": needed}
    if kinds == {"array"}:
        items = [item for value in values for item in value]
        return {"type": "array", **({"items": _schema_of(items)} if items else {})}
    if len(kinds) == 1:
        return {"type": kinds.pop()}
    return {"type": sorted(kinds)} if not kinds & {"object", "array"} else {}


def _kind(value: Any) -> str:
    named = {bool: "boolean", str: "string", dict: "object", list: "array", type(None): "null"}
    return named.get(type(value), "number")


def _closed(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
