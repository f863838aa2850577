"""A better instruction is found, within the budget, on texts that are not compared, and bought once."""

import subprocess
import sys
import time
from datetime import date
from decimal import Decimal

import pytest

from advisor.evidence.instruction_search import InstructionSearch
from advisor.runs import control, inline
from advisor.runs.improve.plan import NoSearch, plan_search
from advisor.runs.improve.start import improve, keep_search, means_of, start
from tests.instruction_server import LABELS, InstructionServer, case_of

TODAY = date(2026, 11, 30)
KEYS: dict[str, str] = {}


def search(store, case, *, calls=60, usd="1.00", seed=0, case_id=None, way=None):
    case_id = store.save_case(case, case_id)
    plan = plan_search(case, "base", calls=calls, usd=Decimal(usd), scored_by=way, seed=seed)
    return improve(store, case_id, case, plan, means_of(case, "base", KEYS, TODAY))


@pytest.mark.parametrize("seed", range(5))
def test_a_better_instruction_is_found_within_60_calls(store, seed):
    with InstructionServer().running() as server:
        found = search(store, case_of(server.url), calls=60, seed=seed)
    assert found.found.instruction is not None
    assert any(label in found.found.instruction for label in LABELS)
    assert found.found.after > found.found.before == 0
    assert len(server.asked) == found.calls <= 60


def test_no_compared_text_is_sent_and_no_proposal_sees_a_text_it_is_scored_on(store):
    with InstructionServer().running() as server:
        case = case_of(server.url)
        twin = case.prompts[0].model_copy(update={"id": "twin"})
        case = case.model_copy(update={"set_aside": (*case.set_aside, twin)})
        found = search(store, case, calls=200)
    sent = "\n".join(server.texts)
    assert len(server.asked) > 60
    assert [p.text for p in case.prompts if p.text in sent] == []
    proposals = [text for text in server.texts if "write a new instruction" in text]
    assert proposals
    held_out = [text.text for text in found.plan.held_out]
    assert [text for text in held_out if any(text in asked for asked in proposals)] == []
    assert {t.id for t in found.plan.texts} == {f"t{n}" for n in range(1000, 1024)}


@pytest.mark.parametrize("calls", [13, 20, 33])
def test_no_call_beyond_the_budget(store, calls):
    with InstructionServer(proposes=False).running() as server:
        found = search(store, case_of(server.url), calls=calls)
    assert len(server.asked) <= calls
    assert found.calls == len(server.asked)
    assert found.found.instruction is None
    assert (found.status, found.stop_reason) == ("capped", "The budget is used up.")


def test_money_holds_it_to_the_cent(store):
    # At most 50 tokens out and some 40 in at 10 USD a million: a call is under a tenth of a cent.
    with InstructionServer().running() as server:
        case = case_of(server.url)
        found = search(store, case, calls=500, usd="0.01")
        assert found.status == "capped"
        assert 0 < found.cost_usd <= Decimal("0.01")
        before = len(server.asked)
        richer = search(store, case, calls=500, usd="0.20", case_id=store.recent_cases()[0].id)
    assert richer.found.after == 1.0
    assert len(server.asked) > before
    assert set(server.answers.values()) == {1}


def test_nothing_better_is_a_finding(store):
    with InstructionServer(proposes=False).running() as server:
        found = search(store, case_of(server.url), calls=100)
    assert found.found.instruction is None
    assert found.found.before == found.found.after == 0
    kept = store.search_of(store.recent_cases()[0].id, "base")
    assert kept == found


def test_an_instruction_that_is_right_already_ends_it_after_one_look(store):
    with InstructionServer().running() as server:
        case = case_of(server.url)
        all_of_them = case.arms["base"].model_copy(update={"system_prompt": " ".join(LABELS)})
        found = search(store, case.put("base", all_of_them))
    assert (found.status, found.found.before, found.found.instruction) == ("done", 1.0, None)
    assert len(server.asked) == len(found.plan.held_out)


def test_the_same_search_again_buys_nothing(store):
    with InstructionServer().running() as server:
        case = case_of(server.url)
        case_id = store.save_case(case)
        first = search(store, case, calls=60, case_id=case_id)
        asked = len(server.asked)
        again = search(store, case, calls=60, case_id=case_id)
    assert len(server.asked) == asked
    assert again.found == first.found


def test_a_stop_keeps_the_best_and_going_on_buys_nothing_twice(store):
    with InstructionServer(latency_s=0.02).running() as server:
        case = case_of(server.url)
        case_id = store.save_case(case)
        plan = plan_search(case, "base", calls=300, usd=Decimal(1))
        run_id = keep_search(store, case_id, case, plan)
        start(store, run_id, case, plan, means_of(case, "base", KEYS, TODAY))
        _until(lambda: len(server.asked) >= 30)
        control.pause(store, run_id)
        inline.wait(run_id, 20)
        stopped = store.search_of(case_id, "base")
        assert stopped.status == "paused"
        assert stopped.found.before == 0
        start(store, run_id, case, plan, means_of(case, "base", KEYS, TODAY))
        inline.wait(run_id, 60)
    ended = store.search_of(case_id, "base")
    assert (ended.status, ended.found.after) == ("done", 1.0)
    assert set(server.answers.values()) == {1}
    assert ended.calls == len(server.asked)


