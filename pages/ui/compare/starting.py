"""Starting a run within what the host allows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

from advisor.case.case import Case, RunSettings
from advisor.host.settings import hosting
from advisor.runs import control
from advisor.runs.allowance import allow
from advisor.runs.opening import open_run
from advisor.runs.prices import price_of_calls
from advisor.store.repository import Store
from pages.ui import session


def open_started(case: Case) -> None:
    """Store a new case with its run, and open it.

    Nothing is drawn in between: a click that comes meanwhile takes the session away at whatever is
    drawn first, and would leave the case without its run.
    """
    store = session.store()
    case_id = store.save_case(case)
    _replay(store, case_id, case)
    session.let_go()
    session.open_case(case_id)


def _replay(store: Store, case_id: str, case: Case) -> None:
    """Bring in the recorded answers of a sample: nothing is sent, and nothing is bought."""
    run_id = open_run(store, case_id, case)
    price = price_of_calls(case, session.today())
    control.start(store, run_id, case, keys={}, settings=case.run, price=price)


@contextmanager
def allowed(
    run_id: str, asked: RunSettings, most: Callable[[], Decimal | None]
) -> Iterator[RunSettings]:
    """Set the run's price aside while it is started; what does not start gives it back.

    Args:
        run_id: of the run, or of the run whose answers are about to be judged.
        asked: settings as its owner has them.
        most: works out the highest price of what is missing, USD; only asked for under a budget.

    Raises:
        OverBudget: nothing was set aside, and nothing may start.
    """
    host = hosting()
    if not host.has_budgets:
        yield asked
        return
    store = session.store()
    allowance = allow(store, run_id, asked, most(), host, datetime.now(UTC))
    try:
        yield allowance.settings
    except BaseException:
        if allowance.reserved_id is not None:
            store.release(allowance.reserved_id)
        raise
