"""A database that goes away while runs go on, and comes back: nothing is lost or bought twice."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from advisor.case.run_spec import spec_of
from advisor.errors import DatabaseAway
from advisor.runs import inline
from advisor.runs.live import StopSignal
from advisor.runs.retry import patiently
from advisor.runs.workers.shared_limit import SharedLimit
from advisor.store.repository import Store
from tests.e2e.server import free_port
from tests.fault_server import FaultServer
from tests.make import case_at
from tests.relay import Relay
from tests.runs.workers.hosting import IN_FLIGHT, Shared, begin, ours, stands, until, workers
from tests.runs.workers.test_scale_out import lost_and_twice
from tests.runs.workers.test_server import health

STALLED_S = 5.0


@pytest.fixture
def relay(postgres_url: str) -> Iterator[Relay]:
    with Relay(postgres_url).running() as relay:
        yield relay


@pytest.mark.real_clock
def test_workers_wait_for_their_database_and_go_on_with_what_they_have_in_hand(
    fresh: Shared, relay: Relay
):
    server, store, port = fresh.server, fresh.store, free_port()
    server.latency_s = 0.2
    one = fresh.settings | {"DATABASE_URL": relay.url, "WORTH_TUNING_WORKER_PORT": str(port)}
    with (
        workers(2, one | {"WORTH_TUNING_WORKER_PORT": ""}, STALLED_S) as two,
        workers(1, one, STALLED_S, more=2) as third,
    ):
        run_id = begin(store, ours(150, max_output_tokens=1))
        until(lambda: len(server.completed) >= 30, 20)
        relay.go_away()
        bought, then = len(server.completed), time.monotonic() + 1.5 * STALLED_S
        while time.monotonic() < then:
            assert health(port) == (200, "ok\n")
            time.sleep(0.2)
        assert len(server.completed) <= bought + 3 * IN_FLIGHT  # no further one was made
        relay.come_back()
        until(lambda: stands(store, run_id) != "running", 40)
        assert stands(store, run_id) == "done"
        assert lost_and_twice(store, run_id, server) == (0, 0)
        # The queue is looked at again: the next run is nobody's but theirs.
        run_id = begin(store, ours(20, max_output_tokens=2))
        until(lambda: stands(store, run_id) == "done", 20)
        assert [process.poll() for process in (*two, *third)] == [None] * 3


@pytest.mark.real_clock
def test_a_database_that_hangs_makes_no_worker_dead_and_nothing_is_bought_twice(
    fresh: Shared, relay: Relay
):
    server, store, port, stalled_s = fresh.server, fresh.store, free_port(), 3.0
    server.latency_s = 0.2
    one = fresh.settings | {"DATABASE_URL": relay.url}
    with (
        workers(1, one | {"WORTH_TUNING_WORKER_PORT": str(port)}, stalled_s),
        workers(2, one, stalled_s, more=1),
    ):
        run_id = begin(store, ours(150, max_output_tokens=4))
        until(lambda: server.most_at_once == 3 * IN_FLIGHT, 40)
        relay.hang()
        then = time.monotonic() + 2.5 * stalled_s
        while time.monotonic() < then:
            assert health(port) == (200, "ok\n")
            time.sleep(0.2)
        relay.go_on()
        until(lambda: stands(store, run_id) != "running", 60)
        assert stands(store, run_id) == "done"
        assert lost_and_twice(store, run_id, server) == (0, 0)


def test_a_worker_that_is_told_to_end_while_its_database_is_away_ends(fresh: Shared, relay: Relay):
    fresh.server.latency_s = 0.2
    with workers(1, fresh.settings | {"DATABASE_URL": relay.url}, STALLED_S) as one:
        begin(fresh.store, ours(100, max_output_tokens=3))
        until(lambda: len(fresh.server.completed) >= 5, 20)
        relay.go_away()
        time.sleep(1)
        one[0].terminate()
        one[0].wait(20)  # less than the 30 that compose.yaml gives


def test_a_run_of_this_process_goes_on_when_its_database_is_back(relay: Relay):
    store = Store.open(relay.url)
    with FaultServer(latency_s=0.1).running() as server:
        case = case_at(server.url, 40, concurrency=5)
        run_id = store.start_run(store.save_case(case), spec_of(case), case.run)
        inline.start(store, run_id)
        until(lambda: len(server.completed) >= 20, 10)
        relay.go_away()
        with pytest.raises(DatabaseAway, match=r"can't be reached just now\. .* try again"):
            store.run_state(run_id)
        time.sleep(2)
        assert inline.is_running(run_id)
        relay.come_back()
        result = inline.wait(run_id, 20)
        assert (result.status, result.progress.answered) == ("done", 80)
        assert lost_and_twice(store, run_id, server) == (0, 0)
    store.close()


def test_a_process_that_ends_waits_for_no_database_for_long(relay: Relay):
    store = Store.open(relay.url)
    relay.go_away()
    stop = StopSignal()
    stop.interrupt()
    began = time.monotonic()
    with pytest.raises(DatabaseAway):
        patiently(store.titles, stop)
    assert 2 < time.monotonic() - began < 8
    store.close()


@pytest.mark.real_clock
def test_while_nobody_counts_requests_none_goes_and_none_ends(relay: Relay):
    limit = SharedLimit(relay.url, "ours", 5, 0.1)
    relay.go_away()
    with pytest.raises(DatabaseAway):
        SharedLimit(relay.url, "others", 5, 0.1)

    async def ask() -> None:
        going = asyncio.create_task(limit.enter(asyncio.Event()))
        await asyncio.sleep(1.5)
        assert not going.done()
        relay.come_back()
        assert await asyncio.wait_for(going, 20)

    asyncio.run(ask())
