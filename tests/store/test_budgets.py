"""A day's budget holds, whoever starts what at the same moment."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from advisor.case.case import RunSettings
from advisor.case.case_file import load_sample
from advisor.case.run_spec import spec_of
from advisor.errors import OverBudget
from advisor.evidence.model import Output
from advisor.host.settings import Hosting
from advisor.runs.allowance import allow
from advisor.runs.process import new_runner_id
from advisor.store.budgets import House
from advisor.store.repository import Store
from tests.store.reserving import NOON, reserve_once

D = Decimal
ROOT = Path(__file__).parents[2]


def test_twenty_threads_at_once_set_aside_no_more_than_the_day_allows(store):
    with ThreadPoolExecutor(20) as pool:
        found = list(
            pool.map(lambda n: store.reserve(f"run-{n}", D("1.50"), D(10), NOON), range(20))
        )
    assert sum(one.id is not None for one in found) == 6  # 6 x 1.50 = 9.00; a seventh is 10.50
    assert {one.left for one in found if one.id is None} == {D("1.00")}


def test_twenty_processes_at_once_set_aside_no_more_than_the_day_allows(database, monkeypatch):
    Store.open(database).close()
    processes = multiprocessing.get_context("forkserver")
    # Imported before the fork, else each of the twenty does so; what forks them finds it only so.
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    processes.set_forkserver_preload([reserve_once.__module__])
    with processes.Pool(20) as pool:
        fitted = pool.starmap(reserve_once, [(database, n) for n in range(20)])
    assert sum(fitted) == 6


def test_another_owner_and_another_day_have_budgets_of_their_own(store):
    assert store.reserve("a", D(10), D(10), NOON).id is not None
    assert store.reserve("b", D(1), D(10), NOON).id is None
    assert store.for_owner("otto").reserve("c", D(10), D(10), NOON).id is not None
    assert store.reserve("d", D(10), D(10), NOON + timedelta(hours=12)).id is not None


def test_what_a_run_did_not_start_for_is_given_back(store):
    first = store.reserve("a", D(10), D(10), NOON)
    assert first.id is not None
    store.release(first.id)
    assert store.reserve("b", D(10), D(10), NOON).id is not None


@pytest.fixture
def run_id(store: Store) -> str:
    """A run that has not begun."""
    case = load_sample("clinic_notes")
    return store.start_run(store.save_case(case), spec_of(case), case.run)


def test_once_a_run_has_ended_only_what_it_spent_counts(store, run_id):
    now = datetime.now(UTC)
    assert store.reserve(run_id, D(8), D(10), now).id is not None
    runner = new_runner_id()
    store.claim_run(run_id, runner, lambda *_: False)
    call = next(iter(store.run(run_id).spec.calls()))
    store.keep_calls(run_id, begun=[call])
    answer = Output(call.prompt_id, call.arm, 0, "answered", "text")
    store.keep_calls(run_id, ended=[(call, answer, D("2.25"))])
    later = now + timedelta(minutes=1)
    assert store.reserve("b", D(3), D(10), later).left == D(2), "it goes on, so the reserve counts"
    store.set_status(run_id, "done", runner=runner)
    soon = datetime.now(UTC)
    assert store.reserve("b", D(3), D(10), soon).left == D(2), "its judge may follow"
    assert store.reserve("b", D(3), D(10), soon + timedelta(minutes=1)).left == D("7.75")


def test_a_run_that_continues_counts_what_each_part_of_it_spent(store, run_id):
    now = datetime.now(UTC)
    for spent, call in zip((D(1), D(2)), store.run(run_id).spec.calls(), strict=False):
        now += timedelta(minutes=2)
        assert store.reserve(run_id, D(5), D(20), now).id is not None
        runner = new_runner_id()
        store.claim_run(run_id, runner, lambda *_: False)
        store.keep_calls(run_id, begun=[call])
        answer = Output(call.prompt_id, call.arm, 0, "answered", "text")
        store.keep_calls(run_id, ended=[(call, answer, spent)])
        store.set_status(run_id, "paused", runner=runner)
    assert store.reserve("b", D(0), D(20), now + timedelta(minutes=2)).left == D(17)


# What the reader is told


def test_without_a_budget_a_run_is_as_its_owner_asked(store, run_id):
    asked = RunSettings(cap_usd=3)
    assert allow(store, run_id, asked, D(99), Hosting(), NOON).settings == asked


def test_an_allowed_run_is_capped_at_what_was_set_aside(store, run_id):
    host = Hosting(day_budget_usd=D(10))
    allowed = allow(store, run_id, RunSettings(), D(4), host, NOON)
    assert allowed.settings.cap_usd == 4
    assert allowed.reserved_id is not None
    lower = allow(store, run_id, RunSettings(cap_usd=2.5), D(4), host, NOON)
    assert lower.settings.cap_usd == 2.5


@pytest.mark.parametrize(
    ("most", "host", "says"),
    [
        pytest.param(
            D(8),
            Hosting(day_budget_usd=D(5)),
            "This may cost up to $8.00, and $5.00 are left of what this server allows for your runs "
            "today ($5.00). Set “Stop at” so that no more than that is spent, bring fewer texts, or "
            "start it tomorrow (UTC).",
            id="the day",
        ),
        pytest.param(
            D(8),
            Hosting(run_budget_usd=D(5)),
            "This may cost up to $8.00, and $5.00 are left of what this server allows for one run "
            "($5.00). Set “Stop at” so that no more than that is spent, bring fewer texts.",
            id="one run",
        ),
        pytest.param(
            D(8),
            Hosting(day_budget_usd=D(0)),
            "Nothing is left of what this server allows for your runs today ($0.00): ask the people "
            "who run it for more, or start it tomorrow (UTC).",
            id="nothing left",
        ),
        pytest.param(
            None,
            Hosting(day_budget_usd=D(5)),
            "The price of a model in this run is not known, and this server holds runs to a "
            "budget. Enter its price under Costs, or take that model out.",
            id="no price",
        ),
    ],
)
def test_a_run_over_budget_is_refused_in_a_sentence_that_says_what_to_do(
    store, run_id, most, host, says
):
    with pytest.raises(OverBudget) as refused:
        allow(store, run_id, RunSettings(), most, host, NOON)
    assert str(refused.value) == says


def test_recorded_answers_cost_nothing_and_need_no_budget(store, run_id):
    host = Hosting(day_budget_usd=D(0))
    assert allow(store, run_id, RunSettings(), D(0), host, NOON).reserved_id is None


def test_the_house_has_a_day_and_a_month_over_all_owners(store):
    house, otto = House(day=D(10), month=D(15)), store.for_owner("otto")
    assert store.reserve("a", D(6), None, NOON, house).id is not None
    over = otto.reserve("b", D(5), D(99), NOON, house)
    assert (over.id, over.left, over.of) == (None, D(4), "house's day")
    assert otto.reserve("c", D(4), D(99), NOON, house).id is not None
    tomorrow = NOON + timedelta(days=1)
    over = otto.reserve("d", D(6), None, tomorrow, house)
    assert (over.id, over.left, over.of) == (None, D(5), "house's month")
    assert store.reserve("e", D(5), None, tomorrow, house).id is not None
    in_december = NOON + timedelta(days=9)
    assert otto.reserve("f", D(10), None, in_december, house).id is not None


def test_what_another_owner_s_run_did_not_spend_is_the_house_s_again(store, run_id):
    now = datetime.now(UTC)
    host = Hosting(house_day_budget_usd=D(10))
    assert allow(store, run_id, RunSettings(), D(8), host, now).reserved_id is not None
    otto = store.for_owner("otto")
    case = load_sample("clinic_notes")
    other = otto.start_run(otto.save_case(case), spec_of(case), case.run)
    with pytest.raises(OverBudget, match=r"all runs today \(\$10\.00\)\. .* tomorrow \(UTC\)"):
        allow(otto, other, RunSettings(), D(3), host, now)
    runner = new_runner_id()
    store.claim_run(run_id, runner, lambda *_: True)
    store.set_status(run_id, "cancelled", "Stopped", runner)
    later = now + timedelta(minutes=5)
    if later.date() == now.date():
        assert allow(otto, other, RunSettings(), D(3), host, later).reserved_id is not None
