"""The rows of a JSON file, however they are arranged: a list, in an envelope, or by column."""

from typing import Any

from advisor.case.reading.columns import TEXT_NAMES, is_known, named, plain_name
from advisor.case.reading.messages import is_conversation

_ENVELOPES = (
    "data",
    "rows",
    "items",
    "examples",
    "results",
    "records",
    "texts",
    "prompts",
    "samples",
    "instances",
    "entries",
    "dataset",
    "tests",
    "value",
)
"""What tools call the list in the object they write around it."""
_DEEPEST = 4
"""Envelopes within envelopes that are opened."""


def rows_in(value: object) -> tuple[list[Any], str] | None:
    """The rows a JSON value holds, and what to say of the rest; None = it is one row, or no table.

    A list as it is; an object with the list under a usual name, or as its only list of objects;
    a table by columns, by rows or as a header and lists, as pandas writes it (3.1).
    """
    if isinstance(value, list):
        return _with_header(value), ""
    if not isinstance(value, dict):
        return None
    if (table := _by_columns(value)) is not None:
        return table, ""
    found, path, unread = _opened(value)
    if found is None:
        return None
    others = f"; {named(unread)} beside it left out" if unread else ""
    return found, f"Read from “{'.'.join(path)}”{others}."


def _opened(value: dict[str, Any]) -> tuple[list[Any] | None, list[str], list[str]]:
    """The list in the envelopes around it, their names, and what else they hold."""
    path: list[str] = []
    unread: list[str] = []
    inside: object = value
    for _ in range(_DEEPEST):
        if not isinstance(inside, dict) or _is_text(inside):
            break
        key = _envelope(inside)
        if key is None:
            break
        path.append(key)
        unread += [other for other in inside if other != key]
        inside = inside[key]
        if isinstance(inside, list):
            return _with_header(inside), path, unread
    return None, [], []


def _is_text(found: dict[str, Any]) -> bool:
    """It is a text with what belongs to it, and no envelope."""
    return any(plain_name(key) in TEXT_NAMES for key in found) or "role" in found


def _envelope(found: dict[str, Any]) -> str | None:
    """The key of the rows, or of the envelope they are in."""
    for name in _ENVELOPES:
        if found.get(name) == [] or _holds_rows(found.get(name)):
            return name
    lists = [key for key, one in found.items() if _holds_rows(one) and isinstance(one, list)]
    return lists[0] if len(lists) == 1 else None


def _holds_rows(inside: object) -> bool:
    if isinstance(inside, list):
        return bool(inside) and isinstance(inside[0], dict | list) and not is_conversation(inside)
    return isinstance(inside, dict) and _envelope(inside) is not None


def _with_header(found: list[Any]) -> list[Any]:
    """Lists of cells, under a first one with names or not; a list of texts; conversations."""
    if found and all(isinstance(one, str) for one in found):
        return [{"prompt": one} for one in found]
    if is_conversation(found):
        return [{"messages": found}]
    if found and all(map(is_conversation, found)):
        return [{"messages": one} for one in found]
    if not found or not all(isinstance(one, list) for one in found):
        return found
    if any(isinstance(cell, list | dict) for row in found for cell in row):
        return found
    header, rows = found[0], found[1:]
    words = all(isinstance(cell, str) for cell in header)
    if not words or not any(map(is_known, header)):
        most = max(map(len, found))
        header, rows = [f"column {n}" for n in range(1, most + 1)], found
    return [dict(zip(header, row, strict=False)) for row in rows]


def _by_columns(value: dict[str, Any]) -> list[dict[str, Any]] | None:
    """A table as pandas writes it: by column, by row, or split; None = it is none."""
    names, cells = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(cells, list):
        even = all(isinstance(row, list) and len(row) == len(names) for row in cells)
        if not even or not all(isinstance(name, str) for name in names):
            return None
        return [dict(zip(names, row, strict=True)) for row in cells]
    columns = list(value.values())
    if not columns or not all(isinstance(column, dict) for column in columns):
        return _of_lists(value)
    keys = list(columns[0])
    if not keys or any(list(column) != keys for column in columns):
        return None
    numbered = all(key.isdecimal() for key in keys)
    if any(plain_name(name) in TEXT_NAMES for name in value):
        if not numbered and len(value) == 1:
            return None  # one text that is an object itself
        return [{name: column[key] for name, column in value.items()} for key in keys]
    if any(plain_name(key) in TEXT_NAMES for key in keys):
        return columns
    return None


def _of_lists(value: dict[str, Any]) -> list[dict[str, Any]] | None:
    """A column a list, all as long, as a data set's `to_dict` has them."""
    columns = list(value.values())
    if len(columns) < 2 or not all(isinstance(column, list) for column in columns):
        return None
    lengths = {len(column) for column in columns}
    texts = [value[name] for name in value if plain_name(name) in TEXT_NAMES]
    if len(lengths) != 1 or not texts or not all(isinstance(one, str) for one in texts[0]):
        return None
    return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
