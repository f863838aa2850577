"""Joined: people's votes on some texts and a judge's verdicts on all of them, as one estimate.

Prediction-powered inference (PPI++, Angelopoulos, Duchi and Zrnic 2023), power-tuned: what the
judge says of the many is corrected by how it differs from people on the few that both have seen.
It leans on the judge only as far as the judge earns it, so it is about right whatever the judge is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.evidence.model import Interval, Joined, Preference, WhyNotJoined
from advisor.evidence.people.votes import agreement

LEAST_SHARED = 20
"""Texts that people and the judge must both have seen."""
SIGN: dict[Preference, int] = {"tuned": 1, "base": -1, "tie": 0, "both_bad": 0}
"""What a preference counts, the tuned option's way."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The estimate alone."""

    net: Interval
    """Net preference, (wins - losses) / texts, -1 (base) to 1 (tuned)."""
    error: float
    """Standard error of it."""
    trust: float
    """How far the judge is leaned on, 0 to 1."""


def prediction_powered(
    human: Sequence[float],
    judge_there: Sequence[float],
    judge_elsewhere: Sequence[float],
    alpha: float,
    *,
    trust: float | None = None,
) -> Prediction:
    """The mean of what people would say of all texts, at level 1 - alpha.

    Args:
        human: what people say of a text, -1 to 1.
        judge_there: what the judge says of the same texts, in the same order.
        judge_elsewhere: what it says of the others.
        alpha: 1 - the level of the interval.
        trust: how far the judge is leaned on, 0 to 1; None = as far as makes the estimate exact.
    """
    from scipy.special import ndtri  # a third of a second to load

    y, there = np.asarray(human, dtype=float), np.asarray(judge_there, dtype=float)
    elsewhere = np.asarray(judge_elsewhere, dtype=float)
    n, others = len(y), len(elsewhere)
    if trust is None:
        together = float(np.mean((y - y.mean()) * (there - there.mean())))
        spread = float(np.concatenate([there, elsewhere]).var(ddof=1))
        tuned = together / ((1 + n / others) * spread) if spread else 0.0
        trust = min(1.0, max(0.0, tuned))
    at = float(trust * elsewhere.mean() + (y - trust * there).mean())
    error = float(np.sqrt((trust * elsewhere).var() / others + (y - trust * there).var() / n))
    half = float(ndtri(1 - alpha / 2)) * error
    return Prediction(Interval(at, at - half, at + half), error, trust)


def small_sample_error(
    human: Sequence[float],
    judge_there: Sequence[float],
    judge_elsewhere: Sequence[float],
    trust: float,
) -> float:
    """Standard error of the estimate where few people have voted.

    The published one is that of many votes: of 30 its range holds 92 times in 100 instead of 95. A
    mean and the trust in the judge were both taken from these votes, so two degrees of freedom are
    gone, and the range is Student's.
    """
    y, there = np.asarray(human, dtype=float), np.asarray(judge_there, dtype=float)
    elsewhere = np.asarray(judge_elsewhere, dtype=float)
    n = len(y)
    rectified = float((y - trust * there).var()) / (n - 2)
    imputed = float((trust * elsewhere).var(ddof=1)) / len(elsewhere) if len(elsewhere) > 1 else 0.0
    return float(np.sqrt(rectified + imputed))


def join(
    votes: Mapping[str, Preference], judged: Mapping[str, Preference], alpha: float
) -> Joined | WhyNotJoined:
    """One preference a text from people and from a judge, joined; or why they are not.

    Args:
        votes: by text, of some.
        judged: by text, of those and of others.
        alpha: 1 - the level of the interval.
    """
    from scipy.special import stdtrit  # a third of a second to load

    if not votes or not judged:
        return "no_judge"
    shared = sorted(votes.keys() & judged.keys())
    elsewhere = sorted(judged.keys() - votes.keys())
    if len(shared) < LEAST_SHARED:
        return "few_shared"
    if not elsewhere:
        return "no_more_judged"
    agreed = agreement(votes, judged, LEAST_SHARED)
    if agreed is None or agreed.kappa.value <= 0:
        return "by_chance"
    human = [SIGN[votes[p]] for p in shared]
    there, others = ([float(SIGN[judged[p]]) for p in of] for of in (shared, elsewhere))
    found = prediction_powered(human, there, others, alpha)
    y = np.asarray(human, dtype=float)
    clear, at = float(np.abs(y).mean()), found.net.value
    error = small_sample_error(human, there, others, found.trust)
    if not error or not clear:
        return "by_chance"
    half = float(stdtrit(len(human) - 2, 1 - alpha / 2)) * error
    effective = max(0.0, (clear - at**2) / error**2)
    ahead = min(1.0, max(-1.0, at / clear))
    return Joined(
        net=Interval(at, max(-1.0, at - half), min(1.0, at + half)),
        error=error,
        votes=len(shared),
        judged=len(judged),
        worth=round(float(y.var(ddof=1)) / error**2),
        wins=effective * clear * (1 + ahead) / 2,
        losses=effective * clear * (1 - ahead) / 2,
    )
