"""A whole decision as values: its case, and every run with its answers, votes and judgments.

What can be worked out again (ids, digests, counts) is not in it, so one made by hand or cut short can
contradict itself nowhere.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    Field,
    ModelWrapValidatorHandler,
    StringConstraints,
    model_validator,
)

from advisor.case.brief import Frozen
from advisor.case.case import Case, Judgment, RunSettings
from advisor.case.options import OptionId, Role
from advisor.case.preferences import chosen
from advisor.case.run_spec import PlannedCall, RunSpec
from advisor.evidence.model import Outcome, Quality, Why
from advisor.evidence.people.blind import OWNER
from advisor.evidence.receipt import Receipt
from advisor.report.summary import DecisionSummary

_MOST = 2_147_483_647
"""What a column for whole numbers holds."""

Name = Annotated[str, StringConstraints(max_length=400)]
Digest = Annotated[str, StringConstraints(max_length=64)]
Count = Annotated[int, Field(ge=0, le=_MOST)]
Ended = Literal["new", "paused", "done", "partial", "interrupted", "capped", "cancelled", "settled"]


class ArchivedOutput(Frozen):
    """One finished call; see `Output`."""

    prompt_id: Name
    arm: Role
    sample: Count
    outcome: Outcome
    text: str
    finish_reason: str | None
    served_model: str | None
    request_id: str | None
    error: str | None
    input_tokens: Count | None
    cached_tokens: Count | None
    output_tokens: Count | None
    reasoning_tokens: Count | None
    tokens_counted: bool
    first_token_ms: float | None
    latency_ms: float | None
    attempts: Count
    cost_usd: (
        Annotated[
            str, StringConstraints(max_length=60, pattern=r"^\d+(\.\d+)?([Ee][+-]?\d{1,3})?$")
        ]
        | None
    )
    """An exact decimal; None = not known."""
    reused: bool
    started_at: AwareDatetime
    finished_at: AwareDatetime | None
    reasoning: str | None = None
    """None = a file of before this was told from the answer."""
    why: Why | None = None


class ArchivedVote(Frozen):
    """A person's preference; see `Vote`."""

    prompt_id: Name
    preference: str
    voter: Name
    base_arm: OptionId
    challenger: OptionId
    base_quality: Quality | None
    tuned_quality: Quality | None
    created_at: AwareDatetime

    @model_validator(mode="wrap")
    @classmethod
    def _of_its_pair(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        found = handler(given)
        preferred = chosen(found.preference, (found.base_arm, found.challenger))
        return found.model_copy(update={"preference": preferred})


class KeptNames(Frozen):
    """A text of which a voter was told which answer is whose."""

    prompt_id: Name
    voter: Name
    shown_at: AwareDatetime


class ArchivedJudgment(Judgment):
    """A judge's preference."""

    prompt_id: Name
    judge: Name
    base_sha256: Digest
    tuned_sha256: Digest
    told_sha256: Digest = ""
    created_at: AwareDatetime


class ArchivedRun(Frozen):
    """A run with all it has brought."""

    judges: Count | None
    """Place in the file of the run whose answers this one judges."""
    spec: RunSpec
    settings: RunSettings
    status: Ended
    stop_reason: str | None
    created_at: AwareDatetime
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    outputs: tuple[ArchivedOutput, ...]
    votes: tuple[ArchivedVote, ...]
    judgments: tuple[ArchivedJudgment, ...]
    names_shown: tuple[KeptNames, ...] | None = None
    """None = a file of before this was written down: the owner was told after every vote."""
    receipt: Receipt | None = None
    """What was fixed before it began; None = a file of before this was kept."""

    def names_told(self) -> tuple[KeptNames, ...]:
        """Texts of which a voter was told the names."""
        if self.names_shown is not None:
            return self.names_shown
        there = {(o.prompt_id, o.arm) for o in self.outputs if o.outcome == "answered"}
        told = {
            vote.prompt_id: KeptNames(
                prompt_id=vote.prompt_id, voter=OWNER, shown_at=vote.created_at
            )
            for vote in self.votes
            if vote.voter == OWNER
            and {(vote.prompt_id, vote.base_arm), (vote.prompt_id, vote.challenger)} <= there
        }
        return tuple(told.values())

    def planned_calls(self) -> list[PlannedCall]:
        """The call behind each output, in their order.

        Raises:
            ValueError: an output answers nothing that this run asked.
        """
        prompts = {prompt.id: prompt for prompt in self.spec.prompts}
        calls = []
        for output in self.outputs:
            asked = prompts.get(output.prompt_id)
            if asked is None or output.arm not in self.spec.arms:
                raise ValueError("an answer belongs to no call of its run")
            if output.sample >= self.spec.samples:
                raise ValueError("an answer belongs to no call of its run")
            calls.append(self.spec.call(asked, output.arm, output.sample))
        return calls

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        self.planned_calls()
        _once((p.id for p in self.spec.prompts), "a text")
        _once(((o.prompt_id, o.arm, o.sample) for o in self.outputs), "an answer")
        _once(((v.prompt_id, v.voter, v.base_arm, v.challenger) for v in self.votes), "a vote")
        _once(((n.prompt_id, n.voter) for n in self.names_shown or ()), "a text with its names")
        _once(
            (
                (j.prompt_id, j.judge, j.base_arm, j.challenger, j.order, j.told_sha256)
                for j in self.judgments
            ),
            "a judgment",
        )
        return self


class Archive(Frozen):
    """A whole decision."""

    case: Case
    created_at: AwareDatetime
    standing: DecisionSummary | None
    runs: tuple[ArchivedRun, ...]
    """The first made first, those of one moment by their spec's hash."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        _once((run.spec.spec_hash for run in self.runs), "a run")
        for place, run in enumerate(self.runs):
            if run.judges is not None and (run.judges == place or run.judges >= len(self.runs)):
                raise ValueError("a run judges a run that is not there")
        return self


def _once(keys: Iterable[object], what: str) -> None:
    """Raise on a duplicate key."""
    twice = [key for key, times in Counter(keys).items() if times > 1]
    if twice:
        raise ValueError(f"{what} is in it twice")
