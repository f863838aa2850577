"""The sentences of a report: what each part of a decision says, in the reader's words."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm, Variant
from advisor.evidence.model import Evidence, Interval
from advisor.report import ruled_out
from advisor.report.access import access_reason
from advisor.report.barriers import barrier_words, in_short
from advisor.report.base_options import between_bases
from advisor.report.base_stop import within_months
from advisor.report.claims import preference_claim, share_claim
from advisor.report.firmness import outweighed, whose_test
from advisor.report.gates import gate_words
from advisor.report.judged import judged_by
from advisor.report.judging import judge_changed_its_mind, votes_and_the_judge
from advisor.report.labels import in_a_sentence
from advisor.report.notes import WITHHOLD, note_words, pair_names
from advisor.report.places import cheaper_place
from advisor.report.set_aside import in_place_of, other_way
from advisor.report.signals import pair_words
from advisor.report.training_file import void
from advisor.report.why_base_stays import TRY_FIRST, likely_and_yet, too_dear_untested
from advisor.verdict.all_options import OptionRow
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.verdict.lean import enough_pairs
from advisor.verdict.verdict import Verdict
from advisor.words import count, day, lower_first, percent
from pricing.quotes import Quote

LONGER_BY = 1.2
"""A side this many times as long as the other is said to be longer."""


def option(verdict: Verdict) -> str:
    """The option recommended, as a word."""
    return "Fine-tuned" if verdict.recommendation == "tuned" else "Base"


def headline(case: Case, verdict: Verdict, money: Costs) -> str:
    """The card's first line; of a test that nobody read it says so."""
    said, evidence = _headline(case, verdict, money), verdict.evidence
    if verdict.rule == "blocked" or not evidence.by_overlap:
        return said
    if evidence.unread:
        return f"{said} Nobody has read the answers yet."
    return f"{said} Too few answers have been read yet."


def _headline(case: Case, verdict: Verdict, money: Costs) -> str:
    if said := ruled_out.headline(case, verdict, money):
        return said
    if closed := _closed_at(case, verdict, money):
        return f"Base. Fine-tuning is not possible for you at {closed}."
    if verdict.rule == "blocked":
        return f"Base. {gate_words(verdict.gates[0]).name}."
    if verdict.rule == "base_wins" and verdict.evidence.nothing_left_to_gain:
        return "Base. There is nothing left to gain."
    if verdict.rule == "too_dear":
        return "Base. Fine-tuned answers better, but it doesn't pay for itself."
    if verdict.rule == "level" and verdict.evidence.neither_is_good:
        cheap = "it is the cheaper one" if verdict.recommendation == "tuned" else "it costs no more"
        return f"{option(verdict)}, for want of a good one: neither is good enough; {cheap}."
    if verdict.rule == "level":
        pair = (verdict.evidence.base_arm, verdict.evidence.tuned_arm)
        base, tuned = (_over_the_months(money, arm) for arm in pair)
        if verdict.recommendation == "base" and tuned <= base:
            return "Base. The answers are as good and cost about as much; base is simpler."
        with_people = ", people's time included" if money.people_counted else ""
        return f"{option(verdict)}. The answers are as good, and it costs less{with_people}."
    if verdict.rule in ("base_wins", "tuned_wins"):
        return f"{option(verdict)}."
    if verdict.rule == "try_first":
        return f"Base, for now: {TRY_FIRST[verdict.try_first[0]]}."
    if too_dear_untested(verdict):
        return "Base, for now: fine-tuned must first show that it is worth its price."
    tested = verdict.evidence.word != "none"
    if verdict.rule == "likely" and verdict.likelihood.tested and verdict.firmness == "likely":
        return f"{option(verdict)}."
    if verdict.recommendation == "tuned":
        return "Fine-tuned, not proven yet." if tested else "Fine-tuned, if your own test agrees."
    return "Base, for now."


def _far_from_even(verdict: Verdict) -> bool:
    """The chance alone says which side."""
    leaning = verdict.rules.likelihood.leaning
    return not 1 - leaning < verdict.likelihood.after < leaning


def _over_the_months(money: Costs, arm: str) -> Decimal:
    """What an option costs over the months of use, USD; it is known where the cost decided."""
    known = (option.total_usd for name, option in money.cost.arms.items() if name == arm)
    return next(known, None) or Decimal(0)


