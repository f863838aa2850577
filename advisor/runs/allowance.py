"""What a run may cost by the host's leave: set aside before it starts, and its cap from then on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from advisor.case.case import RunSettings
from advisor.errors import OverBudget
from advisor.host.settings import Hosting
from advisor.store.budgets import Budgeted, House
from advisor.store.repository import Store
from advisor.words import usd


@dataclass(frozen=True, slots=True)
class Allowance:
    """A run that may start."""

    settings: RunSettings
    """As asked, with a cap that the host's budgets hold."""
    reserved_id: str | None = None
    """What to release should the run not start; None = nothing was set aside."""


def allow(
    store: Store,
    run_id: str,
    asked: RunSettings,
    most: Decimal | None,
    host: Hosting,
    now: datetime,
) -> Allowance:
    """Hold a run to the host's budgets, before anything of it is bought.

    Args:
        store: of the run's owner.
        run_id: of the run, or of the run whose answers are about to be judged.
        asked: settings as the owner has them.
        most: the highest price of what is missing, judge included, USD; None = not known.
        host: its budgets.
        now: this moment, UTC.

    Raises:
        OverBudget: a sentence that says what to do; nothing was set aside.
    """
    if not host.has_budgets or most == 0:
        return Allowance(asked)
    spent = store.spent(run_id)
    if most is None:  # “Stop at” would not help: no cap can be kept without a price
        raise OverBudget(
            "The price of a model in this run is not known, and this server holds runs to a "
            "budget. Enter its price under Costs, or take that model out."
        )
    rooms = [most]
    if asked.cap_usd is not None:
        rooms.append(max(Decimal(0), Decimal(str(asked.cap_usd)) - spent))
    need = min(rooms)
    if host.run_budget_usd is not None:
        left = max(Decimal(0), host.run_budget_usd - spent)
        if need > left:
            raise OverBudget(_too_dear(need, left, f"one run ({usd(host.run_budget_usd)})"))
    reserved_id = None
    house = House(host.house_day_budget_usd, host.house_month_budget_usd)
    if host.day_budget_usd is not None or house != House():
        if house != House():
            store.settle_house(now)
        found = store.reserve(run_id, need, host.day_budget_usd, now, house)
        if found.id is None:
            raise OverBudget(_too_dear(need, found.left, *_of(found.of, host)))
        reserved_id = found.id
    capped = asked.model_copy(update={"cap_usd": float(spent + need)})
    return Allowance(capped, reserved_id)


def _of(budget: Budgeted, host: Hosting) -> tuple[str, str]:
    """Which budget is meant, and when there is a new one."""
    if budget == "owner's day":
        return f"your runs today ({usd(host.day_budget_usd or 0)})", "tomorrow (UTC)"
    if budget == "house's day":
        return f"all runs today ({usd(host.house_day_budget_usd or 0)})", "tomorrow (UTC)"
    return f"all runs this month ({usd(host.house_month_budget_usd or 0)})", "next month (UTC)"


def _too_dear(need: Decimal, left: Decimal, which: str, again: str = "") -> str:
    """What is over, by how much, and the ways out; `again`: when there is a new budget."""
    wait = f", or start it {again}" if again else ""
    if left == 0:
        return (
            f"Nothing is left of what this server allows for {which}: ask the people who run it for "
            f"more{wait}."
        )
    return (
        f"This may cost up to {usd(need)}, and {usd(left)} are left of what this server allows for "
        f"{which}. Set “Stop at” so that no more than that is spent, bring fewer texts{wait}."
    )
