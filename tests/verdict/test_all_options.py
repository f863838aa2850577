"""Every option beside the others, and which another one leaves no reason for."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case, RunSettings
from advisor.case.checks import Checks
from advisor.case.options import Arm
from advisor.case.texts import Prompt
from advisor.evidence.model import Output, Vote
from advisor.evidence.record import Record
from advisor.report.as_json import decision_json
from advisor.report.pdf.render import render_pdf
from advisor.report.report import write_report
from pricing.offers import PriceCells
from tests.evidence.cases import in_blocks
from tests.make import VOLUME, decide

KINDS = {
    "base": "base",
    "base_examples": "base",
    "luna": "base",
    "tuned": "tuned",
    "small": "tuned",
}
USD_PER_1M = {"base": 2, "base_examples": 3, "luna": 1, "tuned": 4, "small": 1}


def case_of(texts=40, label=False, **changes) -> Case:
    """Five options; a text takes 1,500 units in and 400 out, 4,000 texts a month for a year."""
    arms = {
        name: Arm(
            kind=kind,
            endpoint="http://127.0.0.1:1/v1",
            model=name,
            label="Luna" if name == "luna" else "",
            price=PriceCells(
                input=Decimal(USD_PER_1M[name]),
                output=Decimal(0),
                training_per_1m=Decimal(0),
                training_tokens=1,
                epochs=1,
            ),
        )
        for name, kind in KINDS.items()
    }
    return Case(
        title="Five",
        brief=Brief(use_case="classification" if label else "brand_voice", stage="tuned_on_trial"),
        prompts=tuple(
            Prompt(id=f"p{n:02}", text=f"Text {n}", reference="yes" if label else None)
            for n in range(texts)
        ),
        arms=arms,
        volume=VOLUME,
    ).model_copy(update=changes)


def answered(case: Case, seconds=None, right=None) -> tuple[Output, ...]:
    took = seconds or {}
    return tuple(
        Output(
            p.id,
            arm,
            0,
            "answered",
            ("yes" if n < right[arm] else "no") if right else f"Answer to {p.id}",
            latency_ms=1000 * took[arm] if arm in took else None,
        )
        for n, p in enumerate(case.prompts)
        for arm in case.arms
    )


def chose(case: Case, base: str, tuned: str, wins: int, losses: int) -> list[Vote]:
    named = {"tuned": tuned, "base": base}
    said = in_blocks(wins, losses)
    return [
        Vote(p.id, named[word], base_arm=base, challenger=tuned)
        for p, word in zip(case.prompts, said, strict=False)
    ]


@pytest.fixture
def voted():
    case = case_of()
    votes = [
        *chose(case, "base", "tuned", 30, 10),
        *chose(case, "base_examples", "tuned", 25, 15),
        *chose(case, "luna", "tuned", 20, 20),
        *chose(case, "luna", "small", 8, 32),
    ]
    took = {"base": 2, "base_examples": 2, "luna": 1, "tuned": 1.5, "small": 1}
    return decide(case, Record(answered(case, took), tuple(votes)))


def test_each_option_is_held_to_the_one_the_verdict_names(voted):
    rows = {row.option: row for row in voted.all_options}
    assert list(rows) == ["base", "base_examples", "luna", "tuned", "small"]
    shares = {o: (r.quality.value, r.quality.of, r.quality.against) for o, r in rows.items()}
    assert shares == {
        "base": (10 / 40, 40, "tuned"),
        "base_examples": (15 / 40, 40, "tuned"),
        "luna": (20 / 40, 40, "tuned"),
        "tuned": (20 / 40, 40, "luna"),
        "small": (8 / 40, 40, "luna"),
    }
    # Wilson 95 % of 10 of 40, from the published formula: 0.1419 to 0.4019
    likely = rows["base"].quality.likely
    assert (likely.low, likely.high) == pytest.approx((0.1419, 0.4019), abs=5e-4)
    assert {o: r.seconds for o, r in rows.items()} == {
        "base": 2, "base_examples": 2, "luna": 1, "tuned": 1.5, "small": 1,
    }  # fmt: skip
    # 4,000 texts x 1,500 units at 1 USD a million
    assert rows["luna"].usd_per_month == 6


def test_an_option_that_another_leaves_no_reason_for_is_marked(voted):
    beaten = {row.option: row.beaten_by for row in voted.all_options}
    # luna takes more choices than both base options, is cheaper and faster; level with tuned at
    # less money and time; and better than small at the same money and time.
    assert beaten == {
        "base": "luna",
        "base_examples": "luna",
        "luna": None,
        "tuned": "luna",
        "small": "luna",
    }


def test_what_was_not_timed_or_not_priced_beats_nothing_and_is_beaten_by_nothing():
    case = case_of()
    votes = tuple(chose(case, "luna", "tuned", 30, 10))
    timed = decide(case, Record(answered(case, {"luna": 1}), votes))
    assert {row.beaten_by for row in timed.all_options} == {None}
    free = case.arms["luna"].model_copy(update={"price": PriceCells()})
    unpriced = case.model_copy(update={"arms": {**case.arms, "luna": free}})
    found = decide(unpriced, Record(answered(unpriced), votes))
    assert next(row for row in found.all_options if row.option == "luna").usd_per_month is None
    assert {row.beaten_by for row in found.all_options} == {None}


def test_where_answers_are_right_or_wrong_it_says_how_many_are_right():
    right = {"base": 20, "base_examples": 31, "luna": 12, "tuned": 36, "small": 35}
    case = case_of(
        label=True,
        checks=Checks(labels=("yes", "no")),
        run=RunSettings(primary_metric="label_accuracy"),
    )
    found = decide(case, Record(answered(case, right=right)))
    assert {row.option: (row.right, row.texts) for row in found.all_options} == {
        option: (n, 40) for option, n in right.items()
    }
    assert {row.option: row.quality.value for row in found.all_options}["tuned"] == 0.9
    shown = [line.right for line in write_report(found).options]
    assert shown == [f"{n} of 40" for n in right.values()]


def test_the_table_in_words(voted):
    lines = {line.option: line for line in write_report(voted).options}
    assert (
        lines["base"].quality == "25 % of 40 clear choices (14 to 40 %) against fine-tuned (tuned)"
    )
    assert lines["luna"].name == "Luna"
    assert (lines["luna"].month, lines["luna"].seconds) == ("$6.00", "1 s")
    assert lines["tuned"].note == "Behind Luna: no better, no cheaper and no faster."
    assert [line.is_behind for line in lines.values()] == [True, True, False, True, True]


def test_pdf_and_json_have_it_and_two_options_need_none(voted):
    value = json.loads(decision_json(voted))["options"]
    assert [row["option"] for row in value] == list(KINDS)
    assert value[2]["quality"]["likely"] == pytest.approx([0.3520, 0.6480], abs=5e-4)
    assert render_pdf(write_report(voted)).startswith(b"%PDF")
    case = case_of()
    two = case.model_copy(update={"arms": {o: case.arms[o] for o in ("base", "tuned")}})
    decision = decide(two, Record(answered(two)), made_at=datetime(2026, 11, 22, tzinfo=UTC))
    assert write_report(decision).options == ()
    assert len(decision.all_options) == 2
