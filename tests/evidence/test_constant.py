"""Answers that can be right or wrong: an option must be right more often than one fixed answer."""

import pytest

from advisor.case.case import RunSettings
from advisor.case.checks import Checks
from advisor.evidence.model import Output, Vote
from tests.evidence.cases import WHOLE, gather_evidence
from tests.make import case_of

LABELS = ("refund", "repair")


def sorted_by(base, tuned, commonest=30, texts=48, metric="label_accuracy", also=()):
    """Of `texts`, the first `commonest` are refunds; each option is right in so many, from the end."""
    case = case_of(texts)
    right = ["refund" if n < commonest else "repair" for n in range(texts)]
    asked = tuple(
        p.model_copy(update={"reference": label, "other_references": also})
        for p, label in zip(case.prompts, right, strict=True)
    )
    case = case.model_copy(
        update={
            "prompts": asked,
            "checks": Checks(labels=LABELS),
            "run": RunSettings(primary_metric=metric),
        }
    )
    outputs = [
        Output(p.id, arm, 0, "answered", label if n >= texts - hits else "neither")
        for arm, hits in (("base", base), ("tuned", tuned))
        for n, (p, label) in enumerate(zip(asked, right, strict=True))
    ]
    votes = [Vote(p.id, "tuned") for p in asked]
    return gather_evidence(case, outputs, votes, **WHOLE)


@pytest.mark.parametrize(
    ("base", "tuned", "none"),
    [(0, 0, True), (30, 12, True), (31, 0, False), (0, 31, False)],
)
def test_one_right_no_more_often_than_the_commonest_answer_is_not_good_enough(base, tuned, none):
    assert sorted_by(base, tuned).none_beats_a_constant is none


def test_an_answer_that_is_among_those_approved_for_every_text_is_the_commonest():
    assert not sorted_by(31, 0).none_beats_a_constant
    assert sorted_by(31, 0, also=("refund",)).none_beats_a_constant


def test_a_measure_of_shared_words_says_nothing_of_it():
    assert not sorted_by(0, 0, metric="rouge1").none_beats_a_constant


def test_nor_do_a_few_texts():
    assert not sorted_by(0, 0, commonest=20, texts=29).none_beats_a_constant
