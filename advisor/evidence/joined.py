"""Joined: people's votes on some texts and a judge's verdicts on all of them, as one estimate.

Prediction-powered inference (PPI++, Angelopoulos, Duchi and Zrnic 2023), power-tuned: what the
judge says of the many is corrected by how it differs from people on the few that both have seen.
It leans on the judge only as far as the judge earns it, so it is about right whatever the judge is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from advisor.evidence.model import Interval, Preference
from advisor.evidence.people.votes import agreement

LEAST_SHARED = 20
"""Texts that people and the judge must both have seen."""
SIGN: dict[Preference, int] = {"tuned": 1, "base": -1, "tie": 0, "both_bad": 0}
"""What a preference counts, the tuned option's way."""
WhyNotJoined = Literal["no_judge", "few_shared", "no_more_judged", "by_chance"]
"""no judge was asked or no vote given; too few texts seen by both; the judge has seen no others;
the two agree no better than chance."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The estimate alone."""

    net: Interval
    """Net preference, (wins - losses) / texts, -1 (base) to 1 (tuned)."""
    error: float
    """Standard error of it."""
    trust: float
    """How far the judge is leaned on, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Votes and a judge together."""

    net: Interval
    """Net preference, (wins - losses) / texts, -1 (base) to 1 (tuned)."""
    error: float
    votes: int
    """Texts that people and the judge both have seen."""
    judged: int
    """All texts the judge has seen."""
    worth: int
    """Votes that would be as exact alone."""
    wins: float
    losses: float
    """What the estimate amounts to in clear choices."""


def prediction_powered(
    human: Sequence[float],
    judge_there: Sequence[float],
    judge_elsewhere: Sequence[float],
    alpha: float = 0.05,
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


def join(
    votes: Mapping[str, Preference], judged: Mapping[str, Preference], alpha: float = 0.05
) -> Joined | WhyNotJoined:
    """One preference a text from people and from a judge, joined; or why they are not.

    Args:
        votes: by text, of some.
        judged: by text, of those and of others.
        alpha: 1 - the level of the interval.
    """
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
    found = prediction_powered(
        human, [SIGN[judged[p]] for p in shared], [SIGN[judged[p]] for p in elsewhere], alpha
    )
    y = np.asarray(human, dtype=float)
    clear, at = float(np.abs(y).mean()), found.net.value
    if not found.error or not clear:
        return "by_chance"
    effective = max(0.0, (clear - at**2) / found.error**2)
    ahead = min(1.0, max(-1.0, at / clear))
    return Joined(
        net=Interval(at, max(-1.0, found.net.low), min(1.0, found.net.high)),
        error=found.error,
        votes=len(shared),
        judged=len(judged),
        worth=round(float(y.var()) / found.error**2),
        wins=effective * clear * (1 + ahead) / 2,
        losses=effective * clear * (1 - ahead) / 2,
    )
