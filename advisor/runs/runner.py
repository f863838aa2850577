"""Running a comparison: make the calls that are missing, keep every answer, buy none twice."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeVar

import httpx2

from advisor.case import Role, RunSettings
from advisor.errors import NothingToRun, UnpricedCap
from advisor.evidence.model import Output
from advisor.llm.limits import EndpointLimit
from advisor.llm.replies import Reply
from advisor.runs.attempts import Attempts
from advisor.runs.budget import Budget
from advisor.runs.endpoints import open_sides
from advisor.runs.live import LiveText, StopSignal
from advisor.runs.outputs import highest_tokens, output_of
from advisor.runs.process import HEARTBEAT_S, is_dead, new_runner_id
from advisor.runs.spec import PlannedCall, Price, shuffled
from advisor.store.repository import Progress, Run, Status, Store

T = TypeVar("T")

SETTLED = "Ended early, because what was answered decides; it can be continued."
_LOOK_S = 0.1
"""How often a request to stop is looked for."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run stands after an execution."""

    run_id: str
    status: Status
    stop_reason: str | None
    progress: Progress


def unknown_price(arm: Role, input_tokens: int, output_tokens: int) -> None:
    """The price of everything, where the caller knows none."""


async def execute_missing(
    store: Store,
    run_id: str,
    *,
    keys: Mapping[Role, str] | None = None,
    settings: RunSettings | None = None,
    price: Price = unknown_price,
    stop: StopSignal | None = None,
    live: LiveText | None = None,
    transports: Mapping[Role, httpx2.AsyncBaseTransport] | None = None,
) -> RunResult:
    """Make the run's missing calls, until all are made or something ends it.

    Args:
        store: where the run is.
        run_id: from `store.start_run`.
        keys: each arm's key; held in memory only.
        settings: concurrency, time-out and cap; the run's own where not given.
        price: of one request, USD.
        stop: pauses or cancels it, from any thread.
        live: gets the text in flight.
        transports: stand in for the network, by arm.

    Raises:
        UnknownRun, RunIsLive, NothingToRun, BadEndpoint, UnpricedCap: nothing was sent.
    """
    execution = Execution(store, run_id, keys, settings, price, stop, live, transports)
    return await execution.run()


