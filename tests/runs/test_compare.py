"""Whole comparisons against a real server that misbehaves: nothing lost, nothing bought twice."""

import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from advisor.case.options import Arm
from advisor.errors import AdvisorError, NothingToRun
from advisor.evidence.model import Vote
from advisor.runs.compare import RunSummary, compare
from advisor.runs.live import StopSignal
from advisor.store.repository import Store
from advisor.store.tables import metadata
from tests.fault_server import FaultServer, answer_to
from tests.make import case_at

CENT = Decimal("0.01")


@pytest.fixture
def store(database: str | Path) -> Iterator[Store]:
    """On SQLite and on Postgres."""
    opened = Store.open(database)
    yield opened
    opened.close()


def cent(arm: str, input_tokens: int, output_tokens: int, cached_tokens=0) -> Decimal:
    return CENT


def stored(store: Store, summary: RunSummary) -> dict[tuple[str, str], str]:
    """Answers by model and text, as the server counts them."""
    return {
        (f"m-{output.arm}", f"text {output.prompt_id[1:]}"): output.text
        for output in store.outputs(summary.run_id)
        if output.outcome == "answered"
    }


def holds_each_answer_once(store: Store, summary: RunSummary, server: FaultServer) -> None:
    answers = stored(store, summary)
    assert set(server.completed) == set(answers)
    assert set(server.completed.values()) <= {1}
    assert all(text == answer_to(prompt, model) for (model, prompt), text in answers.items())


def every(**faults: int):
    """Each fault at every so-manieth request."""

    def fault(asked, number):
        for name, n in faults.items():
            if number % n == 0:
                return name.strip("_")
        return None

    return fault


def test_votes_come_along_when_a_text_is_added_and_the_others_are_answered_as_before(store):
    with FaultServer().running() as server:
        first = compare(case_at(server.url, 2), store, price=cent)
        store.add_vote(first.run_id, Vote("p1", "tuned"))
        more = compare(case_at(server.url, 3), store, price=cent, case_id=first.case_id)
    assert more.run_id != first.run_id
    assert more.reused == 4
    assert store.votes(more.run_id) == [Vote("p1", "tuned")]


def test_a_run_without_faults_is_done_and_priced(store):
    with FaultServer().running() as server:
        summary = compare(case_at(server.url, 5), store, price=cent)
    assert (summary.status, summary.planned, summary.done, summary.missing) == ("done", 10, 10, 0)
    assert summary.cost_usd == 10 * CENT
    assert summary.complete
    holds_each_answer_once(store, summary, server)
    run = store.run(summary.run_id)
    assert run.started_at <= run.ended_at
    assert store.load_case(summary.case_id).title == "A test"


def test_10_percent_429_and_5_percent_500_lose_nothing(store):
    with FaultServer(fault=every(_429=10, _500=19), retry_after="0.01").running() as server:
        summary = compare(case_at(server.url, 100, concurrency=20), store)
    assert (summary.status, summary.done, summary.failed) == ("done", 200, 0)
    holds_each_answer_once(store, summary, server)


def test_resets_broken_json_and_refusals_miss_only_the_refused(store):
    refused = {"text 7", "text 42"}

    def fault(asked, number):
        if asked["messages"][-1]["content"] in refused:
            return "refuse"
        return {0: "reset", 7: "cut", 13: "broken_json"}.get(number % 20)

    with FaultServer(fault=fault).running() as server:
        summary = compare(case_at(server.url, 100, concurrency=20), store)
        sent = len(server.requests)
        compare(case_at(server.url, 100, concurrency=20), store)
        assert len(server.requests) == sent  # what was refused is not asked again
    assert (summary.status, summary.done, summary.refused) == ("done", 196, 4)
    assert summary.complete
    holds_each_answer_once(store, summary, server)


def test_a_limit_of_requests_is_learnt_and_hardly_overrun(store):
    with FaultServer(latency_s=0.02, per_window=(40, 1.0), retry_after="0.3").running() as server:
        summary = compare(case_at(server.url, 80, concurrency=20), store)
    assert summary.done == 160
    assert len(server.requests) <= 186  # about 173; 199 where nothing is learnt
    holds_each_answer_once(store, summary, server)


