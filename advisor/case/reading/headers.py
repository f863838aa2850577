"""Find the header row of a table, and leave out rows that are no texts: repeated headers, totals."""

import re
from collections.abc import Sequence
from dataclasses import replace
from operator import eq

from advisor.case.reading.columns import is_known
from advisor.case.reading.table import Table, TableRow
from advisor.case.reading.values import number_in
from advisor.words import listed

LOOKED_AT = 20
"""Rows at the top of a file that may name the columns: titles and notes stand above them."""
_LONG, _NAME = 80, 40
"""Characters that no name of a column has, and that most have at most."""
_TOTALS = frozenset(
    ("total", "totals", "grand total", "sum", "average", "mean", "summe", "gesamt", "total général")
)


def header_at(rows: Sequence[Sequence[str]]) -> int | None:
    """The row that names the columns, from 0; None = none does, the first is a text already.

    Args:
        rows: the first `LOOKED_AT` of the file, or all.
    """
    filled = [at for at, row in enumerate(rows[:LOOKED_AT]) if any(map(str.strip, row))]
    if not filled:
        return 0
    first = filled[0]
    if _known(rows[first]):
        return first
    for at in filled[1:]:
        cells = [cell for cell in rows[at] if cell.strip()]
        short = len(cells) > 1 and all(len(cell) <= _NAME for cell in cells)
        if _known(cells) > 1 or (_known(cells) and short):
            return at
    if len(filled) > 1 and len(_cells(rows[first])) == 1 < len(_cells(rows[filled[1]])):
        first = filled[1]  # a title
    return None if any(map(_is_text, rows[first])) else first


def _cells(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell.strip()]


def _known(cells: Sequence[str]) -> int:
    return sum(map(is_known, cells))


def _is_text(cell: str) -> bool:
    """A sentence, which no column is called by."""
    words = cell.strip()
    return len(words) > _LONG or (" " in words and words[-1] in ".?!…")


def above(place: str, at: int) -> str:
    """What is said of rows above the names of the columns."""
    which = f"{place.capitalize()}s 1 to {at}" if at > 1 else f"{place.capitalize()} 1"
    stands = "stand" if at > 1 else "stands"
    return f"{which} {stands} above the names of the columns, and {_were(at)} left out."


def no_names(place: str) -> str:
    """What is said where no row names the columns."""
    return f"The first {place} names no columns, so they go by their place."


def without_others(table: Table) -> Table:
    """The table without rows that repeat the names of its columns, and without a total at its end."""
    names = [column.casefold() for column in table.columns]

    def is_names(row: TableRow) -> bool:
        cells = (str(row.values.get(c) or "").strip().casefold() for c in table.columns)
        return all(map(eq, cells, names))  # of most rows the first cell says that they are none

    again = [row for row in table.rows if is_names(row)]
    kept = [row for row in table.rows if not is_names(row)] if again else list(table.rows)
    remarks = list(table.remarks)
    if again:
        where = listed([f"{row.at:,}" for row in again[:5]] + (["…"] if len(again) > 5 else []))
        places = table.place.capitalize() + ("s" if len(again) > 1 else "")
        names_of = "repeat" if len(again) > 1 else "repeats"
        remarks.append(
            f"{places} {where} {names_of} the names of the columns, and {_were(len(again))} left out."
        )
    if len(kept) > 1 and (called := _total(kept[-1])):
        last = kept.pop()
        remarks.append(f"{table.where(last)} (“{called}”) was taken for a total, and left out.")
    if len(kept) == len(table.rows):
        return table
    return replace(table, rows=tuple(kept), remarks=tuple(remarks))


def _total(row: TableRow) -> str:
    """What a row of totals calls itself: beside that it holds figures alone; "" = it is none."""
    cells = [str(value).strip() for value in row.values.values() if str(value or "").strip()]
    words = [cell for cell in cells if number_in(re.sub(r"[^\d.,-]", "", cell) or "-") is None]
    if len(cells) > 1 and len(words) == 1 and words[0].rstrip(":").casefold() in _TOTALS:
        return words[0]
    return ""


def _were(number: int) -> str:
    return "were" if number > 1 else "was"
