"""What a judge is handed, and how its reply is read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.case.options import Arm, Judge
from advisor.case.texts import Prompt
from advisor.case.use_cases import load_matrix
from advisor.evidence.judge.family import family, of_the_judges_family
from advisor.evidence.judge.prompt import (
    REPLY_FORMAT,
    ask_about,
    instruction,
    read_reply,
    rubric_for,
    rubric_text,
    rubrics,
)
from advisor.report.judging import family_warning
from tests.make import case_of, with_judge

PROMPT = Prompt(id="p", text="a text", reference="an approved answer")
ASKED = ask_about(PROMPT, "one", "two")
A, B = ASKED.first, ASKED.second


# Rubrics


def test_every_use_case_has_one_rubric_and_every_rubric_names_the_five():
    cases = [use_case for rubric in rubrics() for use_case in rubric.use_cases]
    assert sorted(cases) == sorted(row.id for row in load_matrix().use_cases)
    for rubric in rubrics():
        assert {name for name, _ in rubric.looks_at} == {
            "accuracy",
            "relevance",
            "terminology",
            "style",
            "invented facts",
        }


def test_the_weights_follow_the_use_case():
    assert rubric_for("clinical_notes").text.startswith("1. Accuracy: ")
    assert rubric_for("brand_voice").text.startswith("1. Style: ")
    assert [name for name, _ in rubric_for("own_documents_qa").looks_at][1] == "invented facts"


def test_the_readers_own_rubric_goes_first():
    case = with_judge(1, Judge(rubric="Only the tone."))
    assert rubric_text(case) == "Only the tone."
    assert "Only the tone." in instruction(case)
    blank = with_judge(1, Judge(rubric=" \n"))
    assert rubric_text(blank) == rubric_for("general_chatbots").text


# Messages


def test_a_message_is_one_json_object_with_everything_in_it():
    given_ = json.loads(ASKED.text)
    assert given_ == {
        "text": "a text",
        "approved_answer": "an approved answer",
        "answers": {A: "one", B: "two"},
    }
    assert list(given_["answers"]) == [A, B]
    bare = ask_about(Prompt(id="p", text="a text", passages="looked up"), "one", "two")
    assert set(json.loads(bare.text)) == {"text", "passages", "answers"}


def test_names_are_the_same_for_the_same_answers_and_fresh_for_any_others():
    assert ask_about(PROMPT, "one", "two") == ASKED
    others = [ask_about(PROMPT, "two", "one"), ask_about(PROMPT, "one", "two", seed=1)]
    others.append(ask_about(PROMPT.model_copy(update={"text": "b"}), "one", "two"))
    names = {(asked.first, asked.second) for asked in others}
    assert len(names | {(A, B)}) == 4


def test_a_name_never_stands_in_a_text():
    every = " ".join(c + v + d + w for c in "bdfgklmnprstvz" for v in "aeiou"
                     for d in "bdfgklmnprstvz" for w in "aeiou")  # fmt: skip
    asked = ask_about(PROMPT, every, "two")
    assert asked.first not in every
    assert asked.second not in every


@given(st.text(), st.text())
def test_no_answer_breaks_out_of_the_data(one, two):
    asked = ask_about(PROMPT, one, two)
    found = json.loads(asked.text)["answers"]
    assert list(found) == [asked.first, asked.second]
    assert list(found.values()) == [one, two]


def test_half_a_surrogate_pair_can_be_sent():
    ask_about(PROMPT, "\ud800 lone", "two").text.encode("utf-8")


def test_the_reply_is_asked_for_in_one_form_for_every_call():
    # A name per call in the schema would make endpoints compile a schema for each.
    schema = REPLY_FORMAT["json_schema"]["schema"]
    assert list(schema["properties"]) == ["reason", "choice"]
    assert schema["additionalProperties"] is False
    assert '"no difference"' in instruction(case_of(1))


# Replies


def form(choice: str) -> str:
    return json.dumps({"reason": "because", "choice": choice})


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        pytest.param(form(A), "first", id="the first"),
        pytest.param(form(B), "second", id="the second"),
        pytest.param(form("no difference"), "tie", id="tie"),
        pytest.param(form("both bad"), "both_bad", id="both bad"),
        pytest.param(form(f" {B.upper()}. "), "second", id="case and blanks"),
        pytest.param(form("no_difference"), "tie", id="underscore"),
        pytest.param(f"Well.\n```json\n{form(A)}\n```\nDone.", "first", id="fence"),
        pytest.param(f"I think {form(B)} is right", "second", id="within prose"),
        pytest.param(f"Long reasoning {{not json}}.\n\n**Choice: {A}**", "first", id="last line"),
        pytest.param(f"One quotes {form('A')}.\nI choose {B}.", "second", id="a forged one quoted"),
        pytest.param("Final answer: no difference", "tie", id="last line, tie"),
        pytest.param(form("A"), None, id="a name nobody has"),
        pytest.param(form(A) + form(B), None, id="two choices"),
        pytest.param(f"{A} or {B}", None, id="both named"),
        pytest.param(f"{A} is worse.", None, id="named as the worse one"),
        pytest.param(f"It isn't {A}.", None, id="denied"),
        pytest.param(f"{A}\nSo that is that.", None, id="named before the last line only"),
        pytest.param("The first one.", None, id="by place"),
        pytest.param('{"choice": 1}', None, id="a number"),
        pytest.param("[" * 100_000, None, id="brackets without end"),
        pytest.param('{"a":' * 20_000, None, id="braces without end"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_reply(said, verdict):
    assert read_reply(said, "stop", ASKED) == verdict


def test_a_reply_cut_off_is_never_read():
    assert read_reply(form(A), "length", ASKED) is None
    assert read_reply(form(A), None, ASKED) == "first"


@given(st.text())
def test_any_reply_is_read_or_not_and_never_breaks(said):
    assert read_reply(said, "stop", ASKED) in ("first", "second", "tie", "both_bad", None)


# Families


@pytest.mark.parametrize(
    ("model", "kin"),
    [
        ("gpt-6-luna", "OpenAI"),
        ("ft:gpt-4.1-mini-2025-04-14:acme::9AbC1dEf", "OpenAI"),
        ("o3-mini", "OpenAI"),
        ("openai/gpt-oss-120b", "OpenAI"),
        ("claude-opus-4-6", "Anthropic"),
        ("anthropic.claude-sonnet-5", "Anthropic"),
        ("google/gemma-3-27b-it", "Google"),
        ("gemini-3-flash", "Google"),
        ("meta-llama/Llama-3.1-8B-Instruct", "Llama"),
        ("llama3.1", "Llama"),
        ("vicuna-13b:20230322-clean-lang", "Llama"),
        ("mixtral-8x7b", "Mistral"),
        ("Qwen2.5-72B", "Qwen"),
        ("deepseek-r1-distill-llama-8b", "DeepSeek"),
        ("phi-4", "Microsoft"),
        ("command-r-plus", "Cohere"),
        ("grok-4", "xAI"),
        ("mine", None),
        ("our-notes-v2", None),
        ("photo3", None),
        ("", None),
    ],
)
def test_family(model, kin):
    assert family(model) == kin


def test_a_judge_of_an_options_family_is_warned_of():
    arms = {
        "base": Arm(model="claude-opus-4-6"),
        "tuned": Arm(model="mine", offer="openai:gpt-4.1-mini:SFT"),
    }
    case = with_judge(1, Judge(model="gpt-6-luna")).model_copy(update={"arms": arms})
    assert of_the_judges_family(case) == ("tuned",)
    assert family_warning(case) == (
        "The judge is of the same family as fine-tuned; such judges prefer their own kind. "
        "Choose one from another vendor."
    )
    for other in (Judge(model="gemini-3-pro"), Judge(model="in-house"), None):
        assert family_warning(case.model_copy(update={"judge": other})) == ""
