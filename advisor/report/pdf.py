"""The PDF of a report, typeset by Typst.

The report reaches the template as one JSON string, never as source, so no text in it can become
markup. Only the fonts in `fonts/` are used, and the report's own time is the file's time: the same
report gives the same bytes on every machine.
"""

import json
import re
import struct
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import typst

from advisor.report.model import Excerpt, Report, Source
from advisor.report.picture_values import Pictures

Paper = Literal["a4", "us-letter"]
PAPERS: dict[str, Paper] = {"A4": "a4", "US Letter": "us-letter"}
"""Sheets a document can be made for, as the reader calls them."""

TEMPLATE = Path(__file__).with_name("template")
FONTS = Path(__file__).with_name("fonts")

# Where a text has little room, or must not part from what stands beside it. Characters.
TITLE_CHARS = 140
SHORT_TITLE_CHARS = 70
STAMP_CHARS = 120
FOOT_CHARS = 180
CELL_CHARS = 120
AMOUNT_CHARS = 14
ID_CHARS = 24
TEXT_CHARS = 2_000
EXCERPTS = 3
EXCERPT_CHARS = 500
PROMPT_LINE_CHARS = 132
RUN_CHARS = 24

REPLACEMENT = "\N{WHITE SQUARE}"
BREAK = "\N{ZERO WIDTH SPACE}"
# Needs no glyph: it joins characters, parts them or chooses their shape.
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f")
# Marks that reorder the text around them: a reader would see another text than the one stored.
_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# How a report ends a text that goes on.
_CUT_MARK = re.compile(r"\s*…(?: \[cut\])?$")
# A run without a space. Chinese, Japanese and Korean break anywhere, by rules of their own.
_RUN = re.compile(
    rf"[^\s{BREAK}\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]{{{RUN_CHARS + 1},}}"
)


def render_pdf(report: Report, paper: Paper = "a4") -> bytes:
    """Typeset a report as a tagged PDF (PDF/UA-1).

    Args:
        report: the decision to print; `made_at` must carry a time zone.
        paper: the sheet it is made for.

    Returns:
        The file. The same report and paper give the same bytes.
    """
    compiler = _compiler(report, paper)
    file = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=report.made_at)
    assert isinstance(file, bytes)  # noqa: S101 - one file, since it goes to no path
    return file


def _compiler(report: Report, paper: str) -> typst.Compiler:
    """The template filled with a report.

    Fonts and what Typst has worked out before are shared by all compilers of the process, so
    one made anew is as fast as one kept, and none is shared between threads.
    """
    content, all_printed = _content(report)
    return typst.Compiler(
        TEMPLATE / "report.typ",
        root=TEMPLATE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={
            "report": json.dumps(content),
            "paper": paper,
            "all_printed": json.dumps(all_printed),
        },
    )


def _content(report: Report) -> tuple[dict[str, Any], bool]:
    """What the template draws, as plain JSON values, and whether every character can be printed.

    PDF/UA refuses a file with a character that no font has, so each such one becomes a square.
    """
    printable = _printable()
    all_printed = True

    def clean(text: str) -> str:
        nonlocal all_printed
        plain = _plain(_cut(text, TEXT_CHARS))
        all_printed = all_printed and printable.issuperset(plain)
        return _breakable("".join(c if c in printable else REPLACEMENT for c in plain))

    content = asdict(replace(report, pictures=Pictures(share=report.pictures.share), flips=()))
    title = " ".join(_plain(report.title).split()) or "Untitled"
    content["title"] = _cut(title, TITLE_CHARS)
    content["short_title"] = _cut(title, SHORT_TITLE_CHARS)
    content["valid_until"] = _cut(" ".join(report.valid_until.split()), FOOT_CHARS)
    content["sample_note"] = _cut(report.sample_note, STAMP_CHARS)
    for line in content["first_page"]["signed"]:
        line["text"] = _cut(" ".join(line["text"].split()), CELL_CHARS)
    content["costs"] = [
        {key: _cell(value) if isinstance(value, str) else value for key, value in row}
        for row in map(dict.items, content["costs"])
    ]
    spread = {line.arm: line for line in report.first_page.money}
    for row in content["costs"]:
        line = spread.get(row["arm"])
        row["low_month_usd"] = line.low_month_usd if line else None
        row["high_month_usd"] = line.high_month_usd if line else None
    # What judged is often in a sentence already.
    if any(report.evidence.judged_by in sentence for sentence in report.evidence.sentences):
        content["evidence"]["judged_by"] = ""
    content["excerpts"] = [_excerpt(excerpt) for excerpt in report.excerpts[:EXCERPTS]]
    # A reason's source may be missing from the report's own list: the numbers must lead somewhere.
    sources = list(dict.fromkeys([*report.sources, *(reason.source for reason in report.reasons)]))
    for reason, row in zip(report.reasons, content["reasons"], strict=True):
        row["source"] = {"label": reason.source.label, "number": sources.index(reason.source) + 1}
    content["sources"] = [_source(source) for source in sources]

    cleaned = _map_texts(content, clean)
    for source, row in zip(sources, cleaned["sources"], strict=True):
        row["href"] = _href(source)
    return cleaned, all_printed


