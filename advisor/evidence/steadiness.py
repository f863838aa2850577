"""Steadiness: how often an option contradicts itself when it is asked the same thing again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from advisor.evidence.metrics.tokens import words


@dataclass(frozen=True, slots=True)
class Steadiness:
    """One option's answers to the same texts, several times over."""

    texts: int
    """Answered more than once."""
    unsteady: int
    """Texts it did not answer the same way each time."""
    by: Literal["right", "wording"]
    """right: once right and once wrong; wording: in other words, which need not be another
    answer."""


def steadiness(
    answers: Mapping[str, Sequence[str]], right: Mapping[str, Sequence[bool]] | None = None
) -> Steadiness | None:
    """How often one option contradicts itself; None: each text was asked once, so nobody knows.

    Args:
        answers: by text, one per sample.
        right: by text, whether each sample is right, where an answer can be right or wrong.
    """
    if right:
        again = {p: said for p, said in right.items() if len(said) > 1}
        if again:
            unsteady = sum(len(set(said)) > 1 for said in again.values())
            return Steadiness(len(again), unsteady, "right")
    several = {p: said for p, said in answers.items() if len(said) > 1}
    if not several:
        return None
    unsteady = sum(len({tuple(words(text)) for text in said}) > 1 for said in several.values())
    return Steadiness(len(several), unsteady, "wording")
