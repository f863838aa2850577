import math

import pytest

from advisor.report.signals import said_words
from advisor.verdict.lean import cost_gap
from advisor.verdict.rules import load_rules
from pricing.cost import Volume

from .cases import RULES, cost_of, say, signal, verdict

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
    assert (found.firmness, found.rule, found.answered) == ("rule_of_thumb", "likely", 1)


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


def a_month(base, tuned):
    """Over 12 months."""
    return cost_of(base * 12, None if tuned is None else tuned * 12)


@pytest.mark.parametrize(
    ("base", "tuned", "points"),
    [
        pytest.param(1_000, 1_200, 0, id="20 % dearer"),
        pytest.param(1_000, 1_201, -10, id="a little more"),
        pytest.param(1_000, 12_000, -20, id="ten times beyond it"),
        pytest.param(1_000, 475_000, -30, id="475 times is as far as it goes"),
        pytest.param(1_000, 800, 0, id="20 % cheaper"),
        pytest.param(1_000, 799, 10, id="a little less"),
        pytest.param(10_000, 800, 20, id="a tenth of it"),
        pytest.param(1_000_000, 1, 20, id="a millionth is as far as it goes"),
        pytest.param(0, 100, -30, id="base is free"),
        pytest.param(100, 0, 20, id="fine-tuned is free"),
        pytest.param(0, 0, 0, id="both are free"),
        pytest.param(1, 100, 0, id="$99 a month decide nothing"),
        pytest.param(1, 101, -29.25, id="$100 do: 101 / 1.2 = 84, log10 of it 1.925"),
        pytest.param(1_000, None, 0, id="a price is missing"),
    ],
)
def test_points_of_the_cost(base, tuned, points):
    found = signal(verdict(cost=a_month(base, tuned)), "cost").points
    assert found == pytest.approx(points, abs=0.01)


def test_the_cost_counts_steadily():
    points = [
        signal(verdict(cost=a_month(1_000, tuned)), "cost").points for tuned in range(1, 9_999, 7)
    ]
    assert points == sorted(points, reverse=True)


def test_no_cost_is_unknown_not_level():
    assert signal(verdict(), "cost").value is None
    assert cost_gap(cost_of(0, 5), "base").times == math.inf


def test_the_answers_are_repeated_in_plain_words():
    brief = say(training_pairs=67, tried=("prompt", "few_shot"), gap="small_edits")
    found = verdict(brief, cost=a_month(1_000, 1_500))
    assert said_words(brief, found, load_rules()) == {
        "use_case": "Domain-specific summarization: practice says fine-tuned",
        "training_pairs": "67 approved pairs",
        "tried": "an instruction and examples tried, small edits needed",
        "facts": "",
        "strictness": "",
        "cost": "fine-tuned is 50 % dearer a month",
        "stability": "",
    }


# Many labels ask for many examples


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({"labels": 50, "training_pairs": 4_999}, 0),
        ({"labels": 49, "training_pairs": 4_999}, 25),
        ({"labels": 50, "training_pairs": 5_000}, 25),
        ({"labels": 50}, 25),
        ({"training_pairs": 4_999}, 25),
    ],
)
def test_many_labels_and_few_examples_take_the_use_case_away(answers, points):
    assert signal(verdict(say("classification", **answers)), "use_case").points == points


def test_many_labels_say_nothing_of_other_use_cases():
    brief = say("extraction", labels=80, training_pairs=1_000)
    assert signal(verdict(brief), "use_case").points == 25


# What is tried first: all else speaks for tuning

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
        pytest.param({"tried": ()}, {}, ("nothing",), id="nothing tried"),
        pytest.param({"tried": ("prompt",)}, {}, ("examples",), id="no examples tried"),
        pytest.param({"gap": "good_enough"}, {}, ("good_enough",), id="good enough"),
        pytest.param({"training_pairs": 49}, {}, ("few_pairs",), id="few pairs"),
        pytest.param(
            {"fact_change": "quarterly"},
            {"retrainings_per_year": 3},
            ("facts",),
            id="retrained too seldom",
        ),
        pytest.param(
            {"tried": ("prompt",), "training_pairs": 49}, {}, ("examples", "few_pairs"), id="two"
        ),
    ],
)
def test_tried_first(answers, volume, why):
    brief = say("extraction", **KEEN | answers)
    found = verdict(brief, volume=Volume(**volume), cost=cost_of(100_000, 50_000))
    assert (found.recommendation, found.firmness, found.rule) == ("base", "try_first", "try_first")
    assert found.try_first == why
    # How likely tuning is if it falls short stays to be seen.
    assert found.likelihood.after >= RULES.likelihood.leaning


@pytest.mark.parametrize(
    ("answers", "volume"),
    [
        pytest.param({"tried": (), "stage": "tuned_live"}, {}, id="a tuned model exists"),
        pytest.param({"training_pairs": 50}, {}, id="50 pairs"),
        pytest.param({"tried": None, "gap": None, "training_pairs": None}, {}, id="not known"),
        pytest.param({"fact_change": "quarterly"}, {"retrainings_per_year": 4}, id="keeps up"),
        pytest.param({"fact_change": "quarterly"}, {}, id="nobody said how often"),
        pytest.param({"fact_change": "yearly"}, {}, id="steady facts"),
    ],
)
def test_nothing_to_try_first(answers, volume):
    cheaper = cost_of(100_000, 50_000)
    found = verdict(say("extraction", **KEEN | answers), volume=Volume(**volume), cost=cheaper)
    assert (found.recommendation, found.rule, found.try_first) == ("tuned", "likely", ())


def test_where_cost_is_to_be_cut_nothing_is_tried_first():
    found = verdict(say("cost_cutting", **KEEN | {"tried": ("prompt",)}))
    assert (found.recommendation, found.rule) == ("tuned", "likely")


def test_where_base_is_likely_nothing_is_tried_first():
    found = verdict(say("general_chatbots", tried=()))
    assert (found.lean.score, found.rule, found.recommendation) == (-40, "likely", "base")
