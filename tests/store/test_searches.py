"""Searches for an instruction, on both databases: runs that are no runs of the comparison."""

from decimal import Decimal

import pytest

from advisor.case.run_spec import spec_of
from advisor.evidence.instruction_search import SearchFinding
from advisor.runs.improve.plan import plan_search, spec_of_search
from advisor.store.repository import Store
from tests.instruction_server import case_of

CASE = case_of("http://127.0.0.1:1/v1")
PLAN = plan_search(CASE, "base", calls=60, usd=Decimal("0.50"))


@pytest.fixture
def store(database):
    opened = Store.open(database)
    yield opened
    opened.close()


def begun(store, plan=PLAN):
    case_id = store.save_case(CASE)
    return case_id, store.start_search(case_id, spec_of_search(CASE, plan), plan, CASE.run)


def test_a_search_comes_back_as_it_was_kept(store):
    case_id, run_id = begun(store)
    found = SearchFinding(before=0.25, after=0.5, instruction="Say\0 it “well”.", tried=3)
    store.keep_finding(run_id, PLAN, found)
    (kept,) = store.searches(case_id)
    assert (kept.run_id, kept.plan, kept.found) == (run_id, PLAN, found)
    assert (kept.first, kept.calls, kept.cost_usd) == ("Say what the letter is about.", 0, 0)
    assert store.search_of(case_id, "base") == kept
    assert store.search_of(case_id, "tuned") is None
    assert store.for_owner("another").searches(case_id) == []


def test_the_same_search_with_more_money_keeps_what_it_found_and_with_another_score_does_not(store):
    case_id, run_id = begun(store)
    store.keep_finding(run_id, PLAN, SearchFinding(before=0.5, after=0.5, asked_twice=2))
    richer = PLAN.model_copy(update={"usd": Decimal(3)})
    assert store.start_search(case_id, spec_of_search(CASE, richer), richer, CASE.run) == run_id
    assert store.finding(run_id).before == 0.5
    other = PLAN.model_copy(update={"scored_by": "checks"})
    store.start_search(case_id, spec_of_search(CASE, other), other, CASE.run)
    assert store.finding(run_id) == SearchFinding(asked_twice=2)


def test_the_comparison_does_not_know_of_it(store):
    case_id, _ = begun(store)
    assert store.runs(case_id) == []
    compared = store.start_run(case_id, spec_of(CASE), CASE.run)
    begun(store)
    assert [run.id for run in store.runs(case_id)] == [compared]
    latest = store.latest_run(case_id)
    assert latest is not None
    assert latest.id == compared
    assert len(store.take_out(case_id).runs) == 1
