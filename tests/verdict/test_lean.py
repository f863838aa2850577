import math

import pytest

from advisor.verdict.lean import cost_ratio
from pricing.cost import Volume

from .cases import cost_of, say, signal, verdict

# The use case


@pytest.mark.parametrize(
    ("use_case", "recommendation", "score"),
    [
        ("general_chatbots", "base", -25),
        ("domain_summarization", "tuned", 25),
        ("rapid_prototyping", "base", -25),
        ("brand_voice", "tuned", 25),
    ],
)
def test_a_seed_row_alone_gives_the_seed_verdict(use_case, recommendation, score):
    found = verdict(say(use_case))
    assert (found.recommendation, found.lean.score) == (recommendation, score)
    assert (found.firmness, found.rule, found.answered) == ("provisional", "likely", 1)


@pytest.mark.parametrize(
    ("use_case", "base_kind", "points"),
    [
        pytest.param("function_calling", "general", -12.5, id="weak counts half"),
        pytest.param("creative_ideation", "general", -12.5, id="judgement counts half"),
        pytest.param("translation", "general", 0, id="mixed"),
        pytest.param("general_chatbots", "same_size", 0, id="same size: base becomes 0"),
        pytest.param("brand_voice", "same_size", 25, id="same size: tuned stays"),
        pytest.param("own_documents_qa", "same_size", -25, id="same size: retrieval stays"),
        pytest.param("general_chatbots", "raw", 25, id="raw: tuned"),
        pytest.param("function_calling", "raw", 12.5, id="raw: tuned, half"),
        pytest.param("translation", "raw", 12.5, id="raw: mixed too"),
        pytest.param("rapid_prototyping", "raw", -25, id="raw: a prototype stays base"),
        pytest.param("personalization", "raw", -25, id="raw: retrieval stays"),
    ],
)
def test_points_of_the_use_case(use_case, base_kind, points):
    found = verdict(say(use_case, base_kind=base_kind))
    assert signal(found, "use_case").points == points


def test_a_met_flip_sets_the_use_case_to_0():
    found = verdict(say(human_check="never"))
    assert signal(found, "use_case").points == 0
    assert [flip.text for flip in found.lean.met_flips] == [
        "No person checks for what was left out."
    ]
    assert found.rule == "open"


def test_a_flip_away_from_base_does_not_undo_a_raw_base():
    brief = say("function_calling", base_kind="raw", training_pairs=101)
    assert signal(verdict(brief), "use_case").points == 12.5
    assert verdict(brief).lean.met_flips == ()


# The other signals


@pytest.mark.parametrize(
    ("answers", "key", "points"),
    [
        ({"training_pairs": 0}, "training_pairs", -20),
        ({"training_pairs": 50}, "training_pairs", -20),
        ({"training_pairs": 100}, "training_pairs", -10),  # half of the way in log10
        ({"training_pairs": 200}, "training_pairs", 0),
        ({"training_pairs": 1_000}, "training_pairs", 20),
        ({"training_pairs": 50_000}, "training_pairs", 20),
        ({"tried": ()}, "tried", -15),
        ({"tried": (), "gap": "not_good"}, "tried", -15),
        ({"tried": ("prompt",), "gap": "good_enough"}, "tried", -15),
        ({"tried": ("prompt",), "gap": "small_edits"}, "tried", 0),
        ({"tried": ("prompt",), "gap": "not_good"}, "tried", 15),
        ({"tried": ("prompt",)}, "tried", 0),
        ({"fact_change": "weekly"}, "facts", -15),
        ({"fact_change": "monthly"}, "facts", -7.5),
        ({"fact_change": "quarterly"}, "facts", 0),
        ({"fact_change": "yearly"}, "facts", 4.5),
        ({"fact_change": "never"}, "facts", 4.5),
        ({"fact_change": "in_text"}, "facts", 4.5),
        ({"strictness": "loose"}, "strictness", -10),
        ({"strictness": "some"}, "strictness", 0),
        ({"strictness": "strict"}, "strictness", 10),
        ({"task_change": "monthly"}, "stability", -5),
        ({"task_change": "quarterly"}, "stability", -2.5),
        ({"task_change": "yearly"}, "stability", 0),
        ({"task_change": "frozen"}, "stability", 5),
    ],
)
def test_points_of_an_answer(answers, key, points):
    assert signal(verdict(say(**answers)), key).points == pytest.approx(points)