def _closed_at(case: Case, verdict: Verdict, money: Costs) -> str:
    """The vendor whose door is shut for this reader, where that is what stops them."""
    quote, access = money.tuned, verdict.access
    if verdict.rule != "blocked" or case.brief.tuned_exists or quote is None or access is None:
        return ""
    return quote.provider_name if access.chosen_open is False else ""


def summary(found: Decision) -> str:
    """What to do and on what it rests, in two or three sentences; and a base model's last day."""
    case, verdict, money = found.case, found.verdict, found.money
    parts = [_what_to_do(case, verdict, money), *ruled_out.sentences(case, verdict, money)]
    if verdict.recommendation == "base":
        months = case.volume.horizon_months
        parts.append(within_months(money, verdict.evidence.base_arm, found.today, months))
    if verdict.rule == "blocked":
        closed = _closed_at(case, verdict, money)
        reason = access_reason(verdict.access.chosen_why) if closed and verdict.access else ""
        told = reason or gate_words(verdict.gates[0]).sentence
        parts.append("" if closed and verdict.evidence.tuned_arm in verdict.ruled_out else told)
        parts.append("This is about access, not quality." if closed else "")
    elif verdict.rule in ("likely", "open") and verdict.evidence.decides_unread:
        parts.append(
            "The test only counted words shared with the approved answers, which settles nothing "
            "by itself."
        )
    elif verdict.rule == "open" and verdict.evidence.word == "no_difference":
        parts.append(
            "The answers are as good, and what both options cost is not known: until it is, the "
            "simpler option stays."
        )
    elif too_dear_untested(verdict):
        pass  # said with the chance
    elif verdict.rule == "open" and verdict.evidence.word != "none":
        parts.append(
            "The test and your answers point different ways, so the simpler option stays: tuning must "
            "earn its cost."
            if outweighed(verdict)
            else "When the test can't tell and your answers lean neither way, the simpler option "
            "stays: tuning must earn its cost."
        )
    elif verdict.rule == "open":
        parts.append("Nothing you answered leans clearly either way: tuning must earn its cost.")
    elif verdict.rule == "likely" and verdict.likelihood.tested:
        test = whose_test(case)
        parts.append(
            f"It follows from {test}, your answers and practice; {test} alone does not settle it."
            if _far_from_even(verdict)
            else f"{test[0].upper()}{test[1:]} took a clear side, and your answers and practice take "
            "the other: so it only leans."
        )
    elif verdict.rule == "likely":
        word, test = verdict.evidence.word, whose_test(case)
        can_tell = f"{test} points both ways" if word == "trade_off" else f"{test} can't tell yet"
        if verdict.evidence.barriers:
            can_tell = f"{test} can't tell, as {in_short(verdict.evidence.barriers[0])}"
        elif word == "none":
            can_tell = "no test has checked it yet"
        parts.append(f"It follows from your answers and from practice; {can_tell}.")
    parts += likely_and_yet(case, verdict, money)
    parts.append(cheaper_place(found))
    parts += _besides(case, verdict)
    return " ".join(part for part in parts if part)


def _besides(case: Case, verdict: Verdict) -> Iterator[str]:
    """What practice says otherwise, which base is meant, and that somebody still reads."""
    if verdict.overrules_matrix:
        usual = "base" if verdict.recommendation == "tuned" else "fine-tuned"
        yield (
            f"Practice usually says {usual} for {lower_first(verdict.use_case.title)}; "
            f"{whose_test(case)} says otherwise, and it counts for more."
        )
    if case.brief.base_kind == "raw" and verdict.recommendation == "tuned":
        yield (
            "The base here is a raw model that was never taught to chat: against a chat model as "
            "sold the answer may turn."
        )
    if case.brief.human_check == "always" and verdict.rule != "blocked":
        yield "Someone still reads every answer."


