"""How a run stands: its status, and the counts of its calls."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from advisor.case.case import RunSettings
from advisor.case.order import seed_of

Status = Literal[
    "new",
    "running",
    "paused",
    "done",
    "partial",
    "interrupted",
    "capped",
    "cancelled",
    "settled",  # ended on purpose, as what was answered decides; it can still be continued
]


@dataclass(frozen=True, slots=True)
class RunState:
    """A run as it stands, without what it buys: that may be thousands of texts."""

    id: str
    case_id: str
    spec_hash: str
    settings: RunSettings
    status: Status
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    heartbeat_at: datetime | None
    runner: str | None
    """Who goes on with it, or did until it was asked to stop; None once its end is written."""
    stop_reason: str | None
    judges: str | None
    """The run whose answers it judges."""
    notes: tuple[str, ...] = ()
    """What was found out while it went on, a sentence each."""

    @property
    def order_seed(self) -> int:
        """Seed of the random order in which prompts are asked and voted on: the decision's own."""
        return seed_of(self.case_id)

    @property
    def spec_seed(self) -> int:
        """Seed of what is drawn for a decision; by what was asked, so it is the same in a copy."""
        return int(self.spec_hash[:8], 16)


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a run's calls; planned - answered - refused are still missing."""

    planned: int
    answered: int
    refused: int
    failed: int
    in_flight: int
    """Begun and not finished; after a crash these may have been paid for."""
    reused: int
    cost_usd: Decimal | None
    """Spent so far; None = an answer's price is not known."""
    no_answer: int = 0
    """Nothing failed, and no answer came."""
    cut: int = 0
    """Of those answered: cut off at the longest allowed."""

    @property
    def missing(self) -> int:
        """Calls without an answer or a refusal."""
        return self.planned - self.answered - self.refused

    @property
    def not_made(self) -> int:
        """Calls of which nothing is known yet."""
        return self.missing - self.failed - self.no_answer
