"""A file on the Texts page: its first rows, a choice above each column, and what is understood."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import streamlit as st

from advisor.case.case import Case
from advisor.case.reading import columns as roles
from advisor.case.reading.formats import FORMATS
from advisor.case.reading.opening import Opened, open_table
from advisor.case.reading.read import Reading, holds_texts, read_file, read_opened
from advisor.errors import AdvisorError
from advisor.report.bringing import understood
from advisor.words import listed
from pages.ui import markdown
from pages.ui.cells import inert
from pages.ui.open_case import OpenCase

T = TypeVar("T")

_SHOWN, _ABREAST, _MOST = 5, 2, 24
_WORDS = {
    roles.TEXT: "Text",
    roles.REFERENCE: "Approved answer",
    roles.OTHER_REFERENCE: "Another approved answer",
    roles.PASSAGES: "Passages from your documents",
    roles.CASE: "Which texts belong together",
    roles.SEGMENT: "Kind of text",
    roles.WEIGHT: "How common this kind is",
    roles.ID: "Number or id of the text",
    roles.TOOLS: "Tools the model may use",
    roles.CALLS: "The right uses of tools",
    roles.LEAVE_OUT: "Leave out",
}
FILE_WORDS = listed([form.words for form in FORMATS], "or")


def ask(opened: OpenCase) -> Reading | None:
    """Take a file and say what is understood of it; None while there is none to use.

    Raises:
        AdvisorError: the file can't be read as its columns are chosen.
    """
    file = st.file_uploader(
        f"{FILE_WORDS[0].upper()}{FILE_WORDS[1:]}",
        type=[ending for form in FORMATS for ending in form.endings],
        max_upload_size=50,
        key=f"{opened.id}:file",
    )
    if file is None:
        return None
    options = _options(opened.case)
    found = _opened(opened, file, options, None)
    sheet = None
    if found is not None and len(found.table.sheets) > 1:
        sheet = st.selectbox("Sheet", found.table.sheets, key=f"{opened.id}:{file.file_id}:sheet")
        found = _opened(opened, file, options, sheet)
    chosen: dict[str, str] | None = None
    if found is not None and _is_open(found):
        chosen = _choices(opened.case, found, f"{opened.id}:{file.file_id}:{sheet}", options)
        if roles.TEXT not in chosen.values():
            st.info("Which column holds your texts? Choose “Text” above it.")
            return None
    reading = _read(opened, file, found, chosen, options)
    st.markdown(markdown.plain(understood(reading)))
    for remark in reading.remarks:
        markdown.note(markdown.plain(remark))
    return reading


def waits(opened: OpenCase) -> bool:
    """A file is chosen on the page, used or not."""
    return st.session_state.get(f"{opened.id}:file") is not None


def _options(case: Case) -> dict[str, tuple[str, ...]]:
    """The options answers may be of, each with the names a column may go by."""
    found: dict[str, tuple[str, ...]] = {"base": (), "tuned": ()}
    for option, arm in case.arms.items():
        found[option] = (case.name_of(option), arm.model)
    return found


def _is_open(found: Opened) -> bool:
    """Whether its columns have to be chosen: no tool wrote it, and it holds texts."""
    return found.export is None and bool(found.table.rows) and holds_texts(found)


def _opened(
    opened: OpenCase, file: Any, options: Mapping[str, tuple[str, ...]], sheet: str | None
) -> Opened | None:
    """The upload as a table, opened once."""
    return _kept(
        f"{opened.id}:opened_file",
        (file.file_id, sheet, tuple(options.items())),
        lambda: open_table(file.getvalue(), file.name, sheet, options),
    )


def _read(
    opened: OpenCase,
    file: Any,
    found: Opened | None,
    chosen: dict[str, str] | None,
    options: Mapping[str, tuple[str, ...]],
) -> Reading:
    """What is understood of it, worked out once for each choice of columns."""
    sheet = found.table.sheet if found is not None else None
    of = (file.file_id, sheet, tuple((chosen or {}).items()))

    def read() -> Reading:
        if found is None:
            return read_file(file.getvalue(), file.name)
        own = chosen if chosen != found.roles else None  # the guess has more to say of its columns
        return read_opened(found, file.name, own, tuple(options))

    return _kept(f"{opened.id}:read_file", of, read)


def _kept(key: str, of: object, make: Callable[[], T]) -> T:
    """Make something once and keep it, also an error that the reader can mend."""
    kept: tuple[object, T | AdvisorError] | None = st.session_state.get(key)
    if kept is None or kept[0] != of:
        value: T | AdvisorError
        try:
            value = make()
        except AdvisorError as error:
            value = error
        st.session_state[key] = kept = (of, value)
    if isinstance(kept[1], AdvisorError):
        raise kept[1]
    return kept[1]


def _choices(
    case: Case, found: Opened, key: str, options: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """A choice above each column, and its first rows below."""
    words = dict(_WORDS)
    last = words.pop(roles.LEAVE_OUT)
    for option in options:
        name = case.name_of(option) if option in case.arms else option
        words[f"{roles.ANSWER_OF}{option}"] = f"Answer of {name}"
    words[roles.LEAVE_OUT] = last
    st.markdown("**What is in each column?**")
    markdown.note("Most files need two: the text, and an approved answer if you have one.")
    chosen = dict(found.roles)
    columns = found.table.columns[:_MOST]
    for start in range(0, len(columns), _ABREAST):
        few = columns[start : start + _ABREAST]
        for place, column in zip(st.columns(len(few)), few, strict=True):
            with place:
                chosen[column] = st.selectbox(
                    column[:60],
                    list(words),
                    index=list(words).index(found.roles[column]),
                    format_func=words.__getitem__,
                    key=f"{key}:{column}",
                )
                rows = [_short(row.values.get(column)) for row in found.table.rows[:_SHOWN]]
                st.dataframe(
                    inert({column[:60]: rows}),
                    hide_index=True,
                    alt=f"The first rows of the column {column[:60]}",
                )
    if len(found.table.columns) > _MOST:
        markdown.note(f"The first {_MOST} columns; those after them keep the guess by their names.")
    return chosen


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 200 else f"{text[:199]}…"
