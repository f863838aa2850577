"""What a pilot costs is said where it was promised: in the verdict, once."""

from datetime import date

import pytest

from advisor.report.pilot import NOT_PRICED, would_cost
from advisor.report.report import write_report
from tests.make import FULL, Whole, arm, case
from tests.report.whole_cases import NO_MODEL_YET, WHOLE

TODAY = date(2026, 11, 22)


def access(whole):
    return next(r.text for r in write_report(whole.decided()).reasons if r.topic == "Access")


def test_the_verdict_prices_a_pilot_before_there_is_a_model():
    """Nothing was tried, so the next step is another one."""
    whole = Whole(
        case("brand_voice", {"base": arm("openai:gpt-6-luna")}, **{**NO_MODEL_YET, "tried": ()})
    )
    assert "A pilot of fine-tuning would cost about $" in access(whole)
    assert "1,200 approved pairs learned 3 times" in access(whole)
    assert "pilot" not in write_report(whole.decided()).next_step


def test_it_is_said_once():
    decided = WHOLE["6_no_tuned_model_yet"].decided()
    assert "Run a pilot of fine-tuning: about $" in write_report(decided).next_step
    assert "pilot" not in access(WHOLE["6_no_tuned_model_yet"])


@pytest.mark.parametrize("stage", ["tuned_on_trial", "tuned_live"])
def test_nobody_with_a_model_is_offered_a_first_one(stage):
    whole = Whole(
        case("brand_voice", {"base": arm("openai:gpt-6-luna")}, **{**FULL, "stage": stage})
    )
    assert "pilot" not in access(whole)


def test_where_no_open_place_has_every_price_that_is_said():
    """Only their own machines, and none to run a model on."""
    whole = Whole(
        case(
            "brand_voice",
            {"base": arm("openai:gpt-6-luna")},
            **{**NO_MODEL_YET, "data_may_go": "own_machines", "can_host": False},
        )
    )
    assert would_cost(whole.decided(), "") == NOT_PRICED


@pytest.mark.parametrize(
    ("epochs", "said"),
    [(1, "1,200 approved pairs learned once"), (4, "1,200 approved pairs learned 4 times")],
)
def test_passes_are_counted_as_one_says_it(epochs, said):
    arms = {
        "base": arm("openai:gpt-6-luna"),
        "tuned": arm(None, epochs=epochs).model_copy(update={"endpoint": ""}),
    }
    whole = Whole(case("brand_voice", arms, **NO_MODEL_YET))
    assert said in access(whole)
