"""One total: with people's time given, every place that speaks of cost means the same amount."""

import io
import json
import re
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from advisor.case.case import Case
from advisor.cli.command import main
from advisor.report.as_json import decision_json
from advisor.report.differences import differences
from advisor.report.pdf.render import render_pdf
from advisor.report.report import write_report
from advisor.report.signals import SIGNAL_WORDS, signal_rows
from advisor.report.summary import summarise
from advisor.verdict.where_to_tune import where_to_tune
from pricing.cost import Volume
from pricing.people import People
from tests.make import FULL, TODAY, arm, case, preferred, voted

D = Decimal

# On paper. 10,000 texts a month for 12 months, 1,000 units in and none out.
#   Model   base   1 USD per 1M: 0.001 a text, 10 a month, 120 in all
#           tuned  3 USD per 1M: 0.003 a text, 30 a month, 360, and 240 of training: 600, 50 a month
#   People  60 an hour, 6 minutes: 6 a correction
#           base   25 % of 10,000: 15,000 a month, 180,000 in all
#           tuned  10 %: 6,000 a month, 72,000, and 2.5 days x 8 x 60 = 1,200 once: 73,200
#   Total   base   180,120, 15,010 a month
#           tuned  73,800, 6,150 a month: 1,440 once and 6,030 a month
OWN = {"output": D(0)}
ARMS = {
    "base": arm(None, input=D(1), **OWN),
    "tuned": arm(
        None, input=D(3), training_per_1m=D(240), training_tokens=1_000_000, epochs=1, **OWN
    ),
}
VOLUME = Volume(
    requests_per_month=10_000,
    horizon_months=12,
    input_tokens_per_request=D(1000),
    output_tokens_per_request=D(0),
)
PEOPLE = People(
    hourly_rate=D(60),
    minutes_to_correct=D(6),
    corrected_share_base=D("0.25"),
    corrected_share_tuned=D("0.1"),
    one_off_days_it=D("2.5"),
)
ANSWERS = {**FULL, "stage": "base_in_use"}
TOML = """
title = "One total"

[brief]
use_case = "brand_voice"

[arms.base]
endpoint = "http://127.0.0.1:1/v1"
model = "m"
[arms.base.price]
input = 1.0
output = 0.0

[arms.tuned]
endpoint = "http://127.0.0.1:1/v1"
model = "ft"
[arms.tuned.price]
input = 3.0
output = 0.0
training_per_1m = 240.0
training_tokens = 1000000
epochs = 1

[volume]
requests_per_month = 10000
horizon_months = 12
input_tokens_per_request = 1000
output_tokens_per_request = 0

[people]
hourly_rate = 60
minutes_to_correct = 6
corrected_share_base = 0.25
corrected_share_tuned = 0.1
one_off_days_it = 2.5
"""
MODEL_TOTALS = {"$120.00", "$120", "$600", "$600.00", "$10.00", "$50.00"}
"""What each option would cost without people's time, in all and a month."""


def with_people(use_case="brand_voice", texts=0, people=PEOPLE, **changed) -> Case:
    found = case(use_case, {**ARMS, **changed}, texts=texts, volume=VOLUME, **ANSWERS)
    return found.model_copy(update={"people": people})


@pytest.fixture(scope="module")
def decision():
    return voted(with_people(texts=40), preferred(12, 10, 18)).decided()


def test_page_and_card_say_the_total(decision):
    report = write_report(decision)
    rows = {row.arm: row for row in report.costs}
    assert {
        name: (row.all_in_month, row.total, row.people_month, row.model_month, row.per_accepted)
        for name, row in rows.items()
    } == {
        # 180,120 / 90,000 and 73,800 / 108,000
        "base": ("$15,010", "$180,120", "$15,000", "$10.00", "$2.00"),
        "tuned": ("$6,150", "$73,800", "$6,100", "$50.00", "$0.68"),
    }
    assert {row.counts for row in rows.values()} == {"people's time included"}
    figures = {figure.label: figure for figure in report.figures}
    assert figures["Base, a month"].value == "$15,010"
    assert figures["Fine-tuned, a month"].value == "$6,150"
    money = next(reason.text for reason in report.reasons if reason.topic == "Money")
    # Saved a text: 1.501 - 0.603 = 0.898; 1,440 / (12 x 0.898) = 133.6.
    assert money.startswith(
        "Base costs $15,010 a month and fine-tuned $6,150, people's time included. Fine-tuning "
        "breaks even at about 134 texts a month. At this volume it pays for itself in month 1. "
        "Of this, people's time is $15,000 with base and $6,100 with fine-tuned a month."
    )


