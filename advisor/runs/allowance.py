"""What a run may cost by the host's leave: set aside before it starts, and its cap from then on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from advisor.case.case import RunSettings
from advisor.errors import OverBudget
from advisor.host.settings import Hosting
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
    if (host.run_budget_usd is None and host.day_budget_usd is None) or most == 0:
        return Allowance(asked)
    spent = store.spent(run_id)
    rooms = [most] if most is not None else []
    if asked.cap_usd is not None:
        rooms.append(max(Decimal(0), Decimal(str(asked.cap_usd)) - spent))
    if not rooms:
        raise OverBudget(
            "The price of this run is not known, and this server holds runs to a budget: enter the "
            "price under Costs, or set “Stop at”."
        )
    need = min(rooms)
    if host.run_budget_usd is not None:
        left = max(Decimal(0), host.run_budget_usd - spent)
        if need > left:
            raise OverBudget(_too_dear(need, left, f"one run ({usd(host.run_budget_usd)})"))
    reserved_id = None
    if host.day_budget_usd is not None:
        found = store.reserve(run_id, need, host.day_budget_usd, now)
        if found.id is None:
            which = f"your runs today ({usd(host.day_budget_usd)})"
            raise OverBudget(_too_dear(need, found.left, which, tomorrow=True))
        reserved_id = found.id
    capped = asked.model_copy(update={"cap_usd": float(spent + need)})
    return Allowance(capped, reserved_id)


def _too_dear(need: Decimal, left: Decimal, which: str, *, tomorrow: bool = False) -> str:
    """What is over, by how much, and the ways out."""
    wait = ", or start it tomorrow (UTC)" if tomorrow else ""
    if left == 0:
        return (
            f"Nothing is left of what this server allows for {which}: ask the people who run it for "
            f"more{wait}."
        )
    return (
        f"This may cost up to {usd(need)}, and {usd(left)} are left of what this server allows for "
        f"{which}. Set “Stop at” so that no more than that is spent, bring fewer texts{wait}."
    )
