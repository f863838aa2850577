"""From Options to a better instruction: said before, stopped, found, and used as an option."""

import time

import pytest

from advisor.runs import inline
from pages.ui import session
from pages.ui.options.improving import may_be
from tests.instruction_server import LABELS, InstructionServer, case_of

from .reader import Reader


@pytest.fixture
def server():
    with InstructionServer().running() as server:
        yield server


def opened(case) -> Reader:
    reader = Reader("options", case_id=session.store().save_case(case))
    return reader.act("base", "Improve its instruction")


def ended(reader: Reader) -> Reader:
    found = session.store().search_of(reader.case_id, "base")
    inline.wait(found.run_id, 60)
    return Reader("options", case_id=reader.case_id).act("base", "Improve its instruction")


def test_a_better_instruction_becomes_an_option(server):
    reader = opened(case_of(server.url, compared=60, aside=0))
    assert "None of your compared texts is sent." in reader.says
    assert (
        "20 of your 60 texts leave the comparison permanently; 40 are left to compare."
        in reader.says
    )
    assert server.asked == []
    reader.click("Start the search")
    assert (len(reader.case.prompts), len(reader.case.set_aside)) == (40, 20)
    reader = ended(reader)
    assert "A better instruction for base was found for $" in reader.says
    text = reader.field("text_area", "The instruction found").value
    assert any(label in text for label in LABELS)
    reader.fill("text_area", "The instruction found", f"{text} Be brief.")
    reader.click("Use it as an option")
    new = reader.case.arms["base_improved"]
    assert (new.variant, new.kind, new.follows) == ("improved", "base", "base")
    assert new.system_prompt == f"{text} Be brief."
    assert new.label == "Base, improved"
    assert "20 texts more" in reader.go("texts").says


def test_too_few_texts_are_said_before_anything_is_sent(server):
    reader = opened(case_of(server.url, compared=12, aside=0))
    assert "you have 12 in all; bring 8 more." in reader.says
    with pytest.raises(AssertionError):
        reader.button("Start the search")
    assert server.asked == []


def test_a_budget_of_nothing_is_one_sentence(server):
    reader = opened(case_of(server.url))
    reader.fill("number_input", "At most, USD", 0.0).click("Start the search")
    assert "A budget of nothing buys no search" in reader.says
    assert server.asked == []


def test_nothing_better_stands_on_options_and_in_the_report(server):
    server.proposes = False
    reader = opened(case_of(server.url))
    reader.fill("number_input", "Calls at most", 40).click("Start the search")
    reader = ended(reader)
    said = "No better instruction for base was found within $0.0"
    assert said in reader.says
    reader = Reader("options", case_id=reader.case_id)
    assert said in reader.says
    assert said in reader.go("verdict").says


def test_a_search_that_goes_on_is_watched_and_stopped(server):
    server.latency_s = 0.2
    reader = opened(case_of(server.url)).click("Start the search")
    assert "The instruction as it is is being scored." in reader.says
    reader.click("Stop")
    found = session.store().search_of(reader.case_id, "base")
    inline.wait(found.run_id, 30)
    time.sleep(0.1)
    reader = Reader("options", case_id=reader.case_id).act("base", "Improve its instruction")
    assert "Go on" in [button.label for button in reader.at.button]


def test_recorded_and_fine_tuned_options_have_no_instruction_to_improve():
    case = case_of("http://127.0.0.1:1/v1")
    base = case.arms["base"]
    assert may_be(case, "base")
    assert not may_be(case.put("tuned", base.model_copy(update={"kind": "tuned"})), "tuned")
    recorded = base.model_copy(update={"endpoint": "replay:clinic_notes"})
    assert not may_be(case.put("base", recorded), "base")
    assert not may_be(case.put("base", base.model_copy(update={"endpoint": ""})), "base")
