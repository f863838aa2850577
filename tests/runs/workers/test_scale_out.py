"""Workers as real processes on a real Postgres: they share a run, and lose nothing when one dies."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from advisor.case.options import Judge
from advisor.errors import AdvisorError, RunIsLive
from advisor.runs.judging import how_it_stands
from advisor.runs.runner import unknown_price
from advisor.runs.work import CANCELLED, PAUSED
from advisor.runs.workers import queue
from advisor.runs.workers.worker import work
from advisor.store.erasing import UNDO_DAYS
from advisor.store.repository import Store
from tests import postgres
from tests.fault_server import FaultServer, answer_to
from tests.judge_server import JUDGE, judging
from tests.runs.workers.hosting import (
    IN_FLIGHT,
    Shared,
    as_the_host,
    ask,
    begin,
    ours,
    shared_settings,
    stands,
    until,
    workers,
)


@pytest.fixture(scope="module")
def pair(postgres_server) -> Iterator[Shared]:
    """Two workers for several tests, as starting them takes longer than most tests."""
    with (
        postgres.fresh(*postgres_server) as database,
        FaultServer().running() as server,
        judging() as judge,
    ):
        shared = Shared(database, server, judge)
        with workers(2, shared.settings):
            yield shared
        shared.store.close()


@pytest.fixture
def two(pair: Shared, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    """The two workers, and a server that has not been asked yet."""
    new = FaultServer()
    for name in (
        "latency_s",
        "completed",
        "requests",
        "headers",
        "arrivals",
        "most_at_once",
        "fault",
    ):
        setattr(pair.server, name, getattr(new, name))
    with as_the_host(pair, monkeypatch):
        yield pair


def answers(store: Store, run_id: str) -> dict[tuple[str, str], str]:
    return {
        (f"m-{output.arm}", f"text {output.prompt_id[1:]}"): output.text
        for output in store.outputs(run_id)
        if output.outcome == "answered"
    }


def lost_and_twice(store: Store, run_id: str, server: FaultServer) -> tuple[int, int]:
    kept = answers(store, run_id)
    assert all(text == answer_to(prompt, model) for (model, prompt), text in kept.items())
    return len(set(server.completed) - set(kept)), sum(n - 1 for n in server.completed.values())


def test_two_workers_share_a_run(two):
    server, store = two.server, two.store
    server.latency_s = 0.1
    run_id = begin(store, ours(100, max_output_tokens=1))
    until(lambda: stands(store, run_id) != "running", 40)
    assert stands(store, run_id) == "done"
    assert store.run_state(run_id).stop_reason is None
    assert server.most_at_once == 2 * IN_FLIGHT
    assert lost_and_twice(store, run_id, server) == (0, 0)
    assert len(server.completed) == 200
    keys = {headers["authorization"] for headers in server.headers}
    assert keys == {"Bearer canary-host-key"}
    queue.start(store, run_id, price=unknown_price)
    until(lambda: stands(store, run_id) != "running", 5)
    assert (stands(store, run_id), len(server.requests)) == ("done", 200)


def test_stop_stops_all_workers_within_two_seconds(two):
    server, store = two.server, two.store
    server.latency_s = 1.0
    run_id = begin(store, ours(200, max_output_tokens=2))
    until(lambda: server.most_at_once == 2 * IN_FLIGHT, 10)
    asked_at = time.monotonic()
    store.request(run_id, "cancelled", CANCELLED)
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    assert until(lambda: ask(two.settings, jobs) == 0, 5) < 2
    assert server.arrivals[-1] - asked_at < 2
    state = store.run_state(run_id)
    assert (state.status, state.stop_reason) == ("cancelled", CANCELLED)


def test_a_paused_run_keeps_what_was_in_flight_and_goes_on_without_buying_it_again(two):
    server, store = two.server, two.store
    server.latency_s = 0.5
    run_id = begin(store, ours(30, max_output_tokens=3))
    until(lambda: len(server.completed) >= 10, 10)
    store.request(run_id, "paused", PAUSED)
    with pytest.raises(RunIsLive, match="still come in"):
        queue.start(store, run_id, price=unknown_price)
    until(lambda: not store.progress(run_id).in_flight, 3)
    until(lambda: goes_on(store, run_id), 5)
    until(lambda: stands(store, run_id) != "running", 15)
    assert stands(store, run_id) == "done"
    assert lost_and_twice(store, run_id, server) == (0, 0)


def goes_on(store: Store, run_id: str) -> bool:
    try:
        queue.start(store, run_id, price=unknown_price)
    except RunIsLive:
        return False
    return True


@pytest.mark.parametrize(
    ("limit", "fault", "outcome", "kept"),
    [
        (
            31,
            "think",
            "answered",
            {"reasoning": "Let me see.", "text": answer_to("text 0", "m-tuned")},
        ),
        (32, "length", "answered", {"truncated": True}),
        (33, "calls", "answered", {"text": '[{"name": "look", "arguments": {}}]'}),
        (34, "empty", "no_answer", {"why": "empty", "text": ""}),
        (35, "refuse", "refused", {"finish_reason": "content_filter"}),
        (36, "quota", "failed", {"text": ""}),
    ],
)
def test_what_a_server_sends_is_the_same_to_workers(two, limit, fault, outcome, kept):
    server, store = two.server, two.store
    server.fault = lambda asked, number: fault if asked["model"] == "m-tuned" else None
    run_id = begin(store, ours(1, max_output_tokens=limit))
    until(lambda: stands(store, run_id) != "running", 15)
    by_arm = {output.arm: output for output in store.outputs(run_id)}
    assert by_arm["base"].outcome == "answered"
    tuned = by_arm["tuned"]
    assert (tuned.outcome, {name: getattr(tuned, name) for name in kept}) == (outcome, kept)
    reason = store.run_state(run_id).stop_reason or ""
    assert ("no credit left" in reason) == (fault == "quota")


def test_a_cap_holds_over_all_workers(two):
    server, store = two.server, two.store
    server.latency_s = 0.05
    case = ours(60, cap_usd=100.0, max_output_tokens=10)
    cells = {"input": 0, "output": 1_000_000}  # USD for a million tokens: 1 for each written
    arms = {
        name: arm.model_copy(update={"price": arm.price.model_validate(cells)})
        for name, arm in case.arms.items()
    }
    case = case.model_copy(update={"arms": arms})
    run_id = begin(store, case, price=lambda arm, given, written, cached=0: written)
    until(lambda: stands(store, run_id) != "running", 15)
    until(lambda: not store.progress(run_id).in_flight, 3)
    # A call may cost 10 and costs 7; the 13th is begun at 84 + 10 <= 100, and 91 + 10 is too much.
    assert len(answers(store, run_id)) == 13
    assert store.run_state(run_id).status == "capped"
    assert store.run_state(run_id).stop_reason == "The cap of 100 USD was reached."
    assert sum(server.completed.values()) == 13


def test_a_judge_is_asked_by_the_workers_as_soon_as_the_answers_are_there(two):
    store, judge = two.store, Judge(endpoint="host:judge", model=JUDGE)
    case = ours(8, max_output_tokens=5).model_copy(update={"judge": judge})
    run_id = begin(store, case)
    until(lambda: stands(store, run_id) == "done", 15)
    judged = how_it_stands(store, case, run_id)
    assert judged.run is not None  # it was queued before the answers' run was over
    until(lambda: stands(store, judged.run.id) == "done", 15)
    found = store.judgments(run_id)
    # "m-tuned says" is longer than "m-base says", and this judge likes length.
    assert [(j.preference, j.judge) for j in found] == [("tuned", JUDGE)] * 16
    assert two.judge.keys[JUDGE, "Bearer canary-host-key"] == 16


def test_a_case_that_is_erased_while_workers_are_at_it_takes_its_run_along_and_no_worker(two):
    server, store = two.server, two.store
    server.latency_s = 0.3
    run_id = begin(store, ours(100, max_output_tokens=7))
    case_id = store.run_state(run_id).case_id
    until(lambda: len(server.completed) >= 10, 10)
    with pytest.raises(RunIsLive, match="stop it"):
        store.erase_case(case_id)
    store.delete_case(case_id)
    assert store.sweep(None, datetime.now(UTC) + timedelta(days=UNDO_DAYS + 1)) == 1
    asked = len(server.requests)
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    until(lambda: ask(two.settings, jobs) == 0, 30)
    assert len(server.requests) <= asked + 4 * IN_FLIGHT
    rows = "SELECT count(*) FROM outputs WHERE run_id = '{}'"
    assert ask(two.settings, rows.format(run_id)) == 0
    run_id = begin(store, ours(5, max_output_tokens=8))
    until(lambda: stands(store, run_id) == "done", 20)


def test_a_worker_whose_chunk_another_has_by_now_leaves_it_and_ends_no_run(two):
    server, store = two.server, two.store
    server.latency_s = 0.3
    run_id = begin(store, ours(24, max_output_tokens=9))
    until(lambda: len(server.completed) >= 5, 10)
    runner = store.run_state(run_id).runner
    assert store.take_chunk(run_id, runner, 0) is not None
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    until(lambda: ask(two.settings, jobs) == 0, 20)
    assert len(server.requests) < 48
    assert stands(store, run_id) == "running"
    store.request(run_id, "cancelled", CANCELLED)


def test_an_arm_that_no_worker_can_reach_leaves_the_run_partial(two):
    server, store = two.server, two.store
    server.fault = lambda asked, number: "404" if asked["model"] == "m-tuned" else None
    run_id = begin(store, ours(100, max_output_tokens=4))
    until(lambda: stands(store, run_id) != "running", 15)
    state = store.run_state(run_id)
    assert (state.status, len(answers(store, run_id))) == ("partial", 100)
    assert "does not know the model “m-tuned”" in state.stop_reason
    assert len(server.requests) <= 100 + 4 * IN_FLIGHT


def test_a_database_that_is_away_for_a_while_ends_no_run(two):
    server, store, database = two.server, two.store, two.settings["DATABASE_URL"]
    tried = "SELECT count(*) FROM procrastinate_jobs WHERE attempts > 0"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RAISE EXCEPTION 'away'; END; $$"
        )
        connection.execute("CREATE TRIGGER away BEFORE INSERT ON outputs EXECUTE FUNCTION refuse()")
        run_id = begin(store, ours(10, max_output_tokens=6))
        until(lambda: ask(two.settings, tried) == 1, 10)
        assert (server.requests, stands(store, run_id)) == ([], "running")
        connection.execute("DROP TRIGGER away ON outputs")
    until(lambda: stands(store, run_id) != "running", 15)
    assert stands(store, run_id) == "done"
    assert lost_and_twice(store, run_id, server) == (0, 0)


def test_workers_that_end_or_are_killed_lose_nothing_and_buy_again_at_most_what_was_in_flight(
    fresh,
):
    server, store = fresh.server, fresh.store
    server.latency_s = 0.1
    with workers(3, fresh.settings, stalled_s=3) as three:
        run_id = begin(store, ours(125))
        until(lambda: sum(server.completed.values()) >= 50, 10)
        three[0].terminate()
        assert three[0].wait(5) == 0
        assert lost_and_twice(store, run_id, server)[1] == 0  # its chunk was handed back
        until(lambda: sum(server.completed.values()) >= 100, 10)
        os.kill(three[1].pid, signal.SIGKILL)
        until(lambda: stands(store, run_id) != "running", 20)
    assert stands(store, run_id) == "done"
    lost, twice = lost_and_twice(store, run_id, server)
    assert lost == 0
    assert twice <= IN_FLIGHT
    assert len(answers(store, run_id)) == 250


def test_a_worker_that_was_frozen_past_all_patience_takes_no_chunk_out_of_anothers_hands(fresh):
    server, store = fresh.server, fresh.store
    server.latency_s = 0.4
    with workers(2, fresh.settings, stalled_s=3) as (frozen, other):
        run_id = begin(store, ours(60))
        until(lambda: sum(server.completed.values()) >= 20, 10)
        os.kill(frozen.pid, signal.SIGSTOP)
        until(lambda: ask(fresh.settings, _SILENT) == 1, 20)
        # What a worker does at its start with those that have been silent for a day.
        ask(fresh.settings, "SELECT procrastinate_prune_stalled_workers_v1(3)")
        until(lambda: ask(fresh.settings, _LEFT) == 0, 20)
        os.kill(frozen.pid, signal.SIGCONT)
        time.sleep(4)
        os.kill(other.pid, signal.SIGKILL)
        until(lambda: stands(store, run_id) != "running", 60)
    assert stands(store, run_id) == "done"
    lost, twice = lost_and_twice(store, run_id, server)
    assert lost == 0
    assert twice <= 2 * IN_FLIGHT
    assert len(answers(store, run_id)) == 120


_SILENT = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat < now() - interval '3 s'"
_LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL"


def test_a_worker_that_is_told_to_end_waits_for_its_calls_no_longer_than_it_may(fresh):
    server, store = fresh.server, fresh.store
    server.fault = lambda asked, number: "hang" if number > 20 else None
    with workers(1, fresh.settings | {"WORTH_TUNING_STOP_GRACE_S": "1"}) as one:
        run_id = begin(store, ours(40, timeout_s=60))
        until(lambda: len(server.requests) >= 20 + IN_FLIGHT, 20)
        one[0].terminate()
        assert one[0].wait(10) == 0
    assert stands(store, run_id) == "running"  # what it had in hand was handed back
    held = "SELECT count(*) FROM procrastinate_jobs WHERE status <> 'todo'"
    assert ask(fresh.settings, held) == 0
    assert len(answers(store, run_id)) == 20


def test_a_second_user_does_not_wait_behind_a_long_run_of_the_first(two):
    server, store = two.server, two.store
    server.latency_s = 0.2
    second = store.for_owner("second")
    # At a temperature of its own: with a raised limit, answers of the tests before would be reused.
    long = begin(store, ours(200, max_output_tokens=11, temperature=0.7))
    until(lambda: server.most_at_once == 2 * IN_FLIGHT, 15)
    short = begin(second, ours(40, max_output_tokens=12))
    began = len(server.requests)
    until(lambda: stands(second, short) == "done", 40)
    asked = [said["max_tokens"] for said in server.requests[began:]]
    assert stands(store, long) == "running"
    first = asked.index(12)
    assert first <= 2 * IN_FLIGHT * 3 / server.latency_s  # so many are asked in 3 s at most
    while_both = asked[first : len(asked) - asked[::-1].index(12)]
    assert while_both.count(12) >= 0.4 * len(while_both)
    store.request(long, "cancelled", CANCELLED)
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    until(lambda: ask(two.settings, jobs) == 0, 10)


def test_the_hosts_limit_holds_over_all_workers(fresh):
    server, store = fresh.server, fresh.store
    server.latency_s = 0.05
    limited = shared_settings(fresh.settings["DATABASE_URL"], server.url, requests=30, per_s=1.0)
    with workers(2, limited):
        run_id = begin(store, ours(50))
        until(lambda: stands(store, run_id) != "running", 20)
        let_go = when_let_go(limited)
    assert stands(store, run_id) == "done"
    assert len(let_go) == len(server.arrivals) == 100
    assert max(sum(1 for t in let_go if at <= t < at + 1) for at in let_go) <= 30
    # On a busy machine requests arrive in bunches, so what they took together is looked at.
    took = server.arrivals[-1] - server.arrivals[0]
    assert (100 - 33) / 30 <= took < 100 / 30 * 1.4  # the limit is kept, and used


def when_let_go(settings: dict[str, str]) -> list[float]:
    """When each request was let go, by the clock of the database, seconds."""
    named = "SELECT tablename FROM pg_tables WHERE tablename LIKE '%endpoint%'"
    table = sql.Identifier(ask(settings, named))
    when = sql.SQL("SELECT extract(epoch FROM item_timestamp)::float8 FROM {}").format(table)
    with psycopg.connect(settings["DATABASE_URL"]) as connection:
        return [at for (at,) in connection.execute(when)]


@pytest.mark.parametrize(
    ("endpoints", "taken"),
    [
        (["host:ours", "host:ours"], True),
        (["host:ours", "https://api.example/v1"], False),
        (["replay:clinic_notes"], False),
        ([], False),
    ],
)
def test_only_runs_whose_keys_the_host_holds_are_queued(fresh, endpoints, taken):
    assert queue.takes(fresh.store, endpoints) == taken


def test_a_worker_needs_a_postgres(tmp_path):
    with pytest.raises(AdvisorError, match="set DATABASE_URL"):
        work(Store.open(tmp_path / "test.db"))
