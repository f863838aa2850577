"""Pages on a day on which something has passed: nothing was edited, the day says it."""

from datetime import UTC, datetime

import pytest
import time_machine

from advisor.case.case_file import load_sample
from pages.ui import session
from pages.ui.options import price_lines
from pricing.offers import offers

from .reader import Reader, unescaped

OPENAI = "openai:gpt-4.1-mini-2025-04-14:SFT"


@pytest.fixture
def later():
    """20 January 2027: OpenAI's last day to train was the 6th, tuned models stopped on the 14th."""
    with time_machine.travel(datetime(2027, 1, 20, 9, tzinfo=UTC)):
        yield


def test_prices_shows_what_has_stopped_as_ended(later):
    reader = Reader("prices")
    reader.fill("text_input", "Search offers", "openai ended")
    ended = [offer for offer in offers() if offer.provider == "openai"]
    assert f"{len(ended)} offers. Tick a row" in reader.says
    reader.fill("selectbox", "One offer in full", OPENAI)
    assert "OpenAI shut models tuned this way down on 14 Jan 2027." in reader.says
    figures = reader.at.table[-1].value
    assert {"6 Jan 2027, past", "14 Jan 2027, past"} <= set(figures["Figure"])


def test_a_price_chosen_before_says_that_its_model_has_stopped(later):
    sample = load_sample("clinic_notes")
    arm = sample.arms["tuned"].model_copy(update={"offer": OPENAI})
    case = sample.model_copy(update={"arms": sample.arms | {"tuned": arm}})
    reader = Reader("options", case_id=session.store().save_case(case))
    assert "Stopped on 14 Jan 2027." in reader.says
    assert "in -" not in reader.says


MINISTRAL = "azure_foundry:Ministral-3B-2411:SFT global"


@pytest.mark.parametrize(
    ("day", "ministral", "gpt_4o"),
    [
        pytest.param(datetime(2026, 12, 8, 9, tzinfo=UTC), True, True, id="8 December"),
        pytest.param(datetime(2026, 12, 10, 9, tzinfo=UTC), False, True, id="10 December"),
        pytest.param(datetime(2026, 12, 15, 9, tzinfo=UTC), False, True, id="15 December"),
        pytest.param(datetime(2027, 1, 20, 9, tzinfo=UTC), False, False, id="20 January"),
    ],
)
def test_a_model_that_has_stopped_can_be_chosen_by_nobody(day, ministral, gpt_4o):
    with time_machine.travel(day):
        reader = Reader("use_case").pick("What should the model do?", "brand_voice")
        reader.go("options").compete("base", "tuned")
        base, tuned = (reader.field("selectbox", "Where you can buy it", nth) for nth in (0, 1))
    assert (price_lines.offer_name(MINISTRAL) in tuned.options) == ministral
    assert (price_lines.offer_name("openai:gpt-4o") in base.options) == gpt_4o
    assert price_lines.offer_name("openai:gpt-6-luna") in base.options
    # OpenAI's tuned models answer until 14 January, though nobody new may train one.
    assert (price_lines.offer_name(OPENAI) in tuned.options) == gpt_4o


def test_what_an_old_decision_has_chosen_stays_and_is_said_to_have_stopped():
    sample = load_sample("clinic_notes")
    base = sample.arms["base"].model_copy(update={"offer": "openai:gpt-5-mini"})
    tuned = sample.arms["tuned"].model_copy(update={"offer": MINISTRAL})
    arms = sample.arms | {"base": base, "tuned": tuned}
    case_id = session.store().save_case(sample.model_copy(update={"arms": arms}))
    with time_machine.travel(datetime(2026, 12, 15, 9, tzinfo=UTC)):
        reader = Reader("options", case_id=case_id)
        fields = [reader.field("selectbox", "Where you can buy it", nth) for nth in (0, 1)]
    assert [field.value for field in fields] == ["openai:gpt-5-mini", MINISTRAL]
    assert "gpt-5-mini stopped on 11 Dec 2026. gpt-6.1-terra takes its place at" in reader.says
    assert "Stopped on 9 Dec 2026." in reader.says


def test_who_searches_prices_for_a_closed_vendor_learns_where_to_go():
    with time_machine.travel(datetime(2026, 12, 10, 9, tzinfo=UTC)):
        reader = Reader("prices").fill("text_input", "Search offers", "Snowflake")
    (told,) = [unescaped(str(warning.value)) for warning in reader.at.warning]
    assert told.startswith(
        "**Snowflake Cortex Fine-tuning.** Cortex Fine-tuning: ends in the first quarter of 2027. "
        "Snowflake names Cortex Training. You could go to AWS Bedrock, Together AI, "
    )
    assert "No offer fits" not in reader.says


def test_prices_shows_the_last_day_of_a_base_model_and_when_there_was_none():
    with time_machine.travel(datetime(2026, 12, 10, 9, tzinfo=UTC)):
        bases = Reader("prices").at.dataframe[-1].value
    stops = dict(zip(bases["model"], bases["stops"], strict=True))
    assert stops["gpt-4.1-mini"] == "14 Jan 2027; then gpt-6-luna"
    assert stops["gpt-6-luna"] == "none announced as of 30 Nov 2026"
    assert all(stops.values())


def test_method_shows_the_last_day_of_a_base_model():
    with time_machine.travel(datetime(2027, 1, 20, 9, tzinfo=UTC)):
        reader = Reader("method")
    bases = next(t.value for t in reader.at.table if [*t.value] == ["Model", "Stops on"])
    said = {unescaped(text) for text in bases["Stops on"]}
    assert said == {"none announced as of 30 Nov 2026", "stopped 14 Jan 2027; then gpt-6-luna"}


def test_a_vendor_that_has_closed_since_stays_among_those_ticked(later):
    sample = load_sample("clinic_notes")
    brief = sample.brief.model_copy(update={"customer_of": {"openai": "tuned_before"}})
    case = sample.model_copy(update={"brief": brief})
    reader = Reader("use_case", case_id=session.store().save_case(case))
    assert not reader.at.exception
    assert reader.case.brief.customer_of["openai"] == "tuned_before"
    held = reader.field("button_group", "Which vendors do you have a contract with?")
    assert held.value == ["openai"]