def test_the_arms_of_a_prompt_go_side_by_side_in_an_order_of_chance(store):
    with FaultServer().running() as server:
        compare(case_at(server.url, 20, concurrency=1), store)
    sent = [(asked["messages"][-1]["content"], asked["model"]) for asked in server.requests]
    pairs = list(zip(sent[::2], sent[1::2], strict=True))
    assert all(first[0] == second[0] for first, second in pairs)
    assert [text for (text, _), _ in pairs] != [f"text {i}" for i in range(20)]
    assert {model for (_, model), _ in pairs} == {"m-base", "m-tuned"}


def test_concurrency_is_used_and_kept(store):
    with FaultServer(latency_s=0.05).running() as server:
        compare(case_at(server.url, 20, concurrency=7), store)
    assert server.most_at_once == 7


def test_a_finished_run_buys_nothing_and_a_changed_cap_is_the_same_run(store):
    with FaultServer().running() as server:
        first = compare(case_at(server.url), store)
        again = compare(case_at(server.url, cap_usd=1.0), store, price=cent)
    assert again.run_id == first.run_id
    assert len(server.requests) == 8


def test_another_run_reuses_equal_answers_at_no_cost(store):
    with FaultServer().running() as server:
        first = compare(case_at(server.url, 3), store, price=cent)
        more = compare(case_at(server.url, 5), store, price=cent)
    assert more.run_id != first.run_id
    assert (more.done, more.reused, more.cost_usd) == (10, 6, 4 * CENT)
    assert len(server.requests) == 10
    holds_each_answer_once(store, more, server)


def test_what_failed_is_asked_again_by_the_next_execution(store):
    mended = threading.Event()

    def fault(asked, number):
        bad = asked["messages"][-1]["content"] == "text 1" and not mended.is_set()
        return "400" if bad else None

    with FaultServer(fault=fault).running() as server:
        first = compare(case_at(server.url), store)
        assert (first.status, first.done, first.failed, first.missing) == ("partial", 6, 2, 2)
        assert first.stop_reason == "127.0.0.1 rejected the request (400): too long a prompt"
        mended.set()
        second = compare(case_at(server.url), store)
    assert (second.run_id, second.status, second.done) == (first.run_id, "done", 8)
    assert len(server.requests) == 10


@pytest.mark.parametrize(
    ("fault", "status", "at_most"), [("401", "partial", 8), ("quota", "partial", 8)]
)
def test_a_fault_that_all_calls_would_meet_ends_the_run(store, fault, status, at_most):
    with FaultServer(fault=lambda asked, number: fault, latency_s=0.01).running() as server:
        summary = compare(case_at(server.url, 50, concurrency=4), store)
    assert (summary.status, summary.done) == (status, 0)
    assert len(server.requests) <= at_most
    assert summary.stop_reason


def test_an_unknown_model_ends_its_own_arm_only(store):
    def fault(asked, number):
        return "404" if asked["model"] == "m-tuned" else None

    with FaultServer(fault=fault).running() as server:
        summary = compare(case_at(server.url, 20, concurrency=2), store)
    assert (summary.status, summary.done) == ("partial", 20)
    assert summary.failed <= 2
    assert "does not know the model “m-tuned”" in summary.stop_reason


def test_a_server_that_never_answers_is_given_up_soon(store):
    with FaultServer(fault=lambda asked, number: "500").running() as server:
        summary = compare(case_at(server.url, 50, concurrency=4), store)
    assert (summary.status, summary.done) == ("partial", 0)
    assert summary.stop_reason == "127.0.0.1 had a fault (500): it broke"
    # 4 workers with 5 attempts each, and what they had taken in hand by then.
    assert len(server.requests) <= 4 * 5 + 4


def test_a_server_that_breaks_for_good_halfway_is_given_up(store):
    with FaultServer(fault=lambda asked, n: "503" if n > 40 else None).running() as server:
        summary = compare(case_at(server.url, 100, concurrency=5), store)
    assert summary.status == "partial"
    assert summary.done == 40
    # Of each arm 5 calls in a row with 8 attempts, and what 5 workers had in hand then.
    assert len(server.requests) <= 40 + 2 * 5 * 8 + 5 * 8


def test_tokens_are_counted_where_the_endpoint_reports_none(store):
    with FaultServer(fault=lambda asked, number: "no_usage").running() as server:
        summary = compare(case_at(server.url, 1, arms=("base",), system_prompt="Hi"), store)
    (output,) = store.outputs(summary.run_id)
    # 3 for the reply, 3 + 1 for each of two messages, "Hi" = 1, "text 0" = "text", " ", "0" = 3
    assert output.tokens_counted
    assert output.input_tokens == 3 + 2 * 4 + 1 + 3
    assert output.output_tokens > 0


