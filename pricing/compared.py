"""Compared: what is expected at a source, beside what is there today."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from pricing.expected import ExpectedFact, anchor
from pricing.page_text import is_drawn_by_script, page_text

SourceOutcome = Literal["stands", "changed", "gone", "unreadable"]
SourceWhy = Literal[
    "", "named no more", "missing", "moved", "refused", "script", "layout", "cut", "robots", "away"
]
"""Why it is gone or can't be read; "" where it stands or has changed."""
_BETWEEN = r"(?: \S+){0,40}?"
"""What `…` stands for: up to forty words."""
_NONE = "-|–|—|free|n/a"
_PARTS = re.compile(r"\{([^{}]+)\}|(…)|([^{}…]+)")
_STEP = re.compile(r"\[([^\[\]=]+=[^\[\]]*)\]|\[([^\[\]]+)\]|([^.\[\]]+)")
_MISSING = (404, 410)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered, or why nothing came."""

    status: int = 0
    """0 = nothing came."""
    body: str = ""
    kind: str = ""
    """The media type: "text/html", "application/json", …"""
    moved_to: str = ""
    whole: bool = True
    """False: it broke off."""
    why: SourceWhy = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ComparedFact:
    """What came of looking for an expectation."""

    outcome: SourceOutcome
    now: str = ""
    """What stands there today, where it has changed."""
    why: SourceWhy = ""
    detail: str = ""
    """The address it moved to, or the status of the answer."""
    value: str = ""
    """What a feed says now, where it says one figure in the place of another."""


def compare_fact(expected: ExpectedFact, fetched: Fetched) -> ComparedFact:
    """Whether what is expected stands in what was fetched; what can't be told is `unreadable`."""
    if fetched.why:
        return ComparedFact("unreadable", why=fetched.why, detail=fetched.detail)
    if fetched.status in _MISSING:
        return ComparedFact("gone", why="missing", detail=str(fetched.status))
    if fetched.moved_to:
        return ComparedFact("unreadable", why="moved", detail=fetched.moved_to)
    if fetched.status != 200:
        return ComparedFact("unreadable", why="refused", detail=str(fetched.status))
    if not fetched.whole:
        return ComparedFact("unreadable", why="cut")
    if expected.path:
        return _in_feed(expected, fetched.body)
    return _on_page(expected, fetched)


def _on_page(expected: ExpectedFact, fetched: Fetched) -> ComparedFact:
    html = "html" in fetched.kind or fetched.body.lstrip()[:15].lower().startswith("<!doctype html")
    text = page_text(fetched.body, html)
    if re.search(_pattern(expected.words, exact=True), text, re.I):
        return ComparedFact("stands")
    found = [hit[0] for hit in re.finditer(_pattern(expected.words, exact=False), text, re.I)]
    if found:
        return ComparedFact("changed", now=_most_alike(expected, found))
    if _names(text, anchor(expected.words)):
        return ComparedFact("unreadable", why="layout")
    if html and is_drawn_by_script(fetched.body, text):
        return ComparedFact("unreadable", why="script")
    return ComparedFact("gone", why="named no more")


def _names(text: str, place: str) -> bool:
    """Whether a page still mentions it: it has most of the words around the figures."""
    words = page_text(place, html=False).lower().split()
    there = {word.strip("\"'“”(),.;:") for word in text.lower().split()}
    return sum(word.strip("\"'“”(),.;:") in there for word in words) > len(words) / 2


def _pattern(words: str, *, exact: bool) -> str:
    """The words as a pattern of page text; figures as they are, or whatever figures are there."""
    found = ""
    for figure, gap, plain in _PARTS.findall(words):
        if gap:
            found += _BETWEEN
            continue
        for word in page_text(figure or plain, html=False).split():
            loose = figure and not exact
            found += " " + _word(_any_like(word) if loose else re.escape(word))
    return rf"(?<!\S){found.strip()}(?!\S)"


def _any_like(word: str) -> str:
    """Another figure in the place of one; another word in the place of a word."""
    if word.startswith("$"):
        return rf"(?:\$\S*?\d\S*?|{_NONE})"
    return rf"(?:\S*?\d\S*?|{_NONE})" if any(map(str.isdigit, word)) else r"\S+?"


def _word(pattern: str) -> str:
    """A whole word, with what may stand around it in a sentence."""
    return rf"""["'“(]*{pattern}["'”),.;:]*"""


def _most_alike(expected: ExpectedFact, found: list[str]) -> str:
    """The place that differs in the fewest words; all of them where several do."""
    wanted = page_text(expected.plain, html=False).lower().split()
    same = {now: sum(word in wanted for word in now.lower().split()) for now in found}
    return " or ".join(now for now, words in same.items() if words == max(same.values()))


def _in_feed(expected: ExpectedFact, body: str) -> ComparedFact:
    try:
        feed = json.loads(body, parse_float=Decimal)
    except ValueError:
        return ComparedFact("unreadable", why="cut")
    found = [value for value in at_path(feed, expected.path) if not isinstance(value, dict | list)]
    if not found:
        rows = list(at_path(feed, re.split(r"[.\[]", expected.path.lstrip("["))[0]))
        if expected.path.startswith("[") or rows:
            return ComparedFact("gone", why="named no more")
        return ComparedFact("unreadable", why="layout")
    said = list(dict.fromkeys(_plain(value) for value in found))
    if _plain(expected.value) in said:  # regions have prices of their own
        return ComparedFact("stands")
    numbers = _is_number(said[0]) and _is_number(expected.value) and Decimal(expected.value)
    one = said[0] if len(said) == 1 and numbers else ""
    return ComparedFact("changed", now=f"{expected.path} = {', '.join(said)}", value=one)


def at_path(feed: Any, path: str) -> Iterator[Any]:
    """What a path leads to: `a.b`, `list[key=value].c`, `[a.b]` for one key, `*` for every one."""
    found = [feed]
    for chosen, dotted, plain in _STEP.findall(path):
        key = dotted or plain
        if chosen:
            found = [row for one in found for row in _rows(one) if _fits(row, chosen)]
        elif key == "*":
            found = [row for one in found for row in _rows(one)]
        else:
            found = [one[key] for one in found if isinstance(one, dict) and key in one]
    yield from found


def _rows(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _fits(row: Any, chosen: str) -> bool:
    key, _, value = chosen.partition("=")
    return isinstance(row, dict) and str(row.get(key)) == value


def _is_number(said: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?(e-?\d+)?", said, re.I) is not None


def _plain(value: object) -> str:
    """A figure without trailing zeros; other text as it is."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return f"{number.normalize():f}"
