from datetime import timedelta
from decimal import Decimal

import pytest

from advisor.evidence.model import Evidence
from pricing.cost import Cost, Volume

from .cases import NONE, TODAY, cost_of, option, say, verdict

# The table, first rule that applies

TUNED, BASE = Evidence("decides", favours="tuned"), Evidence("decides", favours="base")
CLOSED_ROOM = Evidence("decides", favours="tuned", nothing_left_to_gain=True)
LEVEL = Evidence("no_difference")
SOON = TODAY + timedelta(days=200)  # 6.6 months


@pytest.mark.parametrize(
    ("brief", "options", "expected"),
    [
        pytest.param(
            say(), {"evidence": BASE}, ("base", "decided", "base_wins"), id="2 test for base"
        ),
        pytest.param(
            say(), {"evidence": CLOSED_ROOM}, ("base", "decided", "base_wins"), id="2 no room"
        ),
        pytest.param(
            say("cost_cutting"),
            {"evidence": CLOSED_ROOM, "cost": cost_of(100, 90)},
            ("tuned", "decided", "tuned_wins"),
            id="4 no room to gain is no reason where the goal is cost",
        ),
        pytest.param(
            say("cost_cutting"),
            {"evidence": Evidence("none", nothing_left_to_gain=True)},
            ("tuned", "provisional", "likely"),
            id="6 nor is it before a test",
        ),
        pytest.param(
            say("translation"),
            {"evidence": Evidence("decides", favours="tuned", by_overlap=True)},
            ("base", "provisional", "open"),
            id="7 shared words alone do not decide for fine-tuned",
        ),
        pytest.param(
            say("translation"),
            {"evidence": Evidence("decides", favours="base", by_overlap=True)},
            ("base", "provisional", "open"),
            id="7 nor for base",
        ),
        pytest.param(
            say("translation"),
            {
                "evidence": Evidence("no_difference", by_overlap=True),
                "cost": cost_of(100, 90),
            },
            ("base", "provisional", "open"),
            id="7 nor that the answers are as good",
        ),
        pytest.param(
            say(stage="idea", strictness="strict", training_pairs=200),
            {"evidence": Evidence("decides", favours="base", by_overlap=True)},
            ("tuned", "leaning", "likely"),
            id="6 what was answered counts for more than shared words",
        ),
        pytest.param(
            say("cost_cutting"),
            {"evidence": TUNED, "cost": cost_of(100, 101)},
            ("base", "decided", "too_dear"),
            id="3 cutting cost, and dearer",
        ),
        pytest.param(
            say("cost_cutting"),
            {"evidence": TUNED, "cost": cost_of(100, 100)},
            ("tuned", "decided", "tuned_wins"),
            id="4 cutting cost, and no dearer",
        ),
        pytest.param(
            say(),
            {
                "evidence": TUNED,
                "cost": cost_of(100, 90, month=8, late=True),
                "tuned_stops_on": SOON,
            },
            ("base", "decided", "too_dear"),
            id="3 pays back after the stop",
        ),
        pytest.param(
            say(),
            {"evidence": TUNED, "cost": cost_of(100, 90, month=7), "tuned_stops_on": SOON},
            ("tuned", "decided", "tuned_wins"),
            id="4 pays back in the last month",
        ),
        pytest.param(
            say(),
            {"evidence": TUNED, "cost": cost_of(100, 900), "tuned_stops_on": SOON},
            ("tuned", "decided", "tuned_wins"),
            id="4 never paying back is not a no",
        ),
        pytest.param(
            say(), {"evidence": TUNED}, ("tuned", "decided", "tuned_wins"), id="4 no cost known"
        ),
        pytest.param(
            say(),
            {"evidence": LEVEL, "cost": cost_of(100, 94)},
            ("tuned", "decided", "level"),
            id="5 cheaper",
        ),
        pytest.param(
            say(),
            {"evidence": LEVEL, "cost": cost_of(100, 95)},
            ("base", "decided", "level"),
            id="5 within 5 %",
        ),
        pytest.param(
            say(),
            {"evidence": LEVEL, "cost": cost_of(100, 300)},
            ("base", "decided", "level"),
            id="5 dearer",
        ),
        pytest.param(
            say(), {"evidence": LEVEL}, ("base", "provisional", "open"), id="7 level, cost unknown"
        ),
        pytest.param(
            say(stage="idea", strictness="strict", training_pairs=200),
            {"evidence": Evidence("not_enough")},
            ("tuned", "leaning", "likely"),
            id="6 four answers",
        ),
        pytest.param(
            say(strictness="strict", training_pairs=200),
            {"evidence": Evidence("not_enough")},
            ("tuned", "provisional", "likely"),
            id="6 three answers",
        ),
        pytest.param(
            say(),
            {"evidence": Evidence("trade_off", favours="base")},
            ("tuned", "provisional", "likely"),
            id="6 trade-off",
        ),
        pytest.param(
            say("general_chatbots", stage="idea", strictness="loose", training_pairs=200),
            {},
            ("base", "leaning", "likely"),
            id="6 leans to base",
        ),
        pytest.param(
            say("brand_voice", task_change="quarterly", fact_change="quarterly"),
            {"volume": Volume(retrainings_per_year=4)},
            ("tuned", "provisional", "likely"),
            id="6 at 22.5",
        ),
        pytest.param(
            say(training_pairs=100), {}, ("base", "provisional", "open"), id="7 at 15, under 20"
        ),
    ],
)
def test_rule(brief, options, expected):
    found = verdict(brief, **options)
    assert (found.recommendation, found.firmness, found.rule) == expected
    assert found.by_money is (found.rule in ("too_dear", "level"))


def test_the_cost_is_held_against_the_base_arm_of_the_test():
    cost = cost_of(100, 150)
    cost = Cost({**cost.arms, "base_examples": option(200)}, Decimal(12), None)
    level = Evidence("no_difference", base_arm="base_examples")
    assert verdict(evidence=level, cost=cost).recommendation == "tuned"
    assert verdict(evidence=LEVEL, cost=cost).recommendation == "base"


@pytest.mark.parametrize(
    ("use_case", "evidence", "overrules"),
    [
        ("general_chatbots", TUNED, True),
        ("general_chatbots", BASE, False),
        ("brand_voice", BASE, True),
        ("brand_voice", TUNED, False),
        ("translation", TUNED, False),
        ("general_chatbots", NONE, False),
    ],
)
def test_overrules_the_matrix(use_case, evidence, overrules):
    assert verdict(say(use_case), evidence).overrules_matrix is overrules


def test_a_high_error_cost_is_no_argument_for_either():
    plain, costly = verdict(say()), verdict(say(error_cost="high"))
    assert plain.lean.score == costly.lean.score
