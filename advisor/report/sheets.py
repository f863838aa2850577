"""Answers and results as CSV and JSONL, for a spreadsheet or a program."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

from advisor.kept import Kept
from advisor.report.results import ResultRow

Cell = str | int | float | Decimal | bool | date | None
Row = Mapping[str, Cell]

FORMULA = (*"=+-@\t\r\n", *"＝＋－＠")
"""What a spreadsheet would take a cell that begins so for (OWASP, "CSV Injection"); some take the
full-width signs as well."""

OUTPUT_COLUMNS = (
    "run",
    "prompt_id",
    "arm",
    "sample",
    "outcome",
    "text",
    "model",
    "served_model",
    "input_tokens",
    "cached_tokens",
    "output_tokens",
    "reasoning_tokens",
    "first_token_ms",
    "latency_ms",
    "cost_usd",
    "reused",
    "finish_reason",
    "finished_at",
)


def output_rows(kept: Kept) -> list[Row]:
    """One row an answer, of every run of a decision; runs are numbered from 1, the oldest first."""
    rows: list[Row] = []
    for number, run in enumerate(kept.runs, 1):
        for output in run.outputs:
            row: dict[str, Cell] = {
                **output.model_dump(include=set(OUTPUT_COLUMNS)),
                "run": number,
                "model": run.spec.arms[output.arm].model,
                "cost_usd": None if output.cost_usd is None else Decimal(output.cost_usd),
            }
            rows.append({name: row[name] for name in OUTPUT_COLUMNS})
    return rows


def result_sheet(rows: Sequence[ResultRow]) -> list[Row]:
    """One row a text, as the verdict page shows them."""
    return [asdict(row) for row in rows]


def as_csv(rows: Sequence[Row]) -> bytes:
    """The rows as CSV (RFC 4180), UTF-8 with a mark by which Excel knows it.

    A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers are left.
    """
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    if rows:
        writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return sheet.getvalue().encode("utf-8-sig")


def as_jsonl(rows: Iterable[Row]) -> bytes:
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
