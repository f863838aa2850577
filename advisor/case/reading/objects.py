"""JSON: a list of objects, one object a line, or one object that holds the list."""

import json
from collections.abc import Iterator
from typing import Any

from advisor.case.reading.table import MAX_COLUMNS, Table, TableRow, check_rows, too_long
from advisor.case.texts import MAX_LINE
from advisor.errors import BadImport


def _no_value(name: str) -> None:
    """NaN and infinities are no values: pandas writes NaN where a cell is empty."""


_decoder = json.JSONDecoder(parse_constant=_no_value)


MAX_NESTED = 3_000_000
"""Lists and objects of a file: each takes time and room, however short it is."""


def check_nesting(text: str) -> None:
    """Refuse a file that is brackets for the most part.

    Raises:
        BadImport: there are more lists and objects than are read.
    """
    if text.count("[") + text.count("{") > MAX_NESTED:
        raise BadImport(
            f"More than {MAX_NESTED:,} lists and objects; about 100 texts settle most questions, so "
            "bring a part of the file."
        )


def loads(text: str) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is none, or nested too deep.
    """
    try:
        return _decoder.decode(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def whole_value(text: str) -> Any:
    """The value of a file that is one JSON value over several lines; None = it is not one."""
    start = text.lstrip()[:1]
    if start not in ("[", "{") or len(text) > 8 * MAX_LINE:
        return None
    lines = text.strip().split("\n", 1)
    if start == "{" and len(lines) > 1 and _is_object(lines[0]):
        return None  # one object a line
    try:
        return loads(text)
    except ValueError:
        return None


def _is_object(line: str) -> bool:
    try:
        return isinstance(loads(line), dict)
    except ValueError:
        return False


def read_lines(text: str, name: str) -> Table:
    """Read one JSON object a line.

    Raises:
        BadImport: a line is not a JSON object.
    """
    rows = tuple(TableRow(number, found) for number, found in objects_in(text, name))
    return Table(_columns(rows, name), rows, "JSONL")


def read_list(found: list[Any], name: str) -> Table:
    """Read a JSON list of objects.

    Raises:
        BadImport: an entry is not an object.
    """
    rows = []
    for number, entry in enumerate(found, start=1):
        check_rows(number)
        if not isinstance(entry, dict):
            raise BadImport(
                f"Entry {number:,} of {name} is {kind_of(entry)}, not an object; write each one like "
                '{"prompt": "your text"}.'
            )
        rows.append(TableRow(number, entry))
    return Table(_columns(tuple(rows), name), tuple(rows), "JSON", place="entry")


def objects_in(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) for each line that is not blank.

    Raises:
        BadImport: a line is not a JSON object, or too long.
    """
    number = 0
    for number, line in enumerate(_split(text), start=1):
        check_rows(number)
        if len(line) > MAX_LINE:
            raise BadImport(too_long(name, number, len(line)))
        if not line.strip():
            continue
        try:
            row = loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise BadImport(
                f"Line {number:,} of {name} is not a JSON object; write one like "
                '{"prompt": "your text"} on each line.'
            )
        yield number, row


def _split(text: str) -> Iterator[str]:
    """Lines by their ends, one at a time: a file may be all line ends."""
    start, end = 0, len(text)
    while start < end:
        stop = text.find("\n", start)
        stop = end if stop < 0 else stop + 1
        yield text[start:stop]
        start = stop


def kind_of(value: object) -> str:
    """A value as a sentence names it: "a list"."""
    if value is None:
        return "nothing"
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "plain text"}
    return kinds.get(type(value), "a list" if isinstance(value, list) else "an object")


def _columns(rows: tuple[TableRow, ...], name: str) -> tuple[str, ...]:
    """Every key, in the order of its first use.

    Raises:
        BadImport: there are too many to be columns.
    """
    found: dict[str, None] = {}
    for row in rows:
        found.update(dict.fromkeys(row.values))
        if len(found) > MAX_COLUMNS:
            raise BadImport(
                f"{name} has more than {MAX_COLUMNS:,} different keys; keep those with your texts "
                "and answers."
            )
    return tuple(found)
