"""Lean: what the reader's answers suggest before any test, -100 (base) to +100 (fine-tuned)."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from advisor.case.brief import Brief
from advisor.case.questions import clause
from advisor.case.use_cases import Flip, UseCase, met_flips
from advisor.verdict.rules import Rules
from pricing.cost import Cost, Volume

SignalKey = Literal[
    "use_case", "training_pairs", "tried", "facts", "strictness", "cost", "stability"
]

_KINDS = {
    "raw": "fine-tuned against a raw model",
    "same_size": "neither against a model of its own size",
}
_SIDES = {"base": "base", "fine_tuned": "fine-tuned", "mixed": "either"}


@dataclass(frozen=True, slots=True)
class Signal:
    """One answer and what it counts."""

    key: SignalKey
    weight: float
    """Points at value 1; halved for a use case whose evidence is weak."""
    value: float | None
    """-1 (base) to +1 (fine-tuned); None = unknown, which counts 0."""
    said: str
    """What the reader said, in plain words; empty where unknown."""

    @property
    def points(self) -> float:
        """Weight x value."""
        return self.weight * (self.value or 0.0)


@dataclass(frozen=True, slots=True)
class Lean:
    """The answers added up."""

    score: float
    """After the cap, -100 to +100."""
    uncapped: float
    signals: tuple[Signal, ...]
    caps: tuple[str, ...]
    """Why the score may not reach the threshold for tuning, a sentence each."""
    met_flips: tuple[Flip, ...]
    """What turns the use case's default by the reader's own answers; any of them sets it to 0."""

    @property
    def capped(self) -> bool:
        """A cap has lowered the score."""
        return self.score < self.uncapped


def lean(
    brief: Brief, use_case: UseCase, cost: Cost | None, volume: Volume, base_arm: str, rules: Rules
) -> Lean:
    """Add up the signals; `base_arm` is the base option whose cost tuning is held against."""
    prior, flips = _prior(use_case, brief, volume, rules)
    weights, values = rules.weights, rules.signals
    facts, strict, change = brief.fact_change, brief.strictness, brief.task_change
    pairs, ratio = brief.training_pairs, cost_ratio(cost, base_arm)
    signals = (
        prior,
        Signal("training_pairs", weights.training_pairs, _pairs(pairs, rules), _pair_words(pairs)),
        Signal("tried", weights.tried, _tried(brief, rules), _tried_words(brief)),
        Signal(
            "facts",
            weights.facts,
            values.facts[facts] if facts else None,
            clause("fact_change", facts),
        ),
        Signal(
            "strictness",
            weights.strictness,
            values.strictness[strict] if strict else None,
            clause("strictness", strict),
        ),
        Signal("cost", weights.cost, _cost(ratio, rules), _cost_words(ratio)),
        Signal(
            "stability",
            weights.stability,
            values.stability[change] if change else None,
            clause("task_change", change),
        ),
    )
    uncapped = math.fsum(signal.points for signal in signals)
    caps = _caps(brief, volume, rules)
    score = min(uncapped, rules.lean.cap) if caps else uncapped
    return Lean(score, uncapped, signals, caps, flips)


def cost_ratio(cost: Cost | None, base_arm: str) -> float | None:
    """Monthly cost over the months of use, people's time included where it is counted, tuned / base
    - 1; None = unknown, inf = only base is free."""
    if cost is None:
        return None
    arms = [cost.arms.get(cost.challenger), cost.arms.get(base_arm) or cost.arms.get(cost.against)]
    tuned, base = (arm.usd_per_month_all_in if arm else None for arm in arms)
    if tuned is None or base is None:
        return None
    if base == 0:
        return math.inf if tuned else 0.0
    return float(tuned / base - 1)


def _prior(
    use_case: UseCase, brief: Brief, volume: Volume, rules: Rules
) -> tuple[Signal, tuple[Flip, ...]]:
    """The signal of the use case's default, and the flips that set it to 0."""
    weak = use_case.strength in ("weak", "judgement")
    weight = rules.weights.use_case * (rules.signals.weak_strength_factor if weak else 1.0)
    default = value = {"base": -1.0, "fine_tuned": 1.0, "mixed": 0.0}[use_case.default]
    if brief.base_kind == "raw" and use_case.raw_base_flips and not use_case.retrieval:
        value = 1.0  # a raw pre-trained model does not follow instructions until it is tuned
    elif brief.base_kind == "same_size" and default < 0 and not use_case.retrieval:
        value = 0.0  # the studies behind "base" had a larger general model
    # What turns the default says nothing once the kind of base has turned it already.
    flips = met_flips(use_case, brief, volume) if value == default else ()
    says = _SIDES[use_case.default] if value == default else _KINDS[brief.base_kind]
    words = f"{use_case.title}: practice says {says}"
    return Signal("use_case", weight, 0.0 if flips else value, words), flips


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
    """Approved pairs from which on their number no longer speaks against tuning."""
    points = rules.signals.training_pairs
    level = np.interp(0, [v for _, v in points], [math.log10(n) for n, _ in points])
    return round(10**level)


def _tried(brief: Brief, rules: Rules) -> float | None:
    if brief.tried is None:
        return None
    if not brief.tried:
        return rules.signals.tried["nothing"]
    return rules.signals.tried[brief.gap] if brief.gap else None


def _cost(ratio: float | None, rules: Rules) -> float | None:
    if ratio is None:
        return None
    band = rules.signals.cost_band
    return -1.0 if ratio > band else 1.0 if ratio < -band else 0.0


def _caps(brief: Brief, volume: Volume, rules: Rules) -> tuple[str, ...]:
    caps = []
    if brief.tried == () and not brief.tuned_exists:
        caps.append(
            "Nothing was tried yet: a careful instruction and a few examples come before training."
        )
    if brief.training_pairs is not None and brief.training_pairs < rules.lean.pairs_below:
        caps.append(
            f"{brief.training_pairs:,} approved pairs are fewer than {rules.lean.pairs_below:,}, "
            "the least for which gains from training are reported."
        )
    changes = rules.lean.changes_per_year.get(brief.fact_change) if brief.fact_change else None
    if brief.fact_change and changes and changes > volume.retrainings_per_year:
        planned = volume.retrainings_per_year
        times = f"{planned.normalize():f} retrainings a year are" if planned else "no retraining is"
        caps.append(f"The {clause('fact_change', brief.fact_change)}, and {times} planned.")
    return tuple(caps)


def _pair_words(pairs: int | None) -> str:
    return "" if pairs is None else f"{pairs:,} approved pair{'' if pairs == 1 else 's'}"


def _tried_words(brief: Brief) -> str:
    if brief.tried is None:
        return ""
    if not brief.tried:
        return "nothing tried yet"
    tried = " and ".join(clause("tried", step) for step in brief.tried) + " tried"
    return f"{tried}, {clause('gap', brief.gap)}" if brief.gap else tried


def _cost_words(ratio: float | None) -> str:
    if ratio is None:
        return ""
    if math.isinf(ratio):
        return "fine-tuned costs money, base nothing"
    if ratio > 1:
        return f"fine-tuned costs {ratio + 1:,.0f} times as much a month"
    side = "dearer" if ratio > 0 else "cheaper"
    return f"fine-tuned is {abs(ratio):.0%} {side} a month"
