"""Before, during and after a run at a real address: its price, its cap, its filters, going on."""

from collections.abc import Iterator

import pytest

from advisor.case.brief import Brief
from advisor.case.checks import Checks
from advisor.runs.process import is_dead
from pages.ui import session
from pricing.offers import PriceCells
from tests.fault_server import FaultServer
from tests.make import case_at

from .reader import Reader

PRICE = PriceCells.model_validate({"input": "1", "output": "2"})


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer().running() as running:
        yield running


def on_compare(server: FaultServer, *, priced: bool = True, **run) -> Reader:
    """A reader on Compare, with a case of 6 texts at a server."""
    case = case_at(server.url, 6, **run)
    arms = {
        name: arm.model_copy(update={"price": PRICE}) if priced else arm
        for name, arm in case.arms.items()
    }
    brief = Brief(use_case="domain_summarization")
    case = case.model_copy(update={"arms": arms, "brief": brief})
    return Reader("compare", case_id=session.store().save_case(case))


def test_price_time_and_where_the_texts_go_stand_before_the_start(server):
    reader = on_compare(server, max_output_tokens=100)
    # 12 calls of 10 tokens in, 15 at most, and 10, 50 or 100 out, at 1 and 2 USD per million:
    # 12 x 30, 110 and 215 millionths of a dollar.
    price = "about $0.0013, from $0.00036 to at most $0.0026"
    assert f"12 answers to buy for 6 texts: {price}, in about" in reader.says
    assert "Your texts go to 127.0.0.1 and are kept on this server" in reader.says
    assert server.requests == []


def test_the_cap_is_kept_with_the_case_and_its_run_says_so(server):
    reader = on_compare(server).fill("number_input", "Stop at, USD", 2.5)
    assert reader.case.run.cap_usd == 2.5
    reader.click("Start the comparison").finish()
    assert "12 of 12 answers in." in reader.says
    assert "of at most $2.50." in reader.says


def test_a_cap_with_an_unknown_price_is_refused_in_a_sentence(server):
    reader = on_compare(server, priced=False, cap_usd=1.0).click("Start the comparison")
    assert any("the price of “m-base” is not known" in error for error in reader.errors)
    assert server.requests == []
    # Beside the button: at the top of the page nobody sees it who clicks far below.
    drawn = [element.type for element in reader.at.main if element.type in ("title", "error")]
    assert drawn == ["title", "error"]


def test_a_raised_cap_goes_on_where_the_run_stopped(server):
    # A call costs 11 + 2 x 7 = 25 millionths, and 215 are set aside for it: 4 calls fit.
    reader = on_compare(server, cap_usd=0.0003, max_output_tokens=100)
    reader.click("Start the comparison").finish()
    assert "4 of 12 answers in." in reader.says
    assert "The cap of 0.0003 USD was reached." in reader.says
    reader.fill("number_input", "Stop at, USD", 3.0).click("Continue").finish()
    assert "12 of 12 answers in." in reader.says
    assert len(server.completed) == 12


def test_what_failed_is_filtered_and_asked_again(server):
    server.fault = lambda asked, n: "400" if "text 1" in asked["messages"][-1]["content"] else None
    reader = on_compare(server).click("Start the comparison").finish()
    assert "10 of 12 answers in." in reader.says
    assert "2 failed." in reader.says
    reader.pick("Show", "Failed")
    assert [field.label for field in reader.at.number_input if "Text" in field.label] == [
        "Text, 1 to 1"
    ]
    assert "No answer came." in reader.says
    server.fault = lambda asked, number: None
    reader.click("Retry what failed").finish()
    assert "12 of 12 answers in." in reader.says


def test_a_new_run_says_what_it_reuses_at_no_cost(server):
    reader = on_compare(server).click("Start the comparison").finish()
    changed = reader.case.arms | {
        "tuned": reader.case.arms["tuned"].model_copy(update={"system_prompt": "Be brief."})
    }
    session.store().save_case(reader.case.model_copy(update={"arms": changed}), reader.case_id)
    again = Reader("compare", case_id=reader.case_id)
    assert "6 answers to buy for 6 texts" in again.says
    assert "6 answers are there already and are reused at no cost." in again.says
    again.click("Start the comparison").finish()
    assert "6 reused at no cost." in again.says
    assert len(server.requests) == 18


def test_the_texts_can_be_read_as_brought_and_newest_first(server):
    reader = on_compare(server).click("Start the comparison").finish()
    reader.fill("selectbox", "Order", "As brought")
    assert reader.at.text[0].value == "text 0"
    reader.fill("selectbox", "Order", "Newest first")
    newest = session.store().prompts_newest_first(session.store().latest_run(reader.case_id).id)
    assert reader.at.text[0].value == f"text {newest[0][1:]}"


def test_an_interrupted_run_says_where_and_what_may_have_been_bought_twice(server):
    reader = on_compare(server)
    store = session.store()
    from advisor.case.run_spec import spec_of

    spec = spec_of(reader.case)
    run_id = store.start_run(reader.case_id, spec, reader.case.run)
    store.claim_run(run_id, "gone", lambda runner, heard: False)
    for call in list(spec.calls())[:3]:
        store.keep_calls(run_id, begun=[call])
    store.mark_interrupted(lambda runner, heard: True)
    assert is_dead(None, None)
    reader.at.run()
    said = "Interrupted at 0 of 12: at most 3 answers may have been bought twice."
    assert said in reader.says
    reader.click("Continue").finish()
    assert "12 of 12 answers in." in reader.says


def test_the_right_label_can_be_named_as_the_measure_where_there_are_labels(server):
    case = case_at(server.url, 6)
    texts = tuple(p.model_copy(update={"reference": "refund"}) for p in case.prompts)
    case = case.model_copy(update={"prompts": texts})
    without = Reader("compare", case_id=session.store().save_case(case))
    measure = without.field("selectbox", "Measure, if nobody votes")
    assert "Label right" not in measure.options
    labelled = case.model_copy(update={"checks": Checks(labels=("refund", "parcel"))})
    reader = Reader("compare", case_id=session.store().save_case(labelled))
    reader.fill("selectbox", "Measure, if nobody votes", "label_accuracy")
    assert reader.case.run.primary_metric == "label_accuracy"
