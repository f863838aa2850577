"""A worker: takes chunks of runs from the queue, one of each user at a time, and makes their calls.

Any number of them, on any machine that reaches the database. One that dies is noticed by its
heartbeat, and another goes on with its chunk; one that is asked to end hands its chunk back. A
database that goes away is waited for: the answers in hand are written when it is back.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Literal, TypeVar

from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from psycopg import OperationalError

from advisor.case.case import Case
from advisor.case.run_spec import PlannedCall, Price
from advisor.errors import AdvisorError, DatabaseAway
from advisor.evidence.judge.plan import plan_judging
from advisor.host.endpoints import host_name
from advisor.host.settings import hosting
from advisor.runs.budget import SharedBudget
from advisor.runs.endpoints import open_sides
from advisor.runs.judging import UnusableReplies, write_judgments
from advisor.runs.live import StopSignal
from advisor.runs.loop import run_to_end
from advisor.runs.prices import price_of_calls
from advisor.runs.retry import patiently
from advisor.runs.runner import missing_calls, outcome
from advisor.runs.slots import Slots
from advisor.runs.work import Work
from advisor.runs.workers import queue
from advisor.runs.workers.connector import PatientConnector
from advisor.runs.workers.server import Pulse, served
from advisor.runs.workers.turns import InTurns
from advisor.store.queued import HUNG_S, Chunk
from advisor.store.repository import Run, Store
from pricing.errors import PricingError

_HEARTBEAT_S = 1.0
_USERS = 8
"""So many users' chunks a worker has in hand at most, so that it never holds more connections."""
STALLED_S = 10.0
"""A worker not heard of for so long is dead, seconds."""
_PATIENCE = 2
"""A worker that waits for its database counts as hanging after so many times that."""
_FORGOTTEN_S = 86_400.0
"""A worker not heard of for so long is taken off the queue's list: one that waits for its database
must be found there when it is back."""

_FAULT = "A fault of this server ended the run; what was answered is kept, and it can be continued."

_GONE = (ConnectorException, DatabaseAway, OperationalError)
"""What the queue and the store end in when the database goes away."""

log = logging.getLogger(__name__)
T = TypeVar("T")


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
        run_to_end(_Worker(store, stalled_s, pulse).run(store.server_url))


