"""A field filled in and a button clicked so fast that the page hears of both at once."""

from collections.abc import Iterator

import pytest

from pages.ui import session
from tests.fault_server import FaultServer
from tests.make import case_at

from .reader import Reader
from .test_running import on_compare


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer().running() as running:
        yield running


def at_once(reader: Reader, kind: str, label: str, value: object, button: str) -> Reader:
    """Fill in a field and click a button; both are sent together, before anything is drawn."""
    reader.field(kind, label).set_value(value)
    reader.button(button).click()
    reader.at.run()
    return reader


def on_options() -> Reader:
    case_id = session.store().save_case(case_at("http://127.0.0.1:9/v1", 3))
    return Reader("options", case_id=case_id)


def test_a_cap_holds_that_is_entered_with_the_click_that_starts(server):
    reader = at_once(
        on_compare(server), "number_input", "Stop at, USD", 2.5, "Start the comparison"
    ).finish()
    assert "12 of 12 answers in." in reader.says
    assert "of at most $2.50." in reader.says


def test_a_click_that_starts_is_done_once(server):
    reader = on_compare(server).click("Start the comparison").finish()
    reader.at.run()
    assert len(server.completed) == 12
    assert not any("Start the comparison" in button.label for button in reader.at.button)


def test_the_name_of_a_model_is_kept_by_the_click_that_closes_its_form():
    reader = on_options()
    reader.field("text_input", "Model name", nth=1).set_value("m-other")
    reader.change("tuned")
    assert reader.case.arms["tuned"].model == "m-other"
    assert len([f for f in reader.at.text_input if f.label == "Model name"]) == 1
    assert "Answers at" in reader.says


def test_a_copy_of_an_option_has_what_was_entered_just_before():
    reader = on_options()
    reader.field("text_input", "Model name", nth=1).set_value("m-other")
    reader.act("tuned", "Duplicate")
    models = [arm.model for arm in reader.case.arms.values()]
    assert models.count("m-other") == 2


def test_continue_takes_along_what_was_entered_just_before():
    reader = on_options()
    reader.field("text_input", "Model name", nth=1).set_value("m-other")
    reader.click("Continue to Compare")
    assert reader.at.title[0].value == "Compare"
    assert reader.case.arms["tuned"].model == "m-other"


def test_the_next_questions_leave_the_name_of_the_case_kept():
    reader = Reader("use_case").pick("What should the model do?", "brand_voice")
    at_once(reader, "text_input", "Name of this case", "Letters of June", "Continue")
    assert reader.case.title == "Letters of June"
    assert any("5 to 8 of 12" in str(header.value) for header in reader.at.header)


def test_an_error_lets_go_of_the_click(server):
    """It is not done at the end of another page, hours later."""
    reader = on_compare(server)
    session.store().delete_case(reader.case_id)
    reader.click("Start the comparison")
    assert "Start the comparison" not in [button.label for button in reader.at.button]
    reader.go("prices")
    assert server.requests == []
