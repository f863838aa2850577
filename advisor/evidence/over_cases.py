"""Evidence over cases: texts that belong together count once, and every look is covered.

A case's mean is the mean of +1 (tuned), -1 (base) or 0 over its texts; a text without a case is a
case of its own. The e-value bets on these means and not on the order they came in: it is the same
in any order, and taken on what is in now, at any moment, it is wrong in at most 1 of `e_needed`
tests (Ville), as long as what is in is a fair sample of all texts (see `advisor.case.order`).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np

NODES, _WEIGHTS = np.polynomial.legendre.leggauss(160)
"""Bets, -1 to 1, that the e-value averages over; exact up to 319 cases, and close beyond."""
_LOG_WEIGHTS = np.log(_WEIGHTS) - math.log(2)
_LARGEST_LOG = 700.0  # e to this still fits a float, so an e-value never becomes infinite


def case_of_each(cluster_of: Mapping[str, str], prompt_ids: Iterable[str]) -> dict[str, str]:
    """The case of each text, its own where it has none."""
    return {
        p: f"case {cluster_of[p]}" if p in cluster_of else f"text {p}" for p in sorted(prompt_ids)
    }


def case_means(signs: Mapping[str, float], case_of: Mapping[str, str]) -> dict[str, float]:
    """Mean of each case's signs, -1 to 1; in the order of the cases' names."""
    by_case: dict[str, list[float]] = {}
    for prompt_id in sorted(signs):
        by_case.setdefault(case_of[prompt_id], []).append(signs[prompt_id])
    return {case: math.fsum(said) / len(said) for case, said in sorted(by_case.items())}


def e_value(means: Iterable[float]) -> float:
    """Evidence against "no difference" that may be looked at at any moment; 1 = none.

    1/2 x the integral over all bets l in [-1, 1] of the product of (1 + l x mean), one factor a
    case. For single texts that is the beta-binomial mixture with a uniform prior on the win rate.
    """
    return _of_sorted(tuple(sorted(means)))


@lru_cache(maxsize=1024)
def _of_sorted(means: tuple[float, ...]) -> float:
    if all(mean in (-1.0, 0.0, 1.0) for mean in means):
        return single_texts(means.count(1.0), means.count(-1.0))
    logs = log_growth(np.asarray(means)).sum(axis=0)
    return math.exp(min(float(log_e(logs)), _LARGEST_LOG))


def single_texts(wins: int, losses: int) -> float:
    """The e-value where no text has a case: exp(betaln(w + 1, l + 1) + (w + l) ln 2)."""
    return math.exp(min(float(log_e_single(np.array(wins), np.array(losses))), _LARGEST_LOG))


def log_e_single(wins: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """Natural log of the e-value of single texts, for many counts at once."""
    from scipy.special import betaln  # a third of a second to load

    return np.asarray(betaln(wins + 1, losses + 1) + (wins + losses) * math.log(2))


def log_growth(means: np.ndarray) -> np.ndarray:
    """Log of what each bet makes of each mean; one axis more than `means`, over the bets."""
    return np.asarray(np.log1p(np.multiply.outer(means, NODES)))


def log_e(growth: np.ndarray) -> np.ndarray:
    """Natural log of the e-value from the growth of each bet, added up over cases (last axis)."""
    from scipy.special import logsumexp  # a third of a second to load

    return np.asarray(logsumexp(growth + _LOG_WEIGHTS, axis=-1))


def design_effect(signs: Sequence[float], cases: Sequence[str]) -> float:
    """How many times too many the texts are counted where their cases go together; at least 1.

    The cluster-robust variance of the mean over the one of independent texts. 1 where each text
    is a case of its own, or where there is no spread at all; all texts of a single case count once.
    """
    d = np.asarray(signs, dtype=float)
    groups = np.unique(np.asarray(cases), return_inverse=True)[1]
    n, many = len(d), len(set(groups.tolist()))
    apart = d - d.mean() if n else d
    independent = float(apart @ apart) / (n - 1) / n if n > 1 else 0.0
    if many == 1:
        return float(n)
    if many in (n, 0) or independent == 0:
        return 1.0
    sums = np.bincount(groups, weights=apart)
    robust = float(sums @ sums) / n**2 * many / (many - 1)
    return max(1.0, robust / independent)


def point_the_same_way(signs: Mapping[str, float], case_of: Mapping[str, str]) -> bool:
    """The mean over cases and the mean over texts favour the same side; a draw favours none."""
    by_text = math.fsum(signs.values())
    by_case = math.fsum(case_means(signs, case_of).values())
    return (by_text > 0) == (by_case > 0) and (by_text < 0) == (by_case < 0)
