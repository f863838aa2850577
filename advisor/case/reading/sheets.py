"""Excel and OpenDocument sheets: values only, without macros, formulas and links."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from advisor.case.reading.cells import Beside, beside, codes, ods_numbers
from advisor.case.reading.headers import above, header_at, no_names, without_others
from advisor.case.reading.number_formats import displayed
from advisor.case.reading.table import Table, TableRow, check_rows, named_columns
from advisor.case.reading.workbook import WorkbookParts, unpack
from advisor.errors import BadImport
from advisor.words import count, listed


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet as it stands in its workbook."""

    name: str
    rows: list[list[Any]]
    spans: Sequence[tuple[tuple[int, int], tuple[int, int]]]
    """Merged cells: (row, column) of the first and of the last, from 0."""
    others: tuple[str, ...]
    """The names of all sheets that are not hidden, this one among them."""


def read_sheet(content: bytes, name: str, sheet: str | None = None) -> Table:
    """Read a sheet of an .xlsx or .ods, the first one with anything in it unless one is named.

    Raises:
        BadImport: it is no workbook, has no such sheet, or is beyond what is read.
    """
    parts = unpack(content, name)
    found = _sheet(content, name, sheet)
    rows = [
        [value if isinstance(value, str) else shown(value) for value in row]
        for row in _as_displayed(found, parts)
    ]
    return _table(rows, found, name, _remarks(beside(parts, found.name)))


def _sheet(content: bytes, name: str, sheet: str | None) -> _Sheet:
    """Open the workbook, without macros, formulas and links."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            visible = SheetVisibleEnum.Visible
            names = [one.name for one in book.sheets_metadata if one.visible == visible]
            if sheet is not None and sheet not in names:
                raise BadImport(
                    f"{name} has no sheet “{sheet[:60]}”; it has {_listed(names)}. Name one of them."
                )
            for wanted in [sheet] if sheet is not None else names:
                found = book.get_sheet_by_name(wanted)
                if found.height:
                    rows = found.to_python(skip_empty_area=False)
                    return _Sheet(wanted, rows, found.merged_cell_ranges or (), tuple(names))
    except PasswordError as error:
        raise BadImport(f"{name} is locked by a password; save it without one.") from error
    except CalamineError as error:
        raise BadImport(
            f"{name} can't be opened as a workbook; save it again as .xlsx, or as CSV."
        ) from error
    raise BadImport(f"{name} holds no text: its sheets are empty.")


def _as_displayed(sheet: _Sheet, parts: WorkbookParts) -> list[list[Any]]:
    """The rows, their numbers and times as the sheet displays them."""
    rows = sheet.rows
    for row, column, code in codes(parts, sheet.name):
        if row < len(rows) and column < len(rows[row]):
            words = displayed(rows[row][column], code)
            if words is not None:
                rows[row][column] = words
    for row, column, words in ods_numbers(parts, sheet.name):
        if row < len(rows) and column < len(rows[row]) and rows[row][column] != "":
            rows[row][column] = words
    return rows


def _remarks(said: Beside) -> list[str]:
    """What a reader has to know of the cells."""
    remarks = []
    if said.formulas:
        remarks.append(
            f"{said.formulas:,} cell{'s hold formulas' if said.formulas > 1 else ' holds a formula'} "
            "without a stored value, read as empty. Open the file in Excel and save it to fill them."
        )
    if said.errors:
        remarks.append(
            f"{count(len(said.errors), 'cell')} with an error ({listed(sorted(set(said.errors)))}) "
            "read as empty."
        )
    hidden = [
        count(number, word)
        for number, word in ((said.hidden_rows, "row"), (said.hidden_columns, "column"))
        if number
    ]
    if hidden:
        remarks.append(f"Hidden in the file, and read all the same: {listed(hidden)}.")
    return remarks


def _table(rows: list[list[str]], sheet: _Sheet, name: str, remarks: list[str]) -> Table:
    check_rows(len(rows))
    found_at = header_at(rows)
    at = -1 if found_at is None else found_at
    if found_at is None:
        remarks.append(no_names("row"))
    elif any(map(any, rows[:at])):
        remarks.append(above("row", at))
    if _fill_spans(rows, sheet.spans, at):
        remarks.append("Merged cells: their value was taken for each row they span.")
    header = rows[at] if at >= 0 else [""] * len(rows[0])
    used = [i for i in range(len(header)) if header[i].strip() or _holds(rows[at + 1 :], i)]
    named = [header[i] if header[i].strip() else f"column {_letters(i)}" for i in used]
    columns = named_columns(named, name, f"Row {at + 1}")
    found = []
    whole = used == list(range(len(header)))
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        if any(row):
            cells = row if whole else [row[i] for i in used]
            found.append(TableRow(number, dict(zip(columns, cells, strict=False))))
    if len(sheet.others) > 1:
        others = [other for other in sheet.others if other != sheet.name]
        remarks.append(f"This is the sheet “{sheet.name}”; {_listed(others)} was not read.")
    kind = "ODS" if name.lower().endswith(".ods") else "Excel"
    table = Table(columns, tuple(found), kind, "row", tuple(remarks), sheet.others, sheet.name)
    return without_others(table)


def _fill_spans(rows: list[list[str]], spans: Sequence[Any], header: int) -> bool:
    """Give each row below the header the value of a merged cell that spans it."""
    filled = False
    for (top, left), (bottom, _) in spans:
        if top <= header or bottom == top or left >= len(rows[top]):
            continue
        for row in rows[top + 1 : bottom + 1]:
            row[left] = rows[top][left]
        filled = True
    return filled


def _holds(rows: Sequence[Sequence[Any]], column: int) -> bool:
    return any(row[column] != "" for row in rows)


def _letters(column: int) -> str:
    """A column as a sheet names it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def shown(value: Any) -> str:
    """A cell as a sheet displays it: whole numbers without a point, dates by ISO 8601."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # A sheet keeps 15 figures, so 0.1 + 0.2 is displayed as 0.3.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        hours, rest = divmod(round(value.total_seconds()), 3600)
        return f"{hours}:{rest // 60:02}:{rest % 60:02}"
    return "" if value is None else str(value)


def _listed(names: Sequence[str]) -> str:
    few = [f"“{name[:60]}”" for name in names[:5]]
    more = len(names) - len(few)
    return ", ".join(few) + (f" and {more} more" if more else "") if few else "none"