def test_an_answer_cut_by_the_bound_is_an_answer_marked_truncated(store):
    with FaultServer(fault=lambda asked, number: "length").running() as server:
        summary = compare(case_at(server.url, 1), store)
    assert summary.status == "done"
    assert all(output.truncated for output in store.outputs(summary.run_id))


@pytest.mark.parametrize("case", [case_at("http://localhost:1", 0), case_at("", 3)])
def test_nothing_to_run_is_said(store, case):
    with pytest.raises(NothingToRun):
        compare(case, store)


def test_a_bad_address_sends_nothing_and_leaves_the_run_unclaimed(store):
    with pytest.raises(AdvisorError):
        compare(case_at("replay:nothing_like_it"), store)
    (row,) = store.recent_cases(1)
    assert store.latest_run(row.id).status == "new"


def test_a_cancelled_run_keeps_what_it_has_and_goes_on_later(store):
    stop = StopSignal()
    cancelled_at = []

    def cancel_at_the_ninth(asked, number):
        if number == 9:
            cancelled_at.append(time.monotonic())
            stop.cancel()

    with FaultServer(fault=cancel_at_the_ninth, latency_s=0.1).running() as server:
        first = compare(case_at(server.url, 40, concurrency=4), store, stop=stop)
        assert time.monotonic() - cancelled_at[0] < 2
        assert first.status == "cancelled"
        assert 4 <= first.done <= 16
        second = compare(case_at(server.url, 40, concurrency=4), store)
        assert (second.status, second.done) == ("done", 80)
    assert sum(n - 1 for n in server.completed.values()) <= 4


@pytest.mark.real_clock
def test_a_paused_run_lets_the_calls_in_flight_come_in(store):
    stop = StopSignal()
    with FaultServer(latency_s=0.1).running() as server:
        threading.Timer(0.25, stop.pause).start()
        first = compare(case_at(server.url, 20, concurrency=4), store, stop=stop)
        assert first.status == "paused"
        assert store.progress(first.run_id).in_flight == 0
        second = compare(case_at(server.url, 20, concurrency=4), store)
    assert second.status == "done"
    holds_each_answer_once(store, second, server)


def test_a_key_the_server_echoes_is_nowhere_in_the_database(store, tmp_path):
    key = "canary-key-5f3a9c"
    with FaultServer(fault=lambda asked, number: "401").running() as server:
        summary = compare(case_at(server.url), store, {"base": key, "tuned": key})
    assert any(key in headers["authorization"] for headers in server.headers)
    assert "[key]" in summary.stop_reason
    with store._read() as connection:
        rows = [
            row for table in metadata.sorted_tables for row in connection.execute(select(table))
        ]
    assert len(rows) > 4
    assert key not in str(rows)
    store.close()
    files = [path for path in Path(tmp_path).rglob("*") if path.is_file()]
    assert all(key.encode() not in path.read_bytes() for path in files)


def test_each_arm_gets_its_own_key(store):
    with FaultServer().running() as one, FaultServer().running() as two:
        case = case_at(one.url, 1)
        arms = case.arms | {"tuned": Arm(endpoint=two.url, model="m-tuned")}
        compare(case.model_copy(update={"arms": arms}), store, {"base": "k1", "tuned": "k2"})
    assert one.headers[0]["authorization"] == "Bearer k1"
    assert two.headers[0]["authorization"] == "Bearer k2"


FAULTS = st.sampled_from(
    [None, None, "429", "500", "reset", "cut", "cut_clean", "broken_json", "error_200", "html"]
)


@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(schedule=st.lists(FAULTS, max_size=60), concurrency=st.integers(1, 9))
def test_whatever_goes_wrong_the_answers_paid_for_are_those_stored(
    tmp_path_factory, schedule, concurrency
):
    store = Store.open(tmp_path_factory.mktemp("run") / "test.db")

    def fault(asked, number):
        return schedule[number - 1] if number <= len(schedule) else None

    with FaultServer(fault=fault, retry_after="0.01").running() as server:
        for _ in range(len(schedule) + 1):
            summary = compare(case_at(server.url, 8, concurrency=concurrency), store)
            holds_each_answer_once(store, summary, server)
            if summary.status == "done":
                break
    assert summary.done == 16
    store.close()
