"""How far every two raters agree."""

import pytest

from advisor.evidence.model import Vote
from advisor.evidence.people.agreement import JUDGE, agreements


def given(voter, words, **fields):
    return [Vote(f"p{n}", word, voter, **fields) for n, word in enumerate(words)]


def test_each_pair_of_voters_and_the_judge_is_counted_over_their_common_prompts():
    votes = [*given("Anna", ["base", "tuned", "tie"]), *given("Ben", ["base", "base"])]
    pairs = agreements(votes, {"p0": "base", "p2": "tie", "p9": "tuned"})
    assert [(p.one, p.other, p.same, p.of, p.kappa) for p in pairs] == [
        ("Anna", "Ben", 1, 2, None),
        ("Anna", JUDGE, 2, 2, None),
        ("Ben", JUDGE, 1, 1, None),
    ]


def test_kappa_of_a_worked_table_from_six_prompts_on():
    # 20 both tuned, 15 both base, 5 + 10 apart: agreement 0.7, by chance 0.5, kappa 0.4.
    one = ["tuned"] * 25 + ["base"] * 25
    other = ["tuned"] * 20 + ["base"] * 5 + ["tuned"] * 10 + ["base"] * 15
    (pair,) = agreements([*given("Anna", one), *given("Ben", other)], {})
    assert (pair.same, pair.of) == (35, 50)
    assert pair.kappa.value == pytest.approx(0.4)
    assert pair.kappa.low < 0.4 < pair.kappa.high
    (few,) = agreements([*given("Anna", one[20:25]), *given("Ben", other[20:25])], {})
    assert (few.of, few.kappa) == (5, None)


def test_who_always_says_the_same_has_counts_and_no_kappa():
    votes = [*given("Anna", ["tie"] * 8), *given("Ben", ["tie"] * 7 + ["base"])]
    (pair,) = agreements(votes, {})
    assert (pair.same, pair.of, pair.kappa) == (7, 8, None)


def test_votes_on_another_pair_of_arms_are_left_out():
    votes = [
        *given("Anna", ["base_examples"], base_arm="base_examples"),
        *given("Ben", ["base"]),
        *given("Cy", ["base"], challenger="base_examples"),
    ]
    assert agreements(votes, {"p0": "base"})[0].one == "Ben"
    assert len(agreements(votes, {"p0": "base"})) == 1
    assert agreements([], {"p0": "base"}) == ()
