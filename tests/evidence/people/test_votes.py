import pytest

from advisor.evidence.model import Vote
from advisor.evidence.people.votes import (
    agreement,
    one_preference,
    preferences_by_prompt,
    sent_as_is,
)


@pytest.mark.parametrize(
    ("given", "together"),
    [
        (["tuned"], "tuned"),
        (["tuned", "base"], "tie"),
        (["tuned", "base", "base"], "base"),
        (["tuned", "tie", "both_bad"], "tuned"),
        (["both_bad", "both_bad"], "both_bad"),
        (["both_bad", "tie"], "tie"),
    ],
)
def test_several_voters_say_one_thing(given, together):
    assert one_preference(given) == together


def test_votes_against_another_base_arm_are_another_comparison():
    votes = [
        Vote("a", "tuned"),
        Vote("a", "base", "you"),
        Vote("b", "base_examples", base_arm="base_examples"),
    ]
    assert preferences_by_prompt(votes, ("base", "tuned")) == {"a": "tie"}


def test_an_answer_is_sent_as_it_is_when_most_voters_would():
    votes = [
        Vote("a", "base", base_quality="as_is"),
        Vote("b", "base", base_quality="as_is"),
        Vote("b", "base", "you", base_quality="small_edits"),
        Vote("c", "base"),
    ]
    assert sent_as_is(votes, "base", alpha=0.05).value == 0.5
    assert sent_as_is(votes, "base_examples", alpha=0.05) is None


def test_kappa_of_a_worked_table():
    # 20 both tuned, 15 both base, 5 + 10 apart: agreement 0.7, by chance 0.5, kappa 0.4.
    pairs = [("tuned", "tuned")] * 20 + [("tuned", "base")] * 5
    pairs += [("base", "tuned")] * 10 + [("base", "base")] * 15
    one, other = ({str(i): pair[side] for i, pair in enumerate(pairs)} for side in (0, 1))
    found = agreement(one, other, 6)
    assert (found.same, found.of) == (35, 50)
    assert found.kappa.value == pytest.approx(0.4)
    assert found.kappa.low < 0.4 < found.kappa.high


def test_no_kappa_where_nothing_can_differ():
    assert agreement({"a": "tie", "b": "tie"}, {"a": "tie", "b": "tie"}, 2) is None
    assert agreement({"a": "tie", "b": "base"}, {"b": "tie"}, 2) is None
