"""Starting and stopping a run, wherever it goes on: in this process, in another one, with workers.

A run whose keys the host holds goes to the workers, where there is a Postgres that they share. One
with a key that was typed in stays in the process that holds the key: it is handed to nobody.
"""

from collections.abc import Mapping

from advisor.case.case import Case, RunSettings
from advisor.case.options import Role
from advisor.case.run_spec import Price
from advisor.case.variants import check_twice
from advisor.runs import inline
from advisor.runs.judging import check_judge
from advisor.runs.work import CANCELLED, PAUSED, SETTLED
from advisor.store.repository import Store


def goes_to_workers(store: Store, case: Case) -> bool:
    """Whether workers make the calls of the case's run; its judge is looked at on its own."""
    return _queued(store, [arm.endpoint for arm in case.arms.values() if arm.answers])


def start(
    store: Store,
    run_id: str,
    case: Case,
    *,
    keys: Mapping[Role, str],
    settings: RunSettings,
    price: Price,
) -> bool:
    """Start or continue a run and come back at once.

    Args:
        store: where the run is.
        run_id: from `store.start_run`.
        case: whose run it is. A judge whose key the host holds is asked once the answers are
            there; one with another key by a run in this process only.
        keys: typed in; they stay in this process.
        settings: concurrency, time-out and cap.
        price: of one request, USD.

    Returns:
        False: it goes on already, so nothing was started.

    Raises:
        UnknownRun, RunIsLive, NothingToRun, BadEndpoint, UnpricedCap: nothing was sent.
        AdvisorError: two of its options are the same.
    """
    check_twice(case)
    if not goes_to_workers(store, case):
        return inline.start(store, run_id, keys=keys, settings=settings, price=price, case=case)
    from advisor.runs.workers import queue  # needs requirements-scale.txt

    if store.run_state(run_id).status == "running":
        return False
    check_judge(case, settings, price)
    queue.start(store, run_id, settings=settings, price=price)
    return True


def start_judge(
    store: Store, run_id: str, case: Case, *, keys: Mapping[Role, str], price: Price
) -> bool:
    """Let the case's judge look at a run's answers, or go on.

    Returns:
        False: it goes on already, here, so nothing was started.

    Raises:
        RunIsLive, NothingToRun, BadEndpoint, UnpricedCap: nothing was sent.
    """
    if case.judge is None or not _queued(store, [case.judge.endpoint]):
        return inline.start_judge(store, run_id, case, keys=keys, price=price)
    from advisor.runs.workers import queue  # needs requirements-scale.txt

    queue.start_judge(store, run_id, case, price=price)
    return True


def pause(store: Store, run_id: str) -> None:
    """Let the calls in flight come in and make no further one, of the run or of its judge."""
    if inline.is_running(run_id):
        inline.pause(run_id)
    else:
        store.request(run_id, "paused", PAUSED)


def cancel(store: Store, run_id: str) -> None:
    """Drop the calls in flight, within two seconds wherever they are made."""
    if inline.is_running(run_id):
        inline.cancel(run_id)
    else:
        store.request(run_id, "cancelled", CANCELLED)


def settle(store: Store, run_id: str) -> None:
    """End a run because what it has shown is settled; calls in flight still come in."""
    if not inline.is_running(run_id) and store.run_state(run_id).status == "running":
        store.request(run_id, "settled", SETTLED)
    else:
        inline.settle(store, run_id)


def _queued(store: Store, endpoints: list[str]) -> bool:
    if store.server_url is None:
        return False
    from advisor.runs.workers import queue  # needs requirements-scale.txt

    return queue.takes(store, endpoints)
