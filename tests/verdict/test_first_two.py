"""Winner and runner-up, out of the table of all options, in two sentences."""

from advisor.case.case import RunSettings
from advisor.case.checks import Checks
from advisor.evidence.record import Record
from advisor.report.as_json import decision_json
from advisor.report.report import write_report
from tests import make
from tests.make import decide

from .test_all_options import answered, case_of, chose

TOOK = {"base": 2, "base_examples": 2, "luna": 1, "tuned": 1.5, "small": 1}


def said(decision):
    return write_report(decision).first_two


def test_the_next_one_is_the_toughest_of_those_it_was_held_against():
    case = case_of()
    votes = [
        *chose(case, "base", "tuned", 38, 2),
        *chose(case, "base_examples", "tuned", 37, 3),
        *chose(case, "luna", "tuned", 39, 1),
        *chose(case, "luna", "small", 8, 32),
    ]
    decision = decide(case, Record(answered(case, TOOK), tuple(votes)))
    assert said(decision) == (
        "Of 5 options fine-tuned (tuned) comes first, and base with examples is next.",
        "What separates them: fine-tuned (tuned) was preferred in 37 of 40 clear choices, $24.00 a "
        "month against $18.00 and 1.5 s an answer against 2 s.",
    )
    assert said(decision)[1] in decision_json(decision)


def test_what_is_not_firm_is_ahead_so_far():
    case = case_of()
    votes = [*chose(case, "base", "tuned", 10, 8), *chose(case, "luna", "tuned", 9, 9)]
    found = said(decide(case, Record(answered(case, TOOK), tuple(votes))))
    assert " is ahead so far, and " in found[0]


def test_right_answers_separate_where_answers_can_be_right():
    checks, run = Checks(labels=("yes", "no")), RunSettings(primary_metric="label_accuracy")
    case = case_of(texts=80, label=True, checks=checks, run=run)
    mixed = tuple(
        p.model_copy(update={"reference": "no" if n >= 60 else "yes"})
        for n, p in enumerate(case.prompts)
    )
    case = case.model_copy(update={"prompts": mixed})
    right = {"base": 40, "base_examples": 64, "luna": 50, "tuned": 60, "small": 30}
    decision = decide(case, Record(answered(case, TOOK, right=right), ()))
    rows = {row.option: row.right for row in decision.all_options}
    first, second = said(decision)
    named = decision.evidence.tuned_arm
    if decision.verdict.recommendation == "base":
        named = decision.evidence.base_arm
    best = max(count for option, count in rows.items() if option != named)
    assert f"{rows[named]} right answers of 80 against {best}" in second
    assert first.startswith("Of 5 options ")


def test_nothing_is_said_without_a_test_nor_of_two_options():
    assert said(decide(case_of())) == ()
    two = make.case("brand_voice", texts=40)
    assert said(make.decide(two, Record(outputs=tuple(make.answered(two))))) == ()
