"""What a sheet's cells are beside their values: displayed by a code, hidden, an error, a formula."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from advisor.case.reading.number_formats import BUILT_IN
from advisor.case.reading.workbook import SHEETS, WorkbookParts, number_of

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)>")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.S)
_STYLE = re.compile(rb"""<(?:\w+:)?xf\b[^>]*?\bnumFmtId=["'](\d{1,5})["']""")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_TARGET = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_CELL = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*?\bs=["'](\d{1,6})["'])[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["']"""
)
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\bt=["']e["'][^>]*>(?:<f\b[^>]*>[^<]*</f>|<f\b[^>]*/>)?<v>(\#[^<]{1,20})<"""
)
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\bhidden=["'](?:1|true)["']""")
_HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col\b[^>]*?\bhidden=["'](?:1|true)["'][^>]*>""")
_EMPTY_FORMULA = re.compile(rb"<f\b[^>]*>[^<]*</f>(?:<v/>|<v></v>)?</c>|<f\b[^>]*/>(?:<v/>)?</c>")
_ODS_TABLE = re.compile(rb"<table:table\b([^>]*)>(.*?)</table:table>", re.S)
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.S)
_ODS_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.S
)
_ODS_NUMBER = re.compile(rb"""office:value-type=["'](?:percentage|currency|float)["']""")
_ODS_TEXT = re.compile(rb"<text:p[^>]*>([^<]+)</text:p>")
_ODS_TIMES = re.compile(rb"""table:number-(?:rows|columns)-repeated=["'](\d{1,9})["']""")


@dataclass(frozen=True, slots=True)
class Beside:
    """What is to be said of the cells of a sheet."""

    formulas: int = 0
    """Formulas that no value is stored for."""
    errors: tuple[str, ...] = ()
    """Cells with an error, as they show it: "#N/A"."""
    hidden_rows: int = 0
    hidden_columns: int = 0


def beside(parts: WorkbookParts, sheet: str) -> Beside:
    """What is to be said of the cells of a sheet, of an .xlsx."""
    part = _part_of(parts, sheet)
    return Beside(
        len(_EMPTY_FORMULA.findall(part)),
        tuple(found.decode("utf-8", "replace") for found in _ERROR.findall(part)),
        len(_HIDDEN_ROW.findall(part)),
        sum(
            int(_attribute(col, b"max") or 0) - int(_attribute(col, b"min") or 1) + 1
            for col in _HIDDEN_COLUMN.findall(part)
        ),
    )


def codes(parts: WorkbookParts, sheet: str) -> Iterator[tuple[int, int, str]]:
    """(row, column, format code) of each cell displayed by a code of its own, from 0."""
    known = _codes_of_styles(parts.of.get("xl/styles.xml", b""))
    if not known:
        return
    for style, letters, row in _CELL.findall(_part_of(parts, sheet)):
        code = known.get(int(style))
        if code is not None:
            yield int(row) - 1, number_of(letters) - 1, code


def _codes_of_styles(styles: bytes) -> dict[int, str]:
    """By the number of a style: the code that it displays numbers by."""
    named: dict[int, str] = dict(BUILT_IN)
    for found in _FORMAT.findall(styles):
        number, code = _attribute(found, b"numFmtId"), _attribute(found, b"formatCode")
        if number and number.isdecimal():
            named[int(number)] = unescape(code)
    whole = _STYLES.search(styles)
    numbers = [int(number) for number in _STYLE.findall(whole[0])] if whole else []
    plain = ("", "general", "@")
    return {
        style: named[number]
        for style, number in enumerate(numbers)
        if number in named and named[number].lower() not in plain
    }


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"""(?:^|[\s:])""" + name + rb"""=(?:"([^"]*)"|'([^']*)')""", tag)
    return (
        (found[1] if found[1] is not None else found[2]).decode("utf-8", "replace") if found else ""
    )


def _part_of(parts: WorkbookParts, sheet: str) -> bytes:
    """The part of a workbook that holds a sheet."""
    for found in _SHEET.findall(parts.of.get("xl/workbook.xml", b"")):
        if unescape(_attribute(found, b"name")) != sheet:
            continue
        wanted = _attribute(found, b"id")
        for target in _TARGET.findall(parts.of.get("xl/_rels/workbook.xml.rels", b"")):
            if _attribute(target, b"Id") == wanted:
                path = _attribute(target, b"Target").lstrip("/").removeprefix("xl/")
                return parts.of.get(f"{SHEETS}{path.removeprefix('worksheets/')}", b"")
    return b""


def ods_numbers(parts: WorkbookParts, sheet: str) -> Iterator[tuple[int, int, str]]:
    """(row, column, words) of each number of an .ods, as it was displayed when it was saved.

    A number that was displayed as nothing is left out: pandas writes a 0 so.
    """
    for about, inside in _ODS_TABLE.findall(parts.of.get("content.xml", b"")):
        if unescape(_attribute(about, b"name")) != sheet:
            continue
        row = 0
        for attributes, cells in _ODS_ROW.findall(inside):
            if b"office:value-type" in cells:
                for column, words in _ods_row(cells):
                    yield row, column, words
            row += _times(attributes)


def _ods_row(cells: bytes) -> Iterator[tuple[int, str]]:
    column = 0
    for attributes, inside in _ODS_CELL.findall(cells):
        words = _ODS_TEXT.findall(inside)
        if len(words) == 1 and _ODS_NUMBER.search(attributes):
            yield column, unescape(words[0].decode("utf-8", "replace"))
        column += _times(attributes)


def _times(attributes: bytes) -> int:
    found = _ODS_TIMES.search(attributes)
    return int(found[1]) if found else 1
