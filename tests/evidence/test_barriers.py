"""While too many answers are missing or cut off, or one model is behind both, nothing is decided."""

from dataclasses import replace

import pytest

from advisor.case.options import Arm
from advisor.evidence.model import Lacking, OneModel, Vote
from advisor.report.barriers import barrier_words, mend
from tests.evidence.cases import WHOLE, gather_evidence
from tests.make import CHATBOT, both, case_of

CASE = case_of(60, CHATBOT)
OUTPUTS = both(CASE)
VOTES = [Vote(p.id, "tuned") for p in CASE.prompts]
SAID = "It spent its 1,024 tokens thinking; raise the limit."


def spoilt(many: int, arm: str = "tuned", **change):
    """The outputs, the first so many of one option changed."""
    ids = {p.id for p in CASE.prompts[:many]}
    return [replace(o, **change) if o.arm == arm and o.prompt_id in ids else o for o in OUTPUTS]


def test_sixty_of_sixty_decide_where_all_is_there():
    assert gather_evidence(CASE, OUTPUTS, VOTES, **WHOLE).word == "decides"


NONE = {"outcome": "no_answer", "text": "", "why": "thinking", "error": SAID}


@pytest.mark.parametrize(
    "change", [NONE, {"outcome": "failed", "text": ""}, {"finish_reason": "length"}]
)
@pytest.mark.parametrize("arm", ["base", "tuned"])
def test_more_than_one_in_ten_missing_or_cut_decides_nothing(arm, change):
    six, seven = (
        gather_evidence(CASE, spoilt(many, arm, **change), VOTES, **WHOLE) for many in (6, 7)
    )
    assert (six.word, six.barriers) == ("decides", ())
    assert seven.word == "not_enough"
    assert [(b.option, b.missing + b.cut, b.of) for b in seven.barriers] == [(arm, 7, 60)]


def test_missing_and_cut_count_together():
    cut = {o.prompt_id for o in OUTPUTS[:10]}
    outputs = [
        replace(o, finish_reason="length") if o.arm == "tuned" and o.prompt_id in cut else o
        for o in spoilt(0)
    ]
    outputs = [
        replace(o, **NONE)
        if o.arm == "tuned" and o.prompt_id in {p.id for p in CASE.prompts[-3:]}
        else o
        for o in outputs
    ]
    found = gather_evidence(CASE, outputs, VOTES, **WHOLE).barriers
    assert [(b.missing, b.cut) for b in found] == [(3, 5)]


@pytest.mark.parametrize("refused", [7, 30])
def test_a_refusal_is_a_finding_and_no_missing_answer(refused):
    outputs = spoilt(refused, outcome="refused", text="")
    assert gather_evidence(CASE, outputs, VOTES, **WHOLE).barriers == ()


def served(base: str | None, tuned: str | None, asked: tuple[str, str] = ("b", "t")):
    case = CASE.model_copy(
        update={
            "arms": {
                name: Arm(endpoint="https://a.example/v1", model=model, label="")
                for name, model in zip(("base", "tuned"), asked, strict=True)
            }
        }
    )
    names = {"base": base, "tuned": tuned}
    return case, [replace(o, served_model=names[o.arm]) for o in OUTPUTS]


def test_one_model_behind_both_options_decides_nothing():
    case, outputs = served("llama", "llama")
    found = gather_evidence(case, outputs, VOTES, **WHOLE)
    assert found.word == "not_enough"
    assert found.barriers == (OneModel(("base", "tuned"), "llama"),)


@pytest.mark.parametrize(
    ("base", "tuned", "asked"),
    [
        pytest.param("b", "t", ("b", "t"), id="two models"),
        pytest.param(None, "t", ("b", "t"), id="one does not say"),
        pytest.param("same", "same", ("same", "same"), id="one was asked for"),
    ],
)
def test_two_models_or_one_that_was_asked_for_are_compared(base, tuned, asked):
    case, outputs = served(base, tuned, asked)
    assert gather_evidence(case, outputs, VOTES, **WHOLE).barriers == ()


@pytest.mark.parametrize(("endpoint", "found"), [("https://b.example/v1", 1), ("given:", 0)])
def test_one_name_at_two_addresses_is_one_model_unless_its_answers_came_with_the_texts(
    endpoint, found
):
    case, outputs = served("llama", "llama")
    away = case.arms["tuned"].model_copy(update={"endpoint": endpoint})
    case = case.model_copy(update={"arms": case.arms | {"tuned": away}})
    assert len(gather_evidence(case, outputs, VOTES, **WHOLE).barriers) == found


@pytest.mark.parametrize(
    ("barrier", "says"),
    [
        (
            Lacking("tuned", 12, 0, 60, "thinking"),
            "12 of 60 fine-tuned answers are missing: the model spent its limit thinking; "
            "raise “Longest answer” on Compare and continue.",
        ),
        (
            Lacking("base", 0, 1, 1, "cut"),
            "1 of 1 base answer is cut off: it met the limit; raise “Longest answer” on Compare and "
            "continue.",
        ),
        (
            Lacking("tuned", 3, 5, 60, "cut"),
            "8 of 60 fine-tuned answers are missing or cut off: they met the limit; raise “Longest "
            "answer” on Compare and continue.",
        ),
        (
            Lacking("tuned", 6, 0, 6, "failed", "h.example did not accept the key; check it: no"),
            "No fine-tuned answer came: h.example did not accept the key; check it; once that is "
            "mended, continue on Compare.",
        ),
        (
            Lacking("tuned", 2, 0, 6, "failed", "The account at h.example is empty; top it up: no"),
            "2 of 6 fine-tuned answers are missing: the account at h.example is empty; top it up; "
            "once that is mended, continue on Compare.",
        ),
        (
            OneModel(("base", "tuned"), "llama"),
            "One model, “llama”, answered for both base and fine-tuned: there is nothing to compare. "
            "Check on Options which model the server has loaded; if they are two models, give each a "
            "name of its own.",
        ),
    ],
)
def test_the_next_step_says_what_is_missing_and_how_to_mend_it(barrier, says):
    assert mend(barrier, {}) == says
    assert barrier_words(barrier, {})[:-1] in says


def test_an_option_of_any_id_goes_by_its_name():
    names = {"maxi": "The big one", "ours": "Fine-tuned"}
    said = barrier_words(OneModel(("maxi", "ours"), "llama"), names)
    assert said.startswith("One model, “llama”, answered for both The big one and fine-tuned:")
    assert barrier_words(Lacking("ours", 2, 0, 9, "failed"), names).startswith(
        "2 of 9 fine-tuned answers are missing"
    )
    assert barrier_words(Lacking("maxi", 2, 0, 9, "failed"), {}).startswith("2 of 9 maxi answers")
