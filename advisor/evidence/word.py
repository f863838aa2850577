"""Word: what the figures of a run amount to, and why a word was withheld."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from advisor.evidence import guards
from advisor.evidence.guards import Faults, Guards
from advisor.evidence.model import Agreement, Evidence, Interval
from advisor.evidence.stats import LengthControl, sign_test
from advisor.rules import EvidenceRules

Side = Literal["base", "tuned"]

NO_LONGER_SETTLED = (
    "The run was ended as settled, but with what has come in since it is not: continue it."
)
_FEW_CLUSTERS = 20  # below this the cluster-robust error is rough: t, and say so


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures the word rests on beside those of the evidence."""

    difference: Interval | None
    """(wins - losses) / scored with its cluster-aware 95 % interval; None = can't be told."""
    length: LengthControl
    guards: Guards


def choose_word(
    evidence: Evidence, shown: Shown, *, high_error_cost: bool, rules: EvidenceRules
) -> Evidence:
    """The evidence with its word, whom it favours, and the notes that explain it."""
    ahead = evidence.tally.wins - evidence.tally.losses
    side: Side = "tuned" if ahead > 0 else "base"
    evidence = replace(evidence, guards=tuple(guards.sentences(shown.guards)))
    evidence = _noted(evidence, *_about_figures(evidence, shown))
    if evidence.leaked:  # the rest was chosen together with them, and the reader must drop them
        return replace(evidence, word="not_enough")
    found = _of_whole_run(evidence, shown, side, high_error_cost, rules)
    return found if evidence.complete else _of_part(evidence, found)


def _of_part(evidence: Evidence, found: Evidence) -> Evidence:
    """The word of a run that has calls missing; `found` is its word were it whole.

    It decides only if somebody ended it as settled, and only by the e-value, which alone may be
    looked at early: neither "no difference" nor a trade-off is ever found in a part of a run.
    """
    settled = found.word == "decides"
    if evidence.stopped_early and settled:
        return replace(found, complete=True)
    if evidence.stopped_early:
        evidence = replace(_noted(evidence, NO_LONGER_SETTLED), stopped_early=False)
    would = found.favours if settled else None
    return replace(evidence, word="not_enough", would_decide=would)


def _of_whole_run(
    evidence: Evidence, shown: Shown, side: Side, high_error_cost: bool, rules: EvidenceRules
) -> Evidence:
    ahead = evidence.tally.wins != evidence.tally.losses
    if ahead and evidence.e_value is not None and evidence.e_value >= evidence.e_needed:
        withheld = tuple(_withheld(evidence, shown, side, high_error_cost, rules))
        against = tuple(_guards_against(shown, side, rules))
        if not withheld and against:
            return replace(_noted(evidence, *against), word="trade_off", favours=side)
        withheld += tuple(_doubt_by_length(shown, side))
        if not withheld:
            return replace(evidence, word="decides", favours=side)
        evidence = _noted(evidence, *withheld)
    if evidence.tally.scored >= rules.scored and _inside(evidence.difference, rules.no_difference):
        return replace(evidence, word="no_difference")
    return replace(evidence, word="not_enough")


def _noted(evidence: Evidence, *sentences: str) -> Evidence:
    return replace(evidence, notes=evidence.notes + sentences)


def _inside(difference: Interval | None, margin: float) -> bool:
    return difference is not None and -margin < difference.low and difference.high < margin


def _about_figures(evidence: Evidence, shown: Shown) -> Iterator[str]:
    if evidence.win_rate and not shown.length.win_rate:
        yield f"The effect of length can't be taken out: {shown.length.why_not}."
    clusters = evidence.clusters
    if clusters and clusters < min(_FEW_CLUSTERS, evidence.tally.scored):
        yield f"The texts come from only {clusters} cases, so the likely range is wide and rough."


def _withheld(
    evidence: Evidence, shown: Shown, side: Side, high_error_cost: bool, rules: EvidenceRules
) -> Iterator[str]:
    """What keeps a large enough e-value from deciding."""
    scored = evidence.tally.scored
    arm = "tuned" if side == "tuned" else evidence.base_arm
    if arm in shown.guards.empty_handed:
        name = "fine-tuned" if side == "tuned" else "base"
        yield f"The {name} answers are the same for every text, or the text itself: no answers."
    if scored < rules.scored:
        yield f"It takes at least {rules.scored:,} compared texts to decide; there are {scored:,}."
    if shown.difference is None:
        yield "All texts belong to one case, so they say nothing about other cases."
    elif shown.difference.low <= 0 <= shown.difference.high:
        yield "Texts of the same case go together, and the likely range still includes a draw."
    if high_error_cost and evidence.source == "judge" and human_checked(evidence.agreement, rules):
        pass
    elif high_error_cost and evidence.source != "votes":
        yield (
            "A wrong answer is costly here, and no person has checked this test: "
            f"let people vote on at least {rules.human_checked} texts."
        )
    elif high_error_cost and scored < rules.human_checked:
        yield f"A wrong answer is costly here: people must vote on {rules.human_checked} texts."


def human_checked(agreement: Agreement | None, rules: EvidenceRules) -> bool:
    """People have scored enough of what a judge has, and agree with it."""
    return (
        agreement is not None
        and agreement.of >= rules.human_checked
        and agreement.kappa.value >= rules.kappa_least
    )


def _guards_against(shown: Shown, side: Side, rules: EvidenceRules) -> Iterator[str]:
    """Guards that decide for the other side, a sentence each."""
    name = "Fine-tuned" if side == "tuned" else "Base"
    for faults, does in (
        (shown.guards.refused, "refuses more"),
        (shown.guards.invented, "names more people or numbers that nobody gave it"),
        (shown.guards.left_out, "leaves out more of the facts that must be there"),
    ):
        mine, other = _by_side(faults, side)
        # An even McNemar table: of the prompts where the two differ, whose are they?
        if mine > other and sign_test(mine, other) <= rules.alpha:
            yield f"{name} answers better but {does}: {mine} texts against {other}."
    adjusted = shown.length.win_rate
    if adjusted and (adjusted.high < 0.5 if side == "tuned" else adjusted.low > 0.5):
        yield "At equal length the other option is preferred: the difference is one of length."


def _by_side(faults: Faults, side: Side) -> tuple[int, int]:
    """Prompts with more faults of the side ahead, and of the other."""
    both = (faults.more_by_tuned, faults.more_by_base)
    return both if side == "tuned" else both[::-1]


def _doubt_by_length(shown: Shown, side: Side) -> Iterator[str]:
    adjusted = shown.length.win_rate
    if adjusted and (adjusted.value <= 0.5 if side == "tuned" else adjusted.value >= 0.5):
        yield "At equal length the preference is gone, so length may explain it."
