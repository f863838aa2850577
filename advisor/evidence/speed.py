"""Whether an option answers fast enough: so many seconds for 95 of 100 texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from advisor.case.options import OptionId
from advisor.evidence.model import Output

SHARE = 0.95
"""Of the texts that must be answered in time."""
LEAST_OVER = 5
"""Slow answers that rule out at least: the first ones may have waited for a model to be loaded."""
SpeedWord = Literal["met", "out", "open"]
"""open: the answers measured can't tell."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How long the slowest of an option's answers take, beside what was asked for."""

    word: SpeedWord
    limit_s: float
    over: int
    """Answers that took longer."""
    of: int
    """Answers timed."""
    p95_s: float | None
    """95 of 100 answers take no longer; None = nothing was timed."""
    low_s: float | None
    """Its likely range, 95 %, whatever the times look like; None = too few answers to say."""
    high_s: float | None
    at_once: int
    """Answers in flight at most while it was measured."""


def speed_of(seconds: Sequence[float], limit_s: float, at_once: int, alpha: float) -> Speed:
    """What the times of an option's answers say of a limit.

    Out, where so many over the limit would be rare (at 1 in 20) if 95 of 100 kept to it: 5 of 30, 10
    of 100. Met, where so few would be rare if 95 of 100 did not: 0 of 60, 1 of 100. Both by the
    exact binomial, one-sided.

    Args:
        seconds: of each answer, in any order.
        limit_s: within which 95 of 100 must come.
        at_once: answers in flight at most.
        alpha: how rare is rare, and 1 - the level of the range.
    """
    from scipy.stats import binom

    n, over = len(seconds), sum(took > limit_s for took in seconds)
    word: SpeedWord = "open"
    if over >= LEAST_OVER and binom.sf(over - 1, n, 1 - SHARE) <= alpha:
        word = "out"
    elif n and binom.cdf(over, n, 1 - SHARE) <= alpha:
        word = "met"
    p95, low, high = _p95(seconds, alpha)
    return Speed(word, limit_s, over, n, p95, low, high, at_once)


def seconds_of(outputs: Iterable[Output], option: OptionId) -> list[float]:
    """How long each of an option's answers took, as far as that was timed here."""
    return [
        output.latency_ms / 1000
        for output in outputs
        if output.arm == option and output.outcome == "answered" and output.latency_ms is not None
    ]


def _p95(seconds: Sequence[float], alpha: float) -> tuple[float | None, float | None, float | None]:
    """The 95th percentile with its interval by order statistics (Conover 1999, 3.2)."""
    from math import isnan

    import numpy as np
    from scipy.stats import quantile_test

    if not seconds:
        return None, None, None
    within: Any = quantile_test(seconds, p=SHARE).confidence_interval(1 - alpha)
    low, high = (None if isnan(one) else float(one) for one in (within.low, within.high))
    return float(np.quantile(seconds, SHARE, method="inverted_cdf")), low, high
