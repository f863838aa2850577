"""Two decisions side by side."""

from dataclasses import replace
from functools import cache

import pytest

from advisor.case.case_file import load_sample
from advisor.report.differences import SAME, differences
from advisor.report.model import Report
from advisor.report.report import write_report
from tests.make import decide


@cache
def clinic() -> Report:
    return write_report(decide(load_sample("clinic_notes")))


def words(second, first=None) -> dict[str, str]:
    return {row.topic: row.words for row in differences(first or clinic(), second)}


def test_a_decision_is_the_same_as_itself():
    assert set(words(clinic()).values()) == {SAME}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("rule_of_thumb", "decided", "firmer"),
        ("leaning", "likely", "firmer"),
        ("decided", "leaning", "less firm"),
        ("blocked", "decided", "for another reason"),
    ],
)
def test_how_firm(first, second, said):
    one = replace(clinic(), firmness=first, firmness_label=first)
    assert words(replace(clinic(), firmness=second, firmness_label=second), one)["How firm"] == said


def test_money_and_counts_say_how_much_more():
    costs = tuple(
        replace(row, all_in_month_usd=(row.all_in_month_usd or 0) + 120, all_in_month="x")
        if row.arm == "base"
        else replace(row, all_in_month_usd=None)
        for row in clinic().costs
    )
    evidence = replace(clinic().evidence, base_wins=clinic().evidence.base_wins + 3)
    found = words(replace(clinic(), costs=costs, evidence=evidence, headline="Fine-tuned."))
    assert found["Verdict"] == "another verdict"
    assert found["Base, a month"] == "$120 a month more"
    assert found["Fine-tuned, a month"] == "not known in one"
    assert found["Texts for base"] == "3 texts more"


def test_an_option_of_one_only_and_an_assumption_that_differs():
    fewer = replace(clinic(), costs=clinic().costs[:1], assumptions=(("Texts a month", "7"),))
    found = words(fewer)
    assert found[f"{clinic().costs[1].option}, a month"] == "only in the first"
    assert found["Texts a month"] == "differs"
    assert words(clinic(), fewer)[f"{clinic().costs[1].option}, a month"] == "only in the second"
