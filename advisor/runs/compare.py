"""A whole comparison in one call, for the command line and for scripts."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import httpx2

from advisor.case import ArmName, Case
from advisor.runs.live import StopSignal
from advisor.runs.runner import execute_missing, unknown_price
from advisor.runs.spec import Price, spec_of
from advisor.store.repository import Status, Store


@dataclass(frozen=True, slots=True)
class RunSummary:
    """How a comparison stands: planned = done + refused + missing."""

    run_id: str
    case_id: str
    status: Status
    planned: int
    done: int
    """Calls answered."""
    refused: int
    """Calls a content filter refused; asking again would not help."""
    failed: int
    """Of the missing calls: those that were made and failed."""
    missing: int
    reused: int
    """Of the calls done: those another run had bought."""
    cost_usd: Decimal | None
    """What the run has cost so far; None = a price is not known."""
    stop_reason: str | None

    @property
    def complete(self) -> bool:
        """Every call was answered or refused."""
        return self.missing == 0


def compare(
    case: Case,
    store: Store,
    keys: Mapping[ArmName, str] | None = None,
    *,
    price: Price = unknown_price,
    case_id: str | None = None,
    stop: StopSignal | None = None,
    transports: Mapping[ArmName, httpx2.AsyncBaseTransport] | None = None,
) -> RunSummary:
    """Run a case's comparison, or continue it where it was left; waits until it ends.

    Args:
        case: what to compare; saved in the store.
        store: where answers are kept; those already there are not bought again.
        keys: each arm's key.
        price: of one request, USD; needed for a cap.
        case_id: the case's id where it has one; else that of an earlier run of the same calls.
        stop: pauses or cancels the run, from another thread.
        transports: stand in for the network, by arm.

    Raises:
        AdvisorError: nothing was sent; the message says what to mend.
    """
    spec = spec_of(case)
    earlier = store.find_run(spec.spec_hash)
    case_id = store.save_case(case, case_id or (earlier.case_id if earlier else None))
    run_id = store.start_run(case_id, spec, case.run)
    ended = asyncio.run(
        execute_missing(store, run_id, keys=keys, price=price, stop=stop, transports=transports)
    )
    return RunSummary(
        run_id=run_id,
        case_id=case_id,
        status=ended.status,
        planned=ended.progress.planned,
        done=ended.progress.answered,
        refused=ended.progress.refused,
        failed=ended.progress.failed,
        missing=ended.progress.missing,
        reused=ended.progress.reused,
        cost_usd=ended.progress.cost_usd,
        stop_reason=ended.stop_reason,
    )
