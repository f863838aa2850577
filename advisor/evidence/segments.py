"""Segments: whether some kind of text goes another way than the rest; and rates by traffic."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from advisor.evidence.model import Interval, Preference
from advisor.evidence.paired import holm
from advisor.evidence.statistics import wilson


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One kind of text."""

    segment: str
    wins: int
    """Texts that went to the tuned option."""
    losses: int
    ties: int
    """No clear choice, both bad included."""
    win_rate: Interval | None
    """Of clear choices, at a level that makes up for how many segments there are (Holm); None
    where there are too few."""
    p_holm: float
    """That it goes the way the rest goes, corrected likewise; 1 where too few to tell."""
    differs: bool
    """It goes another way than the rest, beyond what chance would do."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """Rates by the share of traffic each text stands for."""

    win_rate: Interval | None
    """Of clear choices; None where there is none."""
    difference: float
    """(wins - losses) / texts."""
    effective: float
    """Texts of equal weight that would be as exact."""


def by_segment(
    preferences: Mapping[str, Preference],
    segment_of: Mapping[str, str],
    *,
    clear_choices: int,
    alpha: float,
) -> tuple[SegmentRow, ...]:
    """Wins by segment, those with most texts first; () where there are fewer than two segments.

    Args:
        preferences: one per scored text.
        segment_of: of the texts that have one; the others are in no row.
        clear_choices: below so many no rate is given and no difference told.
        alpha: 1 - the level of the intervals, all together.
    """
    found: dict[str, list[Preference]] = {}
    for prompt_id, said in preferences.items():
        if prompt_id in segment_of:
            found.setdefault(segment_of[prompt_id], []).append(said)
    if len(found) < 2:
        return ()
    counts = {s: (said.count("tuned"), said.count("base")) for s, said in found.items()}
    all_wins, all_losses = (sum(c[i] for c in counts.values()) for i in (0, 1))
    told = [s for s, (w, lost) in counts.items() if w + lost >= clear_choices]
    against = {s: (all_wins - counts[s][0], all_losses - counts[s][1]) for s in told}
    p = {s: _exact(counts[s], against[s]) for s in told if sum(against[s]) >= clear_choices}
    corrected = dict(zip(p, holm(list(p.values())), strict=True))
    rank = {s: i for i, s in enumerate(sorted(p, key=lambda s: (p[s], s)))}
    rows = [
        SegmentRow(
            segment,
            wins,
            losses,
            len(found[segment]) - wins - losses,
            wilson(wins, wins + losses, alpha / (len(told) - rank.get(segment, 0)))
            if segment in told
            else None,
            corrected.get(segment, 1.0),
            corrected.get(segment, 1.0) <= alpha,
        )
        for segment, (wins, losses) in counts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.wins + row.losses + row.ties), row.segment)))


def _exact(one: tuple[int, int], rest: tuple[int, int]) -> float:
    from scipy.stats import fisher_exact

    return float(fisher_exact(np.array([one, rest])).pvalue)


def weighted(
    preferences: Mapping[str, Preference], weight_of: Mapping[str, float], alpha: float
) -> Weighted | None:
    """Rates by share of traffic; None where no text has a weight.

    A text without a weight has the mean of those that have one. The interval is Wilson's at as many
    texts as the weights are worth (Kish): the more unequal they are, the fewer.
    """
    given = [weight_of[p] for p in preferences if p in weight_of]
    if not given or not math.fsum(given):
        return None
    usual = math.fsum(given) / len(given)
    weight = {p: weight_of.get(p, usual) for p in sorted(preferences)}
    total = math.fsum(weight.values())
    won = math.fsum(w for p, w in weight.items() if preferences[p] == "tuned")
    lost = math.fsum(w for p, w in weight.items() if preferences[p] == "base")
    clear = [w for p, w in weight.items() if preferences[p] in ("tuned", "base")]
    rate = None
    if won + lost:
        worth = math.fsum(clear) ** 2 / math.fsum(w * w for w in clear)
        rate = _wilson_of_share(won / (won + lost), worth, alpha)
    kish = total**2 / math.fsum(w * w for w in weight.values())
    return Weighted(rate, (won - lost) / total, kish)


def _wilson_of_share(share: float, worth: float, alpha: float) -> Interval:
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(share * worth, worth, alpha=alpha, method="wilson")
    return Interval(share, float(low), float(high))
