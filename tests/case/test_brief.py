"""The twelve questions: what counts as an answer."""

import pytest
from pydantic import ValidationError

from advisor.case.brief import QUESTIONS, Brief

ALL = {
    "use_case": "general_chatbots",
    "stage": "idea",
    "tried": ("prompt",),
    "gap": "small_edits",
    "training_pairs": 200,
    "training_permission": "yes",
    "data_may_go": "any_vendor",
    "customer_of": {"openai": "existing"},
    "error_cost": "low",
    "fact_change": "never",
    "strictness": "loose",
}


def test_the_use_case_alone_is_one_answer():
    assert Brief(use_case="general_chatbots").answered(None) == 1


def test_all_twelve():
    assert Brief(**ALL).answered(20_000) == QUESTIONS == 12


@pytest.mark.parametrize("left_open", [key for key in ALL if key != "use_case"])
def test_each_question_counts_once(left_open):
    rest = {key: value for key, value in ALL.items() if key != left_open}
    assert Brief(**rest).answered(20_000) == 11


def test_without_a_volume_eleven():
    assert Brief(**ALL).answered(None) == 11


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        pytest.param({"tried": ()}, 2, id="nothing tried is an answer"),
        pytest.param({"training_pairs": 0}, 2, id="no pairs is an answer"),
        pytest.param({"human_check": "always"}, 2, id="half of question 9"),
        pytest.param({"human_check": "always", "error_cost": "low"}, 2, id="both of question 9"),
        pytest.param({"task_change": "yearly"}, 2, id="half of question 11"),
        pytest.param({"task_change": "yearly", "strictness": "some"}, 2, id="both of question 11"),
        pytest.param({"customer_of": {}}, 1, id="no vendor named is no answer"),
        pytest.param({"can_host": True}, 1, id="can_host is no question of its own"),
        pytest.param({"base_kind": "raw"}, 1, id="the kind of base is not asked"),
        pytest.param({"target_as_is": 0.5, "win_rate_worth": 0.8}, 1, id="targets are not asked"),
    ],
)
def test_what_counts_as_an_answer(given, answered):
    assert Brief(use_case="general_chatbots", **given).answered(None) == answered


def test_a_volume_of_nothing_is_an_answer():
    assert Brief(use_case="general_chatbots").answered(0) == 2


@pytest.mark.parametrize(
    ("stage", "exists"),
    [
        (None, False),
        ("idea", False),
        ("base_in_use", False),
        ("tuned_on_trial", True),
        ("tuned_live", True),
    ],
)
def test_a_tuned_model_exists_from_the_trial_on(stage, exists):
    assert Brief(use_case="general_chatbots", stage=stage).tuned_exists is exists


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"stge": "idea"}, "stge"),
        ({"stage": "started"}, "stage"),
        ({"training_pairs": -1}, "training_pairs"),
        ({"win_rate_worth": 0.5}, "win_rate_worth"),
        ({"target_as_is": 1}, "target_as_is"),
        ({"customer_of": {"openai": "friend"}}, "customer_of"),
    ],
)
def test_what_does_not_fit_is_named(given, key):
    with pytest.raises(ValidationError) as refused:
        Brief(use_case="general_chatbots", **given)
    assert refused.value.errors()[0]["loc"][0] == key
