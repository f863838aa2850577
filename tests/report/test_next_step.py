"""What is said where a test settles nothing, or only that both are as good."""

from dataclasses import replace
from decimal import Decimal

import pytest

from advisor.report.before import what_texts_can_prove
from advisor.report.report import write_report
from tests.make import FULL, Whole, arm, case, preferred, voted

D = Decimal
LEVEL = preferred(5, 5, 110)


def level(tuned):
    """120 texts without a difference; base 0.0019 a text."""
    arms = {"base": arm(None, input=D(1), output=D(1)), "tuned": tuned}
    return voted(case("brand_voice", arms, texts=120, **FULL), LEVEL)


@pytest.mark.parametrize(
    ("rate", "headline"),
    [
        pytest.param("1", "Base. The answers are as good and cost about as much", id="as dear"),
        pytest.param("0.95", "Base. The answers are as good and cost about as much", id="5 % less"),
        pytest.param("0.94", "Fine-tuned. The answers are as good, and it costs", id="6 % less"),
        pytest.param("1.01", "Base. The answers are as good, and it costs less", id="1 % more"),
    ],
)
def test_only_the_cheaper_option_is_called_so(rate, headline):
    decided = level(arm(None, input=D(rate), output=D(rate))).decided()
    assert decided.verdict.rule == "level"
    assert write_report(decided).headline.startswith(headline)


def test_as_good_at_a_cost_not_known_asks_for_the_cost():
    decided = level(arm(None)).decided()
    assert (decided.verdict.rule, decided.verdict.recommendation) == ("open", "base")
    assert (
        "The answers are as good, and what both options cost is not known"
        in write_report(decided).summary
    )
    assert write_report(decided).next_step.startswith("Say on Costs what both options cost")


def test_texts_nobody_has_judged_are_voted_on_before_more_are_brought():
    whole = level(arm(None))
    silent = Whole(whole.case, replace(whole.record, votes=()))
    assert write_report(silent.decided()).next_step.startswith("Vote on your texts, let a judge")
    refused = tuple(
        replace(output, outcome="refused", text="") if output.arm == "tuned" else output
        for output in whole.record.outputs
    )
    none = Whole(whole.case, replace(whole.record, outputs=refused)).decided()
    assert write_report(none).next_step.startswith("See on the Compare page what was refused")


def test_an_incomplete_run_is_continued_before_more_texts_are_brought():
    whole = level(arm(None))
    part = Whole(whole.case, replace(whole.record, complete=False)).decided()
    assert write_report(part).next_step.startswith("Continue the run")


def test_many_texts_without_a_difference_are_written_as_other_counts_are():
    whole = voted(
        case("brand_voice", {"base": arm(), "tuned": arm()}, texts=1100, **FULL),
        preferred(0, 0, 1100),
    )
    assert "no difference 1,100." in " ".join(r.text for r in write_report(whole.decided()).reasons)


@pytest.mark.parametrize(
    ("texts", "costly", "said"),
    [
        pytest.param(
            29, False, "29 texts: too few to show anything. About 130", id="29 decide nothing"
        ),
        pytest.param(30, False, "30 texts show a difference when about 9 of 10", id="30 may"),
        # A fifth of them come out level, so that 7 of 10 takes 125; with E >= 100 it takes 155.
        pytest.param(100, False, "100 texts show a difference when about 8 of 10", id="100"),
        pytest.param(125, False, "125 texts show a difference when about 7 of 10", id="125"),
        pytest.param(100, True, "100 texts show a difference when about 8 of 10", id="100, costly"),
        pytest.param(160, True, "160 texts show a difference when about 7 of 10", id="160, costly"),
        pytest.param(0, True, "Bring about 160 texts", id="none yet, costly"),
    ],
)
def test_texts_are_promised_to_prove_no_more_than_they_can(texts, costly, said):
    assert what_texts_can_prove(texts, costly).startswith(said)
