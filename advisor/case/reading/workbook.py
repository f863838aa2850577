"""A workbook's zip file: refused where it unpacks to too much, else its parts."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from itertools import accumulate

from advisor.errors import BadImport

MAX_UNPACKED = 120 * 1024 * 1024
"""Bytes of all that a workbook holds, unpacked."""
MAX_CELLS = 5_000_000
"""Of a sheet, empty ones between filled ones included: a reader sets each of them aside."""
_MOST_FILES = 5_000
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_SHARED = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<""")
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.S)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated=["'](\d{1,9})["']""")
SHEETS = "xl/worksheets/"
_KEPT = re.compile(
    r"xl/(?:workbook\.xml|_rels/workbook\.xml\.rels|styles\.xml|worksheets/[^/]+\.xml)|content\.xml"
)


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """The parts of a workbook that tell how its cells are displayed, by their names in it."""

    of: dict[str, bytes] = field(default_factory=dict)


def unpack(content: bytes, name: str) -> WorkbookParts:
    """Unpack a workbook, and refuse what would take more memory than its size tells.

    Raises:
        BadImport: it unpacks to more than is read, or is no zip file.
    """
    left = MAX_UNPACKED
    shared: list[int] = []
    kept: dict[str, bytes] = {}
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
                elif _KEPT.fullmatch(entry.filename):
                    kept[entry.filename] = part
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        raise BadImport(
            f"{name} can't be opened as a workbook; save it again as .xlsx, or as CSV."
        ) from error
    if "content.xml" in kept:
        _check_ods(kept["content.xml"], name)
    repeated = 0
    for part in (kept[path] for path in kept if path.startswith(SHEETS)):
        wide = high = 1
        for letters, row in _CELL.findall(part):
            high = max(high, int(row))
            wide = max(wide, number_of(letters))
        if wide * high > MAX_CELLS:
            raise _bomb(name)
        for index in _SHARED.findall(part):
            at = int(index)
            repeated += shared[at] if at < len(shared) else 0
    if repeated > MAX_UNPACKED:
        raise _bomb(name)
    return WorkbookParts(kept)


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


def number_of(letters: bytes) -> int:
    """A column as a sheet names it, counted from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _bomb(name: str) -> BadImport:
    return BadImport(
        f"{name} unpacks to more than the {MAX_UNPACKED // 1024 // 1024} MB or {MAX_CELLS:,} cells "
        "that are read; keep one sheet with about 100 texts."
    )
