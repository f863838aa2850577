"""Base models that stop: in a decision, in what is suggested, in an old decision looked at again."""

import json
from datetime import date
from decimal import Decimal

import pytest

from advisor.case.case_file import load_sample
from advisor.evidence.record import Record
from advisor.report.as_json import decision_json
from advisor.report.base_stop import base_stop
from advisor.report.library import base_stop_words, closing_words
from advisor.report.report import write_report
from advisor.report.revisit import revisit
from advisor.report.summary import case_digest, digest_of, summarise
from advisor.verdict.base_models import bases_on, load_base_models
from advisor.verdict.current_bases import undercutting
from pricing.closed import closed_vendors
from pricing.offers import PriceCells
from pricing.quotes import quote
from tests.make import decide

THE_DAY_BEFORE, AFTER, IN_JANUARY = date(2026, 12, 10), date(2026, 12, 15), date(2027, 1, 20)
TERRA = "gpt-6.1-terra takes its place at $1.00 in and $5.00 out per 1M units billed."
LUNA = "The cheapest there on our list is gpt-6-luna, at $0.10 and $0.50."


def case_on(offer: str):
    """The clinic's case with its base option bought here, answered live and not replayed."""
    sample = load_sample("clinic_notes")
    arm = sample.arms["base"].model_copy(
        update={
            "offer": offer,
            "endpoint": "https://api.openai.com/v1",
            "model": offer.partition(":")[2],
        }
    )
    return sample.model_copy(update={"arms": {"base": arm, "tuned": sample.arms["tuned"]}})


def decided(offer: str, today: date):
    return decide(case_on(offer), today=today)


@pytest.mark.parametrize(
    ("today", "offer", "said"),
    [
        pytest.param(
            THE_DAY_BEFORE,
            "openai:gpt-5-mini",
            f"gpt-5-mini stops on 11 Dec 2026, in 1 day. {TERRA} {LUNA}",
            id="tomorrow",
        ),
        pytest.param(
            AFTER,
            "openai:gpt-5-mini",
            f"gpt-5-mini stopped on 11 Dec 2026. {TERRA} {LUNA}",
            id="stopped",
        ),
        pytest.param(
            AFTER,
            "openai:gpt-4.1-mini",
            "gpt-4.1-mini stops on 14 Jan 2027, in 30 days. gpt-6-luna takes its place at $0.10 in "
            "and $0.50 out per 1M units billed.",
            id="the successor is the cheapest",
        ),
        pytest.param(
            AFTER,
            "fireworks:gpt-oss-120b",
            "gpt-oss-120b stopped on 7 Nov 2026. Fireworks AI names no successor. The cheapest "
            "there on our list is gpt-oss-20b, at $0.070 and $0.30.",
            id="no successor",
        ),
        pytest.param(
            AFTER,
            "azure:Ministral-3B-2411",
            "Ministral-3B-2411 stopped on 9 Dec 2026. Azure (Microsoft Foundry) names "
            "ministral-ministral-4b-instruct in its place; we have no price for it.",
            id="a successor without a price",
        ),
        pytest.param(
            AFTER,
            "openai:gpt-6-luna",
            "No stop date is announced, as of 30 Nov 2026.",
            id="none announced",
        ),
    ],
)
def test_a_base_option_says_until_when_it_answers_and_what_takes_its_place(today, offer, said):
    assert base_stop(quote(offer, PriceCells(), "base", today), today) == said


def test_a_day_that_rests_on_one_list_says_so():
    listed = quote("cerebras:llama3.1-8b", PriceCells(), "base", AFTER)
    assert base_stop(listed, AFTER).endswith(
        "That day stands in litellm's model list alone, which names no page of the provider's."
    )
    assert "litellm" not in base_stop(
        quote("openai:gpt-5-mini", PriceCells(), "base", AFTER), AFTER
    )


def test_a_base_that_no_list_covers_is_not_said_to_stay():
    found = quote("groq:llama-3.1-8b-instant", PriceCells(), "base", AFTER)
    assert base_stop(found, AFTER) == ""


def test_a_decision_says_that_its_base_model_stops_within_the_months_planned():
    report = write_report(decided("openai:gpt-5-mini", THE_DAY_BEFORE))
    assert report.gates[-1] == (
        f"The base model stops soon. gpt-5-mini stops on 11 Dec 2026, in 1 day. {TERRA} {LUNA}"
    )
    assert "gpt-5-mini stops on 11 Dec 2026" in valid_until(report)


def valid_until(report) -> str:
    lines = {line.topic: line.text for line in report.first_page.director}
    return lines["Valid until"]


def test_a_model_that_has_stopped_is_never_the_one_to_use():
    before, after = (
        write_report(decided("openai:gpt-5-mini", day)) for day in (THE_DAY_BEFORE, AFTER)
    )
    assert before.summary.startswith("Use gpt-5-mini at OpenAI, as it is. gpt-5-mini stops on")
    assert after.summary.startswith("Use gpt-6.1-terra at OpenAI, as it is. gpt-5-mini stopped on")
    assert "Before you rely on gpt-6.1-terra, run your texts on it." in after.summary
    assert after.gates[-1].startswith("The base model has stopped. gpt-5-mini stopped on")


