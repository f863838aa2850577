"""Runs whose keys the host holds, handed over to the workers in chunks, as jobs of a queue.

Any process may hand one over; `worker` works it off. What is to be done, and what of it was done,
stands in the store; the queue only says whose turn it is, and notices when a worker dies.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import groupby
from typing import Any

from procrastinate import App, SyncPsycopgConnector
from procrastinate.jobs import Job
from procrastinate.schema import SchemaManager

from advisor.case.case import Case, RunSettings
from advisor.case.run_spec import PlannedCall, Price
from advisor.errors import NothingToRun
from advisor.host.endpoints import check_model, host_endpoint, host_key, host_name
from advisor.runs.judging import judging_run
from advisor.runs.process import is_dead, new_runner_id
from advisor.runs.runner import missing_calls, require_prices
from advisor.store.repository import Store

QUEUE = "runs"
TASK = "work_off"
_FEWEST, _MOST = 50, 200
"""Calls of a chunk."""
_ROUNDS = 10
"""A chunk holds so many times the calls that are in flight at once, so that few wait at its end."""


def takes(store: Store, endpoints: Iterable[str]) -> bool:
    """Whether workers can ask all of these: the host holds the keys, and there is a Postgres."""
    asked = [endpoint for endpoint in endpoints if endpoint.strip()]
    hosted = all(host_name(endpoint) is not None for endpoint in asked)
    return bool(asked) and hosted and store.server_url is not None


def start(store: Store, run_id: str, *, settings: RunSettings | None = None, price: Price) -> None:
    """Hand a run over to the workers, or let them go on with it.

    Args:
        store: where the run is, on Postgres.
        run_id: from `store.start_run`; all its endpoints are the host's.
        settings: concurrency (of each worker), time-out and cap; the run's own where not given.
        price: of one request, USD.

    Raises:
        UnknownRun, RunIsLive, NothingToRun, BadEndpoint, UnpricedCap: nothing was handed over.
    """
    if settings is not None:
        store.keep_settings(run_id, settings)
    run = store.run(run_id)
    if not run.spec.planned:
        raise NothingToRun("There is nothing to run: add texts first.")
    for arm in run.spec.arms.values():
        check_model(arm.endpoint, arm.model)
        if (named := host_endpoint(arm.endpoint)) is not None:
            host_key(named)
    require_prices(run, run.settings, run.spec.arms, price)
    prepare(store)
    runner = new_runner_id()
    store.claim_run(run_id, runner, is_dead)
    size = min(max(_ROUNDS * run.settings.concurrency, _FEWEST), _MOST)
    chunks = list(_chunks(missing_calls(store, run), size)) or [[]]  # an empty one writes the end
    keys = [[call.key for call in chunk] for chunk in chunks]
    store.put_chunks(run_id, runner, keys, partial(_defer, store.owner, run_id, len(chunks)))


def start_judge(
    store: Store, run_id: str, case: Case, *, settings: RunSettings | None = None, price: Price
) -> str:
    """Hand the judging of a run over to the workers; gives the judging run's id.

    Raises:
        RunIsLive, NothingToRun, BadEndpoint, UnpricedCap: nothing was handed over.
    """
    judging_id, _ = judging_run(store, case, run_id, settings or case.run, price)
    start(store, judging_id, price=price)
    return judging_id


def prepare(store: Store) -> None:
    """Make the queue's own tables where there are none; they are those of version 3.10."""
    store.prepare_queue(SchemaManager.get_schema())


def _chunks(calls: Sequence[PlannedCall], size: int) -> Iterator[list[PlannedCall]]:
    """Calls in lists of about this length; a prompt's stay together, as they go side by side."""
    chunk: list[PlannedCall] = []
    for _, group in groupby(calls, key=lambda call: call.group or call.prompt_id):
        chunk += group
        if len(chunk) >= size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _defer(owner: str, run_id: str, chunks: int, connection: Any, runner: str) -> None:
    """Put a job for each chunk into the queue, within the transaction of this connection."""
    jobs = [
        Job(
            id=None,
            queue=QUEUE,
            lock=None,
            queueing_lock=None,
            task_name=TASK,
            # The first chunks of all runs come first, so a long run does not hold up the others.
            priority=-number,
            task_kwargs={"owner": owner, "run_id": run_id, "runner": runner, "number": number},
        )
        for number in range(chunks)
    ]
    _app().job_manager.batch_defer_jobs(jobs, connection=connection)


@cache
def _app() -> App:
    """For handing over only: it gets a connection each time and opens none."""
    return App(connector=SyncPsycopgConnector())
