"""Pending: preferences that a test still waits for, and whether it was looked at before."""

from collections.abc import Collection, Mapping

from advisor.case.case import Case
from advisor.evidence.answers import Answers
from advisor.evidence.model import Preference, PreferenceSource
from advisor.evidence.pairs import Pair
from advisor.evidence.rules import EvidenceRules


def awaited(
    case: Case,
    answers: Answers,
    pair: Pair,
    preferences: Mapping[str, Preference],
    source: PreferenceSource,
) -> frozenset[str]:
    """Prompts of a case whose preference is still to come: the case counts once all of it is in.

    Of a judge or a measure nothing more comes where both answers are in: what it can't read stays so.
    """
    asked = {(output.arm, output.prompt_id) for output in answers.outputs}
    return frozenset(
        p.id
        for p in case.prompts
        if p.cluster is not None
        and p.id not in preferences
        and (
            source == "votes"
            if answers.has(p.id, *pair)
            else not all((option, p.id) in asked for option in pair)
        )
    )


def votes_to_come(
    case: Case,
    answers: Answers,
    pair: Pair,
    preferences: Mapping[str, Preference],
    source: PreferenceSource,
) -> int:
    """Prompts with both answers that nobody has voted on yet, where people are the source."""
    if source != "votes":
        return 0
    return sum(p.id not in preferences and answers.has(p.id, *pair) for p in case.prompts)


def looked_at(case: Case, first_texts: Collection[str], rules: EvidenceRules) -> int:
    """How many prompts there were at the first look for "no difference"; 0 = this is the first."""
    added = any(prompt.id not in first_texts for prompt in case.prompts)
    return len(first_texts) if added and len(first_texts) >= rules.scored else 0