def _what_to_do(case: Case, verdict: Verdict, money: Costs) -> str:
    if verdict.keep_until:
        until_when = day(verdict.keep_until)
        return f"Keep the fine-tuned model until {until_when} and plan the move to base now."
    if verdict.rule == "none_fits":
        return "Use no option of this case yet."
    tuned = verdict.recommendation == "tuned"
    arm = verdict.evidence.tuned_arm if tuned else verdict.evidence.base_arm
    quote = money.quotes.get(arm)
    named = quote is not None and quote.ref is not None
    if tuned:
        which = f"the {quote.name}" if named and quote else "the fine-tuned model"
        if verdict.firmness == "decided":
            return f"Use {which}."
        if case.brief.tuned_exists:
            return f"Go on with {which}{'' if case.brief.stage == 'tuned_live' else ' on trial'}."
        return f"Plan a pilot with {which.removeprefix('the ')}." if named else "Plan a pilot."
    kind: dict[Variant, str] = {
        "plain": "as it is",
        "examples": "with your examples in its instruction",
        "passages": "with look-up",
        "improved": "with its improved instruction",
    }
    look_up = any(g.key == "G3" for g in verdict.gates)
    how = kind["passages" if look_up else case.variant_of(arm)]
    if case.arms.get(arm, Arm()).recorded and named and quote:
        here = f"{case.arms[arm].model} here, priced as {_priced_as(quote)}"
        return f"Use the base model, {how} ({here})."
    if quote is not None and quote.base_has_stopped:
        instead = quote.base_stop.successor if quote.base_stop else None
        return f"Use {instead or 'another base model'} at {quote.provider_name}, {how}."
    if named and quote:
        return f"Use {quote.name}, {how}."
    several = len(case.bases) > 1
    return f"Use {in_a_sentence(case.name_of(arm))}." if several else f"Use the base model, {how}."


def _priced_as(quote: Quote) -> str:
    """Whose price recorded answers are given: a model that has stopped is never meant silently."""
    if not quote.base_has_stopped or quote.on is None:
        return quote.name
    found = quote.successor(quote.on)
    return f"{quote.name}, which has stopped" if found is None else found.name


def quality(case: Case, evidence: Evidence, rows: Sequence[OptionRow] = ()) -> str:
    """What the test says about quality, with its counts, never a percentage of few.

    Args:
        case: what was asked.
        evidence: what the test shows.
        rows: all options of the decision, for how many answers of each are right.
    """
    if evidence.word == "none" and (evidence.room_left or evidence.between_bases):
        return " ".join(filter(None, (room_left(case, evidence), *between_bases(case, evidence))))
    if evidence.word == "none":
        return f"{_untested(case, evidence)}, so nothing here is about quality."
    tally = evidence.tally
    lacking = " ".join(barrier_words(one, case.names) for one in evidence.barriers)
    if tally.scored == 0 and lacking:
        return lacking
    if tally.scored == 0 and evidence.refused + evidence.failed >= evidence.prompts:
        return "No text has an answer of both options."
    if tally.scored == 0:
        return "Nobody has said yet which answers are preferred: vote, or bring approved answers."
    base, tuned = (in_a_sentence(case.name_of(a)) for a in (evidence.base_arm, evidence.tuned_arm))
    judged = judged_by(evidence, case)
    early = evidence.stopped_early
    parts = [
        right_answers(rows, evidence, base, tuned),
        preference_claim(
            tally,
            evidence.win_rate,
            judged_by=judged,
            measured=evidence.source == "metric",
            base=base,
            challenger=tuned,
            stopped_early=early,
        ),
    ]
    if evidence.leaked:
        parts.append(void(evidence.leaked, evidence.prompts))
    elif withheld := [note for note in evidence.notes if note.kind in WITHHOLD]:
        parts += note_words(*withheld, names=pair_names(case, evidence))
    elif evidence.word == "not_enough" and (evidence.e_value or 0) < evidence.e_needed:
        cases = evidence.clusters is not None and evidence.clusters < tally.scored
        few = "cases" if cases else "texts"
        parts.append(f"Too few {few} to tell; this doesn't mean they are equal.")
    if evidence.word == "no_difference":
        parts.append(no_difference(case, evidence))
    parts.append(in_place_of(evidence) or other_way(evidence))
    parts.append(length(case, evidence))
    if evidence.order_never_swapped:
        parts.append(
            "Some texts were judged in one order only, and judges tend to favour what they read first."
        )
    if evidence.source == "judge":
        parts += [judge_changed_its_mind(evidence), votes_and_the_judge(evidence)]
    parts.append(lacking)
    if not evidence.complete:
        parts.append("The run is not complete.")
    return " ".join(part for part in parts if part)


