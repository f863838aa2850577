"""Tests and intervals for preferences: which function of scipy or statsmodels answers what.

A win is a prompt that went to the tuned arm, a loss one that went to the base arm; both are clear
choices. statsmodels and scipy.stats are imported where they are used: each takes most of a second,
and a worker or a command may need neither.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

import numpy as np
from scipy.special import betaln

from advisor.case.order import random_order
from advisor.evidence.model import Interval, Preference, Tally

_LARGEST_LOG = 700.0  # e to this still fits a float, so an e-value never becomes infinite
_MOST_CLEAR_CHOICES = 20_000


@lru_cache(maxsize=4096)
def sign_test(wins: int, losses: int) -> float:
    """Exact two-sided p-value that wins and losses are equally likely; for one look only.

    Raises:
        ValueError: there is no clear choice.
    """
    from scipy.stats import binomtest

    return float(binomtest(wins, wins + losses, 0.5).pvalue)


@lru_cache(maxsize=4096)
def wilson(successes: int, n: int, alpha: float = 0.05) -> Interval:
    """Share of successes, 0 to 1, with its Wilson interval at level 1 - alpha; n at least 1."""
    from scipy.stats import binomtest

    interval = binomtest(successes, n).proportion_ci(1 - alpha, method="wilson")
    return Interval(successes / n, float(interval.low), float(interval.high))


def e_value(wins: int, losses: int) -> float:
    """Evidence against "no difference" that may be looked at after every prompt; 1 = none.

    Beta-binomial mixture with a uniform prior on the win rate:
    exp(betaln(w + 1, l + 1) + (w + l) ln 2).
    """
    return math.exp(min(float(_log_e(np.array([wins]), wins + losses)[0]), _LARGEST_LOG))


def running_e_max(preferences: Mapping[str, Preference], seed: int) -> float:
    """Largest e-value met while going through the prompts in random order; at least 1."""
    said = np.array([preferences[prompt_id] for prompt_id in random_order(preferences, seed)])
    wins, losses = np.cumsum(said == "tuned"), np.cumsum(said == "base")
    highest = float(_log_e(wins, wins + losses).max(initial=0.0))
    return math.exp(min(highest, _LARGEST_LOG))


def mean_interval(
    differences: Sequence[float], clusters: Sequence[str] | None = None, alpha: float = 0.05
) -> Interval | None:
    """Mean with its t interval at level 1 - alpha, one difference per prompt.

    Without clusters the paired t interval. With them cluster-robust (Miller 2024) with
    clusters - 1 degrees of freedom, which matters below about 20 clusters. None: fewer than
    two prompts, or a single cluster, which says nothing about other cases.
    """
    d = np.asarray(differences, dtype=float)
    groups = np.unique(np.asarray(clusters), return_inverse=True)[1] if clusters else None
    units = len(d) if groups is None else len(set(groups.tolist()))
    if min(len(d), units) < 2:
        return None
    if groups is None or units == len(d):
        from statsmodels.stats.weightstats import DescrStatsW

        low, high = DescrStatsW(d).tconfint_mean(alpha)
        return Interval(float(d.mean()), float(low), float(high))
    import statsmodels.api as sm
    from scipy.stats import t as student

    fit = sm.OLS(d, np.ones(len(d))).fit(cov_type="cluster", cov_kwds={"groups": groups})
    half = float(student.ppf(1 - alpha / 2, units - 1)) * float(fit.bse[0])
    return Interval(float(d.mean()), float(d.mean()) - half, float(d.mean()) + half)


def tost_interval(
    differences: Sequence[float], clusters: Sequence[str] | None = None, alpha: float = 0.05
) -> Interval | None:
    """The interval at level 1 - 2 alpha: inside the margin exactly when TOST says "no difference".

    Differences are 1 (tuned), -1 (base) or 0; their mean is (wins - losses) / prompts.
    """
    interval = mean_interval(differences, clusters, 2 * alpha)
    if interval is None:
        return None
    return Interval(interval.value, max(-1.0, interval.low), min(1.0, interval.high))


def least_wins(clear_choices: int, alpha: float = 0.05) -> int | None:
    """Fewest wins with sign-test p <= alpha, one look; None = not even all of them."""
    wins = range(clear_choices // 2, clear_choices + 1)
    return next((w for w in wins if w and sign_test(w, clear_choices - w) <= alpha), None)


def least_wins_any_look(clear_choices: int, e_needed: float) -> int | None:
    """Fewest wins with e-value >= e_needed, however often one looks; None = not even all."""
    wins = range((clear_choices + 1) // 2, clear_choices + 1)
    return next((w for w in wins if e_value(w, clear_choices - w) >= e_needed), None)


@cache
def clear_choices_needed(win_rate: float, e_needed: float, power: float) -> int | None:
    """Clear choices after which a true `win_rate` has been settled with the chance `power`.

    Exact: the chance that the e-value, looked at after every clear choice, has reached
    `e_needed` on the right side. It never falls as choices are added, so it does not zigzag.
    None = more than 20,000. `win_rate` above 0.5, up to 1.
    """
    for clear_choices, settled in enumerate(_settled(win_rate, e_needed), start=1):
        if settled >= power:
            return clear_choices
    return None


@cache
def what_texts_can_prove(
    texts: int,
    tie_rate: float = 0.0,
    *,
    e_needed: float,
    power: float,
    least_scored: int,
) -> float | None:
    """Smallest true win rate, in hundredths, that so many texts settle with the chance `power`.

    None: so few that not even a tuned arm that always wins would be settled, or fewer than may
    decide.
    """
    if texts < least_scored:
        return None
    clear_choices = math.floor(texts * (1 - tie_rate) + 1e-9)
    smallest = None
    for hundredths in range(100, 50, -1):  # the closer to 0.5, the longer the search
        needed = clear_choices_needed(hundredths / 100, e_needed, power)
        if needed is None or needed > clear_choices:
            break
        smallest = hundredths / 100
    return smallest


def n_more(
    win_rate: float,
    tally: Tally,
    least_scored: int,
    e_needed: float,
    power: float,
) -> int | None:
    """Prompts still to bring to settle `win_rate`, at the tie rate seen so far; 0 = enough.

    None: nothing but ties so far, or more than 20,000 clear choices would be needed.
    """
    needed = clear_choices_needed(win_rate, e_needed, power)
    if needed is None or (tally.scored and not tally.decisive):
        return None
    prompts = math.ceil(needed * tally.scored / tally.decisive) if tally.scored else needed
    return max(0, max(prompts, least_scored) - tally.scored)


def _log_e(wins: np.ndarray, clear_choices: np.ndarray | int) -> np.ndarray:
    return np.asarray(betaln(wins + 1, clear_choices - wins + 1) + clear_choices * math.log(2))


def _settled(win_rate: float, e_needed: float) -> Iterator[float]:
    """Chance to have reached `e_needed` on the winning side after 1, 2, ... clear choices."""
    lowest, alive, settled = 0, np.array([1.0]), 0.0  # alive[i]: not stopped, lowest + i wins
    for clear_choices in range(1, _MOST_CLEAR_CHOICES + 1):
        alive = np.append(alive * (1 - win_rate), 0.0) + np.append(0.0, alive * win_rate)
        wins = lowest + np.arange(len(alive))
        stopped = _log_e(wins, clear_choices) >= math.log(e_needed)
        settled += float(alive[stopped & (2 * wins > clear_choices)].sum())
        kept = np.flatnonzero(~stopped)  # one stretch: the e-value rises towards both ends
        lowest, alive = int(wins[kept[0]]), alive[kept]
        yield settled
