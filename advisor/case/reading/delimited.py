"""Delimited text: CSV with whatever stands between its cells, TSV, and a `sep=` line."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from advisor.case.limits import MAX_BYTES, MAX_LINE
from advisor.case.reading.columns import is_known
from advisor.case.reading.headers import LOOKED_AT, above, header_at, no_names, without_others
from advisor.case.reading.table import (
    Table,
    TableRow,
    check_columns,
    check_rows,
    named_columns,
    too_long,
)
from advisor.errors import BadImport

_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_NONE = "\ue000"
"""For private use (Unicode 17.0, 23.5): stands in no header, so it parts nothing."""
_SEP = re.compile(r'"?sep=(.)"?\r?\n', re.I)
_PROVIDER = re.compile(r"\[[^\]]+\] ")
_BESIDE = (": Reasoning", ": Status", ": Score", ": Named Scores", ": Grader Reason", ": Comment")
"""What promptfoo writes beside the answer of each provider."""
_LEAST_KNOWN = 50
"""Rows that are looked at before a delimiter is tried on the whole file."""


def read_delimited(text: str, name: str) -> Table:
    """Read CSV or TSV.

    Raises:
        BadImport: with the line, what is wrong and what to do.
    """
    skipped = 0
    declared = _SEP.match(text)
    if declared:
        text, skipped = text[declared.end() :], 1
    start = re.match(r"(?:[ \t]*\r?\n)*", text)
    if start and start.end():
        skipped += text.count("\n", 0, start.end())
        text = text[start.end() :]
    delimiter = declared[1] if declared else _delimiter(text, name)
    reading = _rows(text, name, delimiter, skipped)
    rows = list(islice(reading, LOOKED_AT))
    at = header_at([cells for _, cells in rows])
    top = rows[at][1] if rows and at is not None else _widest(rows)
    check_columns(len(_without_end(top)), name)  # before all rows are in memory
    rows += reading
    line, header = (skipped + 1, _widest(rows)) if at is None else rows[at] if rows else (1, [""])
    header = _by_provider(_without_end(header))
    columns = named_columns(header, name, f"Line {line}")
    found = []
    for line, cells in rows if at is None else rows[at + 1 :]:
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            raise BadImport(
                f"Line {line:,} of {name} has {len(cells)} cells and the first line "
                f"{len(columns)}; put texts that contain {_mark(delimiter)} in quotes."
            )
        if cells:
            found.append(TableRow(line, dict(zip(columns, cells, strict=False))))
    words = _NAMES.get(delimiter)
    container = "TSV" if delimiter == "\t" else f"CSV with {words}" if words else "CSV"
    answers = tuple(c for c in columns if _PROVIDER.match(c) and not c.endswith(_BESIDE))
    table = Table(
        _used(columns, header, found),
        tuple(found),
        container,
        remarks=_said_of(rows, at),
        answers=answers,
        tool="promptfoo results" if answers else "",
    )
    return without_others(table)


_Row = tuple[int, list[str]]
"""The line a row begins at, and its cells."""


def _widest(rows: Sequence[_Row]) -> list[str]:
    """As many columns without a name as the widest row has cells."""
    widest = max((len(cells) for _, cells in rows), default=1)
    return [f"column {n}" for n in range(1, widest + 1)]


def _said_of(rows: Sequence[_Row], at: int | None) -> tuple[str, ...]:
    """What is to be known of the row that names the columns."""
    if at is None:
        return (no_names("line"),)
    if any(any(map(str.strip, cells)) for _, cells in rows[:at]):
        return (above("line", rows[at][0] - 1),)
    return ()


def _used(
    columns: Sequence[str], header: Sequence[str], rows: Sequence[TableRow]
) -> tuple[str, ...]:
    """Without columns that have no name and hold nothing."""
    nameless = [c for c, name in zip(columns, header, strict=True) if not name.strip()]
    empty = {c for c in nameless if not any(row.values.get(c, "").strip() for row in rows)}
    return tuple(column for column in columns if column not in empty)


def _without_end(header: list[str]) -> list[str]:
    """Without cells after the last name: Excel leaves them where a column was emptied."""
    names = list(header)
    while len(names) > 1 and not names[-1].strip():
        names.pop()
    return names


def _by_provider(header: list[str]) -> list[str]:
    """promptfoo's results (0.123) have the same columns once more for each provider."""
    if "Status" not in header or not any(map(_PROVIDER.match, header)):
        return header
    named: list[str] = []
    provider = ""
    for cell in header:
        if _PROVIDER.match(cell):
            provider = cell
        named.append(f"{provider}: {cell}" if provider and cell != provider else cell)
    return named


def _mark(delimiter: str) -> str:
    return {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}.get(
        delimiter, f"“{delimiter}”"
    )


def _delimiter(text: str, name: str) -> str:
    """What parts the cells: by the names of the columns, then by rows of as many cells."""
    top = text[: MAX_LINE // 4].split("\n", LOOKED_AT)[:LOOKED_AT]
    candidates = [mark for mark in _NAMES if any(mark in line for line in top)]
    if not any(mark in top[0] for mark in candidates) and is_known(top[0].strip().strip('"')):
        return _NONE  # a single column, whose texts may hold any of them
    return max([_NONE, *candidates], key=lambda mark: _fit(text, name, mark))


def _fit(text: str, name: str, delimiter: str) -> tuple[int, float, int]:
    """How well a delimiter fits: known names, rows as wide as the header, columns."""
    try:
        rows = _rows(text, name, delimiter, 0)
        top = [cells for _, cells in islice(rows, LOOKED_AT)]
        at = header_at(top)
        header = top[at or 0] if top else [""]
        width, known = len(header), sum(map(is_known, header))
        same = total = 0
        more = (cells for _, cells in (rows if known < 2 else islice(rows, _LEAST_KNOWN)))
        for cells in chain(top[(at or 0) + 1 :], more):
            if any(cells):
                total += 1
                same += len(cells) == width
    except BadImport:
        return (-1, 0.0, 0)
    return (known, same / total if total else 1.0, width)


def _rows(text: str, name: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row; the line is the one it begins at."""
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(
        _lines(text, name, skipped), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    line = skipped + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadImport(_torn(name, line, skipped + reader.line_num, str(error))) from error
        yield line, cells
        line = skipped + reader.line_num + 1


def _torn(name: str, began: int, ended: int, why: str) -> str:
    if "end of data" in why:
        return (
            f"The quote that opens in line {began:,} of {name} is never closed; close it, or save "
            "the file again as CSV."
        )
    return (
        f"Line {ended:,} of {name} has a quote in the wrong place; save the file again as CSV, "
        "which doubles quotes within a cell."
    )


def _lines(text: str, name: str, skipped: int) -> Iterator[str]:
    """Each line with its end, in whichever way it ends.

    Raises:
        BadImport: a line, or their number, is beyond what is read.
    """
    for number, line in enumerate(io.StringIO(text, newline=""), start=skipped + 1):
        check_rows(number)
        if len(line) > MAX_LINE:
            raise BadImport(too_long(name, number, len(line)))
        yield line
