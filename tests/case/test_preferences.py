"""Preferences: by an option's id, and by side as they were before there were many options."""

import pytest
from pydantic import ValidationError

from advisor.case.case import Judgment
from advisor.case.options import Arm
from advisor.case.preferences import chosen, side_of
from advisor.evidence.model import Vote
from tests.make import case_of

SHOWN = {"prompt_id": "p", "judge": "j", "base_sha256": "a", "tuned_sha256": "b"}
PAIR = ("base_examples", "tuned")


@pytest.mark.parametrize(
    ("said", "pair", "preferred"),
    [
        ("base", ("base", "tuned"), "base"),
        ("tuned", ("base", "tuned"), "tuned"),
        ("base", PAIR, "base_examples"),
        ("tuned", PAIR, "tuned"),
        ("tuned", ("base", "base_examples"), "base_examples"),
        ("base", ("base", "base_examples"), "base"),
        ("mini", ("maxi", "mini"), "mini"),
        ("base", ("maxi", "base"), "base"),
        ("tie", PAIR, "tie"),
        ("both_bad", PAIR, "both_bad"),
    ],
)
def test_a_side_of_before_is_read_as_the_option_that_stood_on_it(said, pair, preferred):
    assert chosen(said, pair) == preferred


@pytest.mark.parametrize("said", ["left", "", "base_retrieval", "TIE"])
def test_a_preference_for_neither_is_refused(said):
    with pytest.raises(ValueError, match="preference has to be"):
        chosen(said, PAIR)
    with pytest.raises(ValidationError, match="preference has to be"):
        Judgment(**SHOWN, order="both", preference=said)
    with pytest.raises(ValueError, match="neither base nor tuned"):
        Vote("p", said)


def test_each_option_of_a_pair_has_its_side():
    sides = [side_of(word, PAIR) for word in ("base_examples", "tuned", "tie", "both_bad")]
    assert sides == ["base", "tuned", "tie", "both_bad"]


def test_a_judgment_names_its_pair_and_the_option_preferred():
    given = Judgment(**SHOWN, order="base_first", pair=["maxi", "mini"], preference="mini")
    assert (given.base_arm, given.challenger, given.side) == ("maxi", "mini", "tuned")
    assert given.turned().turned() == given
    turned = given.turned()
    assert (turned.pair, turned.preference, turned.side) == (("mini", "maxi"), "mini", "base")
    assert (turned.order, turned.base_sha256, turned.tuned_sha256) == ("tuned_first", "b", "a")


@pytest.mark.parametrize("pair", [["a"], "ab", ["a", "a"], ["a", "b", "c"], ["a", 3]])
def test_a_pair_that_is_none_is_refused(pair):
    with pytest.raises(ValidationError):
        Judgment(**SHOWN, order="both", pair=pair, preference="tie")


def test_two_options_are_held_against_each_other_in_one_order():
    arms = {"mini": Arm(kind="tuned"), "maxi": Arm(kind="base"), "base": Arm()}
    case = case_of(1).model_copy(update={"arms": arms})
    assert case.pair_of("mini", "maxi") == case.pair_of("maxi", "mini") == ("maxi", "mini")
    assert case.pair_of("maxi", "base") == ("base", "maxi")
    assert case.pair_of("tuned", "mini") == ("tuned", "mini")  # taken out since, and known by name
