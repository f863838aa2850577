"""Planning: the chance that a test is settled after so many more texts, or cases.

Settled: the e-value of all that is in by then is large enough, and as many texts are in as may
decide. A chance, and no promise: it holds if the true rate is the one it is worked out for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import NormalDist

import numpy as np

from advisor.evidence import over_cases

ICC = 0.3
"""How far texts of one case go together, 0 to 1, where no test has shown it."""
_DRAWS = 1_000
_SEED = 20261130
MOST_TEXTS = 5_000
MOST_CASES = 128
"""More than anybody brings."""
USUAL_TIES = 0.2
"""Of texts, come out level where no test has shown how many do."""


@dataclass(frozen=True, slots=True)
class Stood:
    """What a test had shown when the chance was asked for; the default is nothing."""

    wins: int = 0
    losses: int = 0
    scored: int = 0
    """Ties included."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What cases still to come are taken to be like."""

    stood: tuple[float, ...] = ()
    """Means of the cases that are in."""
    size: int = 1
    """Texts in each."""
    ties: float = USUAL_TIES
    icc: float = ICC


@dataclass(frozen=True, slots=True)
class SettledWhen:
    """When a test is settled."""

    e_needed: float
    least_scored: int


@lru_cache(maxsize=4096)
def chance_of_texts(stood: Stood, more: int, rate: float, ties: float, rule: SettledWhen) -> float:
    """Chance, 0 to 1, that single texts are settled once `more` of them are in; exact.

    Args:
        stood: what is in already.
        more: texts to come, 0 or more.
        rate: of clear choices that go to the tuned option.
        ties: share of texts without a clear choice.
        rule: when it is settled.
    """
    if stood.scored + more < rule.least_scored:
        return 0.0
    from scipy.stats import binom

    clear = np.arange(more + 1)
    weight = binom.pmf(clear, more, 1 - ties)
    clear, weight = clear[weight > 1e-12], weight[weight > 1e-12]
    total = stood.wins + stood.losses + clear
    need = np.array([_wins_needed(int(n), rule.e_needed) for n in total])
    upwards = binom.sf(need - stood.wins - 1, clear, rate)
    downwards = binom.cdf(total - need - stood.wins, clear, rate)
    return min(1.0, float(weight @ (upwards + downwards)))


@cache
def _wins_needed(clear: int, e_needed: float) -> int:
    """Fewest wins of so many clear choices that settle it; one more than all = not even all."""
    low, high = (clear + 1) // 2, clear + 1
    while low < high:
        middle = (low + high) // 2
        if over_cases.single_texts(middle, clear - middle) >= e_needed:
            high = middle
        else:
            low = middle + 1
    return low


@lru_cache(maxsize=512)
def chance_of_cases(
    stood: tuple[float, ...],
    more: int,
    size: int,
    rate: float,
    ties: float,
    rule: SettledWhen,
    icc: float = ICC,
) -> float:
    """Chance, 0 to 1, that it is settled once `more` cases are in; simulated, seeded.

    Args:
        stood: means of the cases that are in.
        more: cases to come, 0 or more.
        size: texts in each.
        rate: of clear choices that go to the tuned option, over all cases.
        ties: share of texts without a clear choice.
        rule: when it is settled.
        icc: how far texts of a case go together: 0, not at all; 1, a case is as good as a text.
    """
    if size == 1 and all(mean in (-1.0, 0.0, 1.0) for mean in stood):
        seen = Stood(stood.count(1.0), stood.count(-1.0), len(stood))
        return chance_of_texts(seen, more, rate, ties, rule)
    if (len(stood) + more) * size < rule.least_scored:
        return 0.0
    chance = np.random.default_rng(_SEED)
    rates = _rates_of_cases(chance, (_DRAWS, more), rate, icc)
    clear = chance.binomial(size, 1 - ties, rates.shape)
    ahead = 2 * chance.binomial(clear, rates) - clear
    table = over_cases.log_growth(np.arange(-size, size + 1) / size)
    start = over_cases.log_growth(np.asarray(stood)).sum(axis=0) if stood else 0.0
    growth = np.zeros((_DRAWS, len(over_cases.NODES))) + start
    for case in range(more):
        growth += table[ahead[:, case] + size]
    return float(np.mean(over_cases.log_e(growth) >= math.log(rule.e_needed)))


def _rates_of_cases(
    chance: np.random.Generator, shape: tuple[int, int], rate: float, icc: float
) -> np.ndarray:
    """Each case's own rate: beta, so that two texts of a case go together by `icc`."""
    if icc <= 0:
        return np.full(shape, rate)
    if icc >= 1:
        return (chance.random(shape) < rate).astype(float)
    spread = (1 - icc) / icc
    return chance.beta(max(rate, 1e-9) * spread, max(1 - rate, 1e-9) * spread, shape)


def icc_of(signs: Sequence[float], cases: Sequence[str], least: int) -> float:
    """How far texts of a case go together in what was seen, 0 to 1; `ICC` below `least` cases."""
    many = len(set(cases))
    if many < least or many == len(cases):
        return ICC
    size = len(cases) / many
    return min(1.0, (over_cases.design_effect(signs, cases) - 1) / (size - 1))


def chance_of_plan(plan: Plan, more: int, rate: float, rule: SettledWhen) -> float:
    """Chance, 0 to 1, that it is settled once `more` cases are in; see `chance_of_cases`."""
    return chance_of_cases(plan.stood, more, plan.size, rate, plan.ties, rule, plan.icc)


@lru_cache(maxsize=256)
def cases_for(plan: Plan, rate: float, power: float, rule: SettledWhen) -> int | None:
    """Fewest cases still to bring for the chance `power`, to the next quarter; None: too many."""
    more = 4
    while chance_of_plan(plan, more, rate, rule) < power:
        if more >= MOST_CASES:
            return None
        more = math.ceil(more * 1.25)
    return more


@cache
def texts_for(
    rate: float, ties: float, power: float, rule: SettledWhen, stood: Stood | None = None
) -> int | None:
    """Fewest texts still to bring, to the next five, for the chance `power`; None: too many."""
    seen = stood or Stood()

    def enough(more: int) -> bool:
        return chance_of_texts(seen, more, rate, ties, rule) >= power

    if enough(0):
        return 0
    high = 5
    while not enough(high):
        high *= 2
        if high > MOST_TEXTS:
            return None
    low = high // 2
    while high - low > 5:
        middle = 5 * ((low + high) // 10)
        if middle in (low, high):
            break
        if enough(middle):
            high = middle
        else:
            low = middle
    return high


@cache
def rate_settled_by(texts: int, ties: float, power: float, rule: SettledWhen) -> float | None:
    """Smallest true rate, in hundredths, that so many texts settle with the chance `power`.

    None: not even a side that always wins would be settled.
    """
    if chance_of_texts(Stood(), texts, 1.0, ties, rule) < power:
        return None
    low, high = 50, 100
    while high - low > 1:
        middle = (low + high) // 2
        if chance_of_texts(Stood(), texts, middle / 100, ties, rule) >= power:
            high = middle
        else:
            low = middle
    return high / 100


def texts_to_show_no_difference(
    margin: float, power: float, alpha: float, ties: float = USUAL_TIES
) -> int:
    """Texts for `power` to find two equal sides within the margin (two one-sided tests)."""
    usual = NormalDist()
    reach = usual.inv_cdf(1 - alpha) + usual.inv_cdf((1 + power) / 2)
    return math.ceil((1 - ties) * (reach / margin) ** 2)
