"""What a run must show before it decides: a table of `data/verdict.toml`."""

from pydantic import Field

from advisor.case.brief import Frozen


class EvidenceRules(Frozen):
    """What a run must show before it decides."""

    e_needed: float = Field(gt=1)
    e_needed_high: float = Field(gt=1)
    human_checked: int
    scored: int = Field(ge=2)
    checked: int = Field(ge=1)
    clear_choices: int = Field(ge=1)
    cases: int = Field(ge=2)
    length_choices: int = Field(ge=3)
    longer_times: float = Field(ge=1)
    near_times: float = Field(ge=1)
    no_difference: float = Field(gt=0, lt=1)
    no_difference_high: float = Field(gt=0, lt=1)
    alpha: float = Field(gt=0, lt=1)
    power: float = Field(gt=0, lt=1)
    missing_most: float = Field(ge=0, lt=1)
    flip_rate_most: float = Field(ge=0, le=1)
    kappa_least: float = Field(ge=-1, le=1)
