"""Signals of the lean in words: what was said, and what it counts."""

import math

from advisor.case.brief import Brief
from advisor.case.questions import clause
from advisor.report.model import SignalRow
from advisor.verdict.decision import Decision
from advisor.verdict.lean import CostGap, SignalKey
from advisor.verdict.rules import Rules
from advisor.verdict.verdict import Verdict
from advisor.words import count, percent

SIGNAL_WORDS: dict[str, str] = {
    "use_case": "Use case",
    "training_pairs": "Approved pairs",
    "tried": "Tried before",
    "facts": "Facts",
    "strictness": "Exactness",
    "cost": "Cost",
    "stability": "Stability",
}
_KINDS = {
    "raw": "fine-tuned against a raw model",
    "same_size": "neither against a model of its own size",
}
_SIDES = {"base": "base", "fine_tuned": "fine-tuned", "mixed": "either"}


def signal_rows(found: Decision) -> tuple[SignalRow, ...]:
    """Each signal: its name, what the reader said, weight, value and points."""
    said = said_words(found.facts.brief, found.verdict, found.facts.rules)
    return tuple(
        SignalRow(
            SIGNAL_WORDS[one.key],
            said[one.key] or "not answered",
            one.weight,
            one.value,
            round(one.points, 1),
        )
        for one in found.verdict.lean.signals
    )


def pair_words(pairs: int | None) -> str:
    """How many approved pairs there are: "300 approved pairs"; "" for None."""
    return "" if pairs is None else count(pairs, "approved pair")


def said_words(brief: Brief, verdict: Verdict, rules: Rules) -> dict[SignalKey, str]:
    """What the reader said, in plain words; "" where unknown."""
    lean, row = verdict.lean, verdict.use_case
    says = _KINDS[brief.base_kind] if lean.turned else _SIDES[row.default]
    return {
        "use_case": f"{row.title}: practice says {says}",
        "training_pairs": pair_words(brief.training_pairs),
        "tried": _tried(brief),
        "facts": clause("fact_change", brief.fact_change),
        "strictness": clause("strictness", brief.strictness),
        "cost": _cost(lean.gap, rules.signals.cost.least_usd),
        "stability": clause("task_change", brief.task_change),
    }


def _tried(brief: Brief) -> str:
    if brief.tried is None:
        return ""
    if not brief.tried:
        return "nothing tried yet"
    tried = " and ".join(clause("tried", step) for step in brief.tried) + " tried"
    return f"{tried}, {clause('gap', brief.gap)}" if brief.gap else tried


def _cost(gap: CostGap | None, least: float) -> str:
    if gap is None:
        return ""
    if gap.usd and abs(gap.usd) < least:
        return f"fine-tuned costs {'more' if gap.usd > 0 else 'less'} by under ${least:g} a month"
    if math.isinf(gap.times):
        return "fine-tuned costs money, base nothing"
    if gap.times > 2:
        return f"fine-tuned costs {gap.times:,.0f} times as much a month"
    if gap.tuned == gap.base:
        return "both cost the same a month"
    side = "dearer" if gap.usd > 0 else "cheaper"
    return f"fine-tuned is {percent(abs(gap.times - 1))} {side} a month"