def right_answers(rows: Sequence[OptionRow], evidence: Evidence, base: str, tuned: str) -> str:
    """How many answers of the two are right; "" = they can't be right or wrong, or aren't known."""
    by_id = {row.option: row for row in rows}
    mine, theirs = by_id.get(evidence.tuned_arm), by_id.get(evidence.base_arm)
    if mine is None or theirs is None or mine.right is None or theirs.right is None:
        return ""
    texts = count(mine.texts, "text")
    return (
        f"{tuned[0].upper()}{tuned[1:]} is right in {mine.right:,} of {texts}, {base} in "
        f"{theirs.right:,}."
    )


def room_left(case: Case, evidence: Evidence) -> str:
    """How many of the base model's answers may go out as they are, and from what share on is enough."""
    left = evidence.room_left
    if left is None:
        return ""
    as_is = Interval(1 - left.value, 1 - left.high, 1 - left.low)
    sent = round(as_is.value * evidence.checked)
    said = share_claim(sent, evidence.checked, as_is, "answers looked at")
    return (
        f"{case.name_of(evidence.base_arm)}: {said} would be sent as they are; the bar is "
        f"{percent(case.brief.target_as_is)}."
    )


def _untested(case: Case, evidence: Evidence) -> str:
    """Why nothing was compared with a fine-tuned model, as a clause."""
    tuned = case.arms.get(evidence.tuned_arm)
    if evidence.compared or evidence.checked:
        return "No text has an answer of a fine-tuned model yet"
    if tuned is not None and tuned.answers:
        return "No test was run yet"
    if case.brief.tuned_exists:
        return "The fine-tuned model's address is not entered here, so it was not compared"
    return "There is no fine-tuned model to compare yet"


def no_difference(case: Case, evidence: Evidence) -> str:
    """How large a difference can still be, out of 100 texts; "" where that is not known."""
    gap = evidence.difference
    if gap is None:
        return ""
    base = in_a_sentence(case.name_of(evidence.base_arm))
    sides = [
        f"{abs(round(at * 100))} more for {'fine-tuned' if at > 0 else base}"
        if round(at * 100)
        else "none"
        for at in (gap.low, gap.high)
    ]
    return f"Any difference is small: out of 100 texts, from {sides[0]} to {sides[1]}."


def length(case: Case, evidence: Evidence) -> str:
    """Length beside a preference; overlap of words rewards it.

    "" where it says nothing: of right answers, or beside one answer to every text.
    """
    ratio = evidence.times_as_long
    right_or_wrong = evidence.source == "metric" and not evidence.by_overlap
    constant = any(note.why == "constant" for note in (*evidence.guards, *evidence.notes))
    if ratio is None or right_or_wrong or constant:
        return ""
    if 1 / LONGER_BY < ratio < LONGER_BY:
        return "Both write about as much."
    names = pair_names(case, evidence)
    longer, times = (names["tuned"], ratio) if ratio > 1 else (names["base"], 1 / ratio)
    rewards = ", which this measure rewards" if evidence.by_overlap else ""
    return f"{longer} writes {times:.1f} times as much{rewards}."


def practice(brief: Brief, verdict: Verdict) -> str:
    """What the matrix row says, and which of the reader's answers turn it."""
    row = verdict.use_case
    says = {"base": "base", "fine_tuned": "fine-tuned", "mixed": "now one, now the other"}
    text = f"{row.title}: practice says {says[row.default]}, with {row.strength} evidence."
    if verdict.lean.met_flips:
        met = [lower_first(flip.text).rstrip(".") for flip in verdict.lean.met_flips]
        return f"{text} Your answers change that: {'; '.join(met)}."
    pairs = next(s for s in verdict.lean.signals if s.key == "training_pairs")
    if row.default == "fine_tuned" and pairs.value is not None and pairs.value < 0:
        enough = enough_pairs(verdict.rules)
        few = f"{pair_words(brief.training_pairs)} are few"
        return f"{text} But {few}: fine-tuning becomes likely from {enough:,} on."
    return text
