"""Tests and intervals for preferences: which function of scipy or statsmodels answers what.

A win is a prompt that went to the tuned arm, a loss one that went to the base arm; both are clear
choices. statsmodels and scipy.stats are imported where they are used: each takes most of a second,
and a worker or a command may need neither.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from advisor.evidence.model import Interval

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
def wilson(successes: int, n: int, alpha: float) -> Interval:
    """Share of successes, 0 to 1, with its Wilson interval at level 1 - alpha; n at least 1."""
    from scipy.stats import binomtest

    interval = binomtest(successes, n).proportion_ci(1 - alpha, method="wilson")
    return Interval(successes / n, float(interval.low), float(interval.high))


def mean_interval(
    differences: Sequence[float], alpha: float, clusters: Sequence[str] | None = None
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
    differences: Sequence[float], alpha: float, clusters: Sequence[str] | None = None
) -> Interval | None:
    """The interval at level 1 - 2 alpha: inside the margin exactly when TOST says "no difference".

    Differences are 1 (tuned), -1 (base) or 0; their mean is (wins - losses) / prompts. One win and
    one loss are added before the range is worked out: where nearly all are ties, a spread of almost
    nothing would make it far too narrow.
    """
    if not len(differences):
        return None
    added = None if clusters is None else [*clusters, "one more won", "one more lost"]
    interval = mean_interval([*differences, 1.0, -1.0], 2 * alpha, added)
    if interval is None:
        return None
    value = math.fsum(differences) / len(differences)
    return Interval(value, max(-1.0, interval.low), min(1.0, interval.high))
