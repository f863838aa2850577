"""What the figures amount to, and why a word is withheld."""

import pytest

from advisor.case.brief import Brief
from advisor.evidence.model import Output, Tally, Vote
from advisor.evidence.notes import Note
from tests.evidence.cases import RULES, WHOLE, gather_evidence, in_blocks, shown_by_votes
from tests.make import CHATBOT, answer, both, case_of, judgment, prompts

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


def test_level_is_looked_for_once_when_all_texts_are_voted_on():
    case = case_of(60)
    some = [Vote(p.id, "tie") for p in case.prompts[:59]]
    evidence = gather_evidence(case, both(case), some, **WHOLE)
    assert (evidence.word, Note("votes_to_come", (1,)) in evidence.notes) == ("not_enough", True)
    whole = [Vote(p.id, "tie") for p in case.prompts]
    assert gather_evidence(case, both(case), whole, **WHOLE).word == "no_difference"
    # What decides is covered however early one looks.
    won = [Vote(p.id, "tuned") for p in case.prompts[:40]]
    assert gather_evidence(case, both(case), won, **WHOLE).word == "decides"


@pytest.mark.parametrize(
    ("first", "texts", "word", "note"),
    [
        pytest.param(40, 40, "no_difference", None, id="nothing was added"),
        pytest.param(40, 79, "not_enough", Note("second_look", (80,)), id="under twice as many"),
        pytest.param(40, 80, "no_difference", None, id="twice as many"),
        pytest.param(29, 40, "no_difference", None, id="there was nothing to look at before"),
    ],
)
def test_a_second_look_takes_twice_the_texts(first, texts, word, note):
    case = case_of(texts)
    votes = [Vote(p.id, "tie") for p in case.prompts]
    before = {p.id for p in case.prompts[:first]}
    evidence = gather_evidence(case, both(case), votes, **WHOLE, first_texts=before)
    assert evidence.word == word
    assert note is None or note in evidence.notes


def test_a_second_look_has_half_the_alpha():
    case = case_of(80)
    votes = [Vote(p.id, s) for p, s in zip(case.prompts, in_blocks(15, 11, 54), strict=True)]
    before = {p.id for p in case.prompts[:40]}
    once = gather_evidence(case, both(case), votes, **WHOLE).difference
    twice = gather_evidence(case, both(case), votes, **WHOLE, first_texts=before).difference
    # By hand: 0.05 on the mean; t of 81 degrees at 0.95 is 1.664, at 0.975 it is 1.990.
    assert (twice.high - twice.low) / (once.high - once.low) == pytest.approx(1.990 / 1.664, 1e-3)


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


def of_cases(sizes, said):
    """Cases of so many texts; `said` gives what each text of a case is."""
    groups = [f"c{i:02}" for i, size in enumerate(sizes) for _ in range(size)]
    texts = [
        p.model_copy(update={"cluster": g})
        for p, g in zip(prompts(len(groups)), groups, strict=True)
    ]
    case = case_of(len(groups)).model_copy(update={"prompts": tuple(texts)})
    return case, [Vote(p.id, said(int(p.cluster[1:]))) for p in texts]


def test_one_case_says_nothing_about_others():
    case, votes = of_cases([40], lambda _: "tuned")
    evidence = gather_evidence(case, both(case), votes, **WHOLE)
    assert (evidence.word, evidence.clusters) == ("not_enough", 1)
    assert evidence.e_value == 1.0  # one case, however many texts


@pytest.mark.parametrize(("cases", "decides"), [(7, False), (8, True), (30, True)])
def test_below_eight_cases_nothing_is_decided(cases, decides):
    case, votes = of_cases([6] * cases, lambda _: "tuned")
    evidence = gather_evidence(case, both(case), votes, **WHOLE)
    assert evidence.clusters == cases
    assert (evidence.word == "decides") is decides
    assert (Note("too_few_cases", (cases, 8)) in evidence.notes) is False or not decides


def test_seven_cases_of_ties_are_not_level_either():
    case, votes = of_cases([10] * 7, lambda _: "tie")
    assert gather_evidence(case, both(case), votes, **WHOLE).word == "not_enough"
    case, votes = of_cases([10] * 8, lambda _: "tie")
    assert gather_evidence(case, both(case), votes, **WHOLE).word == "no_difference"


def test_cases_that_point_the_other_way_than_texts_decide_nothing():
    # Two cases of 40 for base; 14 of two for fine-tuned: texts 80 : 28, cases 2 : 14.
    case, votes = of_cases([40, 40, *[2] * 14], lambda c: "base" if c < 2 else "tuned")
    evidence = gather_evidence(case, both(case), votes, **WHOLE)
    assert evidence.tally.losses > evidence.tally.wins
    assert evidence.word == "not_enough"
    # Without the two large ones the 14 alone would have decided.
    assert evidence.e_value < evidence.e_needed or Note("cases_apart") in evidence.notes


def test_a_case_counts_once_all_of_it_is_in():
    case, votes = of_cases([5] * 12, lambda _: "tuned")
    missing_one = [vote for vote in votes if vote.prompt_id != case.prompts[0].id]
    evidence = gather_evidence(case, both(case), missing_one, **WHOLE)
    assert (evidence.clusters, evidence.tally.scored) == (11, 59)
    assert Note("cases_unfinished", (1,)) in evidence.notes
    assert evidence.e_value == pytest.approx(2**11 / 12)


def test_a_refusal_is_awaited_by_nobody():
    case, votes = of_cases([5] * 12, lambda _: "tuned")
    first = case.prompts[0].id
    outputs = [o for o in both(case) if (o.prompt_id, o.arm) != (first, "tuned")]
    outputs.append(Output(first, "tuned", 0, "refused", ""))
    evidence = gather_evidence(case, outputs, votes[1:], **WHOLE)
    assert evidence.clusters == 12


@pytest.mark.parametrize(
    ("together", "cluster", "word"),
    [
        pytest.param(None, None, "not_enough", id="nobody said"),
        pytest.param(True, None, "not_enough", id="they do, and which is not said"),
        pytest.param(False, None, "decides", id="they do not"),
        pytest.param(None, "each", "decides", id="their cases say it"),
    ],
)
def test_whether_texts_belong_together_has_to_be_known(together, cluster, word):
    case = case_of(40)
    brief = case.brief.model_copy(update={"together": together})
    texts = tuple(p.model_copy(update={"cluster": cluster and p.id}) for p in case.prompts)
    case = case.model_copy(update={"brief": brief, "prompts": texts})
    for said in ("tuned", "tie"):
        votes = [Vote(p.id, said) for p in texts]
        evidence = gather_evidence(case, both(case), votes, **WHOLE)
        expected = word if said == "tuned" or word == "not_enough" else "no_difference"
        assert evidence.word == expected
        assert (Note("together_unknown") in evidence.notes) is (word == "not_enough")


@pytest.mark.parametrize(
    ("margin", "cost", "word"),
    [
        (None, None, "no_difference"),
        (0.15, "high", "no_difference"),
        (None, "high", "not_enough"),  # 0.10 is offered there
        (0.05, None, "not_enough"),
    ],
)
def test_the_margin_is_the_readers_own(margin, cost, word):
    # 10 : 10 of 80: s^2 = 22 / 81, so 1.66 x sqrt(22 / 81 / 82) = 0.096 and a win more 0.109
    brief = CHATBOT.model_copy(update={"margin": margin, "error_cost": cost})
    assert shown_by_votes(in_blocks(11, 10, 59), brief).word == word


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
