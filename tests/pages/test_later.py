"""Pages on a day on which something has passed: nothing was edited, the day says it."""

from datetime import UTC, datetime

import pytest
import time_machine

from advisor.case import load_sample
from pages.ui import session

from .reader import Reader

OPENAI = "openai:gpt-4.1-mini-2025-04-14:SFT"


@pytest.fixture
def later():
    """20 January 2027: OpenAI's last day to train was the 6th, tuned models stopped on the 14th."""
    with time_machine.travel(datetime(2027, 1, 20, 9, tzinfo=UTC)):
        yield


def test_prices_shows_what_has_stopped_as_ended(later):
    reader = Reader("prices")
    reader.fill("text_input", "Search offers", "openai ended")
    assert "10 offers. Tick a row" in reader.says
    reader.fill("selectbox", "One offer in full", OPENAI)
    assert "OpenAI shut models tuned this way down on 14 Jan 2027." in reader.says
    figures = reader.at.table[-1].value
    assert {"6 Jan 2027, past", "14 Jan 2027, past"} <= set(figures["Figure"])


def test_a_price_chosen_before_says_that_its_model_has_stopped(later):
    sample = load_sample("clinic_notes")
    arm = sample.arms["tuned"].model_copy(update={"offer": OPENAI})
    case = sample.model_copy(update={"arms": sample.arms | {"tuned": arm}})
    reader = Reader("models", case_id=session.store().save_case(case))
    assert "Stopped on 14 Jan 2027." in reader.says
    assert "in -" not in reader.says
