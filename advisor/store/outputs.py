"""Outputs, as the store keeps them: the checkpoint of a run, each written as soon as it is there."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, delete, or_, select, update

from advisor.case.run_spec import PlannedCall
from advisor.evidence.model import Output
from advisor.store.connected import Connected, utc_now
from advisor.store.tables import outputs

_KEY = ["run_id", "prompt_id", "arm", "sample"]
_FIELDS = tuple(field.name for field in fields(Output))
OUTPUT_COLUMNS = tuple(outputs.c[name] for name in _FIELDS)
_NOT_MADE = "This call was not made again."
EndedCall = tuple[PlannedCall, Output, Decimal | None]
"""What was asked, what came of it, and its price in USD; None = not known, 0 = recorded."""
AT_ONCE = 500
"""Hashes in one query; databases limit the number of parameters."""


class OutputStore(Connected):
    """The outputs of one owner's runs."""

    def __init__(self, engine: Engine, owner: str) -> None:
        super().__init__(engine, owner)
        # Built once: these two statements are the hot path, and building costs more than running.
        open_row = (outputs.c.owner == owner) & or_(
            outputs.c.outcome.is_(None),
            # No `in_`: many rows at once can't be written with it.
            outputs.c.outcome == "failed",
            outputs.c.outcome == "no_answer",
        )
        empty = {name: None for name in _FIELDS if name not in _KEY}
        again = self._insert(outputs)
        self._begin_statement = again.on_conflict_do_update(
            index_elements=_KEY,
            set_={
                **empty,
                "tokens_counted": False,
                "attempts": 1,
                "call_hash": again.excluded.call_hash,
                "started_at": again.excluded.started_at,
                "reserved_usd": again.excluded.reserved_usd,
                "finished_at": None,
            },
            where=open_row,
        )
        finished = self._insert(outputs)
        kept = [*_FIELDS, "finished_at", "cost_usd", "reused", "reserved_usd"]
        self._finish_statement = finished.on_conflict_do_update(
            index_elements=_KEY,
            set_={name: finished.excluded[name] for name in kept if name not in _KEY},
            where=open_row,
        )

    def keep_calls(
        self, run_id: str, begun: Collection[PlannedCall] = (), ended: Collection[EndedCall] = ()
    ) -> None:
        """Write in one commit that calls are about to be made, and what came of others.

        An answer that is already there is kept.
        """
        rows = [self._finished(run_id, *call, reused=False) for call in ended]
        with self._write() as connection:
            if begun:
                self._begin(connection, run_id, begun)
            if rows:
                connection.execute(self._finish_statement, rows)

    def _begin(
        self,
        connection: Connection,
        run_id: str,
        asked: Iterable[PlannedCall],
        highest: Decimal | None = None,
    ) -> None:
        rows = [
            {
                **self._named(run_id, call),
                "started_at": utc_now(),
                "reserved_usd": None if highest is None else str(highest),
            }
            for call in asked
        ]
        connection.execute(self._begin_statement, rows)

    def _named(self, run_id: str, call: PlannedCall) -> dict[str, Any]:
        """The columns that say which call a row is of."""
        return {
            "run_id": run_id,
            "prompt_id": call.prompt_id,
            "arm": call.arm,
            "sample": call.sample,
            "owner": self.owner,
            "call_hash": call.call_hash,
        }

    def withdraw_call(self, run_id: str, call: PlannedCall) -> None:
        """Take back a call that was begun and never sent."""
        unsent = self._in_flight(run_id, call)
        paid = (
            update(outputs)
            .where(unsent, outputs.c.cost_usd.is_not(None))
            .values(outcome="failed", text="", error=_NOT_MADE, reserved_usd=None)
        )
        with self._write() as connection:
            connection.execute(paid)
            connection.execute(delete(outputs).where(unsent))

    def keep_cost(self, run_id: str, call: PlannedCall, cost_usd: Decimal) -> None:
        """Write what the attempts of a call in flight have cost so far: it counts whatever comes."""
        so_far = update(outputs).where(self._in_flight(run_id, call))
        with self._write() as connection:
            connection.execute(so_far.values(cost_usd=str(cost_usd)))

    def _in_flight(self, run_id: str, call: PlannedCall) -> ColumnElement[bool]:
        """The row of a call of this owner's that was begun and has not ended."""
        return and_(
            outputs.c.run_id == run_id,
            outputs.c.prompt_id == call.prompt_id,
            outputs.c.arm == call.arm,
            outputs.c.sample == call.sample,
            outputs.c.owner == self.owner,
            outputs.c.outcome.is_(None),
        )

    def paid_before(self, run_id: str) -> dict[tuple[str, str, int], Decimal]:
        """What calls that have no answer yet have cost by their earlier attempts, by key."""
        wanted = select(
            outputs.c.prompt_id, outputs.c.arm, outputs.c.sample, outputs.c.cost_usd
        ).where(
            outputs.c.run_id == run_id,
            outputs.c.owner == self.owner,
            outputs.c.cost_usd.is_not(None),
            or_(outputs.c.outcome.is_(None), outputs.c.outcome.in_(("failed", "no_answer"))),
        )
        with self._read() as connection:
            return {
                (row.prompt_id, row.arm, row.sample): Decimal(row.cost_usd)
                for row in connection.execute(wanted)
            }

    def reuse(self, run_id: str, answers: Collection[tuple[PlannedCall, Output]]) -> None:
        """Write answers another run bought into this one, at no cost, in one commit."""
        rows = [
            self._finished(run_id, call, output, Decimal(0), reused=True)
            for call, output in answers
        ]
        if rows:
            with self._write() as connection:
                connection.execute(self._finish_statement, rows)

    def settled(self, run_id: str) -> set[tuple[str, str, int]]:
        """Keys (prompt, arm, sample) of the run's calls that were answered or refused."""
        wanted = select(outputs.c.prompt_id, outputs.c.arm, outputs.c.sample).where(
            outputs.c.run_id == run_id,
            outputs.c.owner == self.owner,
            outputs.c.outcome.in_(("answered", "refused")),
        )
        with self._read() as connection:
            return {(row.prompt_id, row.arm, row.sample) for row in connection.execute(wanted)}

    def begun(self, run_id: str) -> set[tuple[str, str, int]]:
        """Keys of the run's calls that were begun, whatever came of them."""
        wanted = select(outputs.c.prompt_id, outputs.c.arm, outputs.c.sample).where(
            outputs.c.run_id == run_id, outputs.c.owner == self.owner
        )
        with self._read() as connection:
            return {(row.prompt_id, row.arm, row.sample) for row in connection.execute(wanted)}

    def outputs(self, run_id: str) -> list[Output]:
        """The run's finished calls, in no particular order."""
        wanted = select(*OUTPUT_COLUMNS).where(
            outputs.c.run_id == run_id,
            outputs.c.owner == self.owner,
            outputs.c.outcome.is_not(None),
        )
        with self._read() as connection:
            return [output_of(row) for row in connection.execute(wanted)]

    def reusable(self, call_hashes: Collection[str]) -> dict[str, Output]:
        """Answers the owner has already bought, by call hash; refusals and failures are not."""
        wanted = list(call_hashes)
        found: dict[str, Output] = {}
        with self._read() as connection:
            for start in range(0, len(wanted), AT_ONCE):
                equal = select(outputs.c.call_hash, *OUTPUT_COLUMNS).where(
                    outputs.c.owner == self.owner,
                    outputs.c.call_hash.in_(wanted[start : start + AT_ONCE]),
                    outputs.c.outcome == "answered",
                )
                for row in connection.execute(equal):
                    found[row.call_hash] = output_of(row)
        return found

    def _finished(
        self,
        run_id: str,
        call: PlannedCall,
        output: Output,
        cost_usd: Decimal | None,
        *,
        reused: bool,
    ) -> dict[str, Any]:
        now = utc_now()
        return {
            **{name: getattr(output, name) for name in _FIELDS},
            **self._named(run_id, call),
            "started_at": now,  # kept only where it was not begun before
            "finished_at": (output.finished_at if reused else None) or now,
            "cost_usd": None if cost_usd is None else str(cost_usd),
            "reused": reused,
            "reserved_usd": None,
        }


def output_of(row: Row[Any]) -> Output:
    """A row of `OUTPUT_COLUMNS` as an Output."""
    read = {name: row._mapping[name] for name in _FIELDS}
    return Output(**read | {"reasoning": read["reasoning"] or ""})