@pytest.mark.parametrize(
    ("base", "tuned", "points"),
    [
        pytest.param(100, 121, -10, id="21 % dearer"),
        pytest.param(100, 120, 0, id="20 % dearer"),
        pytest.param(100, 80, 0, id="20 % cheaper"),
        pytest.param(100, 79, 10, id="21 % cheaper"),
        pytest.param(0, 1, -10, id="base is free"),
        pytest.param(0, 0, 0, id="both are free"),
        pytest.param(100, None, 0, id="a price is missing"),
    ],
)
def test_points_of_the_cost(base, tuned, points):
    assert signal(verdict(cost=cost_of(base, tuned)), "cost").points == points


def test_no_cost_is_unknown_not_level():
    assert signal(verdict(), "cost").value is None
    assert cost_ratio(cost_of(0, 5), "base") == math.inf


def test_the_answers_are_repeated_in_plain_words():
    brief = say(training_pairs=67, tried=("prompt", "few_shot"), gap="small_edits")
    said = {s.key: s.said for s in verdict(brief, cost=cost_of(100, 150)).lean.signals}
    assert said == {
        "use_case": "Domain-specific summarization: practice says fine-tuned",
        "training_pairs": "67 approved pairs",
        "tried": "an instruction and examples tried, small edits needed",
        "facts": "",
        "strictness": "",
        "cost": "fine-tuned is 50% dearer a month",
        "stability": "",
    }


# Caps: all else speaks for tuning

KEEN = {
    "training_pairs": 1_000,
    "tried": ("few_shot",),
    "gap": "not_good",
    "fact_change": "in_text",
    "strictness": "strict",
    "task_change": "frozen",
}


@pytest.mark.parametrize(
    ("answers", "volume", "why"),
    [
        pytest.param({"tried": ()}, {}, "Nothing was tried", id="nothing tried"),
        pytest.param({"training_pairs": 49}, {}, "49 approved pairs", id="few pairs"),
        pytest.param({"fact_change": "quarterly"}, {}, "no retraining", id="never retrained"),
        pytest.param(
            {"fact_change": "quarterly"},
            {"retrainings_per_year": 3},
            "3 retrainings a year",
            id="retrained too seldom",
        ),
    ],
)
def test_a_cap_keeps_the_lean_under_the_threshold(answers, volume, why):
    brief = say("extraction", **KEEN | answers)
    found = verdict(brief, volume=Volume(**volume), cost=cost_of(100, 50))
    assert why in found.lean.caps[0]
    assert found.lean.score == min(found.lean.uncapped, 19)
    assert (found.recommendation, found.rule) == ("base", "open")


@pytest.mark.parametrize(
    ("answers", "volume"),
    [
        pytest.param({"tried": (), "stage": "tuned_live"}, {}, id="a tuned model exists"),
        pytest.param({"training_pairs": 50}, {}, id="50 pairs"),
        pytest.param({"fact_change": "quarterly"}, {"retrainings_per_year": 4}, id="keeps up"),
        pytest.param({"fact_change": "yearly"}, {}, id="steady facts"),
    ],
)
def test_no_cap(answers, volume):
    found = verdict(say("extraction", **KEEN | answers), volume=Volume(**volume))
    assert found.lean.caps == ()
    assert found.lean.score == found.lean.uncapped


def test_a_cap_never_raises_the_lean():
    assert verdict(say("general_chatbots", tried=())).lean.score == -40
