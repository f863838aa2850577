"""The first step: one answer makes a case; what practice says follows the answer."""

import re

import pytest

from pages.ui import session

from .reader import Reader

FIRST = "What should the model do?"


def test_no_case_is_made_before_the_first_question_is_answered():
    reader = Reader("use_case")
    reader.pick("Where are you today?", "idea")
    assert session.store().recent_cases(5) == []
    assert "case" not in reader.at.query_params


def test_the_first_answer_makes_a_case_and_the_frame_line_says_what_it_rests_on():
    reader = Reader("use_case").pick(FIRST, "domain_summarization")
    assert [row.id for row in session.store().recent_cases(5)] == [reader.case_id]
    name, saved, verdict, rests_on, title = reader.says.split("\n")[:5]
    assert name == "**Domain-specific summarization**"
    assert re.fullmatch(r":gray\[saved \d\d:\d\d\]", saved)
    assert verdict.endswith("Rule of thumb: fine-tuned")
    assert re.search(r"\b1 (question )?of 12\b", rests_on)
    assert title == "Use case"


# The sides of the matrix's seed rows, as the matrix was written before there was a page.
@pytest.mark.parametrize(
    ("use_case", "side"),
    [
        ("general_chatbots", "Base"),
        ("domain_summarization", "Fine-tuned"),
        ("rapid_prototyping", "Base"),
        ("brand_voice", "Fine-tuned"),
    ],
)
def test_each_seed_use_case_shows_its_side(use_case, side):
    reader = Reader("use_case").pick(FIRST, use_case)
    badges = [text.split()[-1] for text in reader.says.split("\n") if "material/" in text]
    assert badges == [side.lower(), side]  # the frame line, and what practice says
    assert f"Rule of thumb: {side.lower()}" in reader.go("costs").says


def test_more_answers_are_counted_and_kept():
    reader = Reader("use_case").pick(FIRST, "general_chatbots")
    reader.pick("Where are you today?", "idea")
    reader.pick("What have you tried? Tick all.", ["prompt", "few_shot"])
    reader.fill("number_input", "How many texts a month?", 3000)
    assert re.search(r"\b4 (questions )?of 12\b", reader.says)
    brief = Reader("use_case", case_id=reader.case_id).case.brief
    assert (brief.stage, brief.tried) == ("idea", ("prompt", "few_shot"))


def test_nothing_tried_is_an_answer_and_no_answer_is_none():
    reader = Reader("use_case").pick(FIRST, "general_chatbots")
    assert reader.case.brief.tried is None
    reader.pick("What have you tried? Tick all.", ["nothing"])
    assert reader.case.brief.tried == ()
    reader.pick("What have you tried? Tick all.", [])
    assert reader.case.brief.tried is None


@pytest.mark.parametrize(
    ("picked", "least", "most"), [(0, 0, 9), (200, 200, 999), (1000, 1000, None)]
)
def test_the_exact_number_of_pairs_lies_in_the_range_that_is_picked(picked, least, most):
    reader = Reader("use_case").pick(FIRST, "domain_summarization")
    reader.pick("How many texts have an answer an expert approved?", picked)
    exact = reader.field("number_input", "The exact number, if you know it")
    assert (exact.min, exact.max) == (least, most)


def test_a_range_of_pairs_is_its_lower_end_and_an_exact_number_goes_before_it():
    reader = Reader("use_case").pick(FIRST, "domain_summarization")
    reader.pick("How many texts have an answer an expert approved?", 50)
    assert reader.case.brief.training_pairs == 50
    reader.fill("number_input", "The exact number, if you know it", 67)
    assert reader.case.brief.training_pairs == 67
    again = Reader("use_case", case_id=reader.case_id)
    assert again.field("number_input", "The exact number, if you know it").value == 67


def test_a_use_case_of_the_long_list_can_be_chosen():
    reader = Reader("use_case").pick(FIRST, "other")
    reader.fill("selectbox", "All use cases", "translation")
    assert reader.case.brief.use_case == "translation"
    assert "Translation" in reader.says


def test_a_name_of_only_spaces_leaves_the_name_as_it_was():
    reader = Reader("use_case").pick(FIRST, "general_chatbots")
    reader.fill("text_input", "Name of this case", "Letters").fill(
        "text_input", "Name of this case", "   "
    )
    assert reader.case.title == "Letters"


def test_a_volume_emptied_is_not_known_again():
    reader = Reader("use_case").pick(FIRST, "general_chatbots")
    reader.fill("number_input", "How many texts a month?", 500)
    assert reader.case.volume.requests_per_month == 500
    reader.fill("number_input", "How many texts a month?", None)
    assert reader.case.volume.requests_per_month is None


def test_each_screen_asks_four_numbered_questions_and_no_other_field():
    reader = Reader("use_case").pick(FIRST, "classification")
    met = []
    for way in ("Continue", "Continue", None):
        labels = [w.label for kind in ("button_group", "number_input") for w in reader.at.get(kind)]
        numbers = [re.match(r"(\d+)[a-z]? · ", label) for label in labels]
        assert all(numbers), labels
        met.append(sorted({int(found[1]) for found in numbers}))
        if way is not None:
            reader.click(way)
    assert met == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]
    assert reader.field("text_input", "Name of this case").value


def test_no_answer_is_lost_by_turning_the_screens_or_by_a_reload():
    reader = Reader("use_case").pick(FIRST, "classification").pick("Where are you today?", "idea")
    reader.click("Continue").pick("Where may the texts go?", "any_vendor")
    reader.click("Continue").fill("number_input", "How many texts a month?", 700)
    reader.click("Back").click("Back")
    assert reader.at.button_group[1].value == "idea"
    again = Reader("use_case", case_id=reader.case_id)
    brief = again.case.brief
    assert (brief.use_case, brief.stage, brief.data_may_go) == (
        "classification", "idea", "any_vendor",
    )  # fmt: skip
    assert again.case.volume.requests_per_month == 700
    assert "4 of 12 answered" in again.says


def test_answers_given_before_the_first_one_are_kept_for_it():
    reader = Reader("use_case").pick("Where are you today?", "idea")
    reader.click("Continue").pick("Where may the texts go?", "any_vendor")
    assert "2 of 12 answered" in reader.says
    reader.click("Back").pick(FIRST, "classification")
    brief = reader.case.brief
    assert (brief.stage, brief.data_may_go) == ("idea", "any_vendor")
    assert "3 of 12 answered" in reader.says


def test_start_my_case_asks_anew_from_the_first_question():
    reader = Reader("use_case").pick("Where are you today?", "idea").click("Continue")
    reader.go("start").click("Start my case", then="use_case")
    assert "0 of 12 answered" in reader.says
    assert FIRST in " ".join(w.label for w in reader.at.button_group)