def test_finance_is_told_the_total_and_its_parts(decision):
    page = write_report(decision).first_page
    lines = {
        line.arm: (
            line.one_off, line.month, line.total, line.low, line.high, line.people, line.model,
        )
        for line in page.money
    }  # fmt: skip
    assert lines == {
        # A fifth fewer and more texts: 180,120 x 0.8 and x 1.2; 1,440 + 72,360 x 0.8 and x 1.2.
        "base": (
            "none", "$15,010", "$180,120", "$144,096", "$216,144", "$180,000", "$120",
        ),
        "tuned": ("$1,440", "$6,030", "$73,800", "$59,328", "$88,272", "$73,200", "$600"),
    }  # fmt: skip
    assert "Amounts include people's time: once its one-off days, then corrections." in (
        page.money_notes
    )
    spend = {line.arm: (line.amounts[0], line.amounts[1], line.shown) for line in page.spend.lines}
    # At the start, after a month, in all.
    assert spend == {"base": (0, 15_010, "$180,120"), "tuned": (1440, 7470, "$73,800")}
    until_then = next(line.text for line in page.director if line.topic == "Until then")
    assert "at $15,010 a month, people's time included" in until_then


def test_the_money_is_moved_and_turns_as_a_whole(decision):
    moves = {move.assumption: move for move in write_report(decision).moves}
    # n texts: 120 - 0.898 n. An hour at r: 40 - 148 1/3 r.
    assert (moves["Texts a month"].at_low, moves["Texts a month"].at_high) == (
        "fine-tuned costs $7,064 less",
        "fine-tuned costs $10,656 less",
    )
    hourly = moves["People's time, an hour"]
    assert (hourly.low, hourly.high) == ("$48.00", "$72.00")
    assert (hourly.usd_at_low, hourly.usd_at_high) == (
        pytest.approx(-7080),
        pytest.approx(-10640),
    )
    assert moves["Base: share of answers corrected"].low == "20 %"
    assert "Below about 133 texts a month base is cheaper." in write_report(decision).turning


def test_points_flips_and_what_is_at_stake_count_it(decision):
    cost = next(signal for signal in decision.verdict.lean.signals if signal.key == "cost")
    # 6,150 / 15,010 = 0.40973, 59 % cheaper; 1 + log10(0.8 / 0.40973) = 1 + log10(1.95252) = 1.2906.
    # By the model alone 5 times as dear.
    assert cost.value == pytest.approx(1.2906, abs=0.00005)
    (said,) = [row.said for row in signal_rows(decision) if row.name == SIGNAL_WORDS["cost"]]
    assert said == "fine-tuned is 59 % cheaper a month"
    assert decision.more_texts.usd_per_month == 8860
    assert "At stake: about $8,860 a month, people's time included." in "".join(
        write_report(decision).changes
    )
    weighed = decision.facts.cost()
    assert {name: option.total_usd for name, option in weighed.arms.items()} == {
        "base": 180_120,
        "tuned": 73_800,
    }


def test_lists_comparisons_and_offers_count_it(decision):
    options = {option.arm: option for option in summarise(decision, "x").options}
    assert {name: option.usd_per_month for name, option in options.items()} == {
        "base": 15_010,
        "tuned": 6_150,
    }
    without = voted(with_people(texts=40, people=People()), preferred(12, 10, 18)).decided()
    rows = {row.topic: row for row in differences(write_report(without), write_report(decision))}
    assert rows["Fine-tuned, a month"].words == (
        "$6,100 a month more; people's time only in the second"
    )
    # 6,000 of corrections a month and 1,200 once, wherever it is tuned.
    for place in where_to_tune(decision.case, decision.money, TODAY):
        if place.total_usd is not None:
            assert place.total_usd >= 6000 * place.months_of_use + 1200
    # The same corrections with any other base model: 15,000 a month.
    assert all(row.usd_per_month_all_in >= 15_000 for row in decision.current_bases)


def test_no_second_total_stands_anywhere(decision):
    """Of all that is said, a total without people's time stands only where it is named."""
    unnamed = replace(
        write_report(decision),
        costs=(),
        first_page=replace(write_report(decision).first_page, money=()),
    )
    for text in strings(asdict(unnamed)):
        assert not MODEL_TOTALS & set(re.findall(r"\$[\d,.]*\d", text)), text
    for path, number in numbers(json.loads(decision_json(decision))["cost"]):
        if number in (120, 600, 10, 50):
            assert path[-1] in ("model_usd", "usd_per_month"), path
    pages = PdfReader(io.BytesIO(render_pdf(write_report(decision)))).pages
    said = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    for total in ("$15,010", "$180,120", "$6,150", "$73,800"):
        assert total in said
    assert "model cost only $10.00" in said
    assert "model cost only $50.00" in said


