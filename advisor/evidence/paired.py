"""Paired statistics: two options over the same texts, for scores and for pass or fail.

Each by the function of scipy or statsmodels that does it; both are imported where they are used.
Differences are tuned - base, one per prompt, samples averaged first.
"""

from collections.abc import Sequence

import numpy as np

from advisor.evidence.model import Interval

_RESAMPLES = 9_999
_BATCH = 500  # resamples held at once: 5,000 prompts take 20 MB
_WHOLE_TABLE = 50_000  # up to 15 prompts every pattern of signs is gone through, so p is exact


def paired_difference(
    base: Sequence[float], tuned: Sequence[float], alpha: float
) -> Interval | None:
    """Mean of tuned - base with its paired t interval at level 1 - alpha.

    None: fewer than two prompts. Where all differences are equal the interval is that point: the
    prompts then say nothing about the spread.
    """
    tuned_, base_ = np.asarray(tuned, dtype=float), np.asarray(base, dtype=float)
    if len(tuned_) != len(base_):
        raise ValueError("base and tuned must have one score per prompt each")
    differences = tuned_ - base_
    if len(differences) < 2:
        return None
    mean = float(differences.mean())
    if _flat(differences):
        return Interval(mean, mean, mean)
    from scipy.stats import ttest_rel

    interval = ttest_rel(tuned_, base_).confidence_interval(1 - alpha)
    return Interval(mean, float(interval.low), float(interval.high))


def bca_interval(differences: Sequence[float], seed: int, alpha: float) -> Interval | None:
    """Mean with its bootstrap interval, bias-corrected and accelerated (Efron 1987).

    For skewed differences, from about 20 prompts on; with fewer it is too narrow. None: fewer than
    two prompts. Where all differences are equal the interval is that point.
    """
    d = np.asarray(differences, dtype=float)
    if len(d) < 2:
        return None
    mean = float(d.mean())
    if _flat(d):
        return Interval(mean, mean, mean)
    from scipy.stats import bootstrap

    found = bootstrap(
        (d,),
        np.mean,
        method="BCa",
        confidence_level=1 - alpha,
        n_resamples=_RESAMPLES,
        batch=_BATCH,
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Interval(mean, float(found.low), float(found.high))


def permutation_p(differences: Sequence[float], seed: int) -> float | None:
    """Two-sided p that the sign of each difference is chance, 0 to 1, by flipping signs.

    Exact up to 15 prompts, else from 9,999 random flips, so never below 0.0002. None: no prompt.
    Where no prompt differs, or there is only one, p is 1. Ties are kept.
    """
    d = np.asarray(differences, dtype=float)
    if not len(d):
        return None
    if len(d) == 1 or not np.any(d):
        return 1.0
    exact = 2 ** len(d) <= _WHOLE_TABLE
    from scipy.stats import permutation_test

    found = permutation_test(
        (d,),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_WHOLE_TABLE if exact else _RESAMPLES,
        batch=_BATCH,
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue)


def holm(p_values: Sequence[float]) -> list[float]:
    """The same p-values corrected for how many they are (Holm 1979), in the order given."""
    if not p_values:
        return []
    from statsmodels.stats.multitest import multipletests

    return [float(p) for p in multipletests(p_values, method="holm")[1]]


def _flat(differences: np.ndarray) -> bool:
    """Whether all differences are equal, but for rounding."""
    return bool(np.ptp(differences) <= 1e-12 * max(1.0, float(np.abs(differences).max())))
