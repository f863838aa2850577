"""Likelihood: the chance that fine-tuning is the right call, before a test and after it."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """What a test showed, in clear choices; not whole numbers where texts of a case count for less."""

    wins: float = 0.0
    """For fine-tuned."""
    losses: float = 0.0

    @classmethod
    def of_cases(cls, wins: int, losses: int, design_effect: float) -> "Seen":
        """Scale counted texts: several of one case are worth less than as many single ones."""
        return cls(wins / design_effect, losses / design_effect)


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The chance that fine-tuning is the right call, 0 to 1."""

    before: float
    """By the reader's answers and by practice."""
    after: float
    """With what the test showed; the same where no test counts."""
    seen: Seen | None = None
    """What it was changed by; None = no test counts."""

    @property
    def tested(self) -> bool:
        """Whether a test counts in it."""
        return self.seen is not None


def before_a_test(score: float, slope: float) -> float:
    """The chance by a lean of -100 to 100."""
    return 1 / (1 + math.exp(-slope * score))


def likelihood(score: float, seen: Seen | None, slope: float, prior: float) -> Likelihood:
    """Odds before the test times the odds that more than half of all clear choices are tuned's.

    Args:
        score: of the lean, -100 to 100.
        seen: the test's clear choices; None = none that counts.
        slope: of the chance along the lean.
        prior: clear choices on either side that the test starts from, as most differences are small.
    """
    from scipy.special import betainc  # a third of a second to load

    before = before_a_test(score, slope)
    if seen is None:
        return Likelihood(before, before)
    below = float(betainc(seen.wins + prior, seen.losses + prior, 0.5))
    above = float(betainc(seen.losses + prior, seen.wins + prior, 0.5))
    odds = before * above
    return Likelihood(before, odds / (odds + (1 - before) * below), seen)
