"""Runs that workers share: their chunks, and the cap over all of them."""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Numeric,
    case,
    cast,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from advisor.case.options import Role
from advisor.case.run_spec import PlannedCall
from advisor.errors import RunIsLive
from advisor.evidence.run_state import Status
from advisor.host.telemetry import run_is
from advisor.store.connected import utc_now
from advisor.store.outputs import OutputStore
from advisor.store.runs import RunStore
from advisor.store.tables import chunks, outputs, runs

CallKey = tuple[str, Role, int]
"""Prompt, arm, sample."""


HUNG_S = 3.0
"""A database that takes so long over next to nothing hung, and others were not heard either."""
_RESCUE_LOCK = 7423
_NOW_ALONE = text("SELECT clock_timestamp(), pg_try_advisory_xact_lock(:key)")
_PUT_BACK = text(
    """
    WITH stalled AS MATERIALIZED (
        SELECT job.id, job.args
        FROM procrastinate_jobs job
        LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
        WHERE job.status = 'doing' AND job.queue_name = :queue
          AND (worker.id IS NULL
               OR worker.last_heartbeat < now() - make_interval(secs => :stalled_s))
          AND clock_timestamp() - CAST(:asked AS timestamptz) < make_interval(secs => :hung_s)
    )
    SELECT stalled.args
    FROM stalled, procrastinate_retry_job_v2(stalled.id, now(), NULL, NULL, NULL)
    """
)
"""In the queue's own words, as of version 3.10."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Calls of a run that one worker makes."""

    run_id: str
    runner: str
    """Which going-on of the run it belongs to: chunks left over from an earlier one do nothing."""
    number: int
    worker: str
    """Who has it: whoever took it last."""
    calls: frozenset[CallKey]


