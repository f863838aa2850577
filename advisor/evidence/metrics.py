"""Metrics: what a program can say about an answer beside its reference.

To add one, decorate a function of (answer, reference) with `@metric`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from advisor.errors import AdvisorError
from advisor.evidence.model import Preference

Score = Callable[[str, str], float]
"""(answer, reference) to a score, 0 to 1; more is better."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A score by name, and the difference that counts as a win."""

    key: str
    title: str
    win_by: float
    """A difference of no more than this is a tie."""
    score: Score

    def preference(self, base: float, tuned: float) -> Preference:
        """Which of two scores wins."""
        if abs(tuned - base) <= self.win_by:
            return "tie"
        return "tuned" if tuned > base else "base"


METRICS: dict[str, Metric] = {}


def metric(title: str, *, win_by: float) -> Callable[[Score], Score]:
    """List the decorated function in `METRICS`, by its name."""

    def register(score: Score) -> Score:
        key = score.__name__
        METRICS[key] = Metric(key, title, win_by, score)
        return score

    return register


def find_metric(key: str) -> Metric:
    """The metric of this name.

    Raises:
        AdvisorError: there is none.
    """
    if key not in METRICS:
        raise AdvisorError(f'There is no metric "{key}". Choose one of: {", ".join(METRICS)}.')
    return METRICS[key]


@metric("ROUGE-1", win_by=0.01)
def rouge1(answer: str, reference: str) -> float:
    """Overlap of single words, F measure (Lin 2004), on Porter stems as in most papers."""
    return float(_rouge1().score(reference, answer)["rouge1"].fmeasure)


@metric("Exact match", win_by=0.0)
def exact_match(answer: str, reference: str) -> float:
    """1 where both texts are the same but for case and spacing, as for a label."""
    return float(answer.casefold().split() == reference.casefold().split())


class _Words:
    """rouge-score's tokens, in any script, with each stem worked out once.

    rouge-score itself drops every letter outside a to z; on plain English both give the same.
    """

    # A run of letters and digits; Chinese and Japanese have no spaces, so each sign is a word.
    _WORD = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]|[^\W_぀-ヿ㐀-鿿豈-﫿]+")

    def __init__(self) -> None:
        from nltk.stem.porter import PorterStemmer  # type: ignore[import-untyped]

        self._stem = lru_cache(maxsize=100_000)(PorterStemmer().stem)

    def tokenize(self, text: str) -> list[str]:
        words = self._WORD.findall(text.lower())
        return [self._stem(word) if len(word) > 3 else word for word in words]


@cache
def _rouge1():  # type: ignore[no-untyped-def]  # rouge_score has no types
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(["rouge1"], tokenizer=_Words())
