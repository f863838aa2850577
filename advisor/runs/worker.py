"""A worker: takes chunks of runs from the queue, one at a time, and makes their calls.

Any number of them, on any machine that reaches the database. One that dies is noticed by its
heartbeat, and another goes on with its chunk; one that is asked to end hands its chunk back.
"""

import asyncio
import logging
import signal
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Literal

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job

from advisor.case import Case
from advisor.errors import AdvisorError
from advisor.hosting import hosting
from advisor.llm.hosted import host_name
from advisor.money import price_of_calls
from advisor.runs import queue
from advisor.runs.budget import SharedBudget
from advisor.runs.endpoints import open_sides
from advisor.runs.judging import plan_judging, write_judgments
from advisor.runs.live import StopSignal
from advisor.runs.runner import missing_calls, outcome
from advisor.runs.spec import PlannedCall, Price
from advisor.runs.work import Work
from advisor.runs.worker_server import Pulse, served
from advisor.store.queued import Chunk
from advisor.store.repository import Run, Store
from pricing.errors import PricingError

_HEARTBEAT_S = 1.0
STALLED_S = 10.0
"""A worker not heard of for so long is dead, seconds."""
_RESCUE_LOCK = 7423
"""Of two workers that look for dead ones at the same moment, one does."""

_FAULT = "A fault of this server ended the run; what was answered is kept, and it can be continued."

log = logging.getLogger(__name__)


_TRIES = 5
"""Of a chunk that ends in a fault of ours, such as a database that was away for a while."""
_TRY_AGAIN_S = 5


class HandedBack(Exception):
    """This worker ends before its chunk does; another takes it."""


