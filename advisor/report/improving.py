"""The search for a better instruction in sentences: before it, while it goes on, and what it found."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from advisor.case.case import Case
from advisor.evidence.instruction_search import InstructionSearch, ScoredBy
from advisor.report.judged import measure_words
from advisor.report.labels import in_a_sentence
from advisor.report.model import EvidenceBlock
from advisor.words import count

WHAT_IT_DOES = (
    "A model reads where answers under the instruction fell short, proposes a better one, and each "
    "proposal is scored on texts that it was not made on. None of your compared texts is sent."
)
_SCORED = {
    "checks": "your checks",
    "judge": "the judge, where 0.50 is no better than the first instruction",
}


def what_leaves(case: Case, many: int) -> str:
    """What setting texts aside takes out of the comparison, and what is left."""
    left = len(case.prompts) - many
    return (
        f"{many:,} of your {count(len(case.prompts), 'text')} leave the comparison permanently; "
        f"{left:,} are left to compare."
    )


def what_is_used(case: Case, usable: int, like_compared: int) -> str:
    """Which texts a search uses, of those set aside."""
    said = f"It uses {count(usable, 'text')} set aside; {len(case.prompts):,} are compared."
    if like_compared:
        said += f" {like_compared:,} more can't be used: they are nearly the same as compared ones."
    return said


def who_proposes(case: Case) -> str:
    """Whose model proposes instructions."""
    if case.judge is not None and case.judge.answers:
        return f"New instructions are proposed by the judge's model, {case.judge.model}."
    return "New instructions are proposed by the option's own model, as there is no judge."


def scored_by_words(case: Case, way: ScoredBy) -> str:
    """What an answer is scored by, within a sentence."""
    return _SCORED.get(way) or measure_words(case.run.primary_metric)


def how_it_goes(found: InstructionSearch, case: Case) -> str:
    """How far a search has come, in a sentence or two."""
    spent = f"{found.calls:,} of {found.plan.calls:,} calls, {case.currency.show(found.cost_usd)}."
    if found.found.before is None or found.found.after is None:
        return f"The instruction as it is is being scored. {spent}"
    best = "No better one so far"
    if found.found.instruction is not None:
        best = f"The best so far scores {found.found.after:.2f}"
    return (
        f"{best}; the first one scores {found.found.before:.2f}, on "
        f"{count(len(found.plan.held_out), 'text')} that none was made on. {spent}"
    )


def what_was_found(found: InstructionSearch, case: Case) -> str:
    """What a search has found, as the report says it."""
    name = in_a_sentence(case.name_of(found.plan.option))
    spent = case.currency.show(found.cost_usd)
    within = f"{spent} and {count(found.calls, 'call')}"
    before, after = found.found.before, found.found.after
    if before is None or after is None:
        return f"The search for a better instruction for {name} has found nothing yet ({within})."
    held = count(len(found.plan.held_out), "text")
    if found.found.instruction is None:
        if before >= 1:
            return (
                f"The instruction of {name} is right on all {held} held out: a search found nothing "
                "to improve."
            )
        return (
            f"No better instruction for {name} was found within {within}; the one it has scores "
            f"{before:.2f} by {scored_by_words(case, found.plan.scored_by)}."
        )
    return (
        f"A better instruction for {name} was found for {within}. On {held} that it was not made on "
        f"it scores {after:.2f} of 1 by {scored_by_words(case, found.plan.scored_by)}, the first one "
        f"{before:.2f}. The comparison shows whether it holds."
    )


def with_searches(
    block: EvidenceBlock, case: Case, searches: Sequence[InstructionSearch]
) -> EvidenceBlock:
    """The test's sentences with what the last search for each option has found."""
    last: dict[str, InstructionSearch] = {}
    for one in searches:
        if one.plan.option in case.arms and one.status != "new":
            last.setdefault(one.plan.option, one)
    said = tuple(what_was_found(one, case) for one in last.values())
    return replace(block, sentences=(*block.sentences, *said)) if said else block


def search_value(found: InstructionSearch) -> dict[str, Any]:
    """A search for programs; the instruction found is the owner's, as those of the options are."""
    return {
        "option": found.plan.option,
        "status": found.status,
        "reason": found.stop_reason,
        "scored_by": found.plan.scored_by,
        "texts_learned_on": len(found.plan.learn),
        "texts_held_out": len(found.plan.held_out),
        "score_before": found.found.before,
        "score_after": found.found.after,
        "tried": found.found.tried,
        "calls": found.calls,
        "most_calls": found.plan.calls,
        "cost_usd": found.cost_usd,
        "most_usd": found.plan.usd,
    }
