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
    assert f"Rule of thumb: {side.lower()}" in reader.go("verdict").says.split("\n")[2]


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
