"""What a run has brought so far: outputs, votes and judgments."""

from dataclasses import dataclass

from advisor.case.case import Judgment
from advisor.evidence.instruction_search import InstructionSearch
from advisor.evidence.model import Output, Vote
from advisor.evidence.receipt import Receipt
from advisor.evidence.run_state import Status


@dataclass(frozen=True, slots=True)
class Record:
    """What a run has brought so far; the default is no run."""

    outputs: tuple[Output, ...] = ()
    votes: tuple[Vote, ...] = ()
    judgments: tuple[Judgment, ...] = ()
    """What a live judge said, one per order."""
    complete: bool = True
    seed: int = 0
    """Of bootstrap and permutations; from the run's spec."""
    stopped_early: bool = False
    """Somebody ended the run as settled; never one that was merely cancelled, capped or paused."""
    status: Status | None = None
    """How the run stands; None = there is none, or nobody knows."""
    searches: tuple[InstructionSearch, ...] = ()
    """For better instructions, the last one first."""
    receipt: Receipt | None = None
    """What was fixed before the first answer; None = it was not kept."""
