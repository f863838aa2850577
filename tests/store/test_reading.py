"""What a page asks of a run's outputs, each by one small query."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from advisor.case.run_spec import spec_of
from advisor.errors import UnknownRun
from advisor.evidence.model import Output
from tests.make import case_at

CASE = case_at("http://localhost:1/v1", prompts=4)


@pytest.fixture
def run_id(store):
    """p0 answers differ, p1 differ by blanks only, p2 is refused by one, p3 has not begun."""
    run_id = store.start_run(store.save_case(CASE), spec_of(CASE), CASE.run)
    for call in spec_of(CASE).calls():
        text = {"p0": call.arm, "p1": "same\n " if call.arm == "base" else " same"}.get(
            call.prompt_id, ""
        )
        output = Output(call.prompt_id, call.arm, 0, "answered", text, output_tokens=7)
        if call.prompt_id == "p2":
            output = replace(output, outcome="refused" if call.arm == "base" else "failed")
        if call.prompt_id != "p3":
            store.keep_calls(run_id, ended=[(call, output, Decimal("0.1"))])
    return run_id


def test_filters_name_the_prompts(store, run_id):
    assert store.prompts_that_differ(run_id) == {"p0"}
    assert store.prompts_with(run_id, "refused") == {"p2"}
    assert store.prompts_with(run_id, "failed") == {"p2"}
    assert store.prompts_with(run_id, "answered") == {"p0", "p1"}


def test_one_prompt_comes_with_its_outputs_by_arm(store, run_id):
    here = store.prompt_outputs(run_id, "p0")
    assert {arm: output.text for arm, output in here.items()} == {"base": "base", "tuned": "tuned"}
    assert store.prompt_outputs(run_id, "p3") == {}


def test_the_prompt_that_finished_last_is_first(store, run_id):
    assert store.prompts_newest_first(run_id) == ["p2", "p1", "p0"]


def test_what_finished_lately_is_counted_without_what_was_reused(store, run_id):
    before = datetime.now(UTC) - timedelta(seconds=30)
    finished, first = store.finished_since(run_id, before)
    assert finished == 6
    assert first is not None
    assert abs(datetime.now(UTC) - first) < timedelta(seconds=10)
    assert store.finished_since(run_id, datetime.now(UTC)) == (0, None)


def test_sizes_and_what_was_bought_are_of_answers_only(store, run_id):
    case_id = store.run(run_id).case_id
    assert store.answer_sizes(case_id) == {"base": [(7, 2, None)], "tuned": [(7, 2, None)]}
    calls = {call.key: call.call_hash for call in spec_of(CASE).calls()}
    bought = {calls[prompt, arm, 0] for prompt in ("p0", "p1") for arm in ("base", "tuned")}
    assert store.bought(calls.values()) == bought


def test_a_state_is_the_run_without_its_spec(store, run_id):
    run, state = store.run(run_id), store.run_state(run_id)
    assert state == store.find_state(run.spec_hash, run.case_id)
    assert (state.id, state.status, state.settings) == (run.id, run.status, run.settings)
    assert not hasattr(state, "spec")


def test_another_owner_reads_nothing(store, run_id):
    other = store.for_owner("someone else")
    assert other.prompt_outputs(run_id, "p0") == {}
    assert other.prompts_newest_first(run_id) == []
    assert other.prompts_that_differ(run_id) == other.prompts_with(run_id, "failed") == set()
    assert other.finished_since(run_id, datetime.now(UTC) - timedelta(days=1)) == (0, None)
    assert other.answer_sizes(store.run(run_id).case_id) == {}
    with pytest.raises(UnknownRun):
        other.run_state(run_id)