def _cell(text: str) -> str:
    """A cell's text, free to break inside an amount too long for a column."""
    cell = _cut(text, CELL_CHARS)
    return re.sub(r"(?<=\d),(?=\d{3})", "," + BREAK, cell) if len(cell) > AMOUNT_CHARS else cell


def _excerpt(excerpt: Excerpt) -> dict[str, Any]:
    """One prompt's start, for the rest of the line its name is on, and the start of both answers."""
    prompt_id = _cut(excerpt.prompt_id, ID_CHARS)
    preference = _cut(excerpt.preference, CELL_CHARS)
    room = max(PROMPT_LINE_CHARS // 2, PROMPT_LINE_CHARS - len(prompt_id) - len(preference))
    return {
        "prompt_id": prompt_id,
        "preference": preference,
        "prompt": _start(_cut(excerpt.prompt, room), 0),
        "base": _start(excerpt.base, excerpt.base_chars),
        "tuned": _start(excerpt.tuned, excerpt.tuned_chars),
    }


def _start(text: str, chars: int) -> dict[str, Any]:
    """The first characters of a text that had so many, empty lines left out.

    The report's own mark goes: the template sets one wherever a text is cut.
    """
    kept = _CUT_MARK.sub("", text) if chars > EXCERPT_CHARS else text
    shown = kept[:EXCERPT_CHARS].rstrip()
    return {
        "lines": [" ".join(line.split()) for line in shown.splitlines() if line.strip()],
        "cut": kept != text or shown != kept.rstrip(),
        "shown": len(shown),
        "chars": chars,
    }


def _source(source: Source) -> dict[str, Any]:
    """A source with its address as shown: no scheme, and free to break after a slash."""
    shown = re.sub(r"^https?://(www\.)?", "", source.url or "").rstrip("/")
    return asdict(source) | {"url": shown.replace("/", "/" + BREAK)}


def _href(source: Source) -> str | None:
    """The address to open on a click; None unless it is an ordinary web address."""
    return source.url if re.fullmatch(r"https?://[!-~]+", source.url or "") else None


def _map_texts(value: Any, clean: Callable[[str], str]) -> Any:
    """The same value with each text cleaned and each date in words."""
    match value:
        case str():
            return clean(value)
        case datetime():
            return f"{_day(value)}, {value:%H:%M} UTC"
        case date():
            return _day(value)
        case dict():
            return {key: _map_texts(item, clean) for key, item in value.items()}
        case list() | tuple():
            return [_map_texts(item, clean) for item in value]
        case _:
            return value


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _cut(text: str, most: int) -> str:
    """At most this many characters, with the cut marked; after a word where one ends nearby."""
    if len(text) <= most:
        return text
    return re.sub(r"\s\S{,20}$", "", text[: most - 2]) + "\N{NO-BREAK SPACE}…"


def _plain(text: str) -> str:
    """One line without control characters and marks that reorder it, in composed form.

    A number and its per cent sign stay on one line.
    """
    line = re.sub("[ \t]+", " ", " ".join(unicodedata.normalize("NFC", text).splitlines()))
    return "".join(
        character
        for character in re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", line)
        if character not in _BIDI_CONTROLS and unicodedata.category(character) not in ("Cc", "Cs")
    )


def _breakable(text: str) -> str:
    """Text that can break inside a run too long for a line, never before a combining mark."""
    return _RUN.sub(lambda run: _break_run(run.group()), text)


def _break_run(run: str) -> str:
    pieces, piece = [], run[0]
    for before, character in pairwise(run):
        joined = "\u200d" in (before, character) or unicodedata.category(character)[0] == "M"
        if len(piece) >= RUN_CHARS and not joined:
            pieces.append(piece)
            piece = ""
        piece += character
    return BREAK.join([*pieces, piece])


@cache
def _fonts() -> typst.Fonts:
    """Only our own fonts, found once."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@cache
def _printable() -> frozenset[str]:
    """Every character that some font of ours can print, or that needs no font."""
    return _INVISIBLE.union(*(_covered(path.name) for path in FONTS.glob("*-Regular.?tf")))


@cache
def _covered(font: str) -> frozenset[str]:
    """The characters of one font: its character map of format 12.

    The layout is in https://learn.microsoft.com/typography/opentype/spec/cmap.
    """
    font_bytes = (FONTS / font).read_bytes()
    (tables,) = struct.unpack_from(">H", font_bytes, 4)
    offsets = {
        tag: offset
        for tag, _, offset, _ in (
            struct.unpack_from(">4sLLL", font_bytes, 12 + 16 * table) for table in range(tables)
        )
    }
    cmap = offsets[b"cmap"]
    (maps,) = struct.unpack_from(">H", font_bytes, cmap + 2)
    for index in range(maps):
        (offset,) = struct.unpack_from(">L", font_bytes, cmap + 4 + 8 * index + 4)
        map_format, _, _, _, groups = struct.unpack_from(">HHLLL", font_bytes, cmap + offset)
        if map_format == 12:
            ranges = (
                struct.unpack_from(">LL", font_bytes, cmap + offset + 16 + 12 * group)
                for group in range(groups)
            )
            return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))
    raise ValueError(f"{font} has no character map of format 12")
