"""Runs, as the store keeps them: who runs one, how it stands, and what it has cost."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, RowMapping, case, func, insert, select, update

from advisor.case.case import Case, RunSettings
from advisor.case.options import OptionId
from advisor.case.order import random_order
from advisor.case.run_spec import RunSpec
from advisor.errors import RunIsLive, UnknownRun
from advisor.evidence.receipt import Receipt
from advisor.evidence.run_state import RunState, Status
from advisor.host.telemetry import run_is
from advisor.store.connected import Connected, utc_now
from advisor.store.refusals import REFUSED_FOR, Refused, as_rows, in_turn, refused_in
from advisor.store.tables import asked_apart, cases, new_id, prompts, runs

_LAST_RUNS = 20
_DRAINED = timedelta(seconds=3)
"""A run that was asked to stop is over when none of its runners was heard of for so long."""

Dead = Callable[[str | None, datetime | None], bool]
"""Whether the process behind a runner id, last heard of at this moment, is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(RunState):
    """A run with its spec."""

    spec: RunSpec


_STATE = (
    runs.c.id,
    runs.c.case_id,
    runs.c.spec_hash,
    runs.c.settings,
    runs.c.status,
    runs.c.created_at,
    runs.c.started_at,
    runs.c.ended_at,
    runs.c.heartbeat_at,
    runs.c.runner,
    runs.c.stop_reason,
    runs.c.judges,
    runs.c.notes,
)

_COMPARES = runs.c.judges.is_(None) & runs.c.search.is_(None)
"""A run that answers the prompts of a case."""


