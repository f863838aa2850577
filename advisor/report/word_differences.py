"""Word differences: which words of two answers only one of them has."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rapidfuzz.distance import LCSseq

from advisor.words import count

MOST_WORDS = 4_000
"""Of each answer; two such answers without a word in common take 30 ms."""
MOST_CHARS = 40_000
"""Shown of each answer."""

# A word with the spaces after it; Chinese and Japanese have no spaces, so each sign is a word.
_SIGN = "぀-ヿ㐀-鿿豈-﫿"
_WORD = re.compile(rf"(?:^\s+)?(?:[{_SIGN}]|[^\s{_SIGN}]+)\s*|^\s+$")
_INNER = re.compile(r"\w(?:.*\w)?", re.DOTALL)


class Piece(NamedTuple):
    """Words in a row that both answers have, or only this one; spaces and line breaks kept."""

    kind: Literal["both", "only"]
    text: str


@dataclass(frozen=True, slots=True)
class Differences:
    """Two answers in pieces; put together again the pieces are the answer, as far as shown."""

    base: tuple[Piece, ...]
    tuned: tuple[Piece, ...]
    note: str = ""
    """What was left out because the answers are long; "" = nothing."""


def word_differences(base: str, tuned: str) -> Differences:
    """The words in which two answers differ, by their longest common subsequence.

    Case and punctuation at a word's edge make no difference. Of long answers the first
    `MOST_CHARS` are shown and the first `MOST_WORDS` compared; the note says so.
    """
    shown = base[:MOST_CHARS], tuned[:MOST_CHARS]
    words = [_WORD.findall(text) for text in shown]
    compared = [found[:MOST_WORDS] for found in words]
    one, other = ([_bare(word) for word in found] for found in compared)
    common: tuple[set[int], set[int]] = (set(), set())
    for step in LCSseq.opcodes(one, other):
        if step.tag == "equal":
            common[0].update(range(step.src_start, step.src_end))
            common[1].update(range(step.dest_start, step.dest_end))
    pieces = [
        _pieces(found, same | set(range(MOST_WORDS, len(found))))
        for found, same in zip(words, common, strict=True)
    ]
    notes = []
    if max(len(base), len(tuned)) > MOST_CHARS:
        notes.append(f"Shown are the first {MOST_CHARS:,} characters of a long answer.")
    if any(len(found) > MOST_WORDS for found in words):
        notes.append(
            f"Compared are the first {count(MOST_WORDS, 'word')}; after them none is marked."
        )
    return Differences(pieces[0], pieces[1], " ".join(notes))


def _bare(word: str) -> str:
    found = _INNER.search(word)
    return found[0].casefold() if found else word.strip()


def _pieces(words: Sequence[str], common: Iterable[int]) -> tuple[Piece, ...]:
    """Neighbours of a kind made one piece."""
    same, found = set(common), list[Piece]()
    for at, word in enumerate(words):
        kind: Literal["both", "only"] = "both" if at in same else "only"
        if found and found[-1].kind == kind:
            found[-1] = Piece(kind, found[-1].text + word)
        else:
            found.append(Piece(kind, word))
    return tuple(found)
