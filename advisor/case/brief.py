"""Brief: what the reader told us, in the keys and values of the `[brief]` table.

None means "don't know" everywhere: it counts as 0 in the lean and never fires a gate.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pricing.lifecycle import DataMayGo as DataMayGo
from pricing.regions import CHOICES, Region

BaseKind = Literal["general", "same_size", "raw"]
Stage = Literal["idea", "base_in_use", "tuned_on_trial", "tuned_live"]
Tried = Literal["prompt", "few_shot", "retrieval"]
Gap = Literal["good_enough", "small_edits", "not_good"]
FactChange = Literal["weekly", "monthly", "quarterly", "yearly", "never", "in_text"]
Strictness = Literal["loose", "some", "strict"]
TaskChange = Literal["monthly", "quarterly", "yearly", "frozen"]
ErrorCost = Literal["low", "medium", "high"]
HumanCheck = Literal["always", "spot", "never"]
Permission = Literal["yes", "nothing_personal", "not_asked", "no"]
Customer = Literal["new", "existing", "tuned_before"]

TUNED_STAGES: frozenset[Stage] = frozenset({"tuned_on_trial", "tuned_live"})
"""Stages in which a tuned model exists."""

QUESTIONS = 12
"""Questions on the use-case page; see `answered`."""


class Frozen(BaseModel):
    """Parsed data: immutable, and a misspelt key fails with its name."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Brief(Frozen):
    """Answers to the questions of the first step; only `use_case` is required."""

    use_case: str
    base_kind: BaseKind = "general"
    stage: Stage | None = None
    tried: tuple[Tried, ...] | None = None
    """Empty: nothing was tried. None: don't know."""
    gap: Gap | None = None
    training_pairs: int | None = Field(default=None, ge=0)
    """Inputs with an answer an expert approved; the lower end where a range was chosen."""
    training_permission: Permission | None = None
    data_may_go: DataMayGo | None = None
    regions: tuple[Region, ...] | None = None
    """Which, where `data_may_go` is region; None = not said."""
    can_host: bool | None = None
    customer_of: dict[str, Customer] = Field(default_factory=dict)
    """Vendor (as in `pricing/data/<vendor>.toml`) to standing; absent = don't know."""
    error_cost: ErrorCost | None = None
    human_check: HumanCheck | None = None
    fact_change: FactChange | None = None
    labels: int | None = Field(default=None, ge=2, le=100_000)
    """How many labels there are to choose from, where texts are sorted; None = don't know."""
    strictness: Strictness | None = None
    task_change: TaskChange | None = None
    target_as_is: float = Field(default=0.90, gt=0, lt=1)
    """Share of answers that must be good to send as they are."""
    margin: float | None = Field(default=None, gt=0, lt=1)
    """How many more good answers, as a share of texts, make a difference worth paying for; None =
    the one offered, which is smaller where a wrong answer is costly."""
    seconds_at_most: float | None = Field(default=None, gt=0, le=86_400)
    """Within which an answer must come for 95 of 100 texts; None = at any speed."""
    together: bool | None = None
    """Whether several texts come from one document, customer or thread; None = not said."""
    win_rate_worth: float = Field(default=0.70, gt=0.5, lt=1)
    """True win rate worth acting on; sets how many prompts are asked for."""

    @field_validator("regions")
    @classmethod
    def _can_be_chosen(cls, regions: tuple[Region, ...] | None) -> tuple[Region, ...] | None:
        if regions is not None and "global" in regions:
            raise ValueError(f"choose from {', '.join(CHOICES)}")
        return regions or None

    @property
    def tuned_exists(self) -> bool:
        """A tuned model is on trial or live."""
        return self.stage in TUNED_STAGES

    def answered(self, requests_per_month: int | None) -> int:
        """How many of the twelve questions have an answer, 0 to 12."""
        return QUESTIONS - len(self.unanswered(requests_per_month))

    def unanswered(self, requests_per_month: int | None) -> tuple[int, ...]:
        """The numbers of the questions that have no answer, 1 to 12."""
        answers = (
            bool(self.use_case),
            self.stage is not None,
            self.tried is not None,
            self.gap is not None,
            self.training_pairs is not None,
            self.training_permission is not None,
            self.data_may_go is not None,
            bool(self.customer_of),
            self.error_cost is not None or self.human_check is not None,
            self.fact_change is not None,
            self.strictness is not None or self.task_change is not None,
            requests_per_month is not None,
        )
        return tuple(number for number, given in enumerate(answers, 1) if not given)
