"""Conclusion: what the figures of a run amount to, and why a word was withheld."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from advisor.evidence import guards
from advisor.evidence.guards import Faults, Guards
from advisor.evidence.length import LengthControl
from advisor.evidence.model import Agreement, Evidence, Interval, Word
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.statistics import sign_test

AheadSide = Literal["base", "tuned"]

NO_LONGER_SETTLED = (
    "The run was ended as settled, but with what has come in since it is not: continue it."
)
_NAME: dict[AheadSide, str] = {"tuned": "Fine-tuned", "base": "Base"}
_FEW_CLUSTERS = 20  # below this the cluster-robust error is rough: t, and say so


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures the word rests on beside those of the evidence."""

    difference: Interval | None
    """(wins - losses) / scored with its cluster-aware 95 % interval; None = can't be told."""
    length: LengthControl
    guards: Guards
    longer: bool = False
    """Length may explain who is ahead."""


def choose_word(
    evidence: Evidence, shown: Shown, *, high_error_cost: bool, rules: EvidenceRules
) -> Evidence:
    """The evidence with its word, whom it favours, and the notes that explain it."""
    ahead = evidence.tally.wins - evidence.tally.losses
    side: AheadSide = "tuned" if ahead > 0 else "base"
    evidence = replace(evidence, guards=tuple(guards.sentences(shown.guards)))
    evidence = _noted(evidence, *_about_figures(evidence, shown, rules))
    if evidence.leaked:  # the rest was chosen together with them, and the reader must drop them
        return replace(evidence, word="not_enough")
    found = _of_whole_run(evidence, shown, side, high_error_cost, rules)
    return found if evidence.complete else _of_part(evidence, found)


def _of_part(evidence: Evidence, found: Evidence) -> Evidence:
    """The word of a run that has calls missing; `found` is its word were it whole.

    It decides only if somebody ended it as settled, and only by the e-value, which alone may be
    looked at early: neither "no difference" nor a trade-off is ever found in a part of a run.
    """
    settled = found.word == "decides" and not found.by_overlap
    if evidence.stopped_early and settled:
        return replace(found, complete=True)
    if evidence.stopped_early:
        evidence = replace(_noted(evidence, NO_LONGER_SETTLED), stopped_early=False)
    would = found.favours if settled else None
    return replace(evidence, word="not_enough", would_decide=would)


def _of_whole_run(
    evidence: Evidence, shown: Shown, side: AheadSide, high_error_cost: bool, rules: EvidenceRules
) -> Evidence:
    ahead = evidence.tally.wins != evidence.tally.losses
    if ahead and evidence.e_value is not None and evidence.e_value >= evidence.e_needed:
        withheld = tuple(_withheld(evidence, shown, side, high_error_cost, rules))
        against = tuple(_guards_against(shown, side, rules))
        if not withheld and (against or shown.longer):
            against += tuple(_doubt_by_length(shown, side))
            found = replace(_noted(evidence, *against), length_doubt=shown.longer)
            return replace(found, word="trade_off", favours=side)
        if not withheld:
            return replace(evidence, word="decides", favours=side)
        evidence = _noted(evidence, *withheld)
    if evidence.tally.scored < rules.scored or not _inside(
        evidence.difference, rules.no_difference
    ):
        return replace(evidence, word="not_enough")
    if empty := shown.guards.empty_handed:
        return replace(_noted(evidence, *map(_no_answers, empty)), word="not_enough")
    uneven = tuple(_uneven_guards(shown.guards, evidence.tally.scored, rules))
    word: Word = "trade_off" if uneven else "no_difference"
    return replace(_noted(evidence, *uneven), word=word)


def _noted(evidence: Evidence, *sentences: str) -> Evidence:
    return replace(evidence, notes=evidence.notes + sentences)


def _inside(difference: Interval | None, margin: float) -> bool:
    return difference is not None and -margin < difference.low and difference.high < margin


