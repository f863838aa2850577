"""Rules: the weights, thresholds and margins of `data/verdict.toml`."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError

from advisor.brief import FactChange, Frozen, Strictness, TaskChange

_FILE = Path(__file__).parent / "data" / "verdict.toml"


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


class EvidenceRules(Frozen):
    """What a run must show before it decides."""

    e_needed: float = Field(gt=1)
    e_needed_high: float = Field(gt=1)
    human_checked: int
    scored: int = Field(ge=2)
    clear_choices: int = Field(ge=1)
    length_choices: int = Field(ge=3)
    longer_times: float = Field(ge=1)
    near_times: float = Field(ge=1)
    no_difference: float = Field(gt=0, lt=1)
    alpha: float = Field(gt=0, lt=1)
    power: float = Field(gt=0, lt=1)
    flip_rate_most: float = Field(ge=0, le=1)
    kappa_least: float = Field(ge=-1, le=1)


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
