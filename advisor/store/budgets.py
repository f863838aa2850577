"""What an owner's runs of one day may cost: set aside before a run starts, counted as spent after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection, RowMapping, func, select, update

from advisor.store.connected import Connected
from advisor.store.tables import budgets, new_id, outputs, runs

SETTLES_AFTER = timedelta(seconds=30)
"""How long a run must have ended before what it did not spend is free again: its judge may follow."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """What came of setting money aside."""

    id: str | None
    """None = it did not fit, and nothing was set aside."""
    left: Decimal
    """USD of the day's budget that were free before."""


class BudgetStore(Connected):
    """The money that one owner's runs of a day may take."""

    def reserve(self, run_id: str, most: Decimal, limit: Decimal, now: datetime) -> Reserved:
        """Set a run's highest price aside, or nothing; of many at the same moment none is missed.

        Args:
            run_id: the run that is about to start or to go on.
            most: what it may cost from now on, USD.
            limit: what the owner's runs may cost on the day of `now`, USD.
            now: this moment, UTC.
        """
        day = now.date()
        with self._write() as connection:
            if self.engine.dialect.name == "postgresql":  # SQLite's write lock is taken already
                held = func.hashtextextended(f"budget:{self.owner}", 0)
                connection.execute(select(func.pg_advisory_xact_lock(held)))
            self._settle_ended(connection, now)
            of_day = select(budgets.c.reserved_usd, budgets.c.spent_usd).where(
                budgets.c.owner == self.owner, budgets.c.day == day
            )
            used = sum(
                (Decimal(row.spent_usd or row.reserved_usd) for row in connection.execute(of_day)),
                Decimal(0),
            )
            left = max(Decimal(0), limit - used)
            if most > left:
                return Reserved(None, left)
            new = {
                "id": new_id(),
                "owner": self.owner,
                "day": day,
                "run_id": run_id,
                "spent_before_usd": str(self._spent(connection, run_id)),
                "reserved_usd": str(most),
                "created_at": now,
            }
            connection.execute(self._insert(budgets).values(**new))
            return Reserved(str(new["id"]), left)

    def release(self, reserved_id: str) -> None:
        """Give back what was set aside for a run that did not start."""
        freed = (
            update(budgets)
            .where(budgets.c.id == reserved_id, budgets.c.owner == self.owner)
            .values(spent_usd="0")
        )
        with self._write() as connection:
            connection.execute(freed)

    def settle(self, now: datetime) -> None:
        """Count what ended runs have spent, and free the rest."""
        with self._write() as connection:
            self._settle_ended(connection, now)

    def _settle_ended(self, connection: Connection, now: datetime) -> None:
        open_rows = select(budgets).where(
            budgets.c.owner == self.owner, budgets.c.spent_usd.is_(None)
        )
        for row in connection.execute(open_rows).mappings().all():
            if not self._over(connection, row, now):
                continue
            spent = self._spent(connection, row["run_id"]) - Decimal(row["spent_before_usd"])
            connection.execute(
                update(budgets).where(budgets.c.id == row["id"]).values(spent_usd=str(spent))
            )

    def _over(self, connection: Connection, row: RowMapping, now: datetime) -> bool:
        """Whether the run and its judge ended, long enough ago to be followed by nothing."""
        mine = select(runs.c.status, runs.c.ended_at, runs.c.runner, runs.c.heartbeat_at).where(
            (runs.c.id == row["run_id"]) | (runs.c.judges == row["run_id"]),
            runs.c.owner == self.owner,
        )
        found = connection.execute(mine).all()
        if any(run.status == "running" for run in found):
            return False
        # One that was asked to stop is heard of for as long as its calls in flight come in.
        heard = [run.heartbeat_at for run in found if run.runner is not None]
        last = filter(None, [row["created_at"], *(run.ended_at for run in found), *heard])
        return bool(found) and max(last) + SETTLES_AFTER < now

    def _spent(self, connection: Connection, run_id: str) -> Decimal:
        """USD spent on a run and on judging it."""
        wanted = (
            select(outputs.c.cost_usd)
            .join(runs, runs.c.id == outputs.c.run_id)
            .where(
                outputs.c.owner == self.owner,
                outputs.c.cost_usd.is_not(None),
                (runs.c.id == run_id) | (runs.c.judges == run_id),
            )
        )
        return sum((Decimal(cost) for cost in connection.scalars(wanted)), Decimal(0))
