"""Split a reply into its reasoning and its answer, whole or while it streams.

Where a tag could also be what the answer is about, it is the answer's: see `data/replies.toml`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Literal

from advisor.llm.kinds import ThinkTag, is_truncated, kinds

_LONGEST_END = 40
"""Characters: more than any mark at the end of a turn has."""
NoAnswer = Literal["thinking", "unclosed", "empty"]
"""Nothing failed, and there is no answer: the limit was spent on reasoning; the reasoning has no
end; nothing came."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A reply's text in its two parts."""

    answer: str
    reasoning: str = ""
    closed: bool = True
    """False: the reasoning has no end, so there is no answer."""


def part(text: str) -> Parted:
    """Tell a whole reply's reasoning from its answer; without any, the text is the answer as it is."""
    text = _without_end(text)
    if not _any_mark().search(text):
        return Parted(text)
    if (channels := _channels(text)) is not None:
        return channels
    thought: list[str] = []
    rest, began, closed = text, False, True
    while (tag := _opens(rest, kinds().think)) is not None:
        inner, found, behind = _divide(rest.lstrip()[len(tag.open) :], tag.close)
        if not found and tag.must_close:
            break
        thought.append(inner)
        rest, began, closed = behind, True, bool(found)
    if began:
        rest = "".join(_middle(rest, thought))
    else:
        before, rest = _end_alone(rest)
        if before is not None:
            thought.append(before)
    if not thought:
        return Parted(text)
    reasoning = "\n\n".join(filter(None, (piece.strip() for piece in thought)))
    return Parted(_without_marks(rest.strip()), reasoning, closed)


def why_none(said: Parted, finish_reason: str | None) -> NoAnswer | None:
    """Why a reply that came to its end is no answer; None = it is one."""
    if said.answer.strip():
        return None
    if is_truncated(finish_reason):
        return "thinking"
    return "empty" if said.closed else "unclosed"


class Splitter:
    """The same while a reply is being written, for the screen and for the time to the first word."""

    def __init__(self) -> None:
        self._held = ""
        """What may yet be the beginning of a block, or of a block's end."""
        self._inside: ThinkTag | None = None
        self._start = True
        """Only blanks and blocks have come so far."""

    def feed(self, piece: str) -> str:
        """Take the next piece in; gives what of it belongs to the answer, as far as can be told."""
        if not self._start and self._inside is None:
            return piece
        self._held += piece
        while True:
            if self._inside is not None:
                _, found, behind = _divide(self._held, self._inside.close)
                if not found:
                    keep = len(self._inside.close) - 1
                    self._held = self._held[-keep:] if keep else ""
                    return ""
                self._held, self._inside = behind, None
                continue
            plain = self._held.lstrip()
            if (tag := _opens(plain, _while_written())) is not None:
                self._held, self._inside = plain[len(tag.open) :], tag
                continue
            if not plain or _may_open(plain):
                return ""
            self._held, self._start = "", False
            return plain


def _opens(text: str, tags: Iterable[ThinkTag]) -> ThinkTag | None:
    """The block that a text begins with."""
    begun = text.lstrip()[: _longest()].lower()
    return next((tag for tag in tags if begun.startswith(tag.open)), None)


@cache
def _spelt() -> tuple[ThinkTag, ...]:
    """Tags that are a mark by themselves."""
    return tuple(tag for tag in kinds().think if not tag.must_close)


@cache
def _while_written() -> tuple[ThinkTag, ...]:
    """The same, and the channels before the answer's own as one block."""
    marks = kinds().channels
    return (*_spelt(), ThinkTag(open=marks.begin, close=marks.answer[0] + marks.message))


def _may_open(text: str) -> bool:
    """Whether more of the text could make it begin with a block."""
    begun = text[: _longest()].lower()
    return any(tag.open.startswith(begun) for tag in _while_written())


@cache
def _longest() -> int:
    return max(len(tag.open) for tag in kinds().think)


