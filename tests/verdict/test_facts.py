"""Ground: the money the verdict rests on is the money that is shown."""

from dataclasses import replace
from decimal import Decimal

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.report.signals import SIGNAL_WORDS, signal_rows
from pricing.cost import Volume
from tests.make import Whole, arm
from tests.report.whole_cases import WHOLE
from tests.verdict.cases import signal

D = Decimal
SAME = {"input": D(1), "output": D(1)}


def trained_by_tokens(**answers) -> Whole:
    """1,000 units in and 200 out at 1 USD a million: 0.0012 a text, 12 a month, 144 a year."""
    return Whole(
        Case(
            title="t",
            brief=Brief(use_case="brand_voice", training_pairs=1000, **answers),
            arms={
                "base": arm(None, **SAME),
                "tuned": arm(None, **SAME, training_per_1m=D(1000), epochs=3),
            },
            volume=Volume(
                requests_per_month=10_000,
                input_tokens_per_request=D(1000),
                output_tokens_per_request=D(200),
            ),
        )
    )


def test_a_training_priced_on_the_approved_pairs_counts_in_the_lean():
    # 1,000 pairs x 1,200 x 3 = 3.6 million at 1,000: 3,600. Fine-tuned 3,744 against 144, so 26
    # times as much, and 300 a month more: -(1 + log10(26 / 1.2)).
    decision = trained_by_tokens().decided()
    assert decision.money.cost.arms["tuned"].total_usd == 3_744
    found = signal(decision.verdict, "cost")
    assert found.value == pytest.approx(-2.3358, abs=1e-4)
    (said,) = [row.said for row in signal_rows(decision) if row.name == SIGNAL_WORDS["cost"]]
    assert said == "fine-tuned costs 26 times as much a month"


def test_of_a_tuned_model_that_exists_no_training_is_assumed():
    decision = trained_by_tokens(stage="tuned_live").decided()
    assert decision.money.cost.arms["tuned"].total_usd == 144
    assert signal(decision.verdict, "cost").value == 0.0


def test_with_other_pairs_another_training_is_priced():
    # Under $100 a month more counts nothing: training of less than 1,200, 333 pairs at 3.60 each.
    facts = trained_by_tokens().decided().facts
    for pairs, counted in ((333, False), (334, True)):
        there = facts.brief.model_copy(update={"training_pairs": pairs})
        looked = replace(facts, brief=there)
        assert (signal(looked.verdict(), "cost").value < 0) is counted


@pytest.mark.parametrize("name", WHOLE)
def test_the_verdict_rests_on_the_cost_that_is_shown(name):
    decision = WHOLE[name].decided()
    weighed = decision.facts.cost()
    assert weighed.months_of_use == decision.money.cost.months_of_use
    assert {a: o.total_usd for a, o in weighed.arms.items()} == {
        a: o.total_usd for a, o in decision.money.cost.arms.items()
    }
