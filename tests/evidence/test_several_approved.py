"""Several approved answers: the best counts. Calls of tools: the same ones, by their values."""

import json

import pytest

from advisor.case.checks import Checks
from advisor.case.conversation import ToolCall, calls_as_text
from advisor.case.texts import Prompt
from advisor.evidence.broken_rules import BrokenRule, broken_rules
from advisor.evidence.judge.prompt import ask_about
from advisor.evidence.metrics import find_metric
from advisor.evidence.model import Output, Vote
from advisor.evidence.scores import score_table
from advisor.report.tested import excerpts
from advisor.verdict.whole_text import texts_to_quote
from tests.evidence.cases import WHOLE, gather_evidence
from tests.make import case_at, case_of


def score(key, answer, **text):
    prompt = Prompt(id="1", text="Colour of snow?", **text)
    case = case_at("http://localhost:1/v1").model_copy(update={"prompts": (prompt,)})
    found = score_table(case, [Output("1", "base", 0, "answered", answer)], [key])[key]
    return found.get("base", {}).get("1")


def test_every_measure_takes_the_best_of_several_approved_answers():
    # "bright white" shares one word of two with "white" (2/3), and both with "bright white" (1).
    assert score("rouge1", "bright white", reference="white") == pytest.approx(2 / 3)
    both = {"reference": "white", "other_references": ("bright white",)}
    assert score("rouge1", "bright white", **both) == pytest.approx(1)
    assert find_metric("left_out").best([2.0, None, 1.0]) == 1.0


LOOK, BOOK = ToolCall(name="look", arguments={"day": 4}), ToolCall(name="book", arguments={"n": 1})


@pytest.mark.parametrize(
    ("answer", "approved", "right"),
    [
        pytest.param(calls_as_text([LOOK]), (LOOK,), 1, id="the call"),
        pytest.param('[{"name": "look", "arguments": {"day": 4.0}}]', (LOOK,), 1, id="its values"),
        pytest.param('[{"name": "look", "arguments": {"day": "4"}}]', (LOOK,), 0, id="a text"),
        pytest.param(calls_as_text([BOOK, LOOK]), (LOOK, BOOK), 1, id="any order"),
        pytest.param(calls_as_text([LOOK, LOOK]), (LOOK,), 0, id="once too often"),
        pytest.param(calls_as_text([LOOK]), (LOOK, BOOK), 0, id="one missing"),
        pytest.param("I can't do that.", (LOOK,), 0, id="words in place of a call"),
        pytest.param("Good morning!", (), 1, id="no call where none is right"),
        pytest.param(calls_as_text([LOOK]), (), 0, id="a call where none is right"),
        pytest.param("Good morning!", None, None, id="nothing said about calls"),
    ],
)
def test_calls_are_right_or_wrong(answer, approved, right):
    assert score("same_calls", answer, calls=approved) == right


def test_the_calls_of_a_server_are_read_as_calls():
    served = json.dumps([{"name": "look", "arguments": '{"day": 4}'}])  # as a stream holds them
    assert score("same_calls", served, calls=(LOOK,)) == 1


def test_the_judge_is_told_every_approved_answer_and_the_approved_calls():
    def told_of(**approved):
        asked = ask_about(Prompt(id="1", text="Colour of snow?", **approved), "one", "two")
        return json.loads(asked.text).get("approved_answer")

    assert told_of(reference="white") == "white"
    assert told_of(reference="white", other_references=("bright white",)) == [
        "white",
        "bright white",
    ]
    assert told_of(calls=(LOOK,)) == calls_as_text([LOOK])
    assert told_of() is None


def test_an_answer_that_is_right_by_the_second_approved_one_breaks_no_rule():
    prompt = Prompt(id="1", text="Which?", reference="refund", other_references=("repair",))
    rules = Checks(labels=("refund", "repair"))
    assert broken_rules("repair", prompt, rules) == ()
    assert broken_rules("neither", prompt, rules) == (BrokenRule("labels"),)


def test_calls_are_quoted_in_words_in_the_report_and_beside_each_other():
    case = case_of(1)
    outputs = [
        Output("p0", "base", 0, "answered", calls_as_text([BOOK])),
        Output("p0", "tuned", 0, "answered", calls_as_text([LOOK, BOOK])),
    ]
    case = case.model_copy(
        update={"prompts": (Prompt(id="p0", text="Book a day.", calls=(LOOK, BOOK)),)}
    )
    evidence = gather_evidence(case, outputs, [Vote("p0", "tuned")], **WHOLE)
    (quoted,) = excerpts(texts_to_quote(case, evidence, outputs), evidence.source)
    assert quoted.base == "book(n=1)"
    assert quoted.tuned == "look(day=4)\nbook(n=1)"