def _people_chose_the_longer(evidence: Evidence, rules: EvidenceRules) -> bool:
    """Whoever is ahead writes clearly more. Of a judge or an overlap the word itself says so."""
    if evidence.source != "votes":
        return False
    tally, tuned, base = evidence.tally, evidence.tuned_chars, evidence.base_chars
    if evidence.win_rate is None or not tuned or not base or tally.wins == tally.losses:
        return False
    return (tuned / base if tally.wins > tally.losses else base / tuned) >= rules.longer_times


def _about_figures(evidence: Evidence, shown: Shown, rules: EvidenceRules) -> Iterator[str]:
    if _people_chose_the_longer(evidence, rules) and not shown.length.win_rate:
        yield (
            "We can't tell whether longer answers won because they're longer: "
            f"{shown.length.why_not}."
        )
    clusters = evidence.clusters
    if clusters and clusters < min(_FEW_CLUSTERS, evidence.tally.scored):
        yield f"The texts come from only {clusters} cases, so the likely range is wide and rough."


def _withheld(
    evidence: Evidence, shown: Shown, side: AheadSide, high_error_cost: bool, rules: EvidenceRules
) -> Iterator[str]:
    """What keeps a large enough e-value from deciding."""
    scored = evidence.tally.scored
    arm = "tuned" if side == "tuned" else evidence.base_arm
    if arm in shown.guards.empty_handed:
        yield _no_answers(arm)
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


def _no_answers(arm: str) -> str:
    name = "fine-tuned" if arm == "tuned" else "base"
    return f"The {name} answers are the same for every text, or the text itself: no answers."


def _guards_against(shown: Shown, side: AheadSide, rules: EvidenceRules) -> Iterator[str]:
    """Guards that decide for the other side, a sentence each."""
    for faults, does in _counted(shown.guards):
        mine, other = _by_side(faults, side)
        if mine > other and _significant(mine, other, rules):
            yield f"{_NAME[side]} answers better but {does}: {mine} texts against {other}."


def _uneven_guards(guards: Guards, scored: int, rules: EvidenceRules) -> Iterator[str]:
    """Guards by which sides that are preferred equally often are not as good, a sentence each."""
    for faults, does in _counted(guards):
        tuned, base, of = faults.more_by_tuned, faults.more_by_base, scored
        uneven = tuned != base and _significant(tuned, base, rules)
        if faults.asked:  # facts: of all that were asked for, how many are missing
            tuned, base, of = faults.tuned, faults.base, faults.asked
        if tuned == base or not (uneven or abs(tuned - base) >= rules.no_difference * of):
            continue
        worse: AheadSide = "tuned" if tuned > base else "base"
        counts = f"{max(tuned, base):,} against {min(tuned, base):,}"
        what = f"{counts}, of {of:,} facts" if faults.asked else f"{counts} texts"
        yield f"Both are preferred about equally often, but {_NAME[worse].lower()} {does}: {what}."


def _counted(guards: Guards) -> tuple[tuple[Faults, str], ...]:
    """Each guard's counts, and what the side with more of them does."""
    return (
        (guards.refused, "refuses more"),
        (guards.invented, "names more people or numbers that nobody gave it"),
        (guards.left_out, "leaves out more of the facts that must be there"),
    )


def _significant(mine: int, other: int, rules: EvidenceRules) -> bool:
    """An even McNemar table: of the prompts where the two differ, whose are they?"""
    return sign_test(mine, other) <= rules.alpha


def _by_side(faults: Faults, side: AheadSide) -> tuple[int, int]:
    """Prompts with more faults of the side ahead, and of the other."""
    both = (faults.more_by_tuned, faults.more_by_base)
    return both if side == "tuned" else both[::-1]


def _doubt_by_length(shown: Shown, side: AheadSide) -> Iterator[str]:
    if shown.longer:
        yield (
            f"{_NAME[side]} is preferred, but its answers are longer, and where they are not it "
            "does not lead: length may explain it, so ask people."
        )