def test_a_model_that_outlives_the_months_planned_is_not_warned_of():
    case = case_on("azure:gpt-5.6-luna")  # until 11 January 2028
    report = write_report(decide(case, today=AFTER))
    assert "2028" not in report.summary
    assert not [gate for gate in report.gates if "base model" in gate]


def test_what_has_stopped_is_suggested_to_nobody():
    names = {base.name for base in load_base_models()}
    assert {"gpt-4.1-mini", "gpt-4o"} <= names
    assert {base.name for base in bases_on(AFTER)} == names
    assert {base.name for base in bases_on(IN_JANUARY)} == names - {"gpt-4.1-mini", "gpt-4o"}
    asked = decided("openai:gpt-6-luna", IN_JANUARY)
    assert {base.name for base in asked.current_bases} == names - {"gpt-4.1-mini", "gpt-4o"}


def test_a_model_that_stops_within_the_months_is_not_named_as_the_cheaper_one():
    found = decided("openai:gpt-4o", THE_DAY_BEFORE)
    rows = {row.name: row for row in found.current_bases}
    assert not rows["gpt-4.1-mini"].lasts
    assert rows["gpt-6-luna"].lasts
    assert (
        undercutting((rows["gpt-4.1-mini"], rows["gpt-6-luna"]), found.money).name == "gpt-6-luna"
    )
    assert undercutting((rows["gpt-4.1-mini"],), found.money) is None


def test_an_old_decision_looked_at_again_says_that_its_base_has_stopped():
    then, now = (
        summarise(found, digest_of(case_digest(found.case), Record()))
        for found in (
            decided("openai:gpt-5-mini", date(2026, 11, 30)),
            decided("openai:gpt-5-mini", AFTER),
        )
    )
    (line,) = (line for line in revisit(then, now, AFTER) if "answers until" in line.topic)
    assert (line.topic, line.state) == ("Base answers until", "changed")
    assert line.text == f"gpt-5-mini stopped on 11 Dec 2026. {TERRA} {LUNA}"


def test_a_decision_of_before_the_dates_were_kept_learns_them_today():
    now = summarise(decided("openai:gpt-5-mini", AFTER), "x")
    old = now.model_copy(
        update={
            "decided_on": date(2026, 11, 22),
            "options": tuple(
                option.model_copy(update={"base_stops_on": None, "base_stop": ""})
                for option in now.options
            ),
        }
    )
    assert type(now).model_validate_json(old.model_dump_json()) == old
    (line,) = (line for line in revisit(old, now, AFTER) if "answers until" in line.topic)
    assert line.state == "changed"


@pytest.mark.parametrize(
    ("provider", "model", "today", "words"),
    [
        ("openai", "gpt-4o", AFTER, "14 Jan 2027; then gpt-6-luna"),
        ("openai", "gpt-4o", IN_JANUARY, "stopped 14 Jan 2027; then gpt-6-luna"),
        ("openai", "gpt-6-luna", AFTER, "none announced as of 30 Nov 2026"),
        ("groq", "llama-3.1-8b-instant", AFTER, "not found"),
        (
            "cerebras",
            "llama3.1-8b",
            AFTER,
            "stopped 27 May 2026; litellm's list alone says so",
        ),
    ],
)
def test_the_library_shows_a_last_day_or_when_there_was_none(provider, model, today, words):
    assert base_stop_words(provider, model, today) == words


@pytest.mark.parametrize(
    ("typed", "today", "begins", "place"),
    [
        pytest.param(
            "Snowflake",
            AFTER,
            "Cortex Fine-tuning: ends in the first quarter of 2027. Snowflake names Cortex Training.",
            "AWS Bedrock",
            id="not yet",
        ),
        pytest.param(
            "snowflake",
            date(2027, 4, 1),
            "Cortex Fine-tuning: closed since the first quarter of 2027.",
            "your own machines",
            id="over",
        ),
        pytest.param(
            "watsonx",
            AFTER,
            "The Tuning Studio and the LoRA and QLoRA APIs: closed since 10 Sep 2026.",
            "Together AI",
            id="IBM",
        ),
        pytest.param(
            "Databricks",
            date(2026, 8, 14),
            "Foundation Model Fine-tuning, for new use: closes on 15 Aug 2026, in 1 day.",
            "Fireworks AI",
            id="the last day",
        ),
        pytest.param("AI Studio", AFTER, "Tuning: no model there", "Google Vertex AI", id="Google"),
        pytest.param("anyscale", AFTER, "LLMForge: closed; read 30 Nov 2026.", "", id="no day"),
        pytest.param("cohere", AFTER, "Fine-tuning of the Command models: closed", "", id="Cohere"),
    ],
)
def test_who_looks_for_a_closed_vendor_learns_since_when_and_where_to_go(
    typed, today, begins, place
):
    (found,) = (vendor for vendor in closed_vendors() if vendor.fits(typed))
    words = closing_words(found, today)
    assert words.startswith(begins)
    assert place.lower() in words.lower()
    assert "You could go to" in words


