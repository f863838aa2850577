"""What people said in an annotation tool: Label Studio (SDK 2.1) and Argilla (2.8).

Words and labels they entered are approved answers; a choice between two answers is a vote.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.case.given import GivenVote
from advisor.case.reading.columns import plain_name
from advisor.case.reading.exports.export import Export
from advisor.case.reading.exports.flat import FlatRow, dig, flat_table
from advisor.case.reading.table import PlaceInFile, Table
from advisor.errors import BadImport

_SIDES = (
    ("left", "right"),
    ("optiona", "optionb"),
    ("option1", "option2"),
    ("modela", "modelb"),
    ("model1", "model2"),
    ("response1", "response2"),
    ("answer1", "answer2"),
)
"""Keys beside a text, as `plain_name` has them, that may say which option stood where."""
_FIRST = {"left", "a", "1", "first", "answer1", "response1", "optiona", "option1", "texta", "text1"}
_SECOND = {
    "right",
    "b",
    "2",
    "second",
    "answer2",
    "response2",
    "optionb",
    "option2",
    "textb",
    "text2",
}
_EVEN = {"tie", "same", "equal", "draw", "nodifference", "bothgood", "samequality"}
_BAD = {"bothbad", "neither", "none", "bothwrong"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one person entered in one field of one task."""

    field: str
    value: str
    by: str
    pairwise: bool = False


@dataclass(frozen=True, slots=True)
class _Task:
    at: int
    id: str
    shown: Mapping[str, Any]
    """What stood on the screen, and what else came with the task."""
    said: tuple[_Entry, ...]


def label_studio(table: Table) -> tuple[str, PlaceInFile, list[_Task]] | None:
    """The tasks of Label Studio's JSON; None = it is another file."""
    if not {"data", "annotations"} <= set(table.columns):
        return None
    tasks = []
    for row in table.rows:
        data, annotations = row.values.get("data"), row.values.get("annotations")
        if not isinstance(data, dict) or not isinstance(annotations, list):
            return None
        said = tuple(one for a in annotations if isinstance(a, dict) for one in _entered(a))
        tasks.append(_Task(row.at, str(row.values.get("id", row.at)), data, said))
    return "Label Studio", "task", tasks


def _entered(annotation: dict[str, Any]) -> Iterator[_Entry]:
    """What one annotator of Label Studio entered."""
    if annotation.get("was_cancelled"):
        return
    who = annotation.get("completed_by")
    by = str(who.get("email") or who.get("id") or "") if isinstance(who, dict) else str(who or "")
    results = annotation.get("result")
    for result in results if isinstance(results, list) else ():
        value = dig(result, "value") or {}
        field, kind = str(result.get("from_name", "")), result.get("type")
        if kind == "pairwise":
            yield _Entry(field, str(value.get("selected", "")), by, pairwise=True)
        for key in ("text", "choices"):
            words = value.get(key) if kind in ("textarea", "choices") else None
            for one in words if isinstance(words, list) else [words] if words else []:
                yield _Entry(field, str(one), by)


def argilla(table: Table) -> tuple[str, PlaceInFile, list[_Task]] | None:
    """The records of Argilla's `to_json`; None = it is another file."""
    if not {"fields", "responses"} <= set(table.columns):
        return None
    tasks = []
    for row in table.rows:
        fields, responses = row.values.get("fields"), row.values.get("responses")
        if not isinstance(fields, dict) or not isinstance(responses, dict):
            return None
        beside = row.values.get("metadata")
        shown = {**(beside if isinstance(beside, dict) else {}), **fields}
        said = tuple(
            _Entry(question, str(value), str(response.get("user_id") or ""))
            for question, given in responses.items()
            for response in (given if isinstance(given, list) else ())
            if isinstance(response, dict) and response.get("status") in (None, "submitted")
            for value in [_argilla_value(response.get("value"))]
            if value
        )
        tasks.append(_Task(row.at, str(row.values.get("id") or row.at), shown, said))
    return "Argilla", "record", tasks


