"""Conclusion: what the figures of a run amount to, and why a word was withheld."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from advisor.case.options import OptionId
from advisor.evidence import guards
from advisor.evidence.guards import Faults, Guards
from advisor.evidence.length import LengthControl
from advisor.evidence.model import Agreement, Evidence, Interval, Word
from advisor.evidence.notes import Guard, Note, Side
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.statistics import sign_test

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
    votes_to_come: int = 0
    """Texts that people still have to vote on."""
    together_known: bool = True
    """It is known whether texts belong together."""
    cases_agree: bool = True
    """The mean over cases and the mean over texts favour the same side."""
    unfinished: int = 0
    """Cases with a text whose preference is still to come; they don't count yet."""


def choose_word(
    evidence: Evidence, shown: Shown, *, high_error_cost: bool, rules: EvidenceRules
) -> Evidence:
    """The evidence with its word, whom it favours, and the notes that explain it."""
    ahead = evidence.tally.wins - evidence.tally.losses
    side: Side = "tuned" if ahead > 0 else "base"
    evidence = replace(evidence, guards=tuple(guards.notes(shown.guards)))
    evidence = _noted(evidence, *_about_figures(evidence, shown, rules))
    if evidence.barriers:
        return replace(evidence, word="not_enough")
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
        evidence = replace(_noted(evidence, Note("no_longer_settled")), stopped_early=False)
    would = found.favours if settled else None
    return replace(evidence, word="not_enough", would_decide=would)


def _of_whole_run(
    evidence: Evidence, shown: Shown, side: Side, high_error_cost: bool, rules: EvidenceRules
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
    if evidence.tally.scored < rules.scored or not _inside(evidence.difference, evidence.margin):
        return replace(evidence, word="not_enough")
    not_yet = (*_too_little_known(evidence, shown, rules), *_not_to_look_yet(evidence, shown))
    if not_yet:
        return replace(_noted(evidence, *not_yet), word="not_enough")
    if shown.guards.empty_handed:
        return replace(evidence, word="not_enough")
    uneven = tuple(_uneven_guards(shown.guards, evidence, rules))
    word: Word = "trade_off" if uneven else "no_difference"
    return replace(_noted(evidence, *uneven), word=word)


def _noted(evidence: Evidence, *notes: Note) -> Evidence:
    return replace(evidence, notes=tuple(dict.fromkeys(evidence.notes + notes)))


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


def _about_figures(evidence: Evidence, shown: Shown, rules: EvidenceRules) -> Iterator[Note]:
    if _people_chose_the_longer(evidence, rules) and not shown.length.win_rate:
        few = (rules.length_choices,) if shown.length.why_not == "few_choices" else ()
        yield Note("length_untold", few, why=shown.length.why_not)
    if shown.unfinished:
        yield Note("cases_unfinished", (shown.unfinished,))
    for arm in shown.guards.empty_handed:
        yield _no_answers(evidence, shown, arm)
    clusters = evidence.clusters
    if clusters and clusters < min(_FEW_CLUSTERS, evidence.tally.scored):
        yield Note("few_cases", (clusters,))


def _withheld(
    evidence: Evidence, shown: Shown, side: Side, high_error_cost: bool, rules: EvidenceRules
) -> Iterator[Note]:
    """What keeps a large enough e-value from deciding."""
    scored = evidence.tally.scored
    arm = evidence.tuned_arm if side == "tuned" else evidence.base_arm
    if arm in shown.guards.empty_handed:
        yield _no_answers(evidence, shown, arm)
    if scored < rules.scored:
        yield Note("too_few_texts", (rules.scored, scored))
    yield from _too_little_known(evidence, shown, rules)
    if shown.difference is None:
        yield Note("one_case")
    elif shown.difference.low <= 0 <= shown.difference.high:
        yield Note("maybe_a_draw")
    if high_error_cost and evidence.source == "judge" and human_checked(evidence.agreement, rules):
        pass
    elif high_error_cost and evidence.source != "votes":
        yield Note("read_by_nobody", (rules.human_checked,))
    elif high_error_cost and scored < rules.human_checked:
        yield Note("too_few_votes", (rules.human_checked,))


def _too_little_known(evidence: Evidence, shown: Shown, rules: EvidenceRules) -> Iterator[Note]:
    """What keeps a test from being decided either way: how its texts belong together, and readers
    who have only begun."""
    if not shown.together_known:
        yield Note("together_unknown")
    if evidence.clusters is not None and evidence.clusters < rules.cases:
        yield Note("too_few_cases", (evidence.clusters, rules.cases))
    if not shown.cases_agree:
        yield Note("cases_apart")
    if evidence.few_votes:
        yield Note("readers_first", (rules.clear_choices,))


def _not_to_look_yet(evidence: Evidence, shown: Shown) -> Iterator[Note]:
    """Why this is no moment to say that the sides are level, which no early look is covered for."""
    if shown.votes_to_come:
        yield Note("votes_to_come", (shown.votes_to_come,))
    if evidence.tally.scored < 2 * evidence.looked_at:
        yield Note("second_look", (2 * evidence.looked_at,))


def human_checked(agreement: Agreement | None, rules: EvidenceRules) -> bool:
    """People have scored enough of what a judge has, and agree with it."""
    return (
        agreement is not None
        and agreement.of >= rules.human_checked
        and agreement.kappa.value >= rules.kappa_least
    )


def _no_answers(evidence: Evidence, shown: Shown, arm: OptionId) -> Note:
    side: Side = "tuned" if arm == evidence.tuned_arm else "base"
    return Note("no_answers", side=side, why=shown.guards.empty_handed[arm])


def _guards_against(shown: Shown, side: Side, rules: EvidenceRules) -> Iterator[Note]:
    """Guards that decide for the other side."""
    for guard, faults in _counted(shown.guards):
        mine, other = _by_side(faults, side)
        if mine > other and _significant(mine, other, rules):
            yield Note("worse_by_guard", (mine, other), side, guard)


def _uneven_guards(guards: Guards, evidence: Evidence, rules: EvidenceRules) -> Iterator[Note]:
    """Guards by which sides that are preferred equally often are not as good."""
    for guard, faults in _counted(guards):
        tuned, base, of = faults.more_by_tuned, faults.more_by_base, evidence.tally.scored
        uneven = tuned != base and _significant(tuned, base, rules)
        if faults.asked:  # facts: of all that were asked for, how many are missing
            tuned, base, of = faults.tuned, faults.base, faults.asked
        if tuned == base or not (uneven or abs(tuned - base) >= evidence.margin * of):
            continue
        worse: Side = "tuned" if tuned > base else "base"
        facts = (of,) if faults.asked else ()
        yield Note("level_but_worse", (max(tuned, base), min(tuned, base), *facts), worse, guard)


def _counted(guards: Guards) -> tuple[tuple[Guard, Faults], ...]:
    """Each guard with its counts."""
    return (
        ("refused", guards.refused),
        ("invented", guards.invented),
        ("left_out", guards.left_out),
    )


def _significant(mine: int, other: int, rules: EvidenceRules) -> bool:
    """An even McNemar table: of the prompts where the two differ, whose are they?"""
    return sign_test(mine, other) <= rules.alpha


def _by_side(faults: Faults, side: Side) -> tuple[int, int]:
    """Prompts with more faults of the side ahead, and of the other."""
    both = (faults.more_by_tuned, faults.more_by_base)
    return both if side == "tuned" else both[::-1]


def _doubt_by_length(shown: Shown, side: Side) -> Iterator[Note]:
    if shown.longer:
        yield Note("longer_answers", side=side)
