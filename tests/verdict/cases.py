"""Briefs, costs and verdicts for the tests."""

from datetime import date
from decimal import Decimal

from advisor.case.brief import Brief
from advisor.evidence.model import Evidence
from advisor.verdict.rules import load_rules
from advisor.verdict.verdict import decide
from pricing.cost import BreakEven, Cost, OptionCost, Tokens, Volume

RULES = load_rules()
TODAY = date(2026, 11, 22)
NONE = Evidence("none")


def verdict(brief=None, evidence=NONE, cost=None, access=None, volume=None, **options):
    brief = brief or Brief(use_case="domain_summarization")
    return decide(
        brief, evidence, cost, access, TODAY, volume=volume or Volume(), rules=RULES, **options
    )


def option(total, months=12):
    total = None if total is None else Decimal(total)
    per_month = None if total is None else total / months
    return OptionCost(
        usd_per_request=None,
        usd_per_month=per_month,
        usd_per_month_all_in=per_month,
        training_usd=Decimal(0),
        hosting_usd_per_month=Decimal(0),
        total_usd=total,
        tokens=Tokens(None, None, "given"),
    )


def cost_of(base, tuned, month=None, late=False):
    return Cost(
        arms={"base": option(base), "tuned": option(tuned)},
        months_of_use=Decimal(12),
        break_even=BreakEven(None, month, "not_asked", late),
    )


def say(use_case="domain_summarization", **answers):
    return Brief(use_case=use_case, **answers)


def signal(found, key):
    return next(s for s in found.lean.signals if s.key == key)