def test_nothing_typed_and_an_open_vendor_bring_up_no_closed_one():
    for typed in ("", "  ", "together", "lora"):
        assert not [vendor for vendor in closed_vendors() if vendor.fits(typed)]


@pytest.mark.parametrize(
    ("offer", "until", "note"),
    [
        pytest.param(
            "openai:gpt-5-mini",
            "Stops on 11 Dec 2026, in 1 day",
            "gpt-5-mini stops on 11 Dec 2026; from then on the amounts are for gpt-6.1-terra, at $1.00 "
            "in and $5.00 out per 1M units billed.",
            id="stops within the months",
        ),
        pytest.param(
            "azure:Ministral-3B-2411",
            "Stopped on 9 Dec 2026",
            "Ministral-3B-2411 stopped on 9 Dec 2026; ministral-ministral-4b-instruct has no price on "
            "our list, so the amounts keep the old one.",
            id="a successor without a price",
        ),
        pytest.param(
            "fireworks:gpt-oss-120b",
            "Stopped on 7 Nov 2026",
            "gpt-oss-120b stopped on 7 Nov 2026; no successor is named, so the amounts keep its price.",
            id="nobody is named",
        ),
        pytest.param(
            "azure:gpt-5.6-luna", "Stops on 11 Jan 2028, in 397 days", "", id="outlives them"
        ),
        pytest.param(
            "openai:gpt-6-luna",
            "No stop date is announced, as of 30 Nov 2026",
            "",
            id="none announced",
        ),
        pytest.param("groq:llama-3.1-8b-instant", "No stop date is known", "", id="no list"),
    ],
)
def test_the_costs_say_until_when_their_base_answers_and_what_they_take_for_granted(
    offer, until, note
):
    report = write_report(decided(offer, THE_DAY_BEFORE))
    (row,) = (row for row in report.costs if row.arm == "base")
    assert row.until == until
    assert note in report.cost_note
    assert ("the amounts" in report.cost_note) == bool(note)


def test_a_base_that_has_stopped_is_priced_as_its_successor_and_says_so():
    before, after = (decided("openai:gpt-5-mini", day) for day in (THE_DAY_BEFORE, AFTER))
    terra = decided("openai:gpt-6.1-terra", AFTER)
    (row,) = (row for row in write_report(after).costs if row.arm == "base")
    assert row.model == "gpt-5-mini at OpenAI; stopped, priced as gpt-6.1-terra"
    total = {
        name: found.money.cost.arms["base"].total_usd
        for name, found in (("before", before), ("after", after), ("terra", terra))
    }
    assert total["after"] == total["terra"]
    # One day of twelve months at the old price, a quarter as dear for what goes in.
    assert total["after"] * Decimal("0.99") < total["before"] < total["after"]


def test_recorded_answers_are_not_priced_as_a_model_that_has_stopped():
    sample = load_sample("clinic_notes")
    arm = sample.arms["base"].model_copy(update={"offer": "openai:gpt-5-mini"})
    case = sample.model_copy(update={"arms": {**sample.arms, "base": arm}})
    before, after = (
        write_report(decide(case, today=day)).summary for day in (THE_DAY_BEFORE, AFTER)
    )
    assert "(gpt-4 here, priced as gpt-5-mini at OpenAI)" in before
    assert "(gpt-4 here, priced as gpt-6.1-terra at OpenAI)" in after


def test_a_base_stopper_is_a_value_for_every_base_option():
    case = case_on("openai:gpt-5-mini")
    few_shot = case.arms["base"].model_copy(update={"offer": "openai:gpt-6-luna"})
    other = case.arms["base"].model_copy(update={"offer": "openai:gpt-4.1-mini"})
    case = case.model_copy(
        update={"arms": {**case.arms, "base_retrieval": other, "base_examples": few_shot}}
    )
    found = decide(case, today=THE_DAY_BEFORE)
    shown = [(s.key, s.arm, s.model, s.on, s.over, s.successor) for s in found.verdict.base_stops]
    assert shown == [
        ("G5", "base", "gpt-5-mini", date(2026, 12, 11), False, "gpt-6.1-terra"),
        ("G5", "base_retrieval", "gpt-4.1-mini", date(2027, 1, 14), False, "gpt-6-luna"),
    ]
    assert found.verdict.base_stops[0].cells.input == 1
    assert not [gate for gate in found.verdict.gates if gate.key == "G5"]
    written = json.loads(decision_json(found))["base_stops"]
    assert written[0] == {
        "gate": "G5",
        "option": "base",
        "model": "gpt-5-mini",
        "stops_on": "2026-12-11",
        "stopped": False,
        "successor": "gpt-6.1-terra",
        "successor_input_per_1m": 1,
        "successor_output_per_1m": 5,
        "sentence": "The base model stops soon. gpt-5-mini stops on 11 Dec 2026, in 1 day. "
        f"{TERRA} {LUNA}",
    }
    assert len(write_report(found).gates) >= 2
