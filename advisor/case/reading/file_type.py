"""File type: what a file is by its first bytes; refused with what to do instead."""

import io
import re
import zipfile

from advisor.case.reading.columns import TEXT_NAMES, is_known, plain_name
from advisor.case.reading.formats import ENDINGS, format_of
from advisor.case.reading.objects import is_mostly_brackets, one_object, whole_value
from advisor.case.reading.table import Table
from advisor.errors import BadImport

_SHEET = "copy the texts into a spreadsheet and bring that as .xlsx or .csv"
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", f"is a PDF; {_SHEET}."),
    (b"{\\rtf", f"is a rich text document; {_SHEET}."),
    (b"PAR1", "is a Parquet file; save it as .csv or .jsonl, in pandas with to_csv or to_json."),
    (b"\x1f\x8b", f"is compressed (gzip); unpack it and bring {ENDINGS}."),
    (b"7z\xbc\xaf", f"is compressed (7-Zip); unpack it and bring {ENDINGS}."),
    (b"Rar!", f"is compressed (RAR); unpack it and bring {ENDINGS}."),
    (b"SQLite format 3", "is a database; export the table with your texts as .csv."),
    (b"ARROW1", "is an Arrow file; save it as .csv or .jsonl."),
    (b"\x89PNG", "is a picture; bring its text."),
    (b"\xff\xd8\xff", "is a picture; bring its text."),
)
_ZIPPED: tuple[tuple[str, str], ...] = (
    ("word/", f"is a Word document; {_SHEET}."),
    ("ppt/", f"is a presentation; {_SHEET}."),
    ("Index/", "is a Numbers file; in Numbers, export it to Excel or CSV, and bring that."),
    (
        "header.json",
        "is a log of Inspect in its packed form; write it as JSON with `inspect log convert --to "
        "json`, and bring that.",
    ),
)
"""How a name within a zip file begins, and what the file is then."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE = re.compile(rb"\s*(?:<!doctype html|<html|<table|<meta|<head)\b", re.I)
_XML = re.compile(rb"\s*<\?xml")
_CHAT = (
    "is the log of a chat, which does not say what is to be answered. Put each question in a row of "
    "a spreadsheet, and what was said before it into the same cell."
)
_MESSAGES = (
    frozenset({"user", "text", "ts"}),
    frozenset({"from", "text", "date", "type"}),
    frozenset({"mapping", "create_time"}),
    frozenset({"chat_messages"}),
)
"""Keys of a message of Slack or Telegram, and of a conversation of ChatGPT or Claude."""
_CHAT_LINE = re.compile(
    r"\[?\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? (?:at )?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?\]?"
    r"(?: - | )[^:\n]{1,60}: |\[\d{1,2}:\d{2}(?:\s?[AP]M)?\] \S",
    re.I,
)
"""How a message begins in what WhatsApp, Signal and Teams write."""


def refuse_others(content: bytes, name: str, ending: str) -> None:
    """Refuse a file that is something else than its name says, or nothing that is read here.

    Raises:
        BadImport: says what it is and what to do.
    """
    said = next((words for mark, words in _MARKS if content.startswith(mark)), None)
    if said is None and content[:2] == b"PK":
        said = _zipped(content, ending)
    elif said is None and content.startswith(_OLE):
        said = _ole(content)
    elif said is None and _PAGE.match(content):
        said = "is a web page; open it in Excel, save it as .xlsx, and bring that."
    elif said is None and _XML.match(content):
        said = "is XML; if Excel opens it, save it there as .xlsx, else bring a .csv."
    elif said is None and _is_workbook(ending):
        said = "is not a workbook; save it again as .xlsx, or as CSV."
    if said is not None:
        raise BadImport(f"{name} {said}")
    if format_of(ending) is None:
        raise BadImport(f"{name} can't be read: bring your texts as {ENDINGS}.")


def refuse_chat(text: str, name: str) -> None:
    """Refuse what a messenger wrote down: each line would be read as a text of its own.

    Raises:
        BadImport: it is such a log.
    """
    lines = [line for line in text[:20_000].splitlines() if line.strip("\u200e\ufeff ")][:40]
    begun = sum(bool(_CHAT_LINE.match(line.lstrip("\u200e\u202a\ufeff "))) for line in lines)
    if begun > 1 and begun >= len(lines) / 3:
        raise BadImport(f"{name} {_CHAT}")


def refuse_messages(table: Table) -> None:
    """Refuse single messages as Slack, Telegram or an assistant's app exports them.

    Raises:
        BadImport: they are such.
    """
    if any(keys <= set(table.columns) for keys in _MESSAGES):
        raise BadImport(f"This {_CHAT}")


def container_of(text: str, usual: str) -> str:
    """What a text file holds by its beginning; `usual` is what its name says."""
    first = text.lstrip("\ufeff \t\r\n").split("\n", 1)[0]
    if usual == "json":
        return "csv" if first[:1] not in ("[", "{") and _names_columns(first) else "json"
    if first[:1] in ("[", "{") and not is_mostly_brackets(text) and _is_json(text, first):
        return "json"
    return "csv" if usual == "plain" and _names_columns(first) else usual


def _is_json(text: str, first: str) -> bool:
    """A list of objects, or objects with a text in them."""
    value = whole_value(text)
    if value is None:
        value = one_object(first)
    rows = value if isinstance(value, list) else [value]
    return (
        bool(rows)
        and all(isinstance(row, dict) for row in rows[:5])
        and any(plain_name(str(key)) in TEXT_NAMES for row in rows[:5] for key in row)
    )


def _names_columns(line: str) -> bool:
    """Text that a spreadsheet saved: names of columns with marks between them."""
    for mark in "\t,;|":
        cells = line.split(mark)
        known = [is_known(cell.strip().strip('"')) for cell in cells]
        if len(cells) > 1 and (any(known) if mark == "\t" else all(known)):
            return True
    return False


def _zipped(content: bytes, ending: str) -> str:
    unpack = f"is a zip file; unpack it and bring {ENDINGS}."
    if _is_workbook(ending):
        unpack = "can't be opened as a workbook; save it again as .xlsx, or as CSV."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return unpack
    for begins, said in _ZIPPED:
        if any(name.startswith(begins) for name in names):
            return said
    return unpack


def _is_workbook(ending: str) -> bool:
    form = format_of(ending)
    return form is not None and form.holds == "workbook"


def is_workbook(content: bytes) -> bool:
    """A zip file with the parts of a workbook in it."""
    if content[:2] != b"PK":
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    return any(name.startswith("xl/") for name in names) or (
        "content.xml" in names and "mimetype" in names
    )


def _ole(content: bytes) -> str:
    """Of Office as it was until 2003, or locked: its folder names what is in it."""

    def holds(word: str) -> bool:
        return word.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        return "is locked by a password; save it without one."
    if holds("WordDocument"):
        return f"is a Word document; {_SHEET}."
    return "is an Excel file of before 2007 (.xls); open it in Excel and save it as .xlsx."
