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


class Signals(Frozen):
    """What each answer counts, -1 (base) to +1 (fine-tuned)."""

    weak_strength_factor: float = Field(ge=0, le=1)
    training_pairs: tuple[tuple[int, float], ...] = Field(min_length=2)
    """(pairs, signal), rising; linear in log10(pairs) between the points."""
    cost_band: float = Field(ge=0)
    tried: dict[str, float]
    facts: dict[FactChange, float]
    strictness: dict[Strictness, float]
    stability: dict[TaskChange, float]


class LeanRules(Frozen):
    """When the lean is capped, acted on, and no more than a rule of thumb."""

    cap: float
    threshold: float = Field(gt=0)
    pairs_below: int
    provisional_below: int = Field(ge=0, le=12)
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
    lean: LeanRules
    gates: GateRules
    evidence: EvidenceRules
    money: MoneyRules


@cache
def load_rules() -> Rules:
    """The rules as shipped."""
    try:
        return Rules.model_validate(tomllib.loads(_FILE.read_text("utf-8")))
    except ValidationError as error:
        error.add_note(f"in {_FILE.name}")
        raise
