"""Ending a run because it is settled: no further call, those in flight are kept, it can go on."""

from advisor.runs import inline
from advisor.runs.work import SETTLED
from advisor.store.records import record_of
from tests.fault_server import FaultServer
from tests.make import case_at
from tests.runs.test_inline import begin, until


def test_a_settled_run_keeps_what_was_in_flight_and_can_be_continued(store):
    with FaultServer(latency_s=0.05).running() as server:
        run_id = begin(store, case_at(server.url, 30, concurrency=3))
        inline.start(store, run_id)
        until(lambda: store.progress(run_id).answered >= 6)
        inline.settle(store, run_id)
        ended = inline.wait(run_id, 5)
        assert (ended.status, ended.stop_reason) == ("settled", SETTLED)
        assert ended.progress.in_flight == 0
        record = record_of(store, store.run_state(run_id))
        assert (record.complete, record.stopped_early) == (False, True)
        inline.start(store, run_id)
        assert inline.wait(run_id, 10).status == "done"
    assert set(server.completed.values()) == {1}
    assert not record_of(store, store.run_state(run_id)).stopped_early


def test_only_a_run_that_was_left_off_can_be_settled(store):
    run_id = begin(store, case_at("http://127.0.0.1:9/v1", 3))
    for status, then in (
        ("new", "new"),
        ("done", "done"),
        ("running", "running"),  # in another process
        ("paused", "settled"),
        ("capped", "settled"),
        ("cancelled", "settled"),
    ):
        store.set_status(run_id, status)
        assert not record_of(store, store.run_state(run_id)).stopped_early
        inline.settle(store, run_id)
        assert store.run_state(run_id).status == then
