"""A whole comparison in one call, for the command line and for scripts."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

import httpx2

from advisor.case.case import Case
from advisor.case.given import Brought
from advisor.case.options import Model, Role
from advisor.case.run_spec import Price, spec_of
from advisor.case.variants import check_twice
from advisor.errors import AdvisorError, NothingToRun
from advisor.evidence.judge.plan import JudgingState
from advisor.evidence.run_state import Progress, Status
from advisor.runs.comparison import Comparison
from advisor.runs.given import bring
from advisor.runs.judging import check_judge, how_it_stands
from advisor.runs.live import StopSignal
from advisor.runs.loop import run_to_end
from advisor.runs.opening import open_run
from advisor.runs.runner import Means, unknown_price
from advisor.store.repository import Store

NOTHING_BROUGHT = Brought()


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
    """What the run has cost so far, every attempt counted; None = a price is not known."""
    stop_reason: str | None
    no_answer: int = 0
    """Of the missing calls: those that came to their end without an answer."""
    cut: int = 0
    """Of the calls done: those whose answer is cut off at the longest allowed."""
    recorded: bool = False
    """All its answers were recorded before."""
    notes: tuple[str, ...] = ()
    """What was found out on the way, a sentence each."""
    judged: JudgingState | None = None
    """How its judge stands; None = the case has none, or no judge was asked yet."""

    @property
    def complete(self) -> bool:
        """Every call was answered or refused, the judge's too; a recording can bring no more."""
        judging = self.judged.progress if self.judged is not None else None
        missing = self.missing - (self.no_answer if self.recorded else 0)
        return missing == 0 and (judging is None or judging.missing == 0)

    @property
    def value(self) -> dict[str, object]:
        """For programs."""
        counted = ("run_id", "status", "planned", "done", "cut", "refused", "no_answer", "failed")
        return {**{name: getattr(self, name) for name in counted}, "cost_usd": self.total_usd}

    @property
    def total_usd(self) -> Decimal | None:
        """Answers and judge together; None = a price is not known."""
        judging = self.judged.progress if self.judged is not None else None
        if judging is None:
            return self.cost_usd
        known = self.cost_usd is not None and judging.cost_usd is not None
        return (self.cost_usd or 0) + (judging.cost_usd or Decimal(0)) if known else None


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how far a run is."""

    every_s: float
    tell: Callable[[Progress, float | None], None]
    """Gets the counts, and the seconds left where they can be told."""


async def _tell(store: Store, run_id: str, watch: Watch) -> None:
    before, began = store.progress(run_id), time.monotonic()
    while True:
        await asyncio.sleep(watch.every_s)
        now = await asyncio.to_thread(store.progress, run_id)
        came = before.not_made - now.not_made
        took_s = time.monotonic() - began
        watch.tell(now, now.not_made / came * took_s if came > 0 else None)


def keys_from_environment(case: Case) -> dict[Role, str]:
    """The keys the case names by `api_key_env`, by arm, and the judge's.

    Raises:
        AdvisorError: one of them is not set.
    """
    asked: list[tuple[Role, Model]] = [*case.arms.items()]
    if case.judge is not None:
        asked.append(("judge", case.judge))
    keys: dict[Role, str] = {}
    for name, model in asked:
        if model.api_key_env is None:
            continue
        if not (key := os.environ.get(model.api_key_env)):
            where = name if name == "judge" else f"arms.{name}"
            raise AdvisorError(
                f"{where} wants {model.api_key_env} from the environment; set it to the key."
            )
        keys[name] = key
    return keys


def compare(
    case: Case,
    store: Store,
    keys: Mapping[Role, str] | None = None,
    *,
    price: Price = unknown_price,
    case_id: str | None = None,
    stop: StopSignal | None = None,
    transports: Mapping[Role, httpx2.AsyncBaseTransport] | None = None,
    brought: Brought = NOTHING_BROUGHT,
    watch: Watch | None = None,
) -> RunSummary:
    """Run a case's comparison and then its judge, or continue; waits until both end.

    Args:
        case: what to compare; saved in the store.
        store: where answers are kept; those already there are not bought again.
        keys: each arm's key, and the judge's.
        price: of one request, USD; needed for a cap.
        case_id: the case's id where it has one; else that of an earlier run of the same calls.
        stop: pauses or cancels the run, from another thread.
        transports: stand in for the network, by arm.
        brought: answers and votes that came with the texts.
        watch: is told how far the run is, every so often.

    Raises:
        AdvisorError: nothing was sent; the message says what to mend.
    """
    check_twice(case)
    spec = spec_of(case)
    earlier = store.find_run(spec.spec_hash)
    case_id = store.save_case(case, case_id or (earlier.case_id if earlier else None))
    check_judge(case, case.run, price)
    run_id = open_run(store, case_id, case)
    if brought.answers or brought.votes:
        bring(store, case_id, case, brought.answers, brought.votes)

    means = Means(keys or {}, None, price, stop or StopSignal(), transports=transports or {})

    async def answer_and_judge() -> None:
        asked = Comparison(store, run_id, case, means, score=False, lets_go=NothingToRun)
        watcher = asyncio.create_task(_tell(store, run_id, watch)) if watch is not None else None
        try:
            await asked.run()
        finally:
            if watcher is not None:
                watcher.cancel()

    with suppress(KeyboardInterrupt):  # what was answered is kept, and how it stands is said
        run_to_end(answer_and_judge())
    return _summary(store, case, case_id, run_id)


def _summary(store: Store, case: Case, case_id: str, run_id: str) -> RunSummary:
    ended, progress = store.run_state(run_id), store.progress(run_id)
    return RunSummary(
        run_id=run_id,
        case_id=case_id,
        status=ended.status,
        planned=progress.planned,
        done=progress.answered,
        refused=progress.refused,
        failed=progress.failed,
        missing=progress.missing,
        reused=progress.reused,
        cost_usd=progress.cost_usd,
        stop_reason=ended.stop_reason,
        no_answer=progress.no_answer,
        cut=progress.cut,
        recorded=all(arm.recorded for arm in case.arms.values() if arm.answers),
        notes=ended.notes,
        judged=how_it_stands(store, case, run_id),
    )
