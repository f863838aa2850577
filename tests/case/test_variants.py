"""The base option with examples, or with passages: what is taken out, and what comes back."""

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.case.variants import (
    NoExamples,
    check_options,
    in_step,
    turns,
    with_examples,
    with_variant,
    without_examples,
)
from advisor.errors import AdvisorError


def case_of(texts: int, answered: int) -> Case:
    return Case(
        title="t",
        brief=Brief(use_case="classification"),
        prompts=tuple(
            Prompt(id=str(i), text=f"text {i}", reference=f"answer {i}" if i < answered else None)
            for i in range(texts)
        ),
        arms={"base": Arm(endpoint="https://host/v1", model="m", system_prompt="Sort.")},
    )


def test_five_examples_with_their_answers_are_taken_out_of_the_comparison():
    case = with_examples(case_of(12, answered=8))
    assert len(case.examples) == 5
    assert len(case.prompts) == 7
    assert not {p.id for p in case.examples} & {p.id for p in case.prompts}
    assert all(answer == f"answer {text.split()[1]}" for text, answer in turns(case))
    assert case.arms["base_examples"] == case.arms["base"]


def test_examples_given_back_are_compared_again():
    before = case_of(12, answered=8)
    after = without_examples(with_examples(before))
    assert set(after.prompts) == set(before.prompts)
    assert (after.examples, after.arms) == ((), before.arms)


@pytest.mark.parametrize(("texts", "answered"), [(10, 10), (12, 4), (0, 0)])
def test_too_few_texts_or_answers_change_nothing_and_say_what_to_bring(texts, answered):
    with pytest.raises(NoExamples, match="Bring 11 or more"):
        with_examples(case_of(texts, answered))


def test_examples_of_the_readers_own_take_no_text_out():
    own = (Prompt(id="x", text="own", reference="yes"),)
    case = case_of(3, answered=0).model_copy(update={"examples": own})
    assert with_examples(case).prompts == case.prompts


def test_a_variant_follows_its_base_option():
    case = with_examples(case_of(12, answered=12))
    moved = case.arms["base"].model_copy(update={"model": "newer"})
    followed = in_step(case.model_copy(update={"arms": {**case.arms, "base": moved}}), case)
    assert followed.arms["base_examples"].model == "newer"


def test_taking_examples_out_buys_no_answer_of_the_others_again():
    before = {call.call_hash for call in spec_of(case_of(12, answered=12)).calls()}
    after = with_examples(case_of(12, answered=12))
    assert {c.call_hash for c in spec_of(after).calls() if c.arm == "base"} <= before


def test_a_variant_that_shows_nothing_or_its_own_test_is_refused():
    plain = case_of(12, answered=12)
    shown = with_examples(plain)
    check_options(plain)
    check_options(shown)
    without = shown.model_copy(update={"examples": (Prompt(id="x", text="own"),)})
    with pytest.raises(AdvisorError, match=r"arms\.base_examples has no example to show"):
        check_options(without)
    twice = shown.model_copy(update={"prompts": plain.prompts})
    with pytest.raises(AdvisorError, match="shown as examples and compared on: 5;"):
        check_options(twice)
    with pytest.raises(AdvisorError, match=r"arms\.base_retrieval has nothing looked up"):
        check_options(with_variant(plain, "base", "passages"))
    looked_up = (plain.prompts[0].model_copy(update={"passages": "p"}), *plain.prompts[1:])
    check_options(with_variant(plain.model_copy(update={"prompts": looked_up}), "base", "passages"))
