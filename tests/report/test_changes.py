"""What would change it, in words; and what more texts cost and are worth."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from advisor.case.currency import USD, Currency
from advisor.report.changes import (
    NOTHING_NEAR,
    changes,
    flip_rows,
    flip_sentence,
    more_texts_sentence,
)
from advisor.verdict.more_texts import MoreTexts, what_settles_it
from advisor.verdict.sensitivity import Input
from advisor.verdict.sensitivity.smallest_changes import SmallestChange
from tests.report.whole_cases import WHOLE

D = Decimal
ORDER = ("volume.requests_per_month", 4_000, 2_943, "base", 0.4, False)
TRIED = ("brief.tried", ("prompt",), ("prompt", "few_shot"), "tuned", 1.0)


def flip_of(place, *rest):
    """A change of the input that stands in a case file there."""
    section, *parts = place.split(".")
    if section == "arms":
        kind = "price" if parts[1] == "price" else "option"
        moved = Input(kind, parts[-1], parts[0])
    elif parts[0] == "customer_of":
        moved = Input("standing", "", parts[1])
    else:
        moved = Input(section, parts[0])
    assert str(moved) == place
    return SmallestChange(moved, *rest)


@pytest.mark.parametrize(
    ("flip", "said"),
    [
        (
            ORDER,
            "With fewer than about 2,900 texts a month (now 4,000), we would suggest the base model.",
        ),
        (
            ("volume.requests_per_month", None, 940, "tuned", 1.0, True),
            "With more than 940 texts a month, we would suggest fine-tuning.",
        ),
        (
            ("volume.horizon_months", 6, 9, "tuned", 0.5, True),
            "With 9 months of use or more (now 6), we would suggest fine-tuning.",
        ),
        (
            ("volume.retrainings_per_year", 4, 3, "base", 0.3, False),
            "With 3 retrainings a year or fewer (now 4), we would suggest the base model.",
        ),
        (
            ("brief.training_pairs", 67, 1_209, "tuned", 4.1, True),
            "With 1,209 approved answers or more (now 67), we would suggest fine-tuning.",
        ),
        (
            ("brief.training_pairs", 5, 10, "possible", 0.9, True),
            "With 10 approved answers or more (now 5), fine-tuning would be possible; we would still "
            "suggest the base model.",
        ),
        (
            ("arms.tuned.price.output", D("1.6"), D("11.6703"), "base", 2.9, True),
            "With fine-tuned at an output price of $11.67 or more per 1M units billed (now $1.60), "
            "we would suggest the base model.",
        ),
        (
            ("arms.base_examples.price.hosting_per_hour", D(4), D("0.5"), "base", 3.0, False),
            "With base with examples at a hosting price of $0.50 or less an hour (now $4.00), we "
            "would suggest the base model.",
        ),
        (
            ("arms.tuned.stops_on", date(2027, 1, 14), date(2027, 2, 22), "tuned", 0.8, True),
            "With a fine-tuned model that stops on 22 Feb 2027 or later (now 14 Jan 2027), we would "
            "suggest fine-tuning.",
        ),
        (
            ("evidence.wins", 10, 16, "tuned", 0.9, True, 54),
            "With fine-tuned ahead in 16 or more of 54 texts with a winner (now 10), we would suggest "
            "fine-tuning.",
        ),
        (
            ("evidence.wins", 5, 0, "base", 4.4, False, 10),
            "With fine-tuned ahead in none of 10 texts with a winner (now 5), we would suggest the "
            "base model.",
        ),
        (
            ("brief.target_as_is", D("0.9"), D("0.94"), "tuned", 0.1, True),
            "With a bar of 94 % or higher for answers to be sent as they are (now 90 %), we would "
            "suggest fine-tuning.",
        ),
        (
            ("people.hourly_rate", D(10), D("73.2"), "base", 2.9, True),
            "With people's time at $73.20 an hour or more (now $10.00), we would suggest the base "
            "model.",
        ),
        (
            ("people.minutes_to_correct", D(5), D("2.5"), "base", 1.0, False),
            "With 2.5 minutes or less to correct an answer (now 5), we would suggest the base model.",
        ),
        (TRIED, "If you had tried “A few good examples in it”, we would suggest fine-tuning."),
        (
            ("brief.tried", None, (), "base", 1.0),
            "If your answer on what you tried is “Nothing” (not answered yet), we would suggest the "
            "base model.",
        ),
        (
            ("brief.strictness", "strict", "loose", "base", 2.0),
            "If your answer on exactness were “Free wording” (now “Fixed fields a system reads, or a "
            "strict style”), we would suggest the base model.",
        ),
        (
            ("brief.can_host", False, True, "fewer_stoppers", 1.0),
            "If your answer on own GPU were “Yes” (now “No”), one stopper would go; another stays.",
        ),
        (
            ("brief.customer_of.openai", None, "tuned_before", "tuned", 1.0),
            "If you had fine-tuned at OpenAI before, we would suggest fine-tuning.",
        ),
    ],
    ids=lambda it: it[0] if isinstance(it, tuple) else "",
)
def test_a_flip_is_one_sentence(flip, said):
    assert flip_sentence(flip_of(*flip), USD) == said


def test_amounts_are_in_the_currency_of_the_case():
    euro = Currency(code="EUR", per_usd=D("0.5"), rate_on=date(2026, 11, 20), source="ECB")
    flip = flip_of("arms.tuned.price.input", D(2), D(3), "base", 0.5, True)
    assert "€1.50 or more per 1M units billed (now €1.00)" in flip_sentence(flip, euro)


def test_a_row_has_the_same_in_columns():
    (row,) = flip_rows([flip_of(*ORDER)], USD)
    assert (row.input, row.now, row.flips_at, row.to) == (
        "Texts a month",
        "4,000",
        "2,943 or less",
        "base",
    )
    (price,) = flip_rows([flip_of("arms.base.price.output", D(8), D(12), "base", 0.5, True)], USD)
    assert price.input == "Base: output price per 1M units billed"
    (open_,) = flip_rows([flip_of("brief.gap", None, "good_enough", "base", 1.0)], USD)
    assert (open_.input, open_.now, open_.flips_at) == (
        "Best of these",
        "not given",
        "Use as it is",
    )


def test_the_card_holds_what_is_near_the_nearest_first():
    flips = [
        flip_of("brief.strictness", None, "loose", "base", 1.0),
        *(
            flip_of(f"brief.customer_of.{v}", None, "new", "base", 1.0)
            for v in ("openai", "together")
        ),
        flip_of("brief.stage", None, "idea", "base", 1.0),
        *(flip_of("brief.training_pairs", 100, n, "base", 2.0, False) for n in range(49, 40, -1)),
        flip_of("arms.base.price.output", D(1), D(99), "base", 6.6, True),
    ]
    said = changes(flips, None, USD, ["Practice turns."])
    assert len(said) == 5
    assert said[0].startswith("If your answer on exactness")
    assert [text.startswith("If you were new to") for text in said].count(True) == 1
    assert not any("on stage" in text for text in said)
    assert len(flip_rows(flips, USD)) == len(flips)  # all of them for the analyst
    assert changes(flips[-1:], None, USD) == (NOTHING_NEAR,)
    assert changes(flips[-1:], None, USD, ["Practice turns."]) == ("Practice turns.",)


def test_what_more_texts_cost_and_are_worth():
    # A text: base (1,500 x 0.1 + 400 x 0.5) / 1M = 0.00035, fine-tuned 0.00124; 100 x 0.00159.
    decision = WHOLE["6_suggested_base_few_texts"].decided()
    found = what_settles_it(
        decision.case, decision.evidence, decision.money, decision.facts.rules.evidence
    )
    assert found == decision.more_texts
    assert found.texts == decision.evidence.n_more == 100
    assert found.usd == D("0.159")
    assert found.minutes_per_reader == 50  # the answers are short: half a minute each
    arms = decision.money.cost.arms
    gap = arms["tuned"].usd_per_month_all_in - arms["base"].usd_per_month_all_in
    assert found.usd_per_month == gap


def test_longer_answers_take_longer_to_read():
    # 238 words of six letters a minute: 2 x 1,428 characters are two minutes a text.
    decision = WHOLE["6_suggested_base_few_texts"].decided()
    long = replace(decision.evidence, base_chars=1_428.0, tuned_chars=1_428.0)
    found = what_settles_it(decision.case, long, decision.money, decision.facts.rules.evidence)
    assert found.minutes_per_reader == 2 * 100


@pytest.mark.parametrize(
    ("more_texts", "said"),
    [
        (
            MoreTexts(70, D("0.90"), 180.0, D(1_100)),
            "About 70 more texts can settle it by a test. That takes $0.90 of model use and about "
            "3 hours for each reader where people judge. At stake: about $1,100 a month, model cost "
            "only.",
        ),
        (
            MoreTexts(1, None, None, None),
            "About 1 more text can settle it by a test.",
        ),
    ],
)
def test_more_texts_in_words(more_texts, said):
    assert more_texts_sentence(more_texts, USD) == said


@pytest.mark.parametrize("name", ["2_test_for_base", "4_test_for_tuned", "6_only_the_use_case"])
def test_what_is_decided_or_was_never_run_is_not_settled_by_more_texts(name):
    assert WHOLE[name].decided().more_texts is None