class _Worker:
    """One process that works on one chunk of each user at a time."""

    def __init__(self, store: Store, stalled_s: float, pulse: Pulse) -> None:
        self._store = store
        self._stalled_s = stalled_s
        self._pulse = pulse
        self._stop = StopSignal()
        self._working: asyncio.Task[None] | None = None
        self._holds: list[int] = []
        """By what number the queue knows this worker, for each chunk in hand."""
        self._slots = Slots()

    async def run(self, database: str) -> None:
        """Take jobs until asked to end; the calls in flight still come in."""
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, self._leave)
        turning = asyncio.create_task(self._turn())
        while self._stop.requested is None:
            self._working = asyncio.create_task(self._take_jobs(database))
            await asyncio.wait((self._working, turning), return_when=asyncio.FIRST_COMPLETED)
            if turning.done():
                turning.result()  # a fault of ours: better ended, and started anew, than half alive
            self._look_at(self._working)
        turning.cancel()

    async def _take_jobs(self, database: str) -> None:
        """Until asked to end, or until the queue gives up because the database went away."""
        await self._in_thread(self._store.reach)
        app = App(connector=PatientConnector(database, self._stop))
        app.job_manager = InTurns(app.connector)
        app.task(name=queue.TASK, queue=queue.QUEUE, retry=_Again(), pass_context=True)(
            self._work_off
        )
        async with app.open_async():
            await app.run_worker_async(
                queues=[queue.QUEUE],
                concurrency=_USERS,
                update_heartbeat_interval=_HEARTBEAT_S,
                stalled_worker_timeout=_FORGOTTEN_S,
                fetch_job_polling_interval=2.0,
                delete_jobs="successful",
                install_signal_handlers=False,
            )

    def _look_at(self, ended: "asyncio.Task[None]") -> None:
        """Swallow errors of a database that went away; raise all others."""
        error = None if ended.cancelled() else ended.exception()
        if self._stop.requested is not None:
            return
        if error is not None and not isinstance(error, _GONE):
            raise error
        log.warning("the queue can't be reached; this worker goes on when it can")

    def _leave(self) -> None:
        self._stop.interrupt()
        asyncio.get_running_loop().call_later(hosting().stop_grace_s, self._stop.drop)
        if self._working is not None:
            self._working.cancel()  # takes no further job, and waits for those in hand

    async def _turn(self) -> None:
        """The heartbeat loop: it also puts chunks of dead workers back in the queue."""
        heard = time.monotonic()
        while True:
            self._pulse.beat()
            await asyncio.sleep(_HEARTBEAT_S)
            # While the database was away nobody was heard of; each is given time to say so again.
            others = time.monotonic() - heard > self._stalled_s
            said = asyncio.create_task(asyncio.to_thread(self._say_and_look, others))
            asked = time.monotonic()
            while not said.done():  # a database that hangs for a while is no fault of this worker
                await asyncio.wait({said}, timeout=_HEARTBEAT_S)
                if time.monotonic() - asked < _PATIENCE * self._stalled_s:
                    self._pulse.beat()
            if not said.result():
                heard = time.monotonic()

    def _say_and_look(self, others: bool) -> bool:
        """Send the heartbeat; whether the database answered at once. Blocks while it hangs."""
        began = time.monotonic()
        try:
            # The queue says it too, but no more once it gave up, though the chunk in hand goes on.
            for worker in set(self._holds):
                self._store.worker_lives(worker)
            if time.monotonic() - began > HUNG_S:
                return False
            found = self._store.rescue(queue.QUEUE, self._stalled_s) if others else []
        except DatabaseAway:
            return False
        for what in found or ():
            log.warning("chunk %s is taken from a worker that died", what)
        return found is not None

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(patiently, work, self._stop)

    async def _work_off(
        self, context: JobContext, owner: str, run_id: str, runner: str, number: int
    ) -> None:
        """The job: make the calls of one chunk that are missing.

        Raises:
            HandedBack: this worker was asked to end before the chunk was done.
        """
        store = self._store.for_owner(owner)
        end = partial(store.end_run, run_id, runner, "partial", last=False)
        holds = context.job.worker_id or 0
        self._holds.append(holds)
        try:
            chunk = await self._in_thread(partial(store.take_chunk, run_id, runner, number))
            if chunk is None:
                return
            opened = await self._in_thread(partial(self._open, store, chunk))
            await self._make(store, chunk, opened)
        except (HandedBack, DatabaseAway):  # the latter only where this worker is to end
            raise
        except (AdvisorError, PricingError) as error:
            await self._in_thread(partial(end, str(error)))
        except Exception:
            if not _may_retry(context.job):
                await self._in_thread(partial(end, _FAULT))
            raise
        finally:
            self._holds.remove(holds)

    def _open(self, store: Store, chunk: Chunk) -> "_OpenedRun":
        """Read what a chunk needs; in a thread, so that the heartbeat goes on."""
        run = store.run(chunk.run_id)
        case = store.load_case(run.case_id)
        price = price_of_calls(case, datetime.now(UTC).date())
        sides = open_sides(run.spec, run.settings, {}, {}, store.server_url, store.refused())
        for arm, why in store.stopped_arms(run.id, chunk.runner).items():
            sides[arm].stopped = why
        beat = partial(store.beat_chunk, chunk)
        came = None
        if run.judges is not None and case.judge is not None:
            came = UnusableReplies(plan_judging(case, store.outputs(run.judges))).come
        work = Work(store, run, sides, price, beat, self._stop, came=came)
        missing = missing_calls(store, run, chunk.calls)
        return _OpenedRun(run, case, price, work, work.reuse(missing))

    async def _make(self, store: Store, chunk: Chunk, opened: "_OpenedRun") -> None:
        run, work, missing = opened.run, opened.work, opened.missing
        try:
            if missing:
                at_once = min(run.settings.concurrency, len(missing))
                with self._slots.shared_with(store.owner, at_once) as share:
                    await work.make(missing, at_once, _budget(store, run, work), share)
            if run.judges is not None:
                await work.in_thread(partial(_write_judgments, store, run, opened.case))
            if self._stop.requested is not None:
                raise HandedBack
            if work.end is not None and work.end[0] == "interrupted":
                return  # another worker has the chunk by now, and the run goes on there
            if work.end is not None:
                end = partial(store.end_run, run.id, chunk.runner, *work.end, last=False)
                await work.in_thread(end)
                return
        finally:
            await work.close()
        stopped = {name: side.stopped for name, side in work.sides.items() if side.stopped}
        if await self._in_thread(partial(store.end_chunk, chunk, stopped)):
            await self._in_thread(partial(_end, store, opened, chunk.runner))


@dataclass(frozen=True, slots=True)
class _OpenedRun:
    """A chunk's run, and the calls still to be made."""

    run: Run
    case: Case
    price: Price
    work: Work
    missing: list[PlannedCall]


def _end(store: Store, opened: _OpenedRun, runner: str) -> None:
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
            await work.begin(call)
            return "begun"
        return await work.in_thread(partial(store.begin_within, run.id, call, highest, limit))

    async def fits() -> bool:
        return limit is None or await work.in_thread(partial(store.fits, run.id, limit))

    return SharedBudget(limit, begin, fits)
