"""Which texts a search may use, how they are split, and what is said where they are too few."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.case.checks import Checks
from advisor.case.texts import Prompt
from advisor.runs.improve.plan import (
    LEAST_COMPARED,
    LEAST_TEXTS,
    MOST_HELD_OUT,
    NoSearch,
    may_set_aside,
    plan_search,
    pool_of,
    split,
    with_pairs,
    with_set_aside,
)
from tests.instruction_server import case_of, texts

URL = "http://127.0.0.1:1/v1"


def plan(case, **more):
    return plan_search(case, "base", **{"calls": 100, "usd": Decimal(1)} | more)


def test_twelve_approved_answers_in_all():
    case = case_of(URL, compared=12, aside=0)
    with pytest.raises(NoSearch) as said:
        may_set_aside(case)
    assert str(said.value) == (
        "Improving an instruction takes 20 texts with approved answers that are not compared, and "
        "you have 12 in all; bring 8 more."
    )
    with pytest.raises(NoSearch, match="you have 12 in all; bring 8 more"):
        plan(case)
    enough = case_of(URL, compared=60, aside=4)
    with pytest.raises(NoSearch, match=r"^4 texts with approved answers can be used"):
        plan(enough)


def test_every_approved_answer_is_compared_already():
    with pytest.raises(NoSearch) as said:
        may_set_aside(case_of(URL, compared=35, aside=0))
    assert str(said.value) == (
        "All your 35 approved answers are on texts that are compared, and 30 texts must be left to "
        "compare; bring 15 more texts with approved answers, or a training file."
    )


def test_what_leaves_the_comparison_is_not_compared_and_nothing_is_lost():
    case = case_of(URL, compared=60, aside=0)
    assert may_set_aside(case) == range(20, 31)
    after = with_set_aside(case, 20)
    assert (len(after.prompts), len(after.set_aside)) == (40, 20)
    assert {*after.prompts, *after.set_aside} == {*case.prompts}
    assert with_set_aside(case, 20) == after
    with pytest.raises(NoSearch, match="Set aside 20 to 30 texts; 31 do not fit"):
        with_set_aside(case, 31)


def test_texts_that_belong_together_leave_together():
    case = case_of(URL, compared=60, aside=0)
    pairs = tuple(
        text.model_copy(update={"cluster": f"visit {at // 4}"})
        for at, text in enumerate(case.prompts)
    )
    after = with_set_aside(case.model_copy(update={"prompts": pairs}), 22)
    kept = {text.cluster for text in after.prompts}
    assert kept.isdisjoint({text.cluster for text in after.set_aside})
    assert len(after.set_aside) == 24
    plan_of = plan(after)
    learn, held_out = ({t.cluster for t in part} for part in (plan_of.learn, plan_of.held_out))
    assert learn.isdisjoint(held_out)


def test_pairs_of_a_training_file_count_and_near_doubles_of_compared_texts_do_not():
    case = case_of(URL, compared=30, aside=0)
    fresh = [(text.text, text.reference or "") for text in texts(21, start=500)]
    compared = case.prompts[3].text
    doubled = [(compared, "refund"), (f"{compared} indeed", "refund"), ("  ", "delay")]
    after = with_pairs(case, [*fresh, *doubled, fresh[0]])
    assert len(after.set_aside) == 23
    pool = pool_of(after)
    assert (len(pool.texts), pool.like_compared) == (21, 2)
    assert {*plan(after).texts} == {*pool.texts}
    assert with_pairs(after, fresh) == after


def test_overlap_scores_only_where_the_reader_says_so():
    case = case_of(URL)
    run = case.run.model_copy(update={"primary_metric": "rouge1"})
    case = case.model_copy(update={"run": run, "checks": Checks()})
    with pytest.raises(NoSearch, match="only how much wording is shared"):
        plan(case)
    assert plan(case, scored_by="overlap").scored_by == "overlap"
    with pytest.raises(NoSearch, match="can't be scored like that"):
        plan(case, scored_by="judge")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "tuned"}, "is no base option"),
        ({"endpoint": ""}, "has no address or no model yet"),
        ({"endpoint": "replay:clinic_notes"}, "it can't be asked again"),
    ],
)
def test_an_option_that_can_not_be_asked(change, said):
    case = case_of(URL)
    arm = case.arms["base"].model_copy(update={"kind": "base", **change})
    case = case.model_copy(update={"arms": {"one": arm}})
    with pytest.raises(NoSearch, match=said):
        plan_search(case, "one", calls=100, usd=Decimal(1))


def test_too_few_calls_to_score_what_is_there():
    with pytest.raises(NoSearch, match="12 calls are too few: the instruction as it is takes 12"):
        plan(case_of(URL), calls=12)


@given(
    st.lists(st.one_of(st.none(), st.sampled_from("abcdefgh")), min_size=LEAST_TEXTS, max_size=90),
    st.integers(0, 3),
)
def test_a_split_loses_no_text_and_parts_no_case(clusters, seed):
    pool = [
        Prompt(id=f"t{at}", text=f"Text {at}", reference="x", cluster=cluster)
        for at, cluster in enumerate(clusters)
    ]
    try:
        learn, held_out = split(pool, seed)
    except NoSearch:
        assert len({c for c in clusters if c}) >= 1
        return
    assert sorted(t.id for t in (*learn, *held_out)) == sorted(t.id for t in pool)
    named = [{t.cluster for t in part if t.cluster} for part in (learn, held_out)]
    assert named[0].isdisjoint(named[1])
    if not any(clusters):
        assert len(held_out) == min(len(pool) // 2, MOST_HELD_OUT)


def test_the_least_are_as_asked_for():
    assert (LEAST_TEXTS, LEAST_COMPARED) == (20, 30)