class RunStore(Connected):
    """The runs of one owner."""

    def start_run(
        self,
        case_id: str,
        spec: RunSpec,
        settings: RunSettings,
        judges: str | None = None,
        receipt: Receipt | None = None,
    ) -> str:
        """The case's run with this spec, made where there is none; its settings are these now.

        Args:
            case_id: whose run it is.
            spec: what it buys.
            settings: how it is made.
            judges: the run whose answers it judges; None = it answers the prompts itself.
            receipt: what is fixed now; a run that has begun keeps the one it has.
        """
        new = {
            "id": new_id(),
            "case_id": case_id,
            "owner": self.owner,
            "spec_hash": spec.spec_hash,
            "spec": spec.model_dump(mode="json"),
            "settings": settings.model_dump(mode="json"),
            "planned": spec.planned,
            "status": "new",
            "created_at": utc_now(),
            "judges": judges,
            "receipt": receipt and receipt.model_dump(mode="json"),
        }
        insert = self._insert(runs).values(**new)
        fixed = case((runs.c.status == "new", insert.excluded.receipt), else_=runs.c.receipt)
        upsert = insert.on_conflict_do_update(
            index_elements=["owner", "case_id", "spec_hash"],
            set_={"settings": new["settings"], "judges": judges, "receipt": fixed},
        ).returning(runs.c.id)
        with self._write() as connection:
            return str(connection.execute(upsert).scalar_one())

    def run(self, run_id: str) -> Run:
        """The run with this id.

        Raises:
            UnknownRun: this owner has none.
        """
        found = self._runs(runs.c.id == run_id)
        if not found:
            raise unknown_run(run_id)
        return found[0]

    def find_run(self, spec_hash: str, case_id: str | None = None) -> Run | None:
        """The newest run with this spec, of one case or of any of the owner's."""
        which = runs.c.spec_hash == spec_hash
        if case_id is not None:
            which &= runs.c.case_id == case_id
        found = self._runs(which, limit=1)
        return found[0] if found else None

    def run_state(self, run_id: str) -> RunState:
        """The run with this id, without its spec.

        Raises:
            UnknownRun: this owner has none.
        """
        found = self._state(runs.c.id == run_id)
        if found is None:
            raise unknown_run(run_id)
        return found

    def find_state(self, spec_hash: str, case_id: str) -> RunState | None:
        """The case's run with this spec, without the spec itself."""
        return self._state((runs.c.spec_hash == spec_hash) & (runs.c.case_id == case_id))

    def runs(self, case_id: str) -> list[Run]:
        """The case's runs, newest first, without those of its judges and of searches."""
        return self._runs((runs.c.case_id == case_id) & _COMPARES)

    def latest_run(self, case_id: str) -> Run | None:
        """The case's newest run."""
        found = self._runs((runs.c.case_id == case_id) & _COMPARES, limit=1)
        return found[0] if found else None

    def receipt(self, case_id: str) -> Receipt | None:
        """What was fixed before the case's first answer; None = nothing has begun, or not kept."""
        begun = (runs.c.case_id == case_id) & (runs.c.owner == self.owner)
        begun &= _COMPARES & (runs.c.status != "new")
        first = func.coalesce(runs.c.started_at, runs.c.created_at)
        wanted = select(runs.c.receipt).where(begun).order_by(first, runs.c.id).limit(1)
        with self._read() as connection:
            kept = connection.scalar(wanted)
        return None if kept is None else Receipt.model_validate(kept)

    def kept_order(self, run: RunState, prompt_ids: Iterable[str]) -> list[str]:
        """Prompts in the order in which they are asked and voted on, the same in every run.

        A prompt that the case has no more stands alone, among those that came first.
        """
        wanted = select(prompts.c.id, prompts.c.cluster, prompts.c.batch).where(
            prompts.c.case_id == run.case_id, prompts.c.owner == self.owner
        )
        with self._read() as connection:
            rows = connection.execute(wanted).all()
        clusters = {row.id: row.cluster for row in rows if row.cluster is not None}
        batches = {row.id: row.batch or 0 for row in rows}
        return random_order(dict.fromkeys(prompt_ids), run.order_seed, clusters, batches)

    def claim_run(self, run_id: str, runner: str, dead: Dead) -> None:
        """Mark a run as running here; of two runners at the same moment one gets it.

        Raises:
            RunIsLive: a runner that is not dead has it, or the last one's calls still come in.
            UnknownRun: this owner has no such run.
        """
        mine = (runs.c.id == run_id) & (runs.c.owner == self.owner)
        held = select(runs.c.status, runs.c.runner, runs.c.heartbeat_at, runs.c.started_at)
        with self._write() as connection:
            row = connection.execute(held.where(mine).with_for_update()).one_or_none()
            if row is None:
                raise unknown_run(run_id)
            if row.status == "running" and not dead(row.runner, row.heartbeat_at):
                raise RunIsLive("This run is already going on in another window or process.")
            now = utc_now()
            heard = row.heartbeat_at if row.runner is not None else None
            if row.status != "running" and heard is not None and now - heard < _DRAINED:
                raise RunIsLive("The calls in flight still come in; go on in a few seconds.")
            connection.execute(
                update(runs)
                .where(mine)
                .values(
                    status="running",
                    runner=runner,
                    heartbeat_at=now,
                    started_at=row.started_at or now,
                    ended_at=None,
                    stop_reason=None,
                )
            )
        run_is(run_id, "running")

    def set_status(
        self,
        run_id: str,
        status: Status,
        stop_reason: str | None = None,
        runner: str | None = None,
    ) -> None:
        """Write how a run stands; with `runner`, only if that runner still has it, and it lets go."""
        which = (runs.c.id == run_id) & (runs.c.owner == self.owner)
        ended = None if status in ("new", "running") else utc_now()
        values = {"status": status, "stop_reason": stop_reason, "ended_at": ended}
        if runner is not None:
            which &= runs.c.runner == runner
            values["runner"] = None
        with self._write() as connection:
            connection.execute(update(runs).where(which).values(**values))
        run_is(run_id, status)

    def note(self, run_id: str, sentences: Collection[str], refused: Refused | None = None) -> None:
        """Keep what was found out while a run goes on, each sentence once.

        Args:
            run_id: the run.
            sentences: for whoever reads how it went.
            refused: what an endpoint does not take, for the runs after it.
        """
        mine = (runs.c.id == run_id) & (runs.c.owner == self.owner)
        held = select(runs.c.notes, runs.c.refused)
        with self._write() as connection:
            row = connection.execute(held.where(mine).with_for_update()).first()
            if row is not None:
                kept = list(dict.fromkeys((*(row.notes or ()), *sentences)))
                known = in_turn(refused_in(row.refused), refused or {})
                values = {"notes": kept, "refused": as_rows(known)}
                connection.execute(update(runs).where(mine).values(values))

    def refused(self) -> Refused:
        """What endpoints did not take of the owner in the last month, in runs and apart from them."""
        since = utc_now() - REFUSED_FOR
        in_runs = select(runs.c.refused, runs.c.created_at).where(self._met_refusals)
        mine = asked_apart.c.owner == self.owner
        apart = select(asked_apart.c.refused, asked_apart.c.created_at).where(mine)
        with self._read() as connection:
            rows = [*connection.execute(in_runs.where(runs.c.created_at >= since))]
            rows += connection.execute(apart.where(asked_apart.c.created_at >= since))
        rows.sort(key=lambda row: row.created_at)
        return in_turn(*(refused_in(row.refused) for row in rows))

    def keep_refused(self, refused: Refused) -> None:
        """Keep what was found out apart from a run."""
        rows = as_rows(refused)
        if rows is None:
            return
        kept = {"id": new_id(), "owner": self.owner, "refused": rows, "created_at": utc_now()}
        with self._write() as connection:
            connection.execute(insert(asked_apart).values(kept))

    def send_again(self, endpoint: str, model: str) -> None:
        """Forget what this model did not take, so that the next run sends it once more."""
        wanted = select(runs.c.id, runs.c.refused).where(self._met_refusals)
        mine = select(asked_apart.c.id, asked_apart.c.refused).where(
            asked_apart.c.owner == self.owner
        )

        def without(refused: Sequence[Sequence[str]]) -> list[list[str]] | None:
            known = refused_in(refused)
            known.pop((endpoint, model), None)
            return as_rows(known)

        with self._write() as connection:
            for row in connection.execute(wanted).all():
                kept = update(runs).where(runs.c.id == row.id)
                connection.execute(kept.values(refused=without(row.refused)))
            for row in connection.execute(mine).all():
                kept = update(asked_apart).where(asked_apart.c.id == row.id)
                connection.execute(kept.values(refused=without(row.refused) or []))

    def called(self, case_id: str, options: tuple[OptionId, ...]) -> tuple[str, ...]:
        """What the case calls these of its options, as it is now."""
        wanted = select(cases.c.body).where(cases.c.id == case_id, cases.c.owner == self.owner)
        with self._read() as connection:
            body = connection.scalar(wanted)
        try:
            case = Case.model_validate(body)
        except ValidationError:  # written by another version: their ids say it too
            return options
        return tuple(map(case.name_of, options))

    @property
    def _met_refusals(self) -> ColumnElement[bool]:
        """Whether a run is the owner's and met something that was not taken."""
        return (runs.c.owner == self.owner) & runs.c.refused.is_not(None)

    def bounds(self) -> set[int]:
        """The longest answers that the owner's last runs have asked for, tokens."""
        wanted = (
            select(runs.c.spec["max_output_tokens"], runs.c.spec["arms"])
            .where(runs.c.owner == self.owner)
            .order_by(runs.c.created_at.desc())
            .limit(_LAST_RUNS)
        )
        found: set[int] = set()
        with self._read() as connection:
            for of_run, arms in connection.execute(wanted):
                own = (arm.get("parameters", {}).get("max_output_tokens") for arm in arms.values())
                found.update(most for most in (of_run, *own) if most)
        return found

    def keep_settings(self, run_id: str, settings: RunSettings) -> None:
        """Give a run these settings from now on."""
        kept = update(runs).where(runs.c.id == run_id, runs.c.owner == self.owner)
        with self._write() as connection:
            connection.execute(kept.values(settings=settings.model_dump(mode="json")))

    def request(self, run_id: str, status: Status, stop_reason: str) -> None:
        """Ask whoever goes on with a run, or with judging it, to stop; others stay as they are.

        Every runner looks at the status once a second at least.
        """
        of_run = (runs.c.id == run_id) | (runs.c.judges == run_id)
        asked = (
            update(runs)
            .where(of_run, runs.c.owner == self.owner, runs.c.status == "running")
            .values(status=status, stop_reason=stop_reason, ended_at=utc_now())
        )
        with self._write() as connection:
            connection.execute(asked)

    def beat(self, run_id: str, runner: str) -> Status | None:
        """Heartbeat of a runner; gives the run's status, None = another runner has it."""
        beat = (
            update(runs)
            .where(runs.c.id == run_id, runs.c.owner == self.owner, runs.c.runner == runner)
            .values(heartbeat_at=utc_now())
            .returning(runs.c.status)
        )
        with self._write() as connection:
            status: Status | None = connection.scalar(beat)
            return status

    def mark_interrupted(self, dead: Dead) -> list[str]:
        """Turn runs that a dead process left `running` into `interrupted`, of every owner.

        Called at start-up; gives the ids. `progress(run_id).in_flight` then counts the calls
        that may have been paid for without an answer.
        """
        left = select(runs.c.id, runs.c.runner, runs.c.heartbeat_at).where(
            runs.c.status == "running"
        )
        marked = []
        with self._write() as connection:
            for run_id, runner, heartbeat_at in connection.execute(left).all():
                if dead(runner, heartbeat_at):
                    connection.execute(
                        update(runs)
                        .where(runs.c.id == run_id)
                        .values(
                            status="interrupted",
                            runner=None,
                            ended_at=utc_now(),
                            stop_reason="The program stopped while this run was going on.",
                        )
                    )
                    marked.append(run_id)
        return marked

    def _state(self, which: ColumnElement[bool]) -> RunState | None:
        wanted = select(*_STATE).where(which, runs.c.owner == self.owner)
        with self._read() as connection:
            row = connection.execute(wanted).mappings().first()
        return None if row is None else RunState(**_fields(row))

    def _runs(self, which: Any, limit: int | None = None) -> list[Run]:
        wanted = select(*_STATE, runs.c.spec).where(which, runs.c.owner == self.owner).limit(limit)
        newest_first = wanted.order_by(runs.c.created_at.desc(), runs.c.id.desc())
        with self._read() as connection:
            return [_run(row) for row in connection.execute(newest_first).mappings()]


def unknown_run(run_id: str) -> UnknownRun:
    """The error for an id that is none of this owner's runs."""
    return UnknownRun(f"There is no run with the id {run_id}.")


def _run(row: RowMapping) -> Run:
    return Run(**_fields(row), spec=RunSpec.model_validate(row[runs.c.spec]))


def _fields(row: RowMapping) -> dict[str, Any]:
    fields: dict[str, Any] = {column.name: row[column] for column in _STATE}
    fields["notes"] = tuple(fields["notes"] or ())
    fields["settings"] = RunSettings.model_validate(fields["settings"])
    return fields
