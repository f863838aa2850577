"""Excel and OpenDocument sheets: values only, without macros, formulas and links."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Any

from advisor.case.reading.table import Table, TableRow, check_rows, named_columns
from advisor.errors import BadImport

MAX_UNPACKED = 120 * 1024 * 1024
"""Bytes of all that a workbook holds, unpacked."""
MAX_CELLS = 5_000_000
"""Of a sheet, empty ones between filled ones included: a reader sets each of them aside."""
_MOST_FILES = 5_000
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_SHARED = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<""")
_EMPTY_FORMULA = re.compile(rb"<f\b[^>]*>[^<]*</f>(?:<v/>|<v></v>)?</c>|<f\b[^>]*/>(?:<v/>)?</c>")
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.S)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated=["'](\d{1,9})["']""")


def read_sheet(content: bytes, name: str, sheet: str | None = None) -> Table:
    """Read a sheet of an .xlsx or .ods, the first one with anything in it unless one is named.

    Raises:
        BadImport: it is no workbook, has no such sheet, or is beyond what is read.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    formulas = _check_size(content, name)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            shown = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
            if sheet is not None and sheet not in shown:
                raise BadImport(
                    f"{name} has no sheet “{sheet[:60]}”; it has {_listed(shown)}. Name one of them."
                )
            for wanted in [sheet] if sheet is not None else shown:
                found = book.get_sheet_by_name(wanted)
                if found.height:
                    rows = found.to_python(skip_empty_area=False)
                    break
            else:
                raise BadImport(f"{name} holds no text: its sheets are empty.")
    except PasswordError as error:
        raise BadImport(f"{name} is locked by a password; save it without one.") from error
    except CalamineError as error:
        raise BadImport(
            f"{name} can't be opened as a workbook; save it again as .xlsx, or as CSV."
        ) from error
    remarks = []
    if formulas:
        remarks.append(
            f"{formulas:,} cell{'s hold formulas' if formulas > 1 else ' holds a formula'} without a "
            "stored value, read as empty. Open the file in Excel and save it to fill them."
        )
    return _table(rows, name, wanted, shown, remarks)


def _table(
    rows: Sequence[Sequence[Any]], name: str, sheet: str, sheets: list[str], remarks: list[str]
) -> Table:
    at = next(i for i, row in enumerate(rows) if any(value != "" for value in row))
    if _filled(rows[at]) == 1 and at + 1 < len(rows) and _filled(rows[at + 1]) > 1:
        remarks.append(f"Row {at + 1} was taken for a title, and row {at + 2} for the names.")
        at += 1
    check_rows(len(rows))
    header = [shown(value) for value in rows[at]]
    used = [i for i in range(len(header)) if header[i].strip() or _holds(rows[at + 1 :], i)]
    named = [header[i] if header[i].strip() else f"column {_letters(i)}" for i in used]
    columns = named_columns(named, name, f"Row {at + 1}")
    found = []
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        values = {column: shown(row[i]) for column, i in zip(columns, used, strict=True)}
        if any(values.values()):
            found.append(TableRow(number, values))
    if len(sheets) > 1:
        others = [other for other in sheets if other != sheet]
        remarks.append(f"This is the sheet “{sheet}”; {_listed(others)} was not read.")
    kind = "ODS" if name.lower().endswith(".ods") else "Excel"
    return Table(columns, tuple(found), kind, "row", tuple(remarks), tuple(sheets), sheet)


def _filled(row: Sequence[Any]) -> int:
    return sum(value != "" for value in row)


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


def _check_size(content: bytes, name: str) -> int:
    """Refuse what would take more memory than its size tells; gives formulas without a value.

    Raises:
        BadImport: it unpacks to more than is read, or is no zip file.
    """
    left, formulas = MAX_UNPACKED, 0
    shared: list[int] = []
    sheets: list[bytes] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_FILES:
                raise _bomb(name)
            for entry in entries:
                part = _unpacked(archive, entry, left, name)
                left -= len(part)
                if entry.filename.endswith("sharedStrings.xml"):
                    shared = [len(text) for text in re.split(rb"<(?:\w+:)?si\b", part)[1:]]
                elif re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename):
                    sheets.append(part)
                elif entry.filename == "content.xml":
                    _check_ods(part, name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        raise BadImport(
            f"{name} can't be opened as a workbook; save it again as .xlsx, or as CSV."
        ) from error
    repeated = 0
    for part in sheets:
        wide = high = 1
        for letters, row in _CELL.findall(part):
            high = max(high, int(row))
            wide = max(wide, _number(letters))
        if wide * high > MAX_CELLS:
            raise _bomb(name)
        for index in _SHARED.findall(part):
            at = int(index)
            repeated += shared[at] if at < len(shared) else 0
        formulas += len(_EMPTY_FORMULA.findall(part))
    if repeated > MAX_UNPACKED:
        raise _bomb(name)
    return formulas


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, name: str) -> bytes:
    """One part, whatever size it claims to have."""
    entry.file_size = 1 << 40
    with archive.open(entry) as part:
        found = part.read(left + 1)
    if len(found) > left:
        raise _bomb(name)
    return found


def _check_ods(part: bytes, name: str) -> None:
    """Rows and cells that are repeated stand there once."""
    cells = rows = 0
    for attributes, inside in _ODS_ROW.findall(part):
        times = _times(attributes)
        filled = [0, *accumulate(_times(cell) for cell, _ in _ODS_CELL.findall(inside))]
        rows += times
        if b"<text:p" in inside or b"office:value" in inside:
            if rows > MAX_CELLS or filled[-1] > 20_000:
                raise _bomb(name)
            last = max(
                (n for n, cell in enumerate(_ODS_CELL.findall(inside), 1) if not cell[1]), default=0
            )
            cells += times * filled[last]
        if cells > MAX_CELLS:
            raise _bomb(name)


def _times(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1]) if found else 1


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _bomb(name: str) -> BadImport:
    return BadImport(
        f"{name} unpacks to more than the {MAX_UNPACKED // 1024 // 1024} MB or {MAX_CELLS:,} cells "
        "that are read; keep one sheet with about 100 texts."
    )
