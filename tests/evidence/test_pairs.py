"""Pairs: which options are voted on and judged two by two."""

import pytest

from advisor.case.options import Arm, Judge
from advisor.evidence.judge.plan import plan_judging
from advisor.evidence.model import Output
from advisor.evidence.pairs import judged_pairs, pairs_of
from advisor.evidence.people.blind import Said, said_of, sides_of, vote_of
from tests.make import case_of

ARMS = {
    "ours": Arm(kind="tuned"),
    "mini": Arm(kind="base"),
    "theirs": Arm(kind="tuned"),
    "maxi": Arm(kind="base"),
}
CASE = case_of(2).model_copy(update={"arms": ARMS})


@pytest.mark.parametrize(
    ("there", "pairs"),
    [
        (
            ("mini", "maxi", "ours", "theirs", "judge"),
            (("mini", "ours"), ("maxi", "ours"), ("mini", "theirs"), ("maxi", "theirs")),
        ),
        (("maxi", "mini"), (("mini", "maxi"),)),
        (("theirs", "ours"), (("ours", "theirs"),)),
        (("maxi", "ours"), (("maxi", "ours"),)),
        (("mini",), ()),
        (("tuned", "base", "base_examples"), (("base", "tuned"), ("base_examples", "tuned"))),
    ],
)
def test_every_base_option_is_held_against_every_tuned_one(there, pairs):
    assert pairs_of(CASE, there) == pairs


def judged_by(*pairs: tuple[str, str]):
    judge = Judge(endpoint="https://host/v1", model="j", pairs=pairs)
    return CASE.model_copy(update={"judge": judge})


def test_a_judge_is_asked_about_the_pairs_its_owner_chose_and_no_other():
    assert judged_pairs(judged_by(), ARMS) == pairs_of(CASE, ARMS)
    chosen = judged_by(("ours", "maxi"), ("maxi", "mini"), ("maxi", "ours"))
    assert judged_pairs(chosen, ARMS) == (("maxi", "ours"), ("mini", "maxi"))
    assert judged_pairs(chosen, {"maxi", "mini"}) == (("mini", "maxi"),)
    outputs = [
        Output(prompt.id, arm, 0, "answered", f"{arm} says {prompt.id}")
        for prompt in CASE.prompts
        for arm in ARMS
    ]
    plan = plan_judging(chosen, outputs)
    assert {call.pair for call in plan.questions.values()} == {("maxi", "ours"), ("mini", "maxi")}
    assert plan.spec.planned == 2 * 2 * 2


@pytest.mark.parametrize("choice", ["left", "right", "tie", "both_bad"])
@pytest.mark.parametrize("pair", [("mini", "ours"), ("mini", "maxi"), ("ours", "theirs")])
def test_a_blind_vote_on_any_pair_names_the_option_that_stood_there(pair, choice):
    for prompt in ("p0", "p1", "p2", "p3"):
        sides = sides_of("run", prompt, "Anna", pair)
        said = Said(choice, "as_is", "no")
        vote = vote_of(said, sides, prompt, "Anna", pair)
        wanted = {"left": sides[0], "right": sides[1]}.get(choice, choice)
        assert vote.preference == wanted
        assert (vote.base_quality == "as_is") == (sides[0] == pair[0])
        assert said_of(vote, sides) == said
