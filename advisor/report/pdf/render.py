"""The PDF of a report, typeset by Typst.

The report reaches the template as one JSON text in one string, so nothing in it can become markup.
Only the fonts in `fonts/` are used, and the report's own time is the file's time: the same report
gives the same bytes on every machine.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Literal

import typst

from advisor.report.chart_labels import apart
from advisor.report.model import Excerpt, Report, Source
from advisor.report.pdf.printable import (
    BREAK,
    FONTS,
    REPLACEMENT,
    breakable,
    characters,
    cut,
    plain,
)
from advisor.report.picture_values import Pictures

PaperSize = Literal["a4", "us-letter"]
PAPERS: dict[str, PaperSize] = {"A4": "a4", "US Letter": "us-letter"}
"""Sheets a document can be made for, as the reader calls them."""

TEMPLATE = Path(__file__).with_name("template")

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

KEPT_WHOLE = ("signals", "options", "costs", "changes", "missing", "assumptions", "method")
"""Parts of a report that no page's end goes through."""
LONG_CHARS = 500
"""With a text longer than this in one of them, they may be parted: a page might not hold them."""

# Words beside the ends of lines, in heights of the chart (85 pt): a line of words takes 10 pt, and
# the lowest stands clear of the words below the axis.
LABEL_SHARE = 0.12
LOWEST_LABEL = 0.05

_PAGE = re.compile(rb"/Type\s*/Page\b")

# How a report ends a text that goes on.
_CUT_MARK = re.compile(r"\s*…(?: \[cut\])?$")


def render_pdf(report: Report, paper: PaperSize = "a4") -> bytes:
    """Typeset a report as a tagged PDF (PDF/UA-1).

    Args:
        report: the decision to print; `made_at` must carry a time zone.
        paper: the sheet it is made for.

    Lines and margins are closed up where that saves a page: a last one with some sources alone looks
    lost.

    Returns:
        The file. The same report and paper give the same bytes.
    """
    with _compiler() as compiler:

        def typeset(*, close: bool) -> bytes:
            file = compiler.compile(
                _document(report, paper, close=close),
                format="pdf",
                pdf_standards=["ua-1"],
                timestamp=report.made_at,
            )
            assert isinstance(file, bytes)  # noqa: S101 - one file, since it goes to no path
            return file

        roomy = typeset(close=False)
        closed_up = typeset(close=True)
    return closed_up if pages_of(closed_up) < pages_of(roomy) else roomy


def pages_of(file: bytes) -> int:
    """How many pages a PDF of Typst's has."""
    return len(_PAGE.findall(file))


_idle: SimpleQueue[typst.Compiler] = SimpleQueue()


@contextmanager
def _compiler() -> Iterator[typst.Compiler]:
    """One that has read the template before, where one is free: each serves a thread at a time."""
    try:
        compiler = _idle.get_nowait()
    except Empty:
        compiler = typst.Compiler(root=TEMPLATE, font_paths=_fonts(), ignore_system_fonts=True)
    yield compiler
    _idle.put(compiler)


def _document(report: Report, paper: str, *, close: bool) -> bytes:
    """The file to typeset: one call of the template with all that it draws, close together or not.

    As an input of the compiler, the report would make Typst read and work out the template anew.
    JSON escapes whatever is not plain ASCII, so of the string only quotes and backslashes are left
    to escape, which Typst does as JSON does.
    """
    content, all_printed = _content(report)
    given = json.dumps(
        {"report": content, "paper": paper, "all_printed": all_printed, "close": close}
    )
    return f'#import "report.typ": typeset\n#typeset(json(bytes({json.dumps(given)})))\n'.encode()


def _content(report: Report) -> tuple[dict[str, Any], bool]:
    """What the template draws, as plain JSON values, and whether every character can be printed.

    PDF/UA refuses a file with a character that no font has, so each such one becomes a square.
    """
    printable = characters()
    all_printed = True

    def clean(text: str) -> str:
        nonlocal all_printed
        line = plain(cut(text, TEXT_CHARS))
        if not printable.issuperset(line):
            all_printed = False
            line = "".join(c if c in printable else REPLACEMENT for c in line)
        return breakable(line)

    content = asdict(replace(report, pictures=Pictures(share=report.pictures.share), flips=()))
    title = " ".join(plain(report.title).split()) or "Untitled"
    content["title"] = cut(title, TITLE_CHARS)
    content["short_title"] = cut(title, SHORT_TITLE_CHARS)
    content["valid_until"] = cut(" ".join(report.valid_until.split()), FOOT_CHARS)
    content["sample_note"] = cut(report.sample_note, STAMP_CHARS)
    for line in content["first_page"]["signed"]:
        line["text"] = cut(" ".join(line["text"].split()), CELL_CHARS)
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
    if report.first_page.spend is not None:
        content["first_page"]["spend"]["drawn"] = report.first_page.spend.tells_more()
        _place_labels(content["first_page"]["spend"])
    content["excerpts"] = [_excerpt(excerpt) for excerpt in report.excerpts[:EXCERPTS]]
    # A reason's source may be missing from the report's own list: the numbers must lead somewhere.
    sources = list(dict.fromkeys([*report.sources, *(reason.source for reason in report.reasons)]))
    for reason, row in zip(report.reasons, content["reasons"], strict=True):
        row["source"] = {"label": reason.source.label, "number": sources.index(reason.source) + 1}
    content["sources"] = [_source(source) for source in sources]

    cleaned = _map_texts(content, clean)
    cleaned["has_long_texts"] = any(
        len(text) > LONG_CHARS for part in KEPT_WHOLE for text in _texts(cleaned[part])
    )
    for source, row in zip(sources, cleaned["sources"], strict=True):
        row["href"] = _href(source)
    return cleaned, all_printed


def _place_labels(spend: dict[str, Any]) -> None:
    """Write for each line how high its words stand beside its end, as a share of the chart."""
    ends = [line["amounts"][-1] for line in spend["lines"]]
    most = max([1e-9, *(tick[0] for tick in spend["ticks"]), *_every_amount(spend["lines"])])
    places = apart([end / most for end in ends], LABEL_SHARE, LOWEST_LABEL, 1.0)
    for line, place in zip(spend["lines"], places, strict=True):
        line["label"] = place


def _every_amount(lines: list[dict[str, Any]]) -> Iterator[float]:
    for line in lines:
        yield from line["amounts"]


def _cell(text: str) -> str:
    """A cell's text, free to break inside an amount too long for a column."""
    cell = cut(text, CELL_CHARS)
    return re.sub(r"(?<=\d),(?=\d{3})", "," + BREAK, cell) if len(cell) > AMOUNT_CHARS else cell


def _excerpt(excerpt: Excerpt) -> dict[str, Any]:
    """One prompt's start, for the rest of the line its name is on, and the start of both answers."""
    prompt_id = cut(excerpt.prompt_id, ID_CHARS)
    preference = cut(excerpt.preference, CELL_CHARS)
    room = max(PROMPT_LINE_CHARS // 2, PROMPT_LINE_CHARS - len(prompt_id) - len(preference))
    return {
        "prompt_id": prompt_id,
        "preference": preference,
        "prompt": _start(cut(excerpt.prompt, room), 0),
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


def _texts(value: Any) -> Iterator[str]:
    """Every string in a nested value."""
    match value:
        case str():
            yield value
        case dict():
            yield from _texts(list(value.values()))
        case list():
            for item in value:
                yield from _texts(item)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


@cache
def _fonts() -> typst.Fonts:
    """Only our own fonts, found once."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
