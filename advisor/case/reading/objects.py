"""JSON: a list of objects, one object a line, or one object that holds the list."""

import json
import re
from collections.abc import Iterator
from typing import Any

from advisor.case.limits import MAX_LINE, MAX_ROWS
from advisor.case.reading.table import MAX_COLUMNS, Table, TableRow, check_rows, too_long
from advisor.errors import BadImport


def _no_value(name: str) -> None:
    """NaN and infinities are no values: pandas writes NaN where a cell is empty."""


_decoder = json.JSONDecoder(parse_constant=_no_value)


_NEXT = re.compile(r"[\s,]*")
MAX_NESTED = 3_000_000
"""Lists and objects of a file: each takes time and room, however short it is."""


def is_mostly_brackets(text: str) -> bool:
    """Holds more lists and objects than are read."""
    return text.count("[") + text.count("{") > MAX_NESTED


def check_nesting(text: str) -> None:
    """Refuse a file that is brackets for the most part.

    Raises:
        BadImport: there are more lists and objects than are read.
    """
    if is_mostly_brackets(text):
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
    if start == "{" and len(lines) > 1 and one_object(lines[0]) is not None:
        return None  # one object a line
    try:
        return loads(text)
    except ValueError:
        return _one_after_another(text) if start == "{" else None


def one_object(line: str) -> dict[str, Any] | None:
    """The object a line is; None = it is none."""
    try:
        found = loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _one_after_another(text: str) -> list[Any] | None:
    """Objects of several lines each, one after another; None = there is something else between."""
    found: list[Any] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        try:
            value, at = _decoder.raw_decode(text, _end_of_gap(text, at))
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, dict) or len(found) == MAX_ROWS:
            return None
        found.append(value)
    return found if len(found) > 1 else None


def _end_of_gap(text: str, at: int) -> int:
    gap = _NEXT.match(text, at)
    return gap.end() if gap else at


def check_json(text: str, name: str) -> None:
    """Refuse what is no JSON, with the place where it breaks off.

    Raises:
        BadImport: names line and character.
    """
    try:
        _decoder.decode(text)
    except json.JSONDecodeError as error:
        why = error.msg[:1].lower() + error.msg[1:]
        if error.msg == "Extra data":  # one object a line has its own sentence
            return
        raise BadImport(
            f"{name} is not valid JSON: line {error.lineno:,}, character {error.colno:,} ({why}). "
            "Correct it, or have it written again."
        ) from error
    except RecursionError as error:
        raise BadImport(f"{name} is nested too deep to be read; bring a .jsonl or .csv.") from error


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
