"""A tool's export as a table: one row a text, and a column for each model that answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from advisor.case.reading.table import PlaceInFile, Table, TableRow


@dataclass(slots=True)
class FlatRow:
    """What a tool says of one text."""

    at: int
    values: dict[str, Any]
    """By the usual names of columns: messages, prompt, reference, id, tools and so on."""
    answers: dict[str, Any] = field(default_factory=dict)
    """By model: what it answered, words or calls."""


def flat_table(
    tool: str,
    container: str,
    place: PlaceInFile,
    rows: Iterable[FlatRow],
    remarks: Sequence[str] = (),
    approved: Sequence[str] = (),
) -> Table:
    """The rows as a table that is read like any other."""
    kept = list(rows)
    columns = dict.fromkeys(name for row in kept for name in row.values)
    models = [m for m in dict.fromkeys(m for row in kept for m in row.answers) if m not in columns]
    made = (
        TableRow(row.at, {**row.values, **{m: row.answers[m] for m in models if m in row.answers}})
        for row in kept
    )
    return Table(
        (*columns, *models),
        tuple(made),
        container,
        place,
        tuple(remarks),
        answers=tuple(models),
        approved=tuple(approved),
        tool=tool,
    )


def dig(value: object, *path: str | int) -> Any:
    """What stands at a path of keys and places in nested JSON; None = there is nothing."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value
