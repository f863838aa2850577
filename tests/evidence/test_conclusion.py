"""What the figures amount to, and why a word is withheld."""

import pytest

from advisor.case.brief import Brief
from advisor.evidence.model import Output, Tally, Vote
from advisor.evidence.notes import Note
from tests.evidence.cases import RULES, WHOLE, gather_evidence, in_blocks, shown_by_votes
from tests.make import answer, both, case_of, judgment, prompts

COSTLY = Brief(use_case="domain_summarization", error_cost="high")


@pytest.mark.parametrize(
    ("preferences", "word", "favours"),
    [
        pytest.param(in_blocks(30, 5), "decides", "tuned", id="30 of 35"),
        pytest.param(in_blocks(5, 30), "decides", "base", id="mirrored"),
        pytest.param(in_blocks(20, 0), "not_enough", None, id="all of 20 texts are under 30"),
        pytest.param(in_blocks(17, 13), "not_enough", None, id="17 of 30"),
        pytest.param(in_blocks(0, 0, 30), "no_difference", None, id="30 ties"),
        pytest.param(in_blocks(0, 0, 29), "not_enough", None, id="29 ties are under 30"),
        pytest.param(in_blocks(20, 20, 160), "no_difference", None, id="mostly ties"),
        pytest.param(in_blocks(0, 0, 0, 30), "no_difference", None, id="both bad alike"),
    ],
)
def test_word(preferences, word, favours):
    evidence = shown_by_votes(preferences)
    assert (evidence.word, evidence.favours) == (word, favours)


def test_below_six_clear_choices_there_is_no_statistic():
    evidence = shown_by_votes(in_blocks(5, 0))
    assert evidence.tally == Tally(5, 0, 0)
    assert (evidence.win_rate, evidence.p, evidence.e_value, evidence.difference) == (None,) * 4
    assert shown_by_votes(in_blocks(6, 0)).p == pytest.approx(2 / 64)


def test_no_tuned_arm_is_none_whatever_was_voted():
    case = case_of(40)
    outputs = [answer(p.id, arm) for p in case.prompts for arm in ("base", "base_examples")]
    evidence = gather_evidence(case, outputs, **WHOLE)
    assert (evidence.word, evidence.source, evidence.n_more) == ("none", None, None)


def test_an_incomplete_run_never_decides():
    for preferences in (in_blocks(40, 0), in_blocks(0, 0, 40)):
        evidence = shown_by_votes(preferences, run_complete=False)
        assert (evidence.word, evidence.complete) == ("not_enough", False)
        assert Note("incomplete") in evidence.notes


def test_one_cluster_says_nothing_about_other_cases():
    case = case_of(40, cluster="one document")
    votes = [Vote(p.id, "tuned") for p in case.prompts]
    evidence = gather_evidence(case, both(case), votes, **WHOLE)
    assert evidence.word == "not_enough"
    assert Note("one_case") in evidence.notes


def test_wins_from_a_few_clusters_do_not_decide():
    groups = ["a"] * 30 + ["b"] * 12
    asked = [p.model_copy(update={"cluster": g}) for p, g in zip(prompts(42), groups, strict=True)]
    case = case_of(42).model_copy(update={"prompts": tuple(asked)})
    votes = [Vote(p.id, "tuned" if p.cluster == "a" else "base") for p in asked]
    evidence = gather_evidence(case, both(case), votes, **WHOLE)
    assert evidence.e_value >= 20
    assert evidence.word == "not_enough"
    assert Note("maybe_a_draw") in evidence.notes


# High error cost


def test_a_high_error_cost_asks_for_more_of_both_sides():
    strict = shown_by_votes(in_blocks(30, 10), COSTLY)
    assert strict.e_needed == 100
    assert shown_by_votes(in_blocks(30, 10)).word == "decides"
    assert (strict.word, strict.e_value < 100) == ("not_enough", True)
    assert shown_by_votes(in_blocks(40, 5), COSTLY).favours == "tuned"
    assert shown_by_votes(in_blocks(5, 40), COSTLY).favours == "base"


def test_a_high_error_cost_is_never_decided_without_people():
    case = case_of(45, COSTLY)
    judgments = [judgment(p.id, "tuned") for p in case.prompts]
    evidence = gather_evidence(case, both(case), (), judgments, **WHOLE)
    assert evidence.e_value > 100
    assert evidence.word == "not_enough"
    assert Note("read_by_nobody", (30,)) in evidence.notes


def test_a_high_error_cost_asks_for_enough_votes():
    stricter = RULES.evidence.model_copy(update={"human_checked": 46})
    rules = stricter
    assert shown_by_votes(in_blocks(40, 5), COSTLY, rules=rules).word == "not_enough"
    assert shown_by_votes(in_blocks(40, 6), COSTLY, rules=rules).word == "decides"


# Guards


def with_refusals(by_tuned, by_base, wins=35, losses=5):
    case = case_of(wins + losses + by_tuned + by_base)
    ids = [p.id for p in case.prompts]
    refusals = [Output(p, "tuned", 0, "refused", "") for p in ids[:by_tuned]]
    refusals += [Output(p, "base", 0, "refused", "") for p in ids[by_tuned : by_tuned + by_base]]
    refused = {(o.prompt_id, o.arm) for o in refusals}
    outputs = refusals + [o for o in both(case) if (o.prompt_id, o.arm) not in refused]
    compared = ids[by_tuned + by_base :]
    votes = [Vote(p, w) for p, w in zip(compared, in_blocks(wins, losses), strict=True)]
    return gather_evidence(case, outputs, votes, **WHOLE)


def test_refusals_of_the_better_arm_are_a_trade_off():
    evidence = with_refusals(by_tuned=6, by_base=0)  # p = 2 / 64
    assert (evidence.word, evidence.favours, evidence.refused) == ("trade_off", "tuned", 6)
    assert evidence.tally.scored == 40  # a refusal is never scored
    assert with_refusals(by_tuned=5, by_base=0).word == "decides"  # p = 2 / 32
    assert with_refusals(by_tuned=0, by_base=9).word == "decides"


def test_a_prompt_refused_in_one_of_its_samples_is_not_refused():
    case = case_of(46)
    refused = [Output(p.id, "tuned", 1, "refused", "") for p in case.prompts[:6]]
    votes = [Vote(p.id, w) for p, w in zip(case.prompts, in_blocks(40, 6), strict=True)]
    evidence = gather_evidence(case, both(case) + refused, votes, **WHOLE)
    assert (evidence.word, evidence.refused) == ("decides", 6)
