"""Formats: every kind of file that texts are read from, by the ending of its name."""

from collections.abc import Callable
from dataclasses import dataclass

from advisor.case.reading.delimited import read_delimited
from advisor.case.reading.table import Table
from advisor.words import listed

Reader = Callable[[str, str], Table]
"""Reads a file's text by its name; raises `BadImport` with the line and what to do."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that texts are read from."""

    endings: tuple[str, ...]
    """Of its name, the usual one first."""
    words: str
    """What it holds, for people who bring one."""
    holds: str
    """What is in it: "csv"; several kinds may hold the same."""
    read: Reader | None = None
    """None = `opening` reads it: a workbook by its bytes, JSON by its shape, plain text by lines."""


FORMATS = (
    Format(("xlsx", "xlsm"), "an Excel file", "workbook"),
    Format(("csv", "tsv", "tab"), "a .csv", "csv", read_delimited),
    Format(("ods",), "an OpenDocument sheet", "workbook"),
    Format(("jsonl", "ndjson"), "a .jsonl with one object a line", "json"),
    Format(("json",), "a .json or the export of a tool", "json"),
    Format(("txt",), "a .txt with one text a line", "plain"),
)
"""All that can be read: the page, the command line and the refusals draw on it."""
ENDINGS = listed([f".{form.endings[0]}" for form in FORMATS], "or")
"""".xlsx, .csv, .ods, .jsonl, .json or .txt"."""
READERS = {form.holds: form.read for form in FORMATS if form.read is not None}


def format_of(ending: str) -> Format | None:
    """The kind of file that a name's ending says; None = none that is read."""
    return next((form for form in FORMATS if ending in form.endings), None)
