"""What runs may cost, of an owner and of the house: set aside before one starts, then as spent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select, true, update

from advisor.store.connected import Connected
from advisor.store.tables import budgets, new_id, outputs, runs

SETTLES_AFTER = timedelta(seconds=30)
"""How long a run must have ended before what it did not spend is free again: its judge may follow."""

Budgeted = Literal["owner's day", "house's day", "house's month"]


@dataclass(frozen=True, slots=True)
class Reserved:
    """What came of setting money aside."""

    id: str | None
    """None = it did not fit, and nothing was set aside."""
    left: Decimal
    """USD that were free before, in the budget that leaves least."""
    of: Budgeted = "owner's day"
    """Which budget that is."""


@dataclass(frozen=True, slots=True)
class House:
    """What the runs of all owners together may cost, USD; None = no limit."""

    day: Decimal | None = None
    month: Decimal | None = None


class BudgetStore(Connected):
    """The money that one owner's runs of a day may take."""

    def reserve(
        self,
        run_id: str,
        most: Decimal,
        limit: Decimal | None,
        now: datetime,
        house: House = House(),
    ) -> Reserved:
        """Set a run's highest price aside, or nothing; of many at the same moment none is missed.

        Args:
            run_id: the run that is about to start or to go on.
            most: what it may cost from now on, USD.
            limit: what the owner's runs may cost on the day of `now`, USD; None = no limit.
            now: this moment, UTC.
            house: what all owners' runs may cost on that day and in that month.
        """
        day = now.date()
        mine, today = budgets.c.owner == self.owner, budgets.c.day == day
        this_month = budgets.c.day.between(day.replace(day=1), day)
        limits: list[tuple[Budgeted, Decimal | None, ColumnElement[bool]]] = [
            ("owner's day", limit, mine & today),
            ("house's day", house.day, today),
            ("house's month", house.month, this_month),
        ]
        with self._write() as connection:
            if self.engine.dialect.name == "postgresql":  # SQLite's write lock is taken already
                whom = f"budget:{self.owner}" if house == House() else "budgets of the house"
                held = func.hashtextextended(whom, 0)
                connection.execute(select(func.pg_advisory_xact_lock(held)))
            self._settle_ended(connection, now)
            lefts = [
                Reserved(None, max(Decimal(0), most_of - _used(connection, which)), of)
                for of, most_of, which in limits
                if most_of is not None
            ]
            least = min(lefts, key=lambda one: one.left)
            if most > least.left:
                return least
            left = least.left
            new = {
                "id": new_id(),
                "owner": self.owner,
                "day": day,
                "run_id": run_id,
                "spent_before_usd": str(self._spent(connection, run_id, self.owner)),
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

    def settle_house(self, now: datetime) -> None:
        """The same for the runs of every owner."""
        with self._write() as connection:
            self._settle_ended(connection, now, true())

    def _settle_ended(
        self, connection: Connection, now: datetime, whose: ColumnElement[bool] | None = None
    ) -> None:
        """Those of this owner; `whose` says of whom else."""
        mine = budgets.c.owner == self.owner
        open_rows = select(budgets).where(
            mine if whose is None else whose, budgets.c.spent_usd.is_(None)
        )
        for row in connection.execute(open_rows).mappings().all():
            if not self._over(connection, row, now):
                continue
            spent = self._spent(connection, row["run_id"], row["owner"])
            spent -= Decimal(row["spent_before_usd"])
            connection.execute(
                update(budgets).where(budgets.c.id == row["id"]).values(spent_usd=str(spent))
            )

    def _over(self, connection: Connection, row: RowMapping, now: datetime) -> bool:
        """Whether the run and its judge ended, long enough ago to be followed by nothing."""
        mine = select(runs.c.status, runs.c.ended_at, runs.c.runner, runs.c.heartbeat_at).where(
            (runs.c.id == row["run_id"]) | (runs.c.judges == row["run_id"]),
            runs.c.owner == row["owner"],
        )
        found = connection.execute(mine).all()
        if any(run.status == "running" for run in found):
            return False
        # One that was asked to stop is heard of for as long as its calls in flight come in.
        heard = [run.heartbeat_at for run in found if run.runner is not None]
        last = filter(None, [row["created_at"], *(run.ended_at for run in found), *heard])
        return bool(found) and max(last) + SETTLES_AFTER < now

    def _spent(self, connection: Connection, run_id: str, owner: str) -> Decimal:
        """USD spent on a run and on judging it."""
        wanted = (
            select(outputs.c.cost_usd)
            .join(runs, runs.c.id == outputs.c.run_id)
            .where(
                outputs.c.owner == owner,
                outputs.c.cost_usd.is_not(None),
                (runs.c.id == run_id) | (runs.c.judges == run_id),
            )
        )
        return sum((Decimal(cost) for cost in connection.scalars(wanted)), Decimal(0))


def _used(connection: Connection, which: ColumnElement[bool]) -> Decimal:
    """USD that these rows have spent, or hold while their runs go on."""
    found = connection.execute(select(budgets.c.reserved_usd, budgets.c.spent_usd).where(which))
    return sum((Decimal(row.spent_usd or row.reserved_usd) for row in found), Decimal(0))
