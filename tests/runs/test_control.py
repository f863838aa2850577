"""Stopping a run that goes on elsewhere, and what stays in this process."""

import time

import pytest

from advisor.runs import control, inline
from advisor.runs.runner import unknown_price
from advisor.runs.work import CANCELLED, PAUSED, SETTLED
from advisor.store.repository import Store
from tests.fault_server import FaultServer
from tests.make import case_at
from tests.runs.test_inline import begin, until


@pytest.fixture
def store(database):
    """On SQLite and on Postgres."""
    opened = Store.open(database)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("stop", "status", "reason"),
    [
        (control.pause, "paused", PAUSED),
        (control.cancel, "cancelled", CANCELLED),
        (control.settle, "settled", SETTLED),
    ],
)
def test_a_run_in_another_process_is_stopped_by_way_of_the_store(store, stop, status, reason):
    with FaultServer(latency_s=0.1).running() as server:
        run_id = begin(store, case_at(server.url, 100, concurrency=2))
        elsewhere = inline.Engine()
        elsewhere.start(store, run_id)
        until(lambda: store.progress(run_id).answered >= 4)
        assert not inline.is_running(run_id)
        stop(store, run_id)
        began = time.monotonic()
        ended = elsewhere.wait(run_id, 5)
        if status == "cancelled":  # the others wait for the calls in flight
            assert time.monotonic() - began < 2
        assert (ended.status, ended.stop_reason) == (status, reason)
        assert store.run_state(run_id).status == status
        assert elsewhere.start(store, run_id)  # and goes on at once, as its runner has let go
        elsewhere.cancel(run_id)
        elsewhere.wait(run_id, 5)


def test_a_run_with_a_key_that_was_typed_in_stays_in_this_process(store):
    with FaultServer(latency_s=0.05).running() as server:
        case = case_at(server.url, 5)
        run_id = begin(store, case)
        assert not control.goes_to_workers(store, case)
        keys = {"base": "canary-typed-in", "tuned": "canary-typed-in"}
        assert control.start(store, run_id, case, keys=keys, settings=case.run, price=unknown_price)
        assert inline.is_running(run_id)
        assert inline.wait(run_id, 10).status == "done"
        assert {h["authorization"] for h in server.headers} == {"Bearer canary-typed-in"}


def test_a_run_that_has_ended_is_not_asked_to_stop(store):
    run_id = begin(store, case_at("http://127.0.0.1:9/v1", 1))
    store.set_status(run_id, "done")
    control.cancel(store, run_id)
    control.pause(store, run_id)
    assert store.run_state(run_id).status == "done"
