"""A case's money: the range of its break-even, people's time, current bases, what moves it."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.evidence.model import Output, Vote
from advisor.report.costs import assumed_words, assumptions
from advisor.report.money_sentences import not_counted
from advisor.report.pdf.render import render_pdf
from advisor.report.report import write_report
from advisor.verdict.base_models import load_base_models
from advisor.verdict.costing import price_case
from advisor.verdict.costs import Assumed
from advisor.verdict.current_bases import compare_with_current_bases
from pricing.cost import Volume
from pricing.offers import PriceCells
from pricing.people import People
from tests.make import FULL, LUNA, TODAY, VOLUME, arm, case, preferred, tuned, voted

D = Decimal
MEASURED = VOLUME.model_copy(
    update={"input_tokens_per_request": None, "output_tokens_per_request": None}
)
CHEAPER = {"base": arm(None, input=D(3), output=D(0)), "tuned": arm(None, input=D(1), output=D(0))}


def outputs_of(found, base, tuned_tokens):
    """Input tokens of each option by text."""
    return [
        Output(p.id, name, 0, "answered", "x", input_tokens=n, output_tokens=10)
        for name, counts in (("base", base), ("tuned", tuned_tokens))
        for p, n in zip(found.prompts, counts, strict=True)
    ]


AS_NOW = {"input": D(2), "output": D(8)}
"""gpt-4.1's price as a figure of one's own, which holds for what takes its place too."""

# The range


def test_the_break_even_is_a_range_over_the_tokens_a_run_measured():
    # Base 3 and tuned 1 per 1M, both with the same 900 or 1,100 in: 0.002 saved per 1,000 tokens.
    # Training 24 over 12 months: 24 / (12 x 0.002) = 1,000 texts a month at the mean of 1,000.
    # 40 texts, half of each: the mean's standard error is 101.3 / sqrt(40) = 16, 1.96 of it 31.4:
    # between 1,000 / 1.0314 = 970 and 1,000 / 0.9686 = 1,032.
    own = PriceCells(
        input=D(1), output=D(0), training_per_1m=D(24), training_tokens=1_000_000, epochs=1
    )
    arms = {**CHEAPER, "tuned": CHEAPER["tuned"].model_copy(update={"price": own})}
    found = case("classification", arms, texts=40, volume=MEASURED)
    counts = [900, 1100] * 20
    money = price_case(found, outputs_of(found, counts, counts), TODAY)
    assert money.cost.break_even.requests_per_month == 1000
    assert money.break_even_range.low == pytest.approx(970, abs=3)
    assert money.break_even_range.high == pytest.approx(1032, abs=3)
    assert price_case(found, outputs_of(found, counts, counts), TODAY) == money  # the same draws


def test_without_a_measured_spread_there_is_no_range():
    found = case("classification", CHEAPER, texts=40, volume=MEASURED)
    assert price_case(found, (), TODAY).break_even_range is None
    given = found.model_copy(update={"volume": VOLUME})
    outputs = outputs_of(found, [900] * 40, [900] * 40)
    assert price_case(given, outputs, TODAY).break_even_range is None


def test_the_comparison_is_with_the_base_asked_for():
    arms = {"base": arm(LUNA), "base_examples": arm("openai:gpt-4.1", **AS_NOW), "tuned": tuned()}
    found = case("classification", arms)
    assert price_case(found, (), TODAY).cost.against == "base"
    money = price_case(found, (), TODAY, against="base_examples")
    # 150 saved: gpt-4.1 at 0.0062 less 0.00124; (1,241 x months + 30) / (months x 0.00496).
    assert money.cost.against == "base_examples"
    assert money.cost.break_even.requests_per_month == 250_767


# People


def test_votes_measure_what_has_to_be_corrected():
    # Of 4 texts 3 answers of base go out as they are: 25 % are corrected.
    found = case("classification", texts=4).model_copy(
        update={"people": People(hourly_rate=D(60), minutes_to_correct=D(6))}
    )
    quality = ("as_is", "as_is", "as_is", "small_edits")
    votes = [Vote(p.id, "tie", base_quality=q) for p, q in zip(found.prompts, quality, strict=True)]
    money = price_case(found, (), TODAY, votes)
    assert money.people["base"].corrected_share == D("0.25")
    assert money.people["tuned"].corrected_share is None  # nobody was asked
    # For one of the two only it would mislead: it is in no total, and that is said.
    assert not money.people_counted
    assert money.cost.arms["base"].people_usd is None
    assert not_counted(money) == (
        "People's time is in no amount yet; missing: fine-tuned: share of answers corrected."
    )
    both = [replace(vote, tuned_quality="as_is") for vote in votes]
    money = price_case(found, (), TODAY, both)
    base, tuned = money.cost.arms["base"], money.cost.arms["tuned"]
    assert base.people_usd == pytest.approx(4000 * money.cost.months_of_use * 6 / 4)
    assert (tuned.people_usd, tuned.total_usd) == (0, tuned.model_usd)


def test_each_option_may_have_its_own_share_corrected_over_that_of_its_kind():
    # 4,000 texts a month, 6 minutes at 60 USD an hour: 6 USD for each answer that is corrected.
    people = People(
        hourly_rate=D(60),
        minutes_to_correct=D(6),
        corrected_share_base=D("0.25"),
        corrected_share_tuned=D("0.02"),
    )
    examples = arm(LUNA).model_copy(update={"corrected_share": D("0.1")})
    arms = {"base": arm(LUNA), "base_examples": examples, "tuned": tuned()}
    found = case("classification", arms).model_copy(update={"people": people})
    money = price_case(found, (), TODAY)
    months = money.cost.months_of_use
    of_people = {name: cost.people_usd / months for name, cost in money.cost.arms.items()}
    assert of_people == {
        "base": pytest.approx(6000),
        "base_examples": pytest.approx(2400),
        "tuned": pytest.approx(480),
    }
    rows = dict(assumptions(found, money))
    assert rows["Base: answers corrected"] == "25 %, given"
    assert rows["Base with examples: answers corrected"] == "10 %, given"


def test_peoples_time_decides_where_the_answers_are_level():
    # Azure costs 1,249 a month against 1.40. An hour saved on each 40th text turns that: base
    # 4,000 x 0.1 x 6 USD = 2,400 a month, fine-tuned 4,000 x 0.02 x 6 = 480.
    level = voted(case("brand_voice", texts=120, **FULL), preferred(5, 5, 110))
    people = People(
        hourly_rate=D(60),
        minutes_to_correct=D(6),
        corrected_share_base=D("0.1"),
        corrected_share_tuned=D("0.02"),
    )
    before = level.decided()
    after = replace(level, case=level.case.model_copy(update={"people": people})).decided()
    assert (before.verdict.rule, before.verdict.recommendation) == ("level", "base")
    assert (after.verdict.rule, after.verdict.recommendation) == ("level", "tuned")
    report = write_report(after)
    assert report.headline == (
        "Fine-tuned. The answers are as good, and it costs less, people's time included."
    )
    money = next(reason.text for reason in report.reasons if reason.topic == "Money")
    assert "Of this, people's time is $2,400 with base and $480 with fine-tuned a month." in money
    rows = {row.arm: row for row in report.costs}
    assert [rows[name].all_in_month for name in ("base", "tuned")] == ["$2,401", "$1,729"]
    assert [rows[name].model_month for name in ("base", "tuned")] == ["$1.40", "$1,249"]
    # (1.40 + 2,400) / 3,600 and (1,248.76 + 480) / 3,920 a month
    assert [rows[name].per_accepted for name in ("base", "tuned")] == ["$0.67", "$0.44"]
    assert ("Base: answers corrected", "10 %, given") in report.assumptions


# Contract and currency in the report


def test_a_contract_price_is_said_wherever_it_is_used():
    less = arm(LUNA).model_copy(update={"discount_percent": D(15)})
    found = write_report(voted(case("brand_voice", {"base": less, "tuned": tuned()}), ()).decided())
    rows = {row.arm: row for row in found.costs}
    assert rows["base"].basis == "list price less 15 %"
    assert ("Base: prices", "list price less 15 %") in found.assumptions
    assert "OpenAI price list, as in genai-prices 0.2.3, less 15 %" in [
        source.label for source in found.sources
    ]


def test_a_report_in_another_currency_names_the_rate_once_in_its_note():
    euros = {"code": "EUR", "per_usd": "0.86", "rate_on": "2026-11-20", "source": "ECB"}
    plain = voted(case("brand_voice", **FULL), ())
    changed = type(plain.case).model_validate({**plain.case.model_dump(), "currency": euros})
    found = write_report(replace(plain, case=changed).decided())
    assert found.cost_note.count("Amounts are in EUR: 1 USD = 0.86 EUR, 20 Nov 2026, ECB.") == 1
    shown = [
        text
        for row in found.costs
        for text in (row.per_request, row.first_month, row.all_in_month, row.training, row.total)
    ]
    assert all("€" in text and "$" not in text for text in shown)
    assert "$" not in "".join(reason.text for reason in found.reasons)
    pages = PdfReader(io.BytesIO(render_pdf(found))).pages
    said = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "What it costs EUR" in said
    assert "What it costs USD" not in said


# Today's base models


def test_the_same_requests_at_todays_base_models():
    # 4,000 requests of 1,500 in and 400 out: nova-micro (1,500 x 0.035 + 400 x 0.14) / 1M
    # = 0.0001085, 0.43 a month; gpt-6-luna 0.00035, 1.40; gpt-4o 0.00775, 31 for the 53 days until
    # it stops, then as gpt-6-luna, which takes its place, for 273: (31 x 53 + 1.4 x 273) / 326.
    found = case("classification", {"base": arm("openai:gpt-4.1"), "tuned": tuned()})
    rows = compare_with_current_bases(found, price_case(found, (), TODAY), TODAY)
    assert {row.ref for row in rows} == {m.ref for m in load_base_models()}
    cost = {row.name: row.usd_per_month_all_in for row in rows}
    assert rows[0].name == "amazon.nova-micro"
    assert (cost["amazon.nova-micro"], cost["gpt-6-luna"], cost["gpt-4o"]) == (
        pytest.approx(D("0.434")),
        pytest.approx(D("1.4")),
        pytest.approx(D("6.2122700")),
    )
    assert list(cost.values()) == sorted(cost.values())


@pytest.mark.parametrize(
    ("requests", "named"),
    [
        pytest.param(4_000, True, id="24.37 saved a month"),
        pytest.param(1_000, False, id="6.09 saved a month"),
    ],
)
def test_a_cheaper_current_base_is_named_where_it_saves_enough(requests, named):
    # gpt-4.1 costs 0.0062 a request, nova-micro 0.0001085.
    volume = VOLUME.model_copy(update={"requests_per_month": requests})
    arms = {"base": arm("openai:gpt-4.1", **AS_NOW), "tuned": tuned()}
    report = write_report(voted(case("classification", arms, volume=volume), ()).decided())
    text = next(reason.text for reason in report.reasons if reason.topic == "Money")
    assert ("today, amazon.nova-micro, would cost $0.43 a month" in text) is named
    assert report.current_bases[0][0] == "amazon.nova-micro"


def test_no_current_base_where_texts_stay_on_own_machines_or_no_base_is_chosen():
    found = case("classification", data_may_go="own_machines")
    assert compare_with_current_bases(found, price_case(found, (), TODAY), TODAY) == ()
    without = case("classification", {"tuned": tuned()})
    assert compare_with_current_bases(without, price_case(without, (), TODAY), TODAY) == ()


# What moves it, and where it turns


def test_what_moves_it_and_where_it_turns_in_words():
    # Base gpt-4.1 0.0062 a text, tuned 0.00124 and 1,241 of hosting; 2M texts a month, 326 days.
    # Texts a month turn it below 250,767 (see above): there fine-tuned is the dearer one.
    arms = {"base": arm("openai:gpt-4.1", **AS_NOW), "tuned": tuned()}
    volume = VOLUME.model_copy(update={"requests_per_month": 2_000_000})
    report = write_report(voted(case("classification", arms, volume=volume), ()).decided())
    assert report.turning[0] == "Below about 250,000 texts a month base is cheaper."
    assert len(report.turning) == 5
    # Texts 1.6M: 0.00496 x 1.6M - 1,241 - 2.80 = 6,692 cheaper; 2.4M: 10,660.
    requests = next(move for move in report.moves if move.assumption == "Texts a month")
    assert (requests.low, requests.high) == ("1.6 million", "2.4 million")
    assert (requests.at_low, requests.at_high) == (
        "fine-tuned costs $6,692 less",
        "fine-tuned costs $10,660 less",
    )
    widths = [abs(move.usd_at_high - move.usd_at_low) for move in report.moves]
    assert widths == sorted(widths, reverse=True)


def test_never_is_said_as_such():
    report = write_report(voted(case("classification"), ()).decided())
    assert report.turning[0] == ("Texts a month: no value makes fine-tuned the cheaper one.")


def test_one_machine_behind_both_options_is_one_row_and_one_sentence():
    # An hour of 0.80 for either: a fifth of 730 x 0.80 is 116.80 for the one whose price moves.
    offer = "huggingface:any small open model:hosting only (1x L4)"
    machine = arm(offer, input=D(0), output=D(0), hosting_per_hour=D("0.80"))
    found = case("classification", {"base": machine, "tuned": machine}, **FULL)
    report = write_report(voted(found, ()).decided())
    row = next(move for move in report.moves if "osting" in move.assumption)
    assert row.assumption == "Hosting price of one option"
    assert (row.at_low, row.at_high) == ("fine-tuned costs $117 less", "fine-tuned costs $117 more")
    assert len([move for move in report.moves if "osting" in move.assumption]) == 1
    assert report.turning[0] == (
        "Both cost the same now, until the hosting price of one of them changes."
    )
    assert not any("below about $0.80" in said for said in report.turning)


def test_what_is_not_known_has_no_moves():
    arms = {"base": arm(LUNA), "tuned": arm(None, input=D(1))}
    report = write_report(voted(case("classification", arms), ()).decided())
    assert (report.moves, report.turning) == ((), ())
    assert write_report(voted(case("classification", {}), ()).decided()).moves == ()


def test_training_is_priced_on_the_pairs_there_are_and_says_so():
    case = Case(
        title="t",
        brief=Brief(use_case="brand_voice", training_pairs=900),
        arms={"tuned": Arm(offer="azure:gpt-4.1-mini:SFT global")},
        volume=Volume(
            requests_per_month=1000,
            input_tokens_per_request=D(900),
            output_tokens_per_request=D(250),
        ),
    )
    money = price_case(case, (), date(2026, 11, 22))
    # 900 pairs x (900 + 250) tokens x 3 epochs at 5.00 USD per million
    assert money.cost.arms["tuned"].training_usd == D("15.525")
    assert money.assumed["tuned"] == Assumed(usual_epochs=3, pairs=900)
    assert assumed_words(money.assumed["tuned"]) == (
        "3 epochs, the usual default",
        "training on 900 approved pairs",
    )
    exists = case.model_copy(
        update={"brief": case.brief.model_copy(update={"stage": "tuned_live"})}
    )
    assert price_case(exists, (), date(2026, 11, 22)).cost.arms["tuned"].training_usd == 0
