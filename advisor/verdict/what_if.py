"""What if: the verdict by a reader's own weights and thresholds, beside the real one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from advisor.verdict.decision import Decision, evidence_of
from advisor.verdict.rules import Rules, load_rules
from advisor.verdict.verdict import Verdict


def rules_with(values: Mapping[str, float | None]) -> Rules:
    """The shipped rules with other figures, by key; None leaves a figure as it is."""
    tables: dict[str, Any] = load_rules().model_dump()
    for key, value in values.items():
        section, _, name = key.partition(".")
        if value is not None:
            tables[section] = {**tables[section], name: value}
    return Rules.model_validate(tables)


def verdict_under(decision: Decision, rules: Rules) -> Verdict:
    """The verdict on the same case, run and prices by other rules.

    The texts are weighed anew only where what a test must show has changed.
    """
    facts = replace(decision.facts, rules=rules)
    if rules.evidence != decision.facts.rules.evidence:
        evidence, basis = evidence_of(
            decision.case, decision.record, rules, barred=decision.verdict.ruled_out
        )
        facts = replace(facts, evidence=evidence, basis=basis)
    return facts.verdict()