class QueueStore(RunStore, OutputStore):
    """Chunks of one owner's runs; on Postgres only, as workers are processes of any machine."""

    @property
    def server_url(self) -> str | None:
        """The database as other clients are given it, with its password; None = a SQLite file."""
        if self.engine.dialect.name != "postgresql":
            return None
        return self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def prepare_queue(self, tables: str) -> None:
        """Make the queue's own tables where there are none; any process may, one does."""
        with self._write() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(7422)"))
            if connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is None:
                _driver(connection).execute(tables)

    def put_chunks(
        self,
        run_id: str,
        claimed_by: str,
        calls: Sequence[Sequence[CallKey]],
        defer: Callable[[Any, str], None],
    ) -> str:
        """Hand a claimed run over to the workers, all of it or nothing; gives their runner's name.

        Args:
            run_id: the run.
            claimed_by: who has it until now.
            calls: of each chunk.
            defer: puts the jobs into the queue, by the driver's connection and the runner's name.

        Raises:
            RunIsLive: somebody else has it by now, or it was asked to stop.
        """
        runner = f"queue|{secrets.token_hex(16)}"
        mine = (runs.c.id == run_id) & (runs.c.owner == self.owner)
        hand_over = (
            update(runs)
            .where(mine, runs.c.runner == claimed_by, runs.c.status == "running")
            .values(runner=runner, heartbeat_at=utc_now())
        )
        left_over = (outputs.c.run_id == run_id) & outputs.c.outcome.is_(None)
        rows = [
            {
                "run_id": run_id,
                "number": number,
                "owner": self.owner,
                "runner": runner,
                "calls": [list(key) for key in keys],
            }
            for number, keys in enumerate(calls)
        ]
        with self._write() as connection:
            if connection.execute(hand_over).rowcount != 1:
                raise RunIsLive("This run is already going on in another window or process.")
            connection.execute(update(outputs).where(left_over).values(reserved_usd=None))
            connection.execute(delete(chunks).where(chunks.c.run_id == run_id))
            connection.execute(insert(chunks), rows)
            defer(_driver(connection), runner)
        return runner

    def take_chunk(self, run_id: str, runner: str, number: int) -> Chunk | None:
        """Take a chunk, also from a worker that has died; None = nothing is to be done any more."""
        worker = secrets.token_hex(16)
        going_on = (
            select(runs.c.id)
            .where(runs.c.id == run_id, runs.c.owner == self.owner)
            .where(runs.c.runner == runner, runs.c.status == "running")
        )
        taken = (
            update(chunks)
            .where(chunks.c.run_id == run_id, chunks.c.number == number)
            .where(chunks.c.runner == runner, chunks.c.run_id.in_(going_on))
            .values(worker=worker)
            .returning(chunks.c.calls)
        )
        with self._write() as connection:
            calls = connection.scalar(taken)
        if calls is None:
            return None
        return Chunk(run_id, runner, number, worker, frozenset((p, a, s) for p, a, s in calls))

    def beat_chunk(self, chunk: Chunk) -> Status | None:
        """Heartbeat of a chunk; gives the run's status, None = another worker has the chunk."""
        status = self.beat(chunk.run_id, chunk.runner)
        with self._read() as connection:
            return status if connection.scalar(self._taken(chunk)) is not None else None

    def end_chunk(self, chunk: Chunk, stopped: dict[Role, str]) -> bool:
        """Write that nothing more can be done on a chunk.

        Args:
            chunk: as it was taken.
            stopped: arms that the worker gave up, each with the reason.

        Returns:
            True: all chunks of the run have ended; of two workers that end at the same moment,
            the later one is told so. Asked again it says so again.
        """
        mine = chunks.c.owner == self.owner
        of_run = mine & (chunks.c.run_id == chunk.run_id) & (chunks.c.runner == chunk.runner)
        ended = (
            update(chunks)
            .where(of_run, chunks.c.number == chunk.number, chunks.c.worker == chunk.worker)
            .values(ended_at=utc_now(), stopped=stopped or None)
        )
        left = select(func.count()).select_from(chunks).where(of_run, chunks.c.ended_at.is_(None))
        with self._write() as connection:
            whole = select(runs.c.id).where(runs.c.id == chunk.run_id, runs.c.owner == self.owner)
            connection.execute(whole.with_for_update())
            if connection.execute(ended).rowcount != 1:
                return False
            return connection.scalar(left) == 0

    def stopped_arms(self, run_id: str, runner: str) -> dict[Role, str]:
        """Arms that a worker gave up in this going-on of the run, each with the reason."""
        given_up = (
            select(chunks.c.stopped)
            .where(chunks.c.run_id == run_id, chunks.c.owner == self.owner)
            .where(chunks.c.runner == runner, chunks.c.stopped.is_not(None))
        )
        with self._read() as connection:
            return {arm: why for said in connection.scalars(given_up) for arm, why in said.items()}

    def end_run(
        self, run_id: str, runner: str, status: Status, reason: str | None, *, last: bool
    ) -> bool:
        """Write how a run ended, unless it was asked to stop meanwhile; False = so it was.

        `last`: no worker has calls of it in flight any more.
        """
        ended = (
            update(runs)
            .where(runs.c.id == run_id, runs.c.owner == self.owner)
            .where(runs.c.runner == runner, runs.c.status == "running")
            .values(status=status, stop_reason=reason, ended_at=utc_now())
        )
        if last:
            ended = ended.values(runner=None)
        with self._write() as connection:
            wrote = connection.execute(ended).rowcount == 1
        if wrote:
            run_is(run_id, status)
        return wrote

    def begin_within(
        self, run_id: str, call: PlannedCall, highest: Decimal, cap: Decimal
    ) -> Literal["begun", "wait", "full"]:
        """Begin a call if its highest price fits under the cap beside all that is in flight.

        The cap covers answers and judge together. One row is locked meanwhile, so two workers
        never set the same money aside.

        Returns:
            "wait": it may fit once calls in flight have given some back; "full": it does not.
        """
        root = func.coalesce(runs.c.judges, runs.c.id)
        same = (
            (outputs.c.run_id == run_id)
            & (outputs.c.prompt_id == call.prompt_id)
            & (outputs.c.arm == call.arm)
            & (outputs.c.sample == call.sample)
        )
        with self._write() as connection:
            whole = connection.scalar(
                select(root).where(runs.c.id == run_id, runs.c.owner == self.owner)
            )
            connection.execute(select(runs.c.id).where(runs.c.id == whole).with_for_update())
            # What this call has cost before counts; what was set aside for it then does not.
            aside = case((same, None), else_=outputs.c.reserved_usd)
            committed, in_flight = connection.execute(
                select(func.coalesce(func.sum(_money(aside)), 0), func.count(aside))
                .join(runs, runs.c.id == outputs.c.run_id)
                .where(outputs.c.owner == self.owner, root == whole)
            ).one()
            if Decimal(committed) + highest > cap:
                return "wait" if in_flight else "full"
            self._begin(connection, run_id, [call], highest)
            return "begun"

    def fits(self, run_id: str, cap: Decimal) -> bool:
        """Whether what a run and its judge have spent and set aside is under the cap."""
        root = func.coalesce(runs.c.judges, runs.c.id)
        whole = select(root).where(runs.c.id == run_id, runs.c.owner == self.owner)
        committed = (
            select(func.coalesce(func.sum(_money(outputs.c.reserved_usd)), 0))
            .join(runs, runs.c.id == outputs.c.run_id)
            .where(outputs.c.owner == self.owner, root == whole.scalar_subquery())
        )
        with self._read() as connection:
            return Decimal(connection.scalar(committed) or 0) <= cap

    def worker_lives(self, worker: int) -> None:
        """Heartbeat of a queue job."""
        with self._write() as connection:
            connection.execute(
                text("SELECT procrastinate_update_heartbeat_v1(:worker)"), {"worker": worker}
            )

    def rescue(self, queue: str, stalled_s: float) -> list[dict[str, Any]] | None:
        """Requeue jobs of workers without a heartbeat for so long; gives their arguments.

        Of two processes that look at the same moment one does, so none is put back twice.

        Returns:
            None: the database hung meanwhile, so that nobody could be heard of; nothing was done.
        """
        began = time.monotonic()
        with self._write() as connection:
            # The hour by the database's own clock: one that hangs between here and there shows it.
            now, alone = connection.execute(_NOW_ALONE, {"key": _RESCUE_LOCK}).one()
            if time.monotonic() - began > HUNG_S:
                return None
            if not alone:
                return []
            asked = {"queue": queue, "stalled_s": stalled_s, "asked": now, "hung_s": HUNG_S}
            put_back = [dict(args) for args in connection.execute(_PUT_BACK, asked).scalars()]
        return None if time.monotonic() - began > HUNG_S else put_back

    def _taken(self, chunk: Chunk) -> Any:
        return select(chunks.c.number).where(
            chunks.c.run_id == chunk.run_id,
            chunks.c.owner == self.owner,
            chunks.c.number == chunk.number,
            chunks.c.worker == chunk.worker,
        )


def _money(aside: ColumnElement[Any]) -> ColumnElement[Any]:
    """What a call has cost so far, and what is set aside for it."""
    cost = cast(func.coalesce(outputs.c.cost_usd, "0"), Numeric)
    return cost + cast(func.coalesce(aside, "0"), Numeric)


def _driver(connection: Any) -> Any:
    """The driver's own connection, within the same transaction."""
    return connection.connection.driver_connection