class Execution:
    """One runner's work on one run. Making it claims the run; `run` does the work."""

    def __init__(
        self,
        store: Store,
        run_id: str,
        keys: Mapping[Role, str] | None = None,
        settings: RunSettings | None = None,
        price: Price = unknown_price,
        stop: StopSignal | None = None,
        live: LiveText | None = None,
        transports: Mapping[Role, httpx2.AsyncBaseTransport] | None = None,
        before_end: Callable[[], None] | None = None,
        came: Callable[[Output], None] | None = None,
    ) -> None:
        """Check and claim the run; see `execute_missing`.

        `before_end` runs before the last status; `came` is handed each output once it is stored.
        """
        run = store.run(run_id)
        self._store = store
        self._run: Run = run
        self._settings = settings or run.settings
        self._price = price
        self._stop = stop or StopSignal()
        self._live = live or LiveText()
        self._before_end = before_end
        self._came = came or (lambda output: None)
        if not run.spec.planned:
            raise NothingToRun(
                "There is nothing to run: add texts, and an address and a model for one option."
            )
        self._sides = open_sides(run.spec, self._settings, keys or {}, transports or {})
        self._require_prices()
        self._runner = new_runner_id()
        store.claim_run(run_id, self._runner, is_dead)
        self._end: tuple[Status, str | None] | None = None
        self._calls: Iterator[PlannedCall] = iter(())
        # One thread, so writes queue up there and never hold up the event loop.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def run(self) -> RunResult:
        """Make the missing calls; the run's status is written however this ends."""
        self._attempts = Attempts(self._live, self._finish)
        status: Status = "interrupted"
        reason: str | None = "The program stopped while this run was going on."
        try:
            missing = await self._in_thread(self._missing)
            self._calls = iter(missing)
            await self._work_off(min(self._settings.concurrency, len(missing)))
            status, reason, progress = await self._in_thread(self._outcome)
            await self._in_thread(partial(self._store.carry_votes, self._run.id))
        finally:
            # Behind all writes that wait in the thread, so nothing comes after the last status.
            if self._before_end is not None:
                await self._in_thread(self._before_end)
            await self._in_thread(
                partial(self._store.set_status, self._run.id, status, reason, self._runner)
            )
            self._thread.shutdown(wait=False)
            for side in self._sides.values():
                await side.client.close()
        return RunResult(self._run.id, status, reason, progress)

    @property
    def limits(self) -> list[EndpointLimit]:
        """How fast each option's endpoint is asked."""
        return [side.endpoint.limit for side in self._sides.values()]

    def _require_prices(self) -> None:
        if self._settings.cap_usd is None:
            return
        for name, side in self._sides.items():
            if not side.replayed and self._price(name, 1, 1) is None:
                model = self._run.spec.arms[name].model
                raise UnpricedCap(
                    f"A run can't be held to a cap while the price of “{model}” is not known; "
                    "enter its price or take the cap off."
                )

    def _missing(self) -> list[PlannedCall]:
        """The calls to make, once what another run has bought is written into this one."""
        settled = self._store.settled(self._run.id)
        missing = [call for call in self._run.spec.calls() if call.key not in settled]
        live = [call for call in missing if not self._sides[call.arm].replayed]
        bought = self._store.reusable([call.call_hash for call in live])
        reused = [(call, bought[call.call_hash]) for call in live if call.call_hash in bought]
        self._store.reuse(self._run.id, reused)
        for _, output in reused:
            self._came(output)
        skip = {call.key for call, _ in reused}
        spent = self._store.spent(self._run.id)
        cap = self._settings.cap_usd
        self._budget = Budget(None if cap is None else Decimal(str(cap)), spent)
        to_make = [call for call in missing if call.key not in skip]
        return shuffled(to_make, self._run.order_seed)

    async def _work_off(self, workers: int) -> None:
        if workers == 0:
            return
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._work()) for _ in range(workers)]
            watcher = group.create_task(self._watch(tasks))
            await asyncio.wait(tasks)
            watcher.cancel()

    async def _work(self) -> None:
        for call in self._calls:
            if self._end is not None:
                return
            if self._sides[call.arm].stopped is None:
                await self._make(call)

    async def _watch(self, tasks: list[asyncio.Task[None]]) -> None:
        """Look for a request to stop, and say that this runner lives."""
        beat = time.monotonic()
        while True:
            await asyncio.sleep(_LOOK_S)
            if self._stop.requested == "pause":
                self._finish("paused", "Paused; it can be continued.")
            if self._stop.requested == "settle":
                self._finish("settled", SETTLED)
            if self._stop.requested == "cancel":
                self._end = ("cancelled", "Stopped by hand; what was answered is kept.")
            elif time.monotonic() - beat >= HEARTBEAT_S:
                beat = time.monotonic()
                if not await self._in_thread(
                    partial(self._store.heartbeat, self._run.id, self._runner)
                ):
                    self._finish("interrupted", "Another process went on with this run.")
            if self._end is not None and self._end[0] == "cancelled":
                for task in tasks:
                    task.cancel()
                return

    async def _make(self, call: PlannedCall) -> None:
        """One call from its reserve to its row."""
        highest = await self._highest(call)
        if not await self._budget.reserve(highest):
            self._finish("capped", f"The cap of {self._settings.cap_usd:g} USD was reached.")
            return
        await self._in_thread(partial(self._store.begin_call, self._run.id, call))
        try:
            reply, attempts = await self._attempts.make(call, self._sides[call.arm])
            if reply is None:
                await self._in_thread(partial(self._store.withdraw_call, self._run.id, call))
                return
            cost = await self._in_thread(partial(self._keep, call, reply, attempts))
        finally:
            self._live.drop(call.key)
        await self._budget.settle(highest, cost or Decimal(0))

    def _finish(self, status: Status, reason: str) -> None:
        """Make no further call; the first cause stays."""
        self._end = self._end or (status, reason)
        self._attempts.halt()
        for side in self._sides.values():
            side.endpoint.limit.close()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _highest(self, call: PlannedCall) -> Decimal:
        if not self._budget.capped or self._sides[call.arm].replayed:
            return Decimal(0)
        tokens = await self._in_thread(partial(highest_tokens, call))
        return self._price(call.arm, *tokens) or Decimal(0)

    def _keep(self, call: PlannedCall, reply: Reply, attempts: int) -> Decimal | None:
        """Write what came of a call; it counts from the commit on. Gives its cost."""
        replayed = self._sides[call.arm].replayed
        output = output_of(call, reply, attempts, replayed=replayed)
        cost: Decimal | None = None
        if replayed:
            cost = Decimal(0)
        elif output.input_tokens is not None and output.output_tokens is not None:
            cost = self._price(call.arm, output.input_tokens, output.output_tokens)
        self._store.finish_call(self._run.id, call, output, cost)
        self._came(output)
        return cost

    def _outcome(self) -> tuple[Status, str | None, Progress]:
        progress = self._store.progress(self._run.id)
        if progress.missing == 0:
            return "done", None, progress
        if self._end is not None:
            return *self._end, progress
        reasons = [side.stopped for side in self._sides.values() if side.stopped]
        if not reasons:
            failed = Counter(o.error for o in self._store.outputs(self._run.id) if o.error)
            reasons = [error for error, _ in failed.most_common(1)]
        return "partial", reasons[0] if reasons else None, progress
