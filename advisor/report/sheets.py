"""Answers and results as CSV and JSONL, for a spreadsheet or a program."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

from advisor.report.results import ResultRow

Cell = str | int | float | Decimal | bool | date | None
SheetRow = Mapping[str, Cell]

FORMULA = (*"=+-@\t\r\n", *"＝＋－＠")
"""What a spreadsheet would take a cell that begins so for (OWASP, "CSV Injection"); some take the
full-width signs as well."""


def result_sheet(rows: Sequence[ResultRow]) -> list[SheetRow]:
    """One row a text, as the verdict page shows them."""
    return [asdict(row) for row in rows]


def as_csv(rows: Sequence[SheetRow]) -> bytes:
    """The rows as CSV (RFC 4180), UTF-8 with a mark by which Excel knows it.

    A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers are left.
    """
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    if rows:
        writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return sheet.getvalue().encode("utf-8-sig")


def as_jsonl(rows: Iterable[SheetRow]) -> bytes:
    """The rows as one JSON object a line, the texts as they are."""
    lines = (json.dumps(dict(row), ensure_ascii=False, default=_plain) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def _cell(value: Cell) -> Cell:
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