@cache
def _any_mark() -> re.Pattern[str]:
    """Whether it is worth looking at all: hardly any reply holds one."""
    marks = chain((kinds().channels.begin,), *((tag.open, tag.close) for tag in _spelt()))
    worded = (rf"\A\s*{re.escape(tag.open)}" for tag in kinds().think if tag.must_close)
    return re.compile("|".join(chain(map(re.escape, marks), worded)), re.I)


def _divide(text: str, mark: str) -> tuple[str, str, str]:
    """As `str.partition`, in whichever case the mark stands."""
    found = re.search(re.escape(mark), text, re.I)
    if found is None:
        return text, "", ""
    return text[: found.start()], found[0], text[found.end() :]


def _middle(text: str, thought: list[str]) -> Iterator[str]:
    """The answer of a reply that began with a block, without further blocks within it."""
    opened = "|".join(re.escape(tag.open) for tag in _spelt())
    at = 0
    for found in re.finditer(rf"^[ \t]*({opened})", text, re.I | re.M):
        tag = next(tag for tag in _spelt() if tag.open == found[1].lower())
        inner, closed, behind = _divide(text[found.end() :], tag.close)
        if found.start() < at or not closed or _in_code(text[: found.start()]):
            continue
        yield text[at : found.start()]
        thought.append(inner)
        at = len(text) - len(behind)
    yield text[at:]


def _end_alone(text: str) -> tuple[str | None, str]:
    """What stands before an end without a beginning, and behind it; None = there is none."""
    for tag in kinds().think:
        if not tag.ends_alone:
            continue
        before, found, behind = _divide(text, tag.close)
        if found and tag.open not in before.lower() and not _in_code(before):
            return before, behind
    return None, text


def _in_code(before: str) -> bool:
    """Whether a place is within a code block or a code word, by what stands before it."""
    return before.count("```") % 2 == 1 or before.rpartition("\n")[2].count("`") % 2 == 1


def _channels(text: str) -> Parted | None:
    """A reply in channels; None = it is in none."""
    marks = kinds().channels
    start = re.match(rf"\s*(?:<\|start\|>\s*assistant\s*)?{re.escape(marks.begin)}", text)
    if start is None:
        return None
    ends = "|".join(map(re.escape, (*marks.ends, marks.begin)))
    answer: list[str] = []
    thought: list[str] = []
    calls: list[dict[str, object]] = []
    for said in text.split(marks.begin)[1:]:
        name, found, content = said.partition(marks.message)
        content = re.split(ends, content, maxsplit=1)[0] if found else ""
        words = name.split()
        if tool := next((word for word in words if word.startswith(marks.called)), None):
            calls.append(called(tool.removeprefix(marks.called).partition("<")[0], content.strip()))
            continue
        into = answer if words and words[0].lower() in marks.answer else thought
        into.append(content.strip())
    said_last = "\n\n".join(filter(None, answer)) or (json.dumps(calls) if calls else "")
    return Parted(said_last, "\n\n".join(filter(None, thought)), bool(answer or calls))


def called(name: str, arguments: str) -> dict[str, object]:
    """A call of a tool, as an answer holds it."""
    try:
        return {"name": name, "arguments": json.loads(arguments or "{}")}
    except (ValueError, RecursionError):
        return {"name": name, "arguments": arguments}


def _without_end(text: str) -> str:
    """The text without marks that end a turn."""
    ends = kinds().answer.ends
    while (last := (said := text.rstrip())[-_LONGEST_END:].lower()).endswith(ends):
        mark = next(end for end in ends if last.endswith(end))
        text = said[: -len(mark)].rstrip()
    return text


def _without_marks(answer: str) -> str:
    for begin, end in kinds().answer.marks:
        if answer.lower().startswith(begin):
            inner, _, behind = _divide(answer[len(begin) :], end)
            if not behind.strip():
                return inner.strip()
    return answer
