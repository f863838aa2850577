import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from advisor.case.run_spec import spec_of
from advisor.errors import RunIsLive
from advisor.runs import inline, work
from advisor.runs.compare import compare
from advisor.runs.process import is_dead
from advisor.store.repository import Store
from tests.fault_server import HANGS_S, FaultServer
from tests.make import case_at

ROOT = Path(__file__).parents[2]


def begin(store: Store, case) -> str:
    return store.start_run(store.save_case(case), spec_of(case), case.run)


PATIENCE_S = 150
"""How long a state is waited for: only a test that fails waits as long."""


def until(what) -> None:
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)


def test_a_double_click_starts_one_run(store):
    clicked = threading.Event()

    def after_the_clicks(asked, number):
        clicked.wait(PATIENCE_S)

    with FaultServer(fault=after_the_clicks).running() as server:
        run_id = begin(store, case_at(server.url, 10))
        assert [inline.start(store, run_id) for _ in range(3)] == [True, False, False]
        assert inline.is_running(run_id)
        clicked.set()
        result = inline.wait(run_id, PATIENCE_S)
        assert result.status == store.run(run_id).status == "done"
        assert not inline.is_running(run_id)
    assert len(server.requests) == 20


def test_a_cancelled_run_waits_for_no_call_in_flight_and_is_continued(store):
    with FaultServer(fault=lambda asked, n: "hang" if n > 8 else None).running() as server:
        run_id = begin(store, case_at(server.url, 10, timeout_s=PATIENCE_S))
        inline.start(store, run_id)
        until(lambda: store.progress(run_id).answered == 8)
        inline.cancel(run_id)
        assert inline.wait(run_id, HANGS_S / 2).status == "cancelled"
        assert 1 <= store.progress(run_id).in_flight <= 8
        server.fault = lambda asked, number: None
        assert inline.start(store, run_id)
        assert inline.wait(run_id, PATIENCE_S).status == "done"


def test_a_paused_run_goes_on_where_it_was(store):
    with FaultServer(latency_s=0.05).running() as server:
        run_id = begin(store, case_at(server.url, 30, concurrency=3))
        inline.start(store, run_id)
        until(lambda: store.progress(run_id).answered >= 6)
        inline.pause(run_id)
        assert inline.wait(run_id, PATIENCE_S).status == "paused"
        inline.start(store, run_id)
        assert inline.wait(run_id, PATIENCE_S).progress.answered == 60
    assert set(server.completed.values()) == {1}


def test_a_pause_does_not_wait_for_an_endpoint_that_asks_for_patience(store):
    def fault(asked, number):
        return "429" if number > 10 else None

    with FaultServer(fault=fault, retry_after="100").running() as server:
        run_id = begin(store, case_at(server.url, 20, concurrency=4))
        inline.start(store, run_id)
        until(lambda: len(server.requests) >= 12)
        inline.pause(run_id)
        result = inline.wait(run_id, PATIENCE_S)  # the endpoint asked for 100 s
        assert (result.status, result.progress.in_flight) == ("paused", 0)
        assert result.progress.answered == 10
        assert 1 <= result.progress.failed <= 4


def test_a_runner_that_lost_its_run_stops_and_says_nothing_about_it(store, monkeypatch):
    monkeypatch.setattr(work, "HEARTBEAT_S", 0.1)
    with FaultServer(latency_s=0.05).running() as server:
        run_id = begin(store, case_at(server.url, 100, concurrency=2))
        inline.start(store, run_id)
        until(lambda: store.progress(run_id).answered >= 4)
        store.claim_run(run_id, "another", lambda name, heard: True)
        assert inline.wait(run_id, PATIENCE_S).status == "interrupted"
    assert store.run(run_id).status == "running"
    assert store.run(run_id).runner == "another"


def test_the_text_in_flight_is_shown_and_then_forgotten(store):
    with FaultServer(fault=lambda asked, number: "slow", holds=True).running() as server:
        run_id = begin(store, case_at(server.url, 1))
        inline.start(store, run_id)
        until(lambda: any(text.startswith("m-") for text in inline.live_texts(run_id).values()))
        server.holds = False
        inline.wait(run_id, PATIENCE_S)
        assert inline.live_texts(run_id) == {}


def test_many_runs_go_on_side_by_side(store):
    with FaultServer(latency_s=0.1).running() as server:
        ids = [begin(store, case_at(server.url, 4, max_output_tokens=n)) for n in range(1, 6)]
        for run_id in ids:
            inline.start(store, run_id)
        assert [inline.wait(run_id, PATIENCE_S).status for run_id in ids] == ["done"] * 5


def test_pausing_or_waiting_for_a_run_that_is_not_here_does_nothing(store):
    inline.pause("none")
    inline.cancel("none")
    assert inline.wait("none") is None
    assert inline.live_texts("none") == {}


CHILD = """
import sys
from advisor.runs.compare import compare
from advisor.store.repository import Store
from tests.make import case_at
compare(case_at(sys.argv[2], 50, concurrency=8), Store.open(sys.argv[1]))
"""


@pytest.fixture
def child(store, tmp_path):
    """A process that runs a comparison of 100 calls, of 50 ms each, on the test's store."""
    with FaultServer(latency_s=0.05).running() as server:
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path / "test.db"), server.url],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        try:
            yield process, server
        finally:
            process.kill()
            process.wait()


def test_a_killed_run_is_continued_and_buys_again_only_what_was_in_flight(store, child):
    process, server = child
    until(lambda: sum(server.completed.values()) >= 60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (row,) = store.recent_cases(1)
    run_id = store.latest_run(row.id).id
    kept = {output.prompt_id + output.arm: output for output in store.outputs(run_id)}
    assert len(kept) >= 60 - 8
    assert store.mark_interrupted(is_dead) == [run_id]
    assert store.run(run_id).status == "interrupted"
    assert store.progress(run_id).in_flight <= 8
    summary = compare(case_at(server.url, 50, concurrency=8), store)
    assert (summary.run_id, summary.status, summary.done) == (run_id, "done", 100)
    bought_twice = Counter(server.completed.values())
    assert set(bought_twice) <= {1, 2}
    assert bought_twice[2] <= 8
    assert len(server.completed) == 100
    after = {output.prompt_id + output.arm: output for output in store.outputs(run_id)}
    assert all(after[key] == output for key, output in kept.items())


def test_a_run_that_lives_in_another_process_refuses_a_second_runner(store, child):
    process, server = child
    until(lambda: sum(server.completed.values()) >= 10)
    assert store.mark_interrupted(is_dead) == []
    (row,) = store.recent_cases(1)
    run_id = store.latest_run(row.id).id
    with pytest.raises(RunIsLive):
        inline.start(store, run_id)
    assert process.wait(PATIENCE_S) == 0
    assert store.progress(run_id).answered == 100
    assert set(server.completed.values()) == {1}


@pytest.mark.real_clock
def test_a_process_that_ends_drops_what_takes_too_long_and_leaves_its_run_to_be_continued(store):
    with FaultServer(fault=lambda asked, n: "hang" if n > 8 else None).running() as server:
        run_id = begin(store, case_at(server.url, 10, timeout_s=PATIENCE_S))
        engine = inline.Engine()
        engine.start(store, run_id)
        until(lambda: store.progress(run_id).answered == 8)
        began = time.monotonic()
        assert engine.interrupt_all(0.5) == 1
        assert 0.5 <= time.monotonic() - began < HANGS_S / 2
        state = store.run_state(run_id)
        assert (state.status, state.runner) == ("interrupted", None)
