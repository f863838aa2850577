"""A click that is the first thing a new session hears of: the page lost its server before it.

The browser sends all that its fields hold with it to another server, whose session has drawn nothing
yet.
"""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from advisor.case.case_file import load_sample
from pages.ui import clicks, session
from tests.fault_server import FaultServer
from tests.make import case_at

from .reader import APP, Reader
from .test_running import on_compare


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer().running() as running:
        yield running


def sent_elsewhere(reader: Reader, page: str) -> Reader:
    """What was entered and clicked last goes to a session of another server."""
    other = Reader.__new__(Reader)
    other.at, other.page = AppTest.from_file(APP, default_timeout=60), page
    other.at.query_params["case"] = reader.case_id
    other.at._page_hash = calc_hash(page.replace("_", "-"))
    other.at._run(reader.at._tree.get_widget_states())
    return other


def labels(reader: Reader) -> list[str]:
    return [button.label for button in reader.at.button]


def on_options() -> Reader:
    case_id = session.store().save_case(case_at("http://127.0.0.1:9/v1", 3))
    return Reader("options", case_id=case_id)


def test_the_comparison_starts_at_the_first_click(server):
    reader = on_compare(server)
    reader.button("Start the comparison").click()
    other = sent_elsewhere(reader, "compare").finish()
    assert "12 of 12 answers in." in other.says
    assert len(server.completed) == 12


def test_a_cap_entered_just_before_is_asked_for_again_and_nothing_is_bought(server):
    reader = on_compare(server)
    reader.field("number_input", "Stop at, USD").set_value(2.5)
    reader.button("Start the comparison").click()
    other = sent_elsewhere(reader, "compare")
    assert [toast.value for toast in other.at.toast] == [clicks.AGAIN]
    assert server.requests == []
    other.fill("number_input", "Stop at, USD", 2.5).click("Start the comparison").finish()
    assert "of at most $2.50." in other.says


def test_continue_goes_on_at_the_first_click():
    case_id = session.store().save_case(load_sample("clinic_notes"))
    reader = Reader.at_address("costs", case_id)
    reader.button("Continue to Verdict").click()
    there = sent_elsewhere(reader, "costs")
    assert not any("Continue to Verdict" in label for label in labels(there))


def test_continue_leaves_nothing_behind_that_was_entered_just_before():
    reader = on_options()
    reader.field("text_input", "Model name", nth=1).set_value("m-other")
    reader.button("Continue to Compare").click()
    other = sent_elsewhere(reader, "options")
    assert other.at.title[0].value == "Options"
    assert [toast.value for toast in other.at.toast] == [clicks.AGAIN]


def test_the_next_questions_come_at_the_first_click_after_answers_that_are_kept():
    reader = Reader("use_case").pick("What should the model do?", "brand_voice")
    reader.fill("text_input", "Name of this case", "Letters of June")
    reader.button("Continue").click()
    other = sent_elsewhere(reader, "use_case")
    assert other.case.title == "Letters of June"
    assert any("5 to 8 of 12" in str(header.value) for header in other.at.header)


def test_a_click_on_what_is_not_there_any_more_does_nothing_later():
    reader = on_options()
    reader.button("Continue to Compare").click()
    other = sent_elsewhere(reader, "prices")
    assert other.at.title[0].value == "Prices"
    other.go("options")
    assert other.at.title[0].value == "Options"
