"""Lean: what the reader's answers suggest before any test, -100 (base) to +100 (fine-tuned)."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from advisor.case.brief import Brief
from advisor.case.use_cases import Flip, UseCase, met_flips
from advisor.verdict.rules import Rules
from pricing.cost import Cost, Volume

SignalKey = Literal[
    "use_case", "training_pairs", "tried", "facts", "strictness", "cost", "stability"
]


@dataclass(frozen=True, slots=True)
class Signal:
    """One answer and what it counts."""

    key: SignalKey
    weight: float
    """Points at value 1; halved for a use case whose evidence is weak."""
    value: float | None
    """-1 (base) to +1 (fine-tuned), cost beyond it; None = unknown, which counts 0."""

    @property
    def points(self) -> float:
        """Weight x value."""
        return self.weight * (self.value or 0.0)


@dataclass(frozen=True, slots=True)
class CostGap:
    """Two options' months of use, people's time included where it is counted; USD a month."""

    tuned: float
    base: float

    @property
    def usd(self) -> float:
        """What fine-tuned costs more a month; below 0 it is cheaper."""
        return self.tuned - self.base

    @property
    def times(self) -> float:
        """Fine-tuned / base; inf = only base is free."""
        if self.base == 0:
            return math.inf if self.tuned else 1.0
        return self.tuned / self.base


@dataclass(frozen=True, slots=True)
class Lean:
    """The answers added up."""

    score: float
    """-100 to +100."""
    signals: tuple[Signal, ...]
    met_flips: tuple[Flip, ...]
    """What turns the use case's default by the reader's own answers; any of them sets it to 0."""
    turned: bool
    """The kind of base model turns the use case's default, so its own flips say nothing."""
    gap: CostGap | None
    """What the cost's signal rests on."""


def lean(
    brief: Brief, use_case: UseCase, cost: Cost | None, volume: Volume, base_arm: str, rules: Rules
) -> Lean:
    """Add up the signals; `base_arm` is the base option whose cost tuning is held against."""
    prior, flips, turned = _prior(use_case, brief, volume, rules)
    weights, values, gap = rules.weights, rules.signals, cost_gap(cost, base_arm)
    facts, strict, change = brief.fact_change, brief.strictness, brief.task_change
    signals = (
        prior,
        Signal("training_pairs", weights.training_pairs, _pairs(brief.training_pairs, rules)),
        Signal("tried", weights.tried, _tried(brief, rules)),
        Signal("facts", weights.facts, values.facts[facts] if facts else None),
        Signal("strictness", weights.strictness, values.strictness[strict] if strict else None),
        Signal("cost", weights.cost, _cost(gap, rules)),
        Signal("stability", weights.stability, values.stability[change] if change else None),
    )
    score = math.fsum(signal.points for signal in signals)
    return Lean(max(-100.0, min(100.0, score)), signals, flips, turned, gap)


def cost_gap(cost: Cost | None, base_arm: str) -> CostGap | None:
    """What the options cost a month over the months of use; None = not known."""
    if cost is None:
        return None
    arms = [cost.arms.get(cost.challenger), cost.arms.get(base_arm) or cost.arms.get(cost.against)]
    tuned, base = (arm.usd_per_month_all_in if arm else None for arm in arms)
    return None if tuned is None or base is None else CostGap(float(tuned), float(base))


def _prior(
    use_case: UseCase, brief: Brief, volume: Volume, rules: Rules
) -> tuple[Signal, tuple[Flip, ...], bool]:
    """The signal of the use case's default, the flips that set it to 0, and `Lean.turned`."""
    weak = use_case.strength in ("weak", "judgement")
    weight = rules.weights.use_case * (rules.signals.weak_strength_factor if weak else 1.0)
    default = value = {"base": -1.0, "fine_tuned": 1.0, "mixed": 0.0}[use_case.default]
    if brief.base_kind == "raw" and use_case.raw_base_flips and not use_case.retrieval:
        value = 1.0  # a raw pre-trained model does not follow instructions until it is tuned
    elif brief.base_kind == "same_size" and default < 0 and not use_case.retrieval:
        value = 0.0  # the studies behind "base" had a larger general model
    # Further flips say nothing once the kind of base has already turned the default.
    flips = met_flips(use_case, brief, volume) if value == default else ()
    return Signal("use_case", weight, 0.0 if flips else value), flips, value != default


def _pairs(pairs: int | None, rules: Rules) -> float | None:
    if pairs is None:
        return None
    points = rules.signals.training_pairs
    return float(
        np.interp(
            math.log10(max(pairs, 1)), [math.log10(n) for n, _ in points], [v for _, v in points]
        )
    )


def enough_pairs(rules: Rules) -> int:
    """How many approved pairs it takes for their number not to count against tuning."""
    points = rules.signals.training_pairs
    level = np.interp(0, [v for _, v in points], [math.log10(n) for n, _ in points])
    return round(10**level)


def _tried(brief: Brief, rules: Rules) -> float | None:
    if brief.tried is None:
        return None
    if not brief.tried:
        return rules.signals.tried["nothing"]
    return rules.signals.tried[brief.gap] if brief.gap else None


def _cost(gap: CostGap | None, rules: Rules) -> float | None:
    """0 where the two cost about the same; else 1 and a factor of ten beyond it each 1 more."""
    if gap is None:
        return None
    cost, times = rules.signals.cost, gap.times
    if abs(gap.usd) < cost.least_usd or cost.cheaper <= times <= cost.dearer:
        return 0.0
    if times > cost.dearer:
        far = math.inf if math.isinf(times) else 1 + math.log10(times / cost.dearer)
        return -min(cost.most_base, far)
    far = 1 + math.log10(cost.cheaper / times) if times else math.inf
    return min(cost.most_tuned, far)
