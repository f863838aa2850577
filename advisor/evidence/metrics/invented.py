"""Invented: numbers and names in an answer that neither its text nor the approved answer has."""

import re
from collections.abc import Iterator
from functools import lru_cache

from advisor.evidence.metrics.numbers import claimed, heard
from advisor.evidence.metrics.registry import metric
from advisor.evidence.metrics.tokens import stems, words

_TITLED = re.compile(r"\b(?:mr|mrs|ms|miss|dr|prof)\b\.? ?((?-i:[A-Z])?[a-z'’-]{2,})", re.I)
_CAPITAL = re.compile(r"[A-Z][a-z]+(?:(?:['’-][A-Z]?|[A-Z])[a-z]+)*")
_NAME = re.compile(rf"(?<!\w){_CAPITAL.pattern}(?: {_CAPITAL.pattern})*(?!\w)")
_LABEL_FOLLOWS = re.compile(r" ?(?:[a-z]+ ){0,2}[a-z]*:")  # "Pending Urine culture:"
_LABEL = re.compile(r"^[^\w\n]*+(?:[\w/'’-]+ ){0,5}[\w/'’-]+ ?:", re.M)  # "Medical Reasoning:"
_LONGEST_TITLE = 8  # with the full stop after it and the sign before it
_TITLE = re.compile(r"(mr|mrs|ms|miss|dr|prof)", re.I)
_ENGLISH = frozenset({"the", "of", "and", "to", "is", "with", "for", "that", "has", "on", "my"})
_LEAST_ENGLISH = 0.04  # English prose has some 20 % of these, terse notes 8 %, German hardly any
_CALENDAR = re.compile(
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"(mon|tues|wednes|thurs|fri|satur|sun)day",
    re.I,
)


@metric(
    "Invented names and numbers",
    "How many names and numbers in the answer are in neither the text nor the approved answer.",
    better="lower",
    needs=("sources",),
    unit="count",
)
def invented(answer: str, sources: tuple[str, ...]) -> float:
    """Different names and numbers, from 0; English. An empty or copied answer invents nothing.

    On 40 answers it was not written for: precision 0.89, recall 0.91 (tests/evidence/data).
    """
    return float(len(invented_items(answer, sources)))


def invented_items(answer: str, sources: tuple[str, ...]) -> tuple[str, ...]:
    """The names and numbers themselves, as the answer writes them, each once.

    A number is known where a source has its value in digits or English words, read in any way. A
    name is capitalised within a sentence, or follows a title; it is known where the sources have
    all its words. Names are read in English only: in German every noun is capitalised.

    Not seen: a name that stands only at the head of a sentence, a wrong use of a known number.
    Wrongly seen: a number that follows from others (a week is 7 days).
    """
    known_numbers = frozenset().union(*map(heard, sources))
    known_words = frozenset().union(*map(_known, sources))
    found: dict[str, str] = {}
    for written, value in claimed(answer):
        if value not in known_numbers:
            found.setdefault(value, written)
    for name in _names(answer) if _capitals_mean_names(answer, sources) else ():
        if not all(_is_known(word, known_words) for word in words(name)):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def _capitals_mean_names(answer: str, sources: tuple[str, ...]) -> bool:
    """English, or too little text to tell."""
    said = [word for text in (answer, *sources) for word in words(text)]
    return len(said) < 30 or sum(word in _ENGLISH for word in said) >= _LEAST_ENGLISH * len(said)


def _names(answer: str) -> Iterator[str]:
    """Capitalised words within sentences, side by side, and what follows a title."""
    for titled in _TITLED.finditer(answer):
        yield titled[1]
    lower = {word for word in re.findall(r"\w+", answer) if word.islower()}
    for line in answer.split("\n"):
        if _heading(line):
            continue
        body = _LABEL.sub(lambda label: "." * len(label[0]), line)
        for run in _NAME.finditer(body):
            if _LABEL_FOLLOWS.match(body, run.end()):
                continue
            name = _cut(run[0], at_start=_at_start(body, run.start()), lower=lower)
            if name:
                yield name


def _cut(run: str, *, at_start: bool, lower: set[str]) -> str:
    """The run without titles, days and ordinary words; "" where nothing says it is a name."""
    parts = [part for part in run.split() if not _TITLE.fullmatch(part)]
    if at_start and parts and (len(parts) == 1 or parts[0].lower() in lower):
        parts = parts[1:]
    ordinary = [part.lower() in lower or bool(_CALENDAR.fullmatch(part)) for part in parts]
    return "" if all(ordinary) else " ".join(parts)


def _at_start(text: str, position: int) -> bool:
    """A sentence, a bullet or a quotation begins here, so the capital says nothing."""
    end = position
    while end and text[end - 1] == " ":
        end -= 1
    before = text[max(0, end - _LONGEST_TITLE) : end]  # not all of it: a line may hold many names
    if re.search(r"\b(?:mr|mrs|ms|miss|dr|prof)\.$", before, re.I):
        return False
    return not before or not (before[-1].isalnum() or before[-1] in ",%'’")


def _heading(line: str) -> bool:
    """A short line, mostly capitalised, without a full stop."""
    parts = re.findall(r"[^\W\d_]+", line)
    capital = sum(part[0].isupper() for part in parts)
    return len(parts) <= 6 and 2 * capital > len(parts) and not line.rstrip().endswith(".")


@lru_cache(maxsize=1_000)
def _known(source: str) -> frozenset[str]:
    return frozenset(words(source)) | frozenset(stems(source))


def _is_known(word: str, known: frozenset[str]) -> bool:
    return len(word) < 2 or word in known or stems(word)[0] in known
