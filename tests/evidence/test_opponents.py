"""Several options: a tuned one is held against every base one, and claims the weakest result."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.case.texts import Prompt
from advisor.evidence.gather import gather
from advisor.evidence.model import Output, Tally, Vote
from advisor.evidence.opponents import strength
from advisor.evidence.record import Record
from tests.evidence.cases import WHOLE, in_blocks
from tests.make import decide

BASES, TUNED = ("base", "base_examples", "luna"), ("tuned", "small")


def case_with(*options: str, texts: int = 40, reference: str | None = None) -> Case:
    arms = {name: Arm(kind="tuned" if name in (*TUNED, "large") else "base") for name in options}
    return Case(
        title="Many",
        brief=Brief(use_case="brand_voice", together=False),
        prompts=tuple(
            Prompt(id=f"p{n:02}", text=f"Text {n}", reference=reference) for n in range(texts)
        ),
        arms=arms,
    )


def answers(case: Case, **said: str) -> list[Output]:
    """One answer of each option to each text, its own number in it."""
    return [
        Output(p.id, arm, 0, "answered", said.get(arm, f"An answer to {p.id}"))
        for p in case.prompts
        for arm in case.arms
    ]


def votes(case: Case, base: str, tuned: str, preferences) -> list[Vote]:
    """Preferences as sides of the pair."""
    ids = [p.id for p in case.prompts]
    named = {"base": base, "tuned": tuned}
    return [
        Vote(p, named.get(said, said), base_arm=base, challenger=tuned)
        for p, said in zip(ids, preferences, strict=False)
    ]


def shown(case: Case, *given: list[Vote], **options):
    said = [vote for one in given for vote in one]
    return gather(case, answers(case), said, **WHOLE | options)[0]


def by_pair(evidence):
    return {(p.base_arm, p.tuned_arm): (p.word, p.favours) for p in evidence.pairs}


def test_what_readers_prefer_counts_for_more_than_words_shared_with_a_weaker_opponent():
    case = case_with("base", "base_examples", "tuned", reference="a b c d")
    ids = [p.id for p in case.prompts]
    # By shared words: tuned over plain base on 34 texts, under it on 6; level with the examples.
    outputs = [
        Output(p, arm, 0, "answered", text)
        for n, p in enumerate(ids)
        for arm, text in (
            ("base", f"a b {p}" if n < 34 else f"a b c d {p}"),
            ("base_examples", f"a b c {p}"),
            ("tuned", f"a b c {p}"),
        )
    ]
    overlap, _ = gather(case, outputs, **WHOLE)
    assert {p.base_arm: p.tally for p in overlap.pairs}["base"] == Tally(34, 6, 0)
    read = votes(case, "base_examples", "tuned", in_blocks(5, 30))
    found, _ = gather(case, outputs, read, **WHOLE)
    assert (found.source, found.base_arm, found.tally) == (
        "votes",
        "base_examples",
        Tally(5, 30, 0),
    )
    assert (found.word, found.favours) == ("decides", "base")
    decision = decide(case, Record(tuple(outputs), tuple(read)))
    assert (decision.verdict.recommendation, decision.verdict.rule) == ("base", "base_wins")
    assert decision.money.cost.against == "base_examples"


def test_of_five_options_the_best_tuned_one_is_held_against_its_strongest_opponent():
    case = case_with(*BASES, *TUNED)
    found = shown(
        case,
        votes(case, "base", "tuned", in_blocks(38, 2)),
        votes(case, "base_examples", "tuned", in_blocks(36, 4)),
        votes(case, "luna", "tuned", in_blocks(35, 5)),
        votes(case, "base", "small", in_blocks(20, 20)),
        votes(case, "base_examples", "small", in_blocks(9, 31)),
        votes(case, "luna", "small", in_blocks(39, 1)),
    )
    assert (found.tuned_arm, found.base_arm) == ("tuned", "luna")
    assert (found.word, found.favours, found.e_needed) == ("decides", "tuned", 40)
    assert len(found.pairs) == 6
    assert by_pair(found)["base_examples", "small"] == ("decides", "base")


def test_base_decides_only_when_some_base_option_beats_each_tuned_one():
    case = case_with(*BASES, *TUNED)
    loses = in_blocks(4, 36)
    one = shown(
        case, votes(case, "base", "tuned", loses), votes(case, "base", "small", in_blocks(21, 19))
    )
    assert (one.word, one.favours, one.tuned_arm) == ("not_enough", None, "small")
    each = shown(
        case,
        votes(case, "base", "tuned", loses),
        votes(case, "luna", "tuned", in_blocks(40, 0)),
        votes(case, "luna", "small", loses),
        votes(case, "base", "small", in_blocks(40, 0)),
    )
    assert (each.word, each.favours) == ("decides", "base")


def test_with_several_tuned_options_each_needs_as_many_times_as_much_evidence():
    # 30 of 40: 2^40 / (41 C(40, 30)) = 2^40 / (41 x 847,660,528)
    for tuned, word in ((1, "decides"), (2, "not_enough"), (3, "not_enough")):
        names = ("tuned", "small", "large")[:tuned]
        case = case_with("base", *names)
        found = shown(case, votes(case, "base", "tuned", mixed(30, 10)))
        assert found.e_value == pytest.approx(31.64, abs=0.01)
        assert (found.e_needed, found.word) == (20 * tuned, word)


def mixed(wins: int, losses: int) -> list[str]:
    """So many of each."""
    return in_blocks(0, losses) + in_blocks(wins, 0)


def test_an_option_that_may_not_be_used_is_no_opponent_while_another_has_answered():
    case = case_with("base", "luna", "tuned")
    given = (
        votes(case, "base", "tuned", in_blocks(36, 4)),
        votes(case, "luna", "tuned", in_blocks(4, 36)),
    )
    assert shown(case, *given).favours == "base"
    free = shown(case, *given, barred=("luna",))
    assert (free.favours, free.base_arm, len(free.pairs)) == ("tuned", "base", 1)
    assert shown(case, *given, barred=("base", "luna")).favours == "base"


def test_of_opponents_that_do_as_well_the_cheapest_is_named():
    case = case_with("base", "luna", "tuned")
    given = tuple(votes(case, base, "tuned", in_blocks(36, 4)) for base in ("base", "luna"))
    usd = {"base": Decimal(30), "luna": Decimal(10)}
    assert shown(case, *given, usd=usd).base_arm == "luna"
    assert shown(case, *given, usd={"base": Decimal(1), "luna": Decimal(10)}).base_arm == "base"


def test_a_base_option_nobody_compared_by_this_source_is_no_opponent():
    case = case_with("base", "luna", "tuned")
    found = shown(case, votes(case, "luna", "tuned", in_blocks(36, 4)))
    assert [(p.base_arm, p.source) for p in found.pairs] == [("luna", "votes")]


TALLIES = st.integers(30, 40).flatmap(lambda n: st.integers(0, n).map(lambda won: (won, n - won)))


@settings(max_examples=25)
@given(st.lists(TALLIES, min_size=2, max_size=3))
def test_one_more_opponent_never_makes_a_claim_stronger(tallies):
    names = BASES[: len(tallies)]
    case = case_with(*BASES, "tuned")
    given = [
        votes(case, base, "tuned", in_blocks(*t)) for base, t in zip(names, tallies, strict=True)
    ]
    fewer, all_of = shown(case, *given[:-1]), shown(case, *given)
    assert strength(all_of) <= strength(fewer)
    assert not (all_of.favours == "tuned" and fewer.favours != "tuned")