def strings(value):
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from strings(item)
        case list() | tuple():
            for item in value:
                yield from strings(item)


def numbers(value, path=()):
    match value:
        case bool():
            return
        case int() | float():
            yield path, value
        case dict():
            for key, item in value.items():
                yield from numbers(item, (*path, key))
        case list():
            for item in value:
                yield from numbers(item, path)


def test_the_command_line_says_the_same(tmp_path, decision):
    file, out = tmp_path / "CASE.toml", tmp_path / "cost.json"
    file.write_text(TOML, "utf-8")
    arguments = ["cost", str(file), "--today", TODAY.isoformat()]
    said = CliRunner().invoke(main, arguments).output.splitlines()
    assert said == [
        "Base: $15,010 a month, $180,120 over 12.0 months, people's time included",
        "Fine-tuned: $6,150 a month, $73,800 over 12.0 months, people's time included",
        "Of this, people's time is $15,000 with base and $6,100 with fine-tuned a month.",
        "Break-even: paid back in month 1, people's time included",
    ]
    CliRunner().invoke(main, [*arguments, "--json", str(out)])
    alone, decided = json.loads(out.read_text()), json.loads(decision_json(decision))["cost"]
    keys = ("total_usd", "usd_per_month_all_in", "people_usd", "people_once_usd", "model_usd")
    for value in (alone, decided):
        assert value["people_included"] is True
        assert value["break_even"]["requests_per_month"] == 134
        assert {name: tuple(row[key] for key in keys) for name, row in value["arms"].items()} == {
            "base": (180_120, 15_010, 180_000, 0, 120),
            "tuned": (73_800, 6_150, 73_200, 1200, 600),
        }


# Verdicts


DECIDES = preferred(60, 10, 10)


def test_cutting_cost_counts_the_people():
    """The model costs more, and saves far more of people's time: that cuts cost."""
    found = voted(with_people("cost_cutting", texts=80), DECIDES).decided()
    assert (found.verdict.rule, found.verdict.recommendation) == ("tuned_wins", "tuned")
    alone = voted(with_people("cost_cutting", texts=80, people=People()), DECIDES).decided()
    assert (alone.verdict.rule, alone.verdict.recommendation) == ("too_dear", "base")


# A listed offer that stops on 14 Oct 2027, in 326 days: 10.7 months. At the reader's own prices:
#   base 5 USD per 1M: 0.005 a text, 50 a month; tuned 1 USD: 10 a month; 600 of training
STOPS = arm(
    "azure_foundry:gpt-4.1-mini:SFT/DPO global",
    input=D(1), hosting_per_hour=D(0), training_per_1m=D(1), training_tokens=600_000_000,
    epochs=1, **OWN,
)  # fmt: skip
BASE = arm(None, input=D(5), **OWN)


@pytest.mark.parametrize(
    ("people", "rule", "month"),
    [
        # 600 / 40 = 15 months, of 10.7.
        pytest.param(People(), "too_dear", 15, id="the model alone pays back too late"),
        # 9,000 a month saved on corrections, 1,200 once: 1,800 / 9,040.
        pytest.param(PEOPLE, "tuned_wins", 1, id="with people's time in the first month"),
        # No correction, but 2.5 days: 1,800 / 40 = 45 months.
        pytest.param(
            People(hourly_rate=D(60), one_off_days_it=D("2.5")),
            "too_dear",
            45,
            id="their days make it later",
        ),
    ],
)
def test_pay_back_before_the_stop_counts_the_people(people, rule, month):
    found = voted(with_people(texts=80, people=people, base=BASE, tuned=STOPS), DECIDES).decided()
    assert found.money.quotes["tuned"].tuned_stops_on == date(2027, 10, 14)
    assert found.money.cost.break_even.month == month
    assert found.verdict.rule == rule


def test_where_it_is_not_known_for_both_it_is_in_no_total_and_that_is_said():
    half = PEOPLE.model_copy(update={"corrected_share_base": None})
    report = write_report(voted(with_people(people=half), ()).decided())
    assert {row.arm: row.all_in_month for row in report.costs} == {
        "base": "$10.00",
        "tuned": "$50.00",
    }
    assert {row.counts for row in report.costs} == {"model cost only"}
    assert "People's time is in no amount yet; missing: base: share of answers corrected." in (
        report.cost_note
    )


def test_with_three_options_every_total_holds_it():
    rows = write_report(voted(with_people(base_examples=ARMS["base"]), ()).decided()).costs
    assert {row.arm: row.all_in_month for row in rows} == {
        "base": "$15,010",
        "base_examples": "$15,010",
        "tuned": "$6,150",
    }
