"""How likely fine-tuning is right, and why base stays although it probably is."""

from collections.abc import Iterator
from decimal import Decimal

from advisor.case.case import Case
from advisor.report.firmness import chance_sentence, whose_test
from advisor.verdict.costs import Costs
from advisor.verdict.lean import CostGap
from advisor.verdict.try_first import TryFirst
from advisor.verdict.verdict import Verdict
from advisor.words import chance

TRY_FIRST: dict[TryFirst, str] = {
    "nothing": "try a careful instruction with a few examples first",
    "examples": "try a few examples in the instruction first",
    "good_enough": "what you have is good enough to use",
    "few_pairs": "collect more approved answers first",
    "facts": "look the facts up first, as they change faster than you train",
}
"""What comes before tuning, as a clause."""

AFTER_THAT = {
    "examples": "try a few examples in the instruction",
    "few_pairs": "collect more approved answers",
    "facts": "look the facts up, as they change faster than you train",
}
"""The same as what comes after it; that what you have is good enough comes after nothing."""

IF_IT_FALLS_SHORT: dict[TryFirst, str] = {
    "nothing": "That costs little and may be enough. If it falls short",
    "examples": "That costs little and may be enough. If it falls short",
    "good_enough": "If it is no longer enough",
    "few_pairs": "Once you have them",
    "facts": "If that falls short",
}
"""When tuning is likely the right call, as the beginning of a sentence."""


def too_dear_untested(verdict: Verdict) -> bool:
    """Fine-tuning would be acted on by its chance alone, were it not for what it costs."""
    likely = verdict.likelihood.after >= verdict.rules.likelihood.leaning
    return verdict.rule == "open" and verdict.much_dearer is not None and likely


def _if_it_falls_short(verdict: Verdict) -> str:
    """When tuning is probably right, and what else comes before it."""
    first, *others = verdict.try_first
    then = next((AFTER_THAT[why] for why in others if why in AFTER_THAT), "")
    also = f" After that, {then}." if then else ""
    likely = chance(verdict.likelihood.after)
    return f"{IF_IT_FALLS_SHORT[first]}, fine-tuning is probably the right call: {likely}.{also}"


def likely_and_yet(case: Case, verdict: Verdict, money: Costs) -> Iterator[str]:
    """The chance, with why base stays although fine-tuning is probably right."""
    if verdict.try_first:
        yield _if_it_falls_short(verdict)
        return
    if verdict.much_dearer and too_dear_untested(verdict):
        yield _much_dearer(case, verdict, verdict.much_dearer, money)
        if not verdict.likelihood.tested:
            return
    yield chance_sentence(case, verdict)


def _much_dearer(case: Case, verdict: Verdict, gap: CostGap, money: Costs) -> str:
    """Why base stays although fine-tuning is likely right, as a continuation of the chance."""
    more = money.currency.show(Decimal(str(gap.usd)))
    likely = "" if verdict.likelihood.tested else f" ({chance(verdict.likelihood.after)})"
    shown = (
        f"{whose_test(case)} points both ways. Base stays until you say what counts for more."
        if verdict.evidence.word == "trade_off"
        else "no test has shown that it is worth that. Base stays until one does."
    )
    return (
        f"Fine-tuning is probably the right call{likely}, but it costs {more} more a month and "
        f"{shown}"
    )
