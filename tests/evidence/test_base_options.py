"""Base options among themselves: what examples bring, before anything is tuned."""

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.case.texts import Prompt
from advisor.evidence.model import Between, Output, Tally, Vote
from advisor.verdict.rules import load_rules
from tests.evidence.cases import gather_evidence


def evidence(votes=(), references=False, texts=40, **answers):
    case = Case(
        title="t",
        brief=Brief(use_case="brand_voice", **answers),
        prompts=tuple(
            Prompt(id=str(n), text=f"Text {n}", reference="a b c d" if references else None)
            for n in range(texts)
        ),
        arms={"base": Arm(), "base_examples": Arm()},
    )
    outputs = [
        Output(p.id, arm, 0, "answered", "a b" if arm == "base" else "a b c")
        for p in case.prompts
        for arm in case.arms
    ]
    return gather_evidence(
        case, outputs, votes, run_complete=True, rules=load_rules().evidence, seed=3
    )


def on_examples(n, preference, **quality):
    return Vote(str(n), preference, challenger="base_examples", **quality)


def test_the_base_option_with_examples_is_held_against_the_one_without():
    votes = [
        on_examples(n, "base_examples" if n < 24 else "base" if n < 28 else "tie")
        for n in range(40)
    ]
    (pair,) = evidence(votes).between_bases
    assert (pair.base_arm, pair.challenger, pair.source) == ("base", "base_examples", "votes")
    assert pair.tally == Tally(24, 4, 12)
    # Wilson 95 % of 24 of 28, from the published formula: 0.6852 to 0.9430
    assert pair.win_rate is not None
    assert (pair.win_rate.low, pair.win_rate.high) == pytest.approx((0.6852, 0.9430), abs=5e-4)
    assert pair.settled


def test_the_one_that_people_prefer_is_the_one_tuning_must_beat():
    liked = [on_examples(n, "base_examples") for n in range(8)]
    assert evidence(liked).base_arm == "base_examples"
    assert evidence([on_examples(n, "base") for n in range(8)]).base_arm == "base"
    assert evidence().base_arm == "base"


def test_with_approved_answers_the_main_measure_says_it():
    found = evidence(references=True)
    assert found.base_arm == "base_examples"
    # overlap of words 2 of 4 against 3 of 4, in each of the 40 texts
    assert found.between_bases[0].tally == Tally(40, 0, 0)
    assert found.compared == 40
    assert found.word == "none"


def test_few_choices_settle_nothing_and_have_no_range():
    (pair,) = evidence([on_examples(n, "base_examples") for n in range(5)]).between_bases
    assert pair == Between("base", "base_examples", "votes", Tally(5, 0, 0), None, settled=False)


def test_what_would_be_sent_is_counted_for_the_option_it_was_said_of():
    votes = [
        on_examples(n, "base_examples", base_quality="no", tuned_quality="as_is") for n in range(40)
    ]
    found = evidence(votes)
    # all 40 of the better option; the lower bound of 40 of 40 is 0.912 and beats the target 0.90
    assert found.room_left is not None
    assert found.room_left.value == 0
    assert found.nothing_left_to_gain
    assert not evidence(votes, target_as_is=0.95).nothing_left_to_gain
