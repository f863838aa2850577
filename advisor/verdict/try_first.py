"""Try first: what is cheaper than tuning, was not tried, and may make it unnecessary."""

from collections.abc import Iterator
from typing import Literal

from advisor.case.brief import Brief
from advisor.case.use_cases import UseCase
from advisor.evidence.model import Evidence
from advisor.verdict.rules import Rules
from pricing.cost import Volume

TryFirst = Literal["nothing", "examples", "good_enough", "few_pairs", "facts"]
"""Why tuning can wait: nothing was tried; examples in the instruction were not; the best so far is
good enough; there are too few pairs; facts change faster than the model is trained again."""


def what_to_try_first(
    brief: Brief, row: UseCase, evidence: Evidence, volume: Volume, chance: float, rules: Rules
) -> tuple[TryFirst, ...]:
    """Everything that applies, in the order to do it; () where tuning is probably not right anyway.

    Args:
        brief: the reader's answers; what is not known is no reason.
        row: the use case; where cost is to be cut, the prompt works already.
        evidence: of a test; where a tuned model was in it, it is there.
        volume: retrainings a year; 0 is what nobody has entered.
        chance: that fine-tuning is the right call.
        rules: thresholds.
    """
    if brief.tuned_exists or evidence.word != "none" or row.goal == "cost":
        return ()
    if chance < rules.likelihood.leaning:
        return ()
    return tuple(_reasons(brief, volume, rules))


def _reasons(brief: Brief, volume: Volume, rules: Rules) -> Iterator[TryFirst]:
    if brief.tried == ():
        yield "nothing"
    elif brief.tried is not None and "few_shot" not in brief.tried:
        yield "examples"
    if brief.tried and brief.gap == "good_enough":
        yield "good_enough"
    if brief.training_pairs is not None and brief.training_pairs < rules.try_first.pairs_below:
        yield "few_pairs"
    changes = rules.try_first.changes_per_year.get(brief.fact_change) if brief.fact_change else None
    if changes and 0 < volume.retrainings_per_year < changes:
        yield "facts"
