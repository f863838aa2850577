"""Length: whether the option ahead may be ahead because its answers are longer.

A judge and a measure of shared words reward length; people and a measure of what is right do not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.evidence.model import Interval, Preference
from advisor.evidence.notes import NoFit
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.statistics import sign_test

_MOST_STEPS = 35  # of Newton's method; a fit that settles at all takes about six
_SETTLED = 1e-8


@dataclass(frozen=True, slots=True)
class LengthControl:
    """The win rate at equal length, or why there is none. A note: no word turns on it."""

    win_rate: Interval | None
    why_not: NoFit | None = None


def may_explain(
    side: Preference,
    preferences: Mapping[str, Preference],
    mine: Mapping[str, float],
    other: Mapping[str, float],
    rules: EvidenceRules,
) -> bool:
    """Whether length may explain that `side` is ahead.

    Its answers are clearly longer on average, and it does not lead on the texts where its answer is
    the shorter one or hardly longer.

    Args:
        side: the side ahead.
        preferences: one per scored prompt.
        mine: mean length of that side's answers by scored prompt, characters.
        other: of the other side's.
        rules: thresholds.
    """
    texts = sorted(preferences)
    if _times(sum(mine[p] for p in texts), sum(other[p] for p in texts)) < rules.longer_times:
        return False
    level = [p for p in texts if _times(mine[p], other[p]) <= rules.near_times]
    wins = sum(preferences[p] == side for p in level)
    losses = sum(preferences[p] in ("base", "tuned") for p in level) - wins
    leads = wins > losses and wins + losses >= rules.clear_choices
    return not (leads and sign_test(wins, losses) < rules.alpha)


def _times(one: float, other: float) -> float:
    """How many times as long; two empty answers are equally long."""
    return one / other if other else (float("inf") if one else 1.0)


def at_equal_length(
    tuned_won: Sequence[bool],
    tuned_chars: Sequence[float],
    base_chars: Sequence[float],
    rules: EvidenceRules,
) -> LengthControl:
    """Win rate of tuned if both answers were equally long, one entry per clear choice.

    expit(intercept) of a logistic fit of winning on tanh(difference / sd): AlpacaEval-LC
    (Dubois et al. 2024) without its term for the difficulty of a prompt. It says nothing where
    hardly a text comes near equal length: there it would be guessed from texts that are far off.
    """
    from scipy.special import expit, ndtri  # a third of a second to load

    won = np.asarray(tuned_won, dtype=float)
    difference = np.asarray(tuned_chars, float) - np.asarray(base_chars, float)
    if len(won) < rules.length_choices:
        return LengthControl(None, "few_choices")
    if won.min() == won.max():
        return LengthControl(None, "one_sided")
    pairs = zip(tuned_chars, base_chars, strict=True)
    if sum(_times(*sorted(pair, reverse=True)) <= rules.near_times for pair in pairs) < (
        rules.clear_choices
    ):
        return LengthControl(None, "none_near")
    if (sd := float(difference.std(ddof=1))) == 0:
        return LengthControl(None, "all_alike")
    x = np.tanh(difference / sd)
    lost_x, won_x = x[won == 0], x[won == 1]
    if lost_x.max() <= won_x.min() or won_x.max() <= lost_x.min():
        return LengthControl(None, "separated")
    fitted = _intercept(x, won)
    if fitted is None:
        return LengthControl(None, "not_settled")
    at, error = fitted
    half = float(ndtri(1 - rules.alpha / 2)) * error
    return LengthControl(
        Interval(float(expit(at)), float(expit(at - half)), float(expit(at + half)))
    )


def _intercept(x: np.ndarray, won: np.ndarray) -> tuple[float, float] | None:
    """Intercept of a logistic fit with its standard error, by Newton's method; None = no fit.

    By hand, as a library says on the terminal what it can't fit, or raises it.
    """
    from scipy.special import expit  # a third of a second to load

    design = np.column_stack([np.ones_like(x), x])
    at = np.zeros(2)
    try:
        for _ in range(_MOST_STEPS):
            rate = expit(design @ at)
            curvature = design.T @ (design * (rate * (1 - rate))[:, None])
            step = np.linalg.solve(curvature, design.T @ (won - rate))
            at = at + step
            if np.abs(step).max() < _SETTLED:
                variance = float(np.linalg.inv(curvature)[0, 0])
                settled = np.isfinite(at).all() and 0 < variance < np.inf
                return (float(at[0]), variance**0.5) if settled else None
    except np.linalg.LinAlgError:
        pass
    return None
