"""A whole case (brief, prompts, arms, run, volume), as a CASE.toml and the store hold it."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import Field

from advisor.case.brief import Brief, Frozen
from advisor.case.checks import Checks
from advisor.case.currency import Currency
from advisor.case.options import Arm, ArmName, Judge
from advisor.case.texts import Prompt
from advisor.case.training_summary import TrainingSummary
from pricing.cost import Volume
from pricing.people import People

LONGEST_TITLE = 200
"""Characters."""


class RunSettings(Frozen):
    """How a comparison is run; samples, max_output_tokens and temperature change what is bought."""

    concurrency: int = Field(default=8, ge=1, le=200)
    samples: int = Field(default=1, ge=1, le=10)
    max_output_tokens: int = Field(default=1024, ge=1, le=10**9)
    temperature: float | None = Field(default=0.0, ge=0, le=2)
    timeout_s: float = Field(default=60.0, gt=0)
    cap_usd: float | None = Field(default=None, ge=0)
    primary_metric: str = "rouge1"


class Judgment(Frozen):
    """A judge's preference between two arms' answers to a prompt, recorded before or given live."""

    prompt_id: str
    preference: Literal["base", "tuned", "tie", "both_bad"]
    judge: str
    base_arm: ArmName = "base"
    challenger: ArmName = "tuned"
    """The arm held against `base_arm`, which the preference "tuned" means."""
    order: Literal["base_first", "tuned_first", "both"]
    """`both`: asked in both orders and agreed (a flip is a tie)."""
    base_sha256: str
    """Of the judged answer's UTF-8 text: a judgment of other answers is not used."""
    tuned_sha256: str
    """Of the challenger's answer."""
    told_sha256: str = Field(default="", repr=False)  # what was decided before is known by its repr
    """Of what a live judge was told beside the answers, see `told`; "" = nobody kept it."""


class Case(Frozen):
    """All that a verdict rests on, apart from the run's outputs and the votes."""

    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    decided_by: str | None = Field(default=None, max_length=LONGEST_TITLE)
    """Who answers for the decision."""
    review_on: date | None = None
    """When it is to be looked at again."""
    brief: Brief
    prompts: tuple[Prompt, ...] = ()
    examples: tuple[Prompt, ...] = ()
    """With their approved answers; only the arm with examples gets them. None is compared."""
    arms: dict[ArmName, Arm] = Field(default_factory=dict)
    run: RunSettings = RunSettings()
    judge: Judge | None = None
    """None: people only, or the main measure."""
    checks: Checks = Checks()
    volume: Volume = Volume()
    people: People = People()
    currency: Currency = Currency()
    judgments: tuple[Judgment, ...] = ()
    training: TrainingSummary | None = None
    """The training file as it was checked; None = none was."""
    recorded: str | None = None
    """For a sample: when its answers were recorded."""
    sample_of: str | None = None
    """For a sample: what answered, and as what it is priced."""

    def at(self, hosts: Mapping[str, str]) -> Self:
        """The case with the address behind each `host:<name>` in its place."""
        asked = {name: arm.at(hosts) for name, arm in self.arms.items()}
        judge = self.judge and self.judge.at(hosts)
        return self.model_copy(update={"arms": asked, "judge": judge}) if hosts else self

    def bound_by(self, brief: Brief) -> Self:
        """The case with these answers; what was confirmed under another rule on the texts is not."""
        before, arms = self.brief, self.arms
        if (brief.data_may_go, brief.regions) != (before.data_may_go, before.regions):
            arms = {n: a.model_copy(update={"where_confirmed": False}) for n, a in arms.items()}
        return self.model_copy(update={"brief": brief, "arms": arms})

    @property
    def known(self) -> Brief:
        """The answers, with what was measured in the place of what was ticked."""
        if self.training is None:
            return self.brief
        return self.brief.model_copy(update={"training_pairs": self.training.usable})

    @property
    def leaked(self) -> frozenset[str]:
        """Ids of the prompts that stand in the training file; they prove nothing."""
        return self.training.leaked_among(self.prompts) if self.training else frozenset()
