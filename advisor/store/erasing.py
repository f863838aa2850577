"""Delete a case permanently: its texts, runs, answers, votes, judgments, ballots and snapshots."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from advisor.errors import RunIsLive, UnknownCase
from advisor.store.budgets import BudgetStore
from advisor.store.connected import utc_now
from advisor.store.refusals import REFUSED_FOR
from advisor.store.tables import asked_apart, cases, runs

UNDO_DAYS = 7
"""How long a deleted case can be brought back before it is erased, days."""
HEARD = timedelta(seconds=30)
"""A runner heard of so lately may still write answers."""


class EraseStore(BudgetStore):
    """What leaves nothing behind. The tables under a case go with it, by their foreign keys."""

    def erase_case(self, case_id: str) -> None:
        """Remove a case and all that belongs to it; nobody can bring it back.

        Raises:
            UnknownCase: this owner has no such case.
            RunIsLive: a run of it goes on.
        """
        mine = (cases.c.id == case_id) & (cases.c.owner == self.owner)
        heard = runs.c.runner.is_not(None) & (runs.c.heartbeat_at > utc_now() - HEARD)
        going_on = select(runs.c.id).where(
            runs.c.case_id == case_id, (runs.c.status == "running") | heard
        )
        with self._write() as connection:
            self._settle_ended(connection, utc_now())
            if connection.scalar(select(cases.c.id).where(mine)) is None:
                raise UnknownCase("This decision is no longer there.")
            if connection.execute(going_on).first() is not None:
                raise RunIsLive(
                    "A run of this decision is going on: stop it, wait half a minute, then delete it."
                )
            connection.execute(delete(cases).where(mine))
        self._forget_log()

    def sweep(self, keep_days: int | None, now: datetime) -> int:
        """Erase what is past its time, of every owner: what was deleted, and what nobody changed.

        Args:
            keep_days: days after the last change; None = only what was deleted is erased.
            now: this moment, UTC.

        Returns:
            How many cases were erased.
        """
        past = cases.c.deleted_at < now - timedelta(days=UNDO_DAYS)
        if keep_days is not None:
            past |= _unchanged_since(now - timedelta(days=keep_days))
        with self._write() as connection:
            too_old = asked_apart.c.created_at < now - REFUSED_FOR
            connection.execute(delete(asked_apart).where(too_old))
            found = connection.scalars(select(cases.c.id).where(past)).all()
            if found:
                connection.execute(delete(cases).where(cases.c.id.in_(found)))
        if found:
            self._forget_log()
        return len(found)

    def _forget_log(self) -> None:
        """SQLite's write-ahead log holds pages as they were; Postgres cleans up by itself."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                raw: Any = connection.connection.driver_connection
                connection.rollback()
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _unchanged_since(before: datetime) -> ColumnElement[bool]:
    """Neither the case was saved nor was any run of it going on."""
    later = func.coalesce(runs.c.ended_at, runs.c.started_at, runs.c.created_at) >= before
    used = select(runs.c.id).where(
        runs.c.case_id == cases.c.id, (runs.c.status == "running") | later
    )
    return (cases.c.updated_at < before) & ~used.exists()