def _argilla_value(value: object) -> str:
    """Words or a label; of a ranking, what stands first alone."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        best = [one.get("value") for one in value if one.get("rank") == 1]
        return str(best[0]) if len(best) == 1 else "tie"
    if isinstance(value, list):
        return str(value[0]) if value else ""
    return "" if value is None else str(value)


def annotated(table: Table, options: Mapping[str, Sequence[str]]) -> Table | Export | None:
    """Texts with approved answers, or votes, from an annotation tool; None = it is another file.

    Raises:
        BadImport: somebody preferred the left or the right answer, and nothing says whose it was.
    """
    found = label_studio(table) or argilla(table)
    if found is None:
        return None
    tool, place, tasks = found
    fields = dict.fromkeys(one.field for task in tasks for one in task.said)
    for field in fields:
        said = [one for task in tasks for one in task.said if one.field == field]
        if said and all(one.pairwise or _is_preference(one.value, options) for one in said):
            votes = tuple(_votes(tasks, field, options, place))
            others = tuple(dict.fromkeys([*_keys(tasks), *(f for f in fields if f != field)]))
            return Export(
                f"{tool} ({table.container})", columns={field: "preference"}, unread=others,
                votes=votes, kind="votes",
            )  # fmt: skip
    rows = [FlatRow(task.at, _values(task)) for task in tasks]
    return flat_table(tool, table.container, place, rows, table.remarks, tuple(fields))


def _keys(tasks: Iterable[_Task]) -> Iterator[str]:
    for task in tasks:
        yield from task.shown


def _values(task: _Task) -> dict[str, Any]:
    entered: dict[str, list[str]] = {}
    for one in task.said:
        entered.setdefault(one.field, []).append(one.value)
    return {"id": task.id, **task.shown, **entered}


def _is_preference(value: str, options: Mapping[str, Sequence[str]]) -> bool:
    name = plain_name(value)
    return name in _FIRST | _SECOND | _EVEN | _BAD or _option(value, options) is not None


def _option(value: object, options: Mapping[str, Sequence[str]]) -> str | None:
    name = plain_name(str(value))
    for option, called in options.items():
        if name in {plain_name(one) for one in (option, *called) if one}:
            return option
    return None


def _votes(
    tasks: Iterable[_Task], field: str, options: Mapping[str, Sequence[str]], place: PlaceInFile
) -> Iterator[GivenVote]:
    for task in tasks:
        pair = _pair(task, options)
        for one in task.said:
            if one.field != field:
                continue
            name = plain_name(one.value)
            preferred = _option(one.value, options)
            if name in _EVEN or name in _BAD:
                preferred = "tie" if name in _EVEN else "both_bad"
            elif preferred is None and pair is not None:
                preferred = pair[0] if name in _FIRST else pair[1]
            if preferred is None:
                raise BadImport(
                    f"{place.capitalize()} {task.at:,}: somebody preferred “{one.value[:40]}”, and "
                    "nothing says which option stood there. Add the keys left and right, each with "
                    "an option's id, to every task."
                )
            both = pair or _usual(preferred, options)
            yield GivenVote(
                prompt_id=_text_id(task)[:200],
                voter=(one.by or "somebody")[:200],
                pair=both,
                preference=preferred,
                seen_first=pair[0] if pair else None,
            )


def _text_id(task: _Task) -> str:
    names = {plain_name(key): key for key in task.shown}
    key = next((names[name] for name in ("promptid", "textid", "id") if name in names), None)
    return str(task.shown[key]) if key else task.id


def _pair(task: _Task, options: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    """Which option stood first and which second, where the task says so."""
    named = {plain_name(key): value for key, value in task.shown.items()}
    for first, second in _SIDES:
        one, other = (_option(named.get(key, ""), options) for key in (first, second))
        if one and other and one != other:
            return one, other
    return None


def _usual(preferred: str, options: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """The pair where there are only two options."""
    first, second, *_ = (*options, "base", "tuned")
    return (
        (first, second) if preferred in (first, second, "tie", "both_bad") else (first, preferred)
    )
