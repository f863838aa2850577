"""Rules: the weights, thresholds and margins of `data/verdict.toml`."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError

from advisor.case.brief import FactChange, Frozen, Strictness, TaskChange
from advisor.evidence.rules import EvidenceRules

_FILE = Path(__file__).parent.parent / "data" / "verdict.toml"


class Weights(Frozen):
    """Points of the lean at signal 1."""

    use_case: float = Field(ge=0)
    training_pairs: float = Field(ge=0)
    tried: float = Field(ge=0)
    facts: float = Field(ge=0)
    strictness: float = Field(ge=0)
    cost: float = Field(ge=0)
    stability: float = Field(ge=0)


class CostSignal(Frozen):
    """When a difference in cost counts, and how far."""

    least_usd: float = Field(ge=0)
    """A month."""
    cheaper: float = Field(gt=0, le=1)
    dearer: float = Field(ge=1)
    """Tuned / base: between the two it counts 0."""
    most_tuned: float = Field(ge=0)
    most_base: float = Field(ge=0)


class Signals(Frozen):
    """How much each answer counts, -1 (base) to +1 (fine-tuned)."""

    weak_strength_factor: float = Field(ge=0, le=1)
    training_pairs: tuple[tuple[int, float], ...] = Field(min_length=2)
    """(pairs, signal), rising; linear in log10(pairs) between the points."""
    cost: CostSignal
    tried: dict[str, float]
    facts: dict[FactChange, float]
    strictness: dict[Strictness, float]
    stability: dict[TaskChange, float]


class LikelihoodRules(Frozen):
    """From the lean and a test to the chance that fine-tuning is the right call."""

    slope: float = Field(ge=0)
    prior: float = Field(gt=0)
    leaning: float = Field(gt=0.5, lt=1)
    likely: float = Field(gt=0.5, lt=1)
    thumb_below: int = Field(ge=0, le=12)
    much_dearer_times: float = Field(ge=1)
    much_dearer_usd: float = Field(ge=0)


class TryFirstRules(Frozen):
    """When something cheaper is tried before tuning."""

    pairs_below: int
    changes_per_year: dict[FactChange, int]


class GateRules(Frozen):
    """When tuning is out of the question."""

    pairs: int
    fact_change: tuple[FactChange, ...]
    stop_months: float = Field(ge=0)


class MoneyRules(Frozen):
    """When a difference in cost counts."""

    near: float = Field(ge=0)


class Rules(Frozen):
    """All numbers of the verdict."""

    weights: Weights
    signals: Signals
    likelihood: LikelihoodRules
    try_first: TryFirstRules
    gates: GateRules
    evidence: EvidenceRules
    money: MoneyRules


@cache
def load_rules() -> Rules:
    """The rules that ship."""
    try:
        return Rules.model_validate(tomllib.loads(_FILE.read_text("utf-8")))
    except ValidationError as error:
        error.add_note(f"in {_FILE.name}")
        raise
