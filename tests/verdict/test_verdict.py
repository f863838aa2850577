import tomllib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from advisor.case.options import kind_by_name
from advisor.evidence.model import Evidence, Tally
from advisor.verdict.bounds import Site, Sites
from advisor.verdict.verdict import Rule
from pricing.cost import Cost, Volume

from .cases import NONE, TODAY, cost_of, option, say, verdict

# The table, as tests/cases/precedence.toml says it

CASES = Path(__file__).parent.parent / "cases"
TUNED, BASE = Evidence("decides", favours="tuned"), Evidence("decides", favours="base")
LEVEL = Evidence("no_difference")


ROWS = tomllib.loads((CASES / "precedence.toml").read_text("utf-8"))["row"]
SITES = {
    "own": Sites(answers=Site("10.0.0.5", "own")),
    "vendor": Sites(bought=Site("OpenAI", "vendor", "openai")),
}


def shown(tally=(0, 0, 0), **figures):
    return Evidence(tally=Tally(*tally), **figures)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['rule']}: {row['when']}")
def test_the_first_rule_that_applies_gives_the_verdict(row):
    stops = row.get("stops_in_days")
    found = verdict(
        say(row.get("use_case", "domain_summarization"), **row.get("brief", {})),
        shown(**row.get("evidence", {"word": "none"})),
        cost_of(**row["cost"]) if "cost" in row else None,
        volume=Volume(**row.get("volume", {})),
        tuned_stops_on=None if stops is None else TODAY + timedelta(days=stops),
        sites={
            arm: replace(SITES[place], kind=kind_by_name(arm))
            for arm, place in row.get("texts_go_to", {}).items()
        },
    )
    assert (found.rule, [found.recommendation, found.firmness]) == (row["rule"], row["verdict"])
    by = "cost" if found.rule in ("too_dear", "level") else "test"
    assert found.by == (by if found.firmness == "decided" else None)


def test_the_table_follows_the_order_of_the_rules():
    assert tuple(dict.fromkeys(row["rule"] for row in ROWS)) == get_args(Rule)


def test_the_cost_is_held_against_the_base_arm_of_the_test():
    cost = cost_of(100, 150)
    cost = Cost({**cost.arms, "base_examples": option(200)}, Decimal(12), None)
    level = Evidence("no_difference", base_arm="base_examples")
    assert verdict(evidence=level, cost=cost).recommendation == "tuned"
    assert verdict(evidence=LEVEL, cost=cost).recommendation == "base"


@pytest.mark.parametrize(
    ("use_case", "evidence", "overrules"),
    [
        ("general_chatbots", TUNED, True),
        ("general_chatbots", BASE, False),
        ("brand_voice", BASE, True),
        ("brand_voice", TUNED, False),
        ("translation", TUNED, False),
        ("general_chatbots", NONE, False),
    ],
)
def test_overrules_the_matrix(use_case, evidence, overrules):
    assert verdict(say(use_case), evidence).overrules_matrix is overrules


def test_a_high_error_cost_is_no_argument_for_either():
    plain, costly = verdict(say()), verdict(say(error_cost="high"))
    assert plain.lean.score == costly.lean.score
