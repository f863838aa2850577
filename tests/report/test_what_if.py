"""What if: other weights and thresholds, and what they do to a verdict; the real one stays."""

import pytest
from pydantic import ValidationError

from advisor.report.report import write_report
from advisor.report.what_if import KNOBS, what_changed
from advisor.verdict.what_if import rules_with, verdict_under
from tests.make import FULL, case, preferred, voted
from tests.report.whole_cases import WHOLE
from tests.verdict.cases import RULES

ALL = [knob for knobs in KNOBS.values() for knob in knobs]


def under(decision, **values):
    rules = rules_with({key.replace("__", "."): value for key, value in values.items()})
    found = verdict_under(decision, rules)
    return found, what_changed(decision, rules, found)


@pytest.mark.parametrize("knob", ALL, ids=lambda knob: knob.key)
def test_a_knob_moves_a_figure_of_the_data_file_within_its_limits(knob):
    assert knob.least <= knob.shipped <= knob.most
    assert rules_with({knob.key: knob.shipped}) == RULES
    for value in (knob.least, knob.most):
        section, name = knob.key.split(".")
        moved = rules_with({knob.key: value})
        assert getattr(getattr(moved, section), name) == value
        assert moved.model_copy(update={section: getattr(RULES, section)}) == RULES


def test_every_weight_can_be_moved():
    weights = {f"weights.{name}" for name in type(RULES.weights).model_fields}
    assert weights <= {knob.key for knob in ALL}
    assert len({knob.words for knob in ALL}) == len(ALL)


def test_a_figure_that_is_no_rule_is_refused():
    with pytest.raises(ValidationError):
        rules_with({"weights.luck": 3})
    with pytest.raises(ValidationError):
        rules_with({"evidence.no_difference": 2})


@pytest.mark.parametrize("name", WHOLE)
def test_the_shipped_rules_give_the_real_verdict(name):
    decision = WHOLE[name].decided()
    found, said = under(decision)
    assert found == decision.verdict
    assert said.startswith("With the shipped figures: ")
    # Weighed anew from the texts it is the same too.
    assert under(decision, evidence__power=0.81)[0].recommendation == found.recommendation


@pytest.mark.parametrize(
    ("name", "values", "verdict", "said"),
    [
        pytest.param(
            "7_nothing_leans",
            {"likelihood__leaning": 0.51},
            ("base", "open", "open"),
            "It would stay as it is: base (too close to call).",
            id="nothing to act on",
        ),
        pytest.param(
            # Only the use case is known: 10 points instead of 25, and 20.6 are needed
            "6_only_the_use_case",
            {"weights__use_case": 10},
            ("base", "open", "open"),
            "The answer would change: base (too close to call), instead of fine-tuned (rule of thumb). "
            "Your answers would suggest +10 points instead of +25.",
            id="less for practice",
        ),
        pytest.param(
            "1_too_few_pairs",
            {"gates__pairs": 5},
            ("base", "open", "open"),
            "Still base (too close to call), instead of base (not possible for you). "
            "No longer a stopper: Too few approved pairs.",
            id="a gate opens",
        ),
        pytest.param(
            "6_suggested_fine_tuned",
            {"gates__stop_months": 12},
            ("base", "blocked", "blocked"),
            "Still base (not possible for you), instead of base (too close to call). A stopper now: "
            "The tuned model stops soon.",
            id="a gate closes",
        ),
        pytest.param(
            "4_overrules_the_matrix",
            {"evidence__e_needed": 10_000_000_000_000},
            ("base", "open", "open"),
            "The answer would change: base (too close to call), instead of fine-tuned (decided by "
            "your test).",
            id="more proof asked for",
        ),
        pytest.param(
            "5_level_and_base_is_cheaper",
            {"evidence__no_difference": 0.01},
            ("base", "open", "open"),
            "Still base (too close to call), instead of base (decided by cost).",
            id="a narrower margin",
        ),
    ],
)
def test_what_other_figures_do(name, values, verdict, said):
    decision = WHOLE[name].decided()
    found, text = under(decision, **values)
    assert (found.recommendation, found.firmness, found.rule) == verdict
    assert text == said


def test_fewer_texts_may_be_asked_for():
    # 20 votes beside a measure on all: with 20 asked for, the votes are what counts.
    whole = voted(case("general_chatbots", texts=20, **FULL), preferred(18, 2))
    decision = whole.decided()
    assert decision.verdict.evidence.word == "not_enough"
    found, said = under(decision, evidence__scored=20)
    assert (found.recommendation, found.firmness) == ("tuned", "decided")
    assert "decided by your test" in said


def test_the_real_decision_is_left_as_it_is():
    decision = WHOLE["6_only_the_use_case"].decided()
    before = (decision.verdict, write_report(decision), decision.facts.rules)
    under(decision, weights__use_case=0)
    assert (decision.verdict, write_report(decision), decision.facts.rules) == before
    assert WHOLE["6_only_the_use_case"].decided().verdict == decision.verdict
