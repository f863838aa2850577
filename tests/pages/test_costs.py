"""Costs: prices, contract, currency, people's time, every offer, and what moves the cost."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine

from advisor.llm.upkeep.base_prices import refresh
from advisor.report.labels import CELL_WORDS
from pages.ui import session
from pricing.offers import offers
from pricing.people import People
from tests.make import LUNA, arm, case, tuned
from tests.pricing.test_base_prices import FETCHED, lists  # noqa: F401 - lists is a fixture

from .reader import Reader

CURRENCY = "Currency"


def test_without_a_volume_it_is_asked_for_before_any_place_is_priced():
    reader = Reader("use_case").pick("What should the model do?", "brand_voice").go("costs")
    assert "How many texts a month? Enter it at the top of this page" in reader.says
    # Nothing costs anything yet, so no column says so.
    assert not {"Pilot", "Training"} & {*reader.at.dataframe[0].value.columns}


def test_the_cheapest_places_open_to_the_reader_stand_in_a_short_table(money):
    table = money.at.table[-1].value
    assert len(table) == 5
    standing = set(table["For you"].str.partition(" ")[0])
    assert standing <= {"open", "depends"}


@pytest.fixture
def money(replayed) -> Reader:
    """The clinic sample: base gpt-6-luna, a tuned open model on a rented machine."""
    return replayed.go("costs")


def costs(reader: Reader) -> dict[str, str]:
    return {metric.label: metric.value for metric in reader.at.metric}


def test_a_discount_is_taken_off_and_said(money):
    # The machine: 730 hours at 0.80, and its training, over 12 months.
    assert costs(money)["Fine-tuned, a month"] == "$584"
    money.fill("selectbox", "Whose prices?", "tuned")
    money.fill("number_input", "Off every list price, %", 50.0)
    assert costs(money)["Fine-tuned, a month"] == "$292"
    assert "less 50 %" in money.go("verdict").says


def test_amounts_are_shown_in_another_currency_with_its_rate_and_day(money):
    money.fill("selectbox", CURRENCY, "EUR")
    assert "until then amounts stay in USD" in money.says
    money.fill("number_input", "EUR for 1 USD", 0.5)
    assert costs(money)["Fine-tuned, a month"] == "€292"
    assert "1 USD = 0.5 EUR" in money.says
    assert "Amounts in this table are in EUR." in money.says
    assert "EUR a month, fine-tuned less base" in money.says
    assert "USD a month, fine-tuned" not in money.says
    assert costs(Reader("costs", case_id=money.case_id))["Fine-tuned, a month"] == "€292"


def test_people_s_time_is_in_the_cost_and_the_model_s_own_is_named(money):
    assert "Model cost only" in money.says
    assert money.says.count("Worked over 12 months of use.") == 1
    money.fill("number_input", "Hourly cost of a reviewer (USD)", 60.0)
    money.fill("number_input", "Minutes to correct an answer", 3.0)
    money.fill("number_input", "Base: answers corrected, %", 10.0)
    money.fill("number_input", "Fine-tuned: answers corrected, %", 5.0)
    # 20,000 texts x 10 % x 3 minutes at 60 an hour = 6,000 a month; 5 % is half of it. The model
    # alone is 6.80 and 584.
    assert costs(money) == {"Base, a month": "$6,007", "Fine-tuned, a month": "$3,584"}
    assert "People's time $6,000, model cost only $6.80 a month" in money.says
    assert "People's time $3,000, model cost only $584 a month" in money.says
    assert "In all after 12 months" not in money.says
    offers = money.at.dataframe[0].value
    assert "A month, people's time included" in offers.columns
    # (584 + 3,000) / (20,000 x 95 %) = 0.1886 an answer
    assert "an accepted answer: $0.19" in money.says


def test_of_several_base_options_each_may_have_its_own_share_corrected():
    arms = {"base": arm(LUNA), "base_examples": arm(LUNA), "tuned": tuned()}
    found = case("classification", arms)
    people = People(
        hourly_rate=60, minutes_to_correct=6, corrected_share_base="0.25", corrected_share_tuned="0"
    )
    found = found.model_copy(update={"people": people})
    reader = Reader("costs", case_id=session.store().save_case(found))
    labels = [field.label for field in reader.at.number_input if "corrected, %" in field.label]
    assert labels == [
        "Every base option: answers corrected, %",
        "Fine-tuned: answers corrected, %",
        "Base: answers corrected, %",
        "Base with examples: answers corrected, %",
    ]
    before = costs(reader)
    reader.fill("number_input", "Base with examples: answers corrected, %", 10.0)
    assert reader.case.arms["base_examples"].corrected_share == Decimal("0.1")
    assert reader.case.arms["base"].corrected_share is None
    assert costs(reader)["Base, a month"] == before["Base, a month"]
    again = Reader("costs", case_id=reader.case_id)
    assert again.case.arms["base_examples"].corrected_share == Decimal("0.1")


def test_every_offer_is_listed_and_the_closed_ones_are_marked(money):
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        closed_ones_are_marked(money.go("costs"))


def test_after_its_last_day_an_offer_is_closed_to_all(money):
    with time_machine.travel(datetime(2027, 1, 20, 9, tzinfo=UTC)):
        table = money.go("costs").at.dataframe[0].value
    assert set(table[table["Where"] == "OpenAI"]["For you"]) == {"closed"}


def closed_ones_are_marked(money: Reader) -> None:
    table = money.at.dataframe[0].value
    assert len(table) == len(offers())
    openai = table[table["Where"] == "OpenAI"]
    assert set(openai["For you"]) == {"existing customers only until 6 Jan 2027", "closed"}
    money.go("use_case").pick("Which vendors do you have a contract with?", ["none"]).go("costs")
    table = money.at.dataframe[0].value
    assert set(table[table["Where"] == "OpenAI"]["For you"]) == {"closed"}


def test_what_moves_the_cost_most_is_said_in_words(money):
    assert "What moves it most" in money.says
    assert "Fine-tuned: hosting price" in money.says
    assert "texts a month fine-tuned is cheaper." in money.says


def test_prices_fetched_anew_are_those_of_the_open_decision(money, lists):  # noqa: F811
    folder, address = lists
    (folder / "data.json").write_text(json.dumps(FETCHED))
    assert costs(money)["Base, a month"] == "$6.80"
    refresh(f"{address}/data.json")
    money.at.run()
    assert costs(money)["Base, a month"] == "$4.76"  # 0.07 and 0.35 in place of 0.10 and 0.50


def test_no_money_is_shown_before_a_price_is_chosen():
    reader = Reader("use_case").pick("What should the model do?", "brand_voice").go("costs")
    assert costs(reader) == {}
    assert "What moves it most" not in reader.says
    assert len(reader.at.dataframe[0].value) == len(offers())


@pytest.fixture
def reader() -> Reader:
    case = Reader("use_case").pick("What should the model do?", "domain_summarization")
    case.go("options").compete("base").fill("text_input", "Model name", "mine", nth=0)
    return case.go("costs").fill("number_input", "Texts a month", 1000)


def price(reader: Reader, **cells: float) -> None:
    """Own figures of the base option, the first of its name on the page."""
    for cell, amount in cells.items():
        reader.fill("number_input", CELL_WORDS[cell], amount)


def test_without_a_price_no_cost_is_shown(reader):
    assert costs(reader) == {}
    # An instruction alone makes an option, and no price for it.
    reader.go("options").fill("text_area", "Base: instruction", "Be brief.").go("costs")
    assert costs(reader) == {}
    assert "Choose on Options what competes, and where you can buy it." in reader.says


def test_an_unknown_price_is_unknown_and_not_nothing(reader):
    price(reader, hosting_per_hour=1.0)
    assert costs(reader) == {"Base, a month": "not known"}


def test_an_own_price_changes_the_cost(reader):
    price(reader, input=0.0, output=0.0, hosting_per_hour=1.0)
    # 730 hours a month at $1, nothing per text
    assert costs(reader) == {"Base, a month": "$730"}
    price(reader, hosting_per_hour=2.5, replicas=2)
    # 730 x 2.50 x 2
    assert costs(reader) == {"Base, a month": "$3,650"}
    assert costs(Reader("costs", case_id=reader.case_id)) == {"Base, a month": "$3,650"}


def test_an_own_machine_is_priced_by_the_hours_its_texts_take(reader):
    price(reader, machine_per_hour=2.0)
    assert costs(reader) == {"Base, a month": "not known"}
    assert "texts your machine answers in an hour" in reader.says
    price(reader, texts_per_hour=400.0)
    # 1,000 texts take 2.5 hours at $2
    assert costs(reader) == {"Base, a month": "$5.00"}
    assert "Your own machine $2.00 an hour." in reader.says.replace("\\", "").replace("**", "")


def test_an_own_price_emptied_leaves_the_list_price(replayed):
    replayed.go("costs")
    listed = costs(replayed)
    assert listed.keys() == {"Base, a month", "Fine-tuned, a month"}
    price(replayed, hosting_per_hour=1.0)
    assert costs(replayed) != listed
    price(replayed, hosting_per_hour=None)
    assert costs(replayed) == listed


@pytest.mark.parametrize("cell", ["input", "output", "hosting_per_hour"])
def test_a_negative_price_can_t_be_entered(reader, cell):
    price(reader, input=0.0, output=0.0, hosting_per_hour=1.0)
    assert reader.field("number_input", CELL_WORDS[cell]).min == 0
    price(reader, **{cell: -5.0})
    assert not reader.at.exception
    cells = reader.case.arms["base"].price.model_dump(exclude_none=True)
    assert all(amount >= 0 for amount in cells.values())
    assert "-" not in "".join(costs(reader).values())


def test_a_volume_below_nothing_can_t_be_entered(reader):
    reader.fill("number_input", "Texts a month", -1)
    assert not reader.at.exception
    assert reader.case.volume.requests_per_month in (1000, None, 0)