class _Again(BaseRetryStrategy):
    """A chunk handed back is taken at once; one that ended in a fault a little later."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, HandedBack):
            return RetryDecision(retry_in={"seconds": 0})
        return RetryDecision(retry_in={"seconds": _TRY_AGAIN_S}) if _may_retry(job) else None


def _may_retry(job: Job) -> bool:
    return job.attempts + 1 < _TRIES


def work(store: Store, stalled_s: float = STALLED_S) -> None:
    """Work off what is queued, until asked to end by SIGTERM or SIGINT.

    Args:
        store: on Postgres, of any owner: a job says whose run it is.
        stalled_s: after so many seconds without a heartbeat another worker counts as dead.

    Raises:
        AdvisorError: the store is no Postgres, or the port of its addresses can't be had.
    """
    if store.server_url is None:
        raise AdvisorError(
            "A worker needs a Postgres that it shares with the app; set DATABASE_URL to it."
        )
    queue.prepare(store)
    pulse = Pulse(stalled_s)  # one that others count as dead says so itself
    with served(hosting().worker_port, pulse):
        asyncio.run(_Worker(store, stalled_s, pulse).run(store.server_url))


class _Worker:
    """One process that works on one chunk at a time."""

    def __init__(self, store: Store, stalled_s: float, pulse: Pulse) -> None:
        self._store = store
        self._stalled_s = stalled_s
        self._pulse = pulse
        self._stop = StopSignal()

    async def run(self, database: str) -> None:
        """Take jobs until asked to end; the calls in flight still come in."""
        app = App(connector=PsycopgConnector(conninfo=database, min_size=1, max_size=4))
        app.task(name=queue.TASK, queue=queue.QUEUE, retry=_Again(), pass_context=True)(
            self._work_off
        )
        async with app.open_async():
            working = asyncio.create_task(
                app.run_worker_async(
                    queues=[queue.QUEUE],
                    concurrency=1,
                    update_heartbeat_interval=_HEARTBEAT_S,
                    stalled_worker_timeout=self._stalled_s,
                    fetch_job_polling_interval=2.0,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            )
            rescuing = asyncio.create_task(self._rescue(app))
            for name in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(name, self._leave, working)
            with suppress(asyncio.CancelledError):
                await working
            rescuing.cancel()

    def _leave(self, working: "asyncio.Task[None]") -> None:
        self._stop.pause()
        working.cancel()  # takes no further job, and waits for the one in hand

    async def _rescue(self, app: App) -> None:
        """Put chunks of dead workers back into the queue; each turn shows that this one lives."""
        while True:
            self._pulse.beat()
            await asyncio.sleep(_HEARTBEAT_S)
            with self._store.alone(_RESCUE_LOCK) as alone:
                if not alone:
                    continue
                stalled = await app.job_manager.get_stalled_jobs(
                    queue=queue.QUEUE, seconds_since_heartbeat=self._stalled_s
                )
                for job in stalled:
                    log.warning("chunk %s is taken from a worker that died", job.task_kwargs)
                    await app.job_manager.retry_job(job)

    async def _work_off(
        self, context: JobContext, owner: str, run_id: str, runner: str, number: int
    ) -> None:
        """The job: make the calls of one chunk that are missing.

        Raises:
            HandedBack: this worker was asked to end before the chunk was done.
        """
        store = self._store.for_owner(owner)
        chunk = await asyncio.to_thread(store.take_chunk, run_id, runner, number)
        if chunk is None:
            return
        try:
            opened = await asyncio.to_thread(self._open, store, chunk)
            await self._make(store, chunk, opened)
        except (AdvisorError, PricingError) as error:
            store.end_run(run_id, runner, "partial", str(error), last=False)
        except HandedBack:
            raise
        except Exception:
            if not _may_retry(context.job):
                store.end_run(run_id, runner, "partial", _FAULT, last=False)
            raise

    def _open(self, store: Store, chunk: Chunk) -> "_Opened":
        """Read what a chunk needs; in a thread, so that the heartbeat goes on."""
        run = store.run(chunk.run_id)
        case = store.load_case(run.case_id)
        price = price_of_calls(case, datetime.now(UTC).date())
        sides = open_sides(run.spec, run.settings, {}, {}, store.server_url)
        for arm, why in store.stopped_arms(run.id, chunk.runner).items():
            sides[arm].stopped = why
        beat = partial(store.beat_chunk, chunk)
        work = Work(store, run, sides, price, beat, self._stop)
        missing = missing_calls(store, run, chunk.calls)
        return _Opened(run, case, price, work, work.reuse(missing))

    async def _make(self, store: Store, chunk: Chunk, opened: "_Opened") -> None:
        run, work, missing = opened.run, opened.work, opened.missing
        try:
            if missing:
                at_once = min(run.settings.concurrency, len(missing))
                await work.make(missing, at_once, _budget(store, run, work))
            if run.judges is not None:
                await work.in_thread(partial(_write_judgments, store, run, opened.case))
            if self._stop.requested is not None:
                raise HandedBack
            if work.end is not None:
                store.end_run(run.id, chunk.runner, *work.end, last=False)
                return
        finally:
            await work.close()
        stopped = {name: side.stopped for name, side in work.sides.items() if side.stopped}
        if await asyncio.to_thread(store.end_chunk, chunk, stopped):
            await asyncio.to_thread(_end, store, opened, chunk.runner)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A chunk's run, and the calls still to be made."""

    run: Run
    case: Case
    price: Price
    work: Work
    missing: list[PlannedCall]


def _end(store: Store, opened: _Opened, runner: str) -> None:
    """Write the end of a run whose last chunk has ended; its judge comes before that."""
    run, case = opened.run, opened.case
    status, reason, _ = outcome(store, run.id, None, store.stopped_arms(run.id, runner))
    store.carry_votes(run.id)
    hosted = case.judge is not None and host_name(case.judge.endpoint) is not None
    if status == "done" and run.judges is None and hosted:
        with suppress(AdvisorError):  # nothing to judge, or judged elsewhere by now
            queue.start_judge(store, run.id, case, settings=run.settings, price=opened.price)
    store.end_run(run.id, runner, status, reason, last=True)


def _write_judgments(store: Store, run: Run, case: Case) -> None:
    if run.judges is not None and case.judge is not None:
        plan = plan_judging(case, store.outputs(run.judges))
        write_judgments(store, run.id, run.judges, plan)


def _budget(store: Store, run: Run, work: Work) -> SharedBudget:
    """The run's money, set aside in the store for all workers to see."""
    cap = run.settings.cap_usd
    limit = None if cap is None else Decimal(str(cap))

    async def begin(call: PlannedCall, highest: Decimal) -> Literal["begun", "wait", "full"]:
        if limit is None:
            await work.in_thread(partial(store.begin_call, run.id, call))
            return "begun"
        return await work.in_thread(partial(store.begin_within, run.id, call, highest, limit))

    return SharedBudget(limit, begin)
