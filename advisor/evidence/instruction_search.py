"""A search for a better instruction: on which texts, by what score, within what, and what it found."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import Field

from advisor.case.brief import Frozen
from advisor.case.options import OptionId
from advisor.case.texts import Prompt
from advisor.evidence.run_state import Status

ScoredBy = Literal["measure", "checks", "judge", "overlap"]
"""measure: the case's measure of correctness. checks: the reader's own rules. judge: preferred to
the answer under the first instruction. overlap: shared words, only where the reader says so."""


class SearchPlan(Frozen):
    """What a search does; with the same plan and the same answers it takes the same way."""

    option: OptionId
    scored_by: ScoredBy
    learn: tuple[Prompt, ...] = Field(min_length=1)
    """Texts that new instructions are made on."""
    held_out: tuple[Prompt, ...] = Field(min_length=1)
    """Texts that they are scored on; no instruction is made on them."""
    calls: int = Field(ge=1)
    """Questions put to a model at most. One asked again as it failed counts once more after a stop."""
    usd: Decimal | None = Field(default=None, ge=0)
    """The most it may cost; None = a price is not known, and only the calls are held."""
    seed: int = 0

    @property
    def texts(self) -> tuple[Prompt, ...]:
        """All that may be sent."""
        return (*self.learn, *self.held_out)


class SearchFinding(Frozen):
    """How far a search has come."""

    before: float | None = None
    """Mean score of the first instruction on the texts held out, 0 to 1; None = not known yet."""
    after: float | None = None
    """Of the best one."""
    instruction: str | None = None
    """The best one; None = none does better than the first."""
    tried: int = 0
    """New instructions that were scored on all texts held out."""
    asked_twice: int = 0
    """Calls that were asked for again after a process died or an endpoint failed."""


@dataclass(frozen=True, slots=True)
class InstructionSearch:
    """A search as it stands in the store."""

    run_id: str
    plan: SearchPlan
    first: str
    """The instruction that is to be improved."""
    found: SearchFinding
    status: Status
    stop_reason: str | None
    calls: int
    """Made so far, those in flight included."""
    cost_usd: Decimal | None
    """None = a price is not known."""

    @property
    def over(self) -> bool:
        """Going on would bring nothing but with a larger budget."""
        return self.status in ("done", "capped")