def test_a_killed_process_loses_no_answer(sqlite_file, store):
    with InstructionServer(latency_s=0.03).running() as server:
        case = case_of(server.url)
        case_id = store.save_case(case)
        code = (
            "import sys; from decimal import Decimal; from datetime import date\n"
            "from advisor.store.repository import Store\n"
            "from advisor.runs.improve.plan import plan_search\n"
            "from advisor.runs.improve.start import improve, means_of\n"
            "s = Store.open(sys.argv[1]); c = s.load_case(sys.argv[2])\n"
            "p = plan_search(c, 'base', calls=300, usd=Decimal(1))\n"
            "improve(s, sys.argv[2], c, p, means_of(c, 'base', {}, date(2026, 11, 30)))\n"
        )
        child = subprocess.Popen([sys.executable, "-c", code, str(sqlite_file), case_id])
        _until(lambda: len(server.asked) >= 25, 60)
        child.kill()
        child.wait()
        time.sleep(0.3)
        kept = {o.prompt_id + str(o.sample) for o in store.outputs(_only_run(store, case_id))}
        in_flight = case.run.concurrency
        assert len(kept) >= 25 - in_flight
        ended = search(store, case, calls=300, case_id=case_id)
    assert (ended.status, ended.found.after) == ("done", 1.0)
    twice = [n for n in server.answers.values() if n > 1]
    assert len(twice) <= in_flight
    assert max(server.answers.values()) <= 2
    assert ended.found.asked_twice >= len(twice)
    assert ended.calls >= len(server.asked)


def test_an_endpoint_that_dies_loses_nothing_and_goes_on(store):
    with InstructionServer().running() as server:
        case = case_of(server.url)
        case_id = store.save_case(case)
        server.dies_after = 22
        died = search(store, case, calls=300, case_id=case_id)
        assert died.status == "partial"
        assert "The engine is gone" in died.stop_reason
        assert died.found.before == 0
        answered = sum(server.answers.values())
        server.dies_after = None
        ended = search(store, case, calls=300, case_id=case_id)
    assert (ended.status, ended.found.after) == ("done", 1.0)
    assert set(server.answers.values()) == {1}
    assert sum(server.answers.values()) > answered


def test_a_judge_scores_where_it_is_asked_to(store):
    with InstructionServer().running() as server:
        case = case_of(server.url, judge=True)
        found = search(store, case, calls=200, way="judge")
    assert found.found.before == 0.5
    assert found.found.after > 0.5
    assert {asked["model"] for asked in server.asked} == {"m-base", "m-judge"}
    proposals = [
        a for a in server.asked if "write a new instruction" in a["messages"][-1]["content"]
    ]
    assert {asked["model"] for asked in proposals} == {"m-judge"}


def test_checks_score_where_the_measure_is_of_overlap(store):
    with InstructionServer().running() as server:
        case = case_of(server.url)
        facts = {text.id: (text.reference,) for text in case.set_aside}
        checks = case.checks.model_copy(update={"must_have_by_text": facts})
        run = case.run.model_copy(update={"primary_metric": "rouge1"})
        found = search(store, case.model_copy(update={"checks": checks, "run": run}))
    assert found.plan.scored_by == "checks"
    assert found.found.after > found.found.before == 0


def test_a_search_is_no_run_of_the_comparison(store):
    with InstructionServer().running() as server:
        case = case_of(server.url)
        case_id = store.save_case(case)
        search(store, case, case_id=case_id)
    assert store.runs(case_id) == []
    assert store.latest_run(case_id) is None
    assert store.answer_sizes(case_id) == {}
    assert store.take_out(case_id).runs == ()


def test_a_price_that_is_not_known_refuses_a_cap(store):
    with InstructionServer().running() as server:
        case = case_of(server.url)
        free = case.arms["base"].model_copy(update={"price": type(case.arms["base"].price)()})
        with pytest.raises(Exception, match="not known; enter its price"):
            search(store, case.put("base", free))
        assert server.asked == []


def _until(true, seconds: float = 20.0) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it takes too long"
        time.sleep(0.02)


def _only_run(store, case_id: str) -> str:
    found: InstructionSearch = store.searches(case_id)[0]
    return found.run_id


def test_a_budget_of_nothing_is_refused():
    with pytest.raises(NoSearch, match="A budget of nothing buys no search"):
        plan_search(case_of("http://127.0.0.1:1/v1"), "base", calls=0, usd=Decimal(1))
    with pytest.raises(NoSearch, match="A budget of nothing buys no search"):
        plan_search(case_of("http://127.0.0.1:1/v1"), "base", calls=50, usd=Decimal(0))
