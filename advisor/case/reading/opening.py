"""Open a file: its container and its shape, as a table with a guess of what each column holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.case.limits import MAX_BYTES, too_large
from advisor.case.reading import columns as c
from advisor.case.reading.encoding import decode
from advisor.case.reading.exports import Export, recognised, whole_export
from advisor.case.reading.file_type import (
    container_of,
    is_workbook,
    refuse_chat,
    refuse_messages,
    refuse_others,
)
from advisor.case.reading.formats import READERS, format_of
from advisor.case.reading.json_layout import rows_in
from advisor.case.reading.objects import (
    check_json,
    check_nesting,
    read_lines,
    read_list,
    whole_value,
)
from advisor.case.reading.sheets import read_sheet
from advisor.case.reading.table import Table
from advisor.errors import BadImport

_USUAL: Mapping[str, Sequence[str]] = {"base": (), "tuned": ()}
"""Options that answers are looked for where nobody says which there are."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as a table, before anybody says what its columns hold."""

    table: Table
    export: Export | None
    """A known tool's, which leaves no question."""
    roles: dict[str, str]
    """The guess."""
    remarks: tuple[str, ...] = ()


def open_table(
    content: bytes,
    name: str,
    sheet: str | None = None,
    options: Mapping[str, Sequence[str]] | None = None,
) -> Opened | None:
    """Open a file as a table; None = it is plain text with one text a line.

    Args:
        content: the file.
        name: what it is called; its ending says what it is.
        sheet: of a workbook; None = the first one with anything in it.
        options: by the id of each option: other names it goes by, such as its label and model.

    Raises:
        BadImport: in one sentence, with the line, what is wrong and what to do.
    """
    if len(content) > MAX_BYTES:
        raise BadImport(too_large(len(content)))
    ending = name.rsplit(".", 1)[-1].lower()
    if is_workbook(content):
        return _opened(read_sheet(content, name, sheet), options)
    refuse_others(content, name, ending)
    text, remark = decode(content, name)
    remarks = (remark,) if remark else ()
    form = format_of(ending)
    usual = form.holds if form else "csv"
    held = container_of(text, usual)
    if held != usual and held != "plain" and ending != "txt":
        remarks = (
            *remarks,
            f"{name} holds {held.upper()}, whatever it is called, and was read so.",
        )
    if held == "json":
        return _open_json(text, name, ending, options, remarks)
    if (read := READERS.get(held)) is not None:
        return _opened(read(text, name), options, remarks)
    refuse_chat(text, name)
    return None


def _open_json(
    text: str,
    name: str,
    ending: str,
    options: Mapping[str, Sequence[str]] | None,
    remarks: tuple[str, ...],
) -> Opened:
    """Of one value, or of an object a line."""
    check_nesting(text)
    value = whole_value(text)
    if (known := whole_export(value)) is not None:
        return _guessed(known, None, options, remarks)
    found = rows_in(value)
    if found is None and "\n" in text.strip() and isinstance(value, dict):
        found = [value], ""
    if found is None:
        if value is None and ending == "json":
            check_json(text, name)
        return _opened(read_lines(text, name), options, remarks)
    rows, said = found
    return _opened(read_list(rows, name), options, (*remarks, *filter(None, [said])))


def _opened(
    table: Table,
    options: Mapping[str, Sequence[str]] | None,
    remarks: tuple[str, ...] = (),
) -> Opened:
    known = _USUAL if options is None else options
    refuse_messages(table)
    found = recognised(table, known)
    if isinstance(found, Table):
        table = found
    return _guessed(table, found if isinstance(found, Export) else None, known, remarks)


def _guessed(
    table: Table,
    export: Export | None,
    options: Mapping[str, Sequence[str]] | None,
    remarks: tuple[str, ...],
) -> Opened:
    """With the likely role of each column."""
    known = _USUAL if options is None else options
    return Opened(table, export, {} if export else c.guess_roles(table, known), remarks)
