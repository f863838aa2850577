"""A table as it was read: named columns, and each row with the place it stands at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from advisor.case.limits import MAX_LINE, MAX_ROWS, too_many_rows
from advisor.errors import BadImport

PlaceInFile = Literal["line", "row", "entry", "test", "sample", "span", "record", "task"]
"""What a place in the file is called: a line of text, a row of a sheet, an entry of a list, or as
the tool that wrote it says."""

MAX_COLUMNS = 2_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: where it stands, and its values by column; a column may be missing."""

    at: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a file, whatever it was: a sheet, a CSV or a list of objects."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    container: str
    """In words: "CSV with semicolons", "JSONL"."""
    place: PlaceInFile = "line"
    remarks: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    """Of a workbook: the sheets with anything in them."""
    sheet: str | None = None
    answers: tuple[str, ...] = ()
    """Columns of what models answered, each named by its model."""
    approved: tuple[str, ...] = ()
    """Columns that people filled in with what is right."""
    tool: str = ""
    """Which one wrote it; "" = none that we know."""

    def where(self, row: TableRow) -> str:
        """Where a row stands, at the beginning of a sentence: "Line 3"."""
        return f"{self.place.capitalize()} {row.at:,}"

    def column(self, name: str) -> Iterator[Any]:
        """The values of one column that are there."""
        for row in self.rows:
            value = row.values.get(name)
            if value is not None and value != "":
                yield value


def named_columns(header: Sequence[str], name: str, where: str) -> tuple[str, ...]:
    """The names of the columns; one without a name goes by its number.

    Raises:
        BadImport: two of one name, or too many.
    """
    check_columns(len(header), name)
    found: dict[str, str] = {}
    for at, given in enumerate(header, start=1):
        column = " ".join(given.split())[:200] or f"column {at}"
        if column.casefold() in found:
            raise BadImport(
                f"{where} of {name} names two columns “{column[:60]}”; give each column its own name."
            )
        found[column.casefold()] = column
    return tuple(found.values())


def check_columns(number: int, name: str) -> None:
    """Refuse more columns than are read.

    Raises:
        BadImport: there are more.
    """
    if number > MAX_COLUMNS:
        raise BadImport(
            f"{name} has {number:,} columns; the most that are read is {MAX_COLUMNS:,}. "
            "Save only the columns with your texts and answers."
        )


def check_rows(number: int) -> None:
    """Refuse more rows than are read.

    Raises:
        BadImport: there are more.
    """
    if number > MAX_ROWS:
        raise BadImport(too_many_rows())


def too_long(name: str, number: int, length: int) -> str:
    """A line beyond what is read."""
    return (
        f"Line {number:,} of {name} has {length:,} characters; the most one line may have is "
        f"{MAX_LINE:,}. Write one text on each line."
    )
