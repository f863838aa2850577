"""The report's test in rows: the counts, the analyst's figures, texts with both answers."""

from collections.abc import Iterable

from advisor.case.case import Case
from advisor.case.conversation import as_read
from advisor.evidence.model import (
    Agreement,
    Evidence,
    FlipRate,
    Interval,
    Preference,
    PreferenceSource,
)
from advisor.evidence.notes import Note
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.weigh import level_alpha
from advisor.report import sentences as say
from advisor.report.barriers import barrier_words
from advisor.report.base_options import between_bases
from advisor.report.judged import judged_by
from advisor.report.judging import family_warning, votes_and_the_judge
from advisor.report.labels import in_a_sentence
from advisor.report.model import EvidenceBlock, Excerpt
from advisor.report.notes import WITHHOLD, note_words, pair_names
from advisor.verdict.verdict import Verdict
from advisor.verdict.whole_text import QuotedText
from advisor.words import count, listed, percent, share

EXCERPT_CHARS = 500
_CHOSEN: dict[Preference, str] = {
    "tuned": "chose fine-tuned",
    "base": "chose base",
    "tie": "no difference",
    "both_bad": "neither",
}
_MEASURED: dict[Preference, str] = {
    **_CHOSEN,
    "tuned": "fine-tuned ahead",
    "base": "base ahead",
}


def preference_words(found: Preference | None, source: PreferenceSource | None) -> str:
    """What came of one text: people and judges choose, and by a measure one side is ahead."""
    if found is None:
        return "not compared"
    return (_MEASURED if source == "metric" else _CHOSEN)[found]


def evidence_block(case: Case, verdict: Verdict) -> EvidenceBlock:
    """The test in counts, sentences and the analyst's figures."""
    evidence = verdict.evidence
    tally = evidence.tally
    texts = evidence.compared or evidence.checked
    if evidence.word == "none" and not texts:
        heading = "No test was run yet"
    elif case.recorded:
        heading = f"The sample's test: {count(texts, 'text')}"
    else:
        heading = f"Your own test: {count(texts, 'text')}"
    return EvidenceBlock(
        heading=heading,
        sentences=(
            *_how(case, evidence),
            *(barrier_words(one, case.names) for one in evidence.barriers),
            *note_words(
                *evidence.guards, *said_nowhere_else(evidence), names=pair_names(case, evidence)
            ),
        ),
        base_wins=tally.losses,
        ties=tally.ties + tally.both_bad,
        tuned_wins=tally.wins,
        judged_by=judged_by(evidence, case) if evidence.source else "nobody yet",
        analyst=_analyst(evidence, verdict.rules.evidence),
    )


def said_nowhere_else(evidence: Evidence) -> list[Note]:
    """The notes that do not stand under "Why" already."""
    told = WITHHOLD if evidence.tally.scored and not evidence.leaked else ()
    return [note for note in evidence.notes if note.kind not in told]


def given_answers(case: Case) -> str | None:
    """Whose answers came with the texts, in a sentence; None = every option was asked here."""
    given = [option for option, arm in case.arms.items() if arm.given]
    if not given:
        return None
    if len(given) == len([arm for arm in case.arms.values() if arm.answers]):
        return "The answers came with the texts; no model was asked here."
    named = listed([in_a_sentence(case.name_of(option)) for option in given])
    return f"The answers of {named} came with the texts; the other options were asked here."


def _how(case: Case, evidence: Evidence) -> tuple[str, ...]:
    """How the test was made; what it says stands under "Why"."""
    if evidence.word == "none":
        left = say.room_left(case, evidence)
        return tuple(filter(None, (left, *between_bases(case, evidence))))
    parts = [case.sample_of] if case.sample_of else []
    if came := given_answers(case):
        parts.append(came)
    if evidence.source is not None:
        judged = judged_by(evidence, case)
        parts.append(f"Both options answered the same texts, compared by {judged}.")
    parts.append(_opponents(case, evidence))
    if evidence.judges and evidence.source != "judge":
        parts.append(votes_and_the_judge(evidence))
    if evidence.judges and case.judge is not None and case.judge.model in evidence.judges:
        parts.append(family_warning(case))
    if evidence.stopped_early:
        parts.append("The test was stopped early, once what was answered decided.")
    if not evidence.complete:
        parts.append("The run is not complete.")
    return tuple(part for part in parts if part)


def _opponents(case: Case, evidence: Evidence) -> str:
    """Against which of several base options the tuned one stands; "" where there is one."""
    held = {pair.base_arm for pair in evidence.pairs}
    named = in_a_sentence(case.name_of(evidence.base_arm))
    tuned = case.name_of(evidence.tuned_arm)
    others = [in_a_sentence(case.name_of(base)) for base in case.bases if base not in held]
    if len(held) > 1:
        said = (
            f"{tuned} was held against {count(len(held), 'base option')}; it does worst against "
            f"{named}, so that is the comparison shown."
        )
    else:
        said = f"{tuned} was compared with {named}." if others else ""
    left = f" Not compared in the same way: {listed(others)}." if others else ""
    return f"{said}{left}"


def _analyst(evidence: Evidence, rules: EvidenceRules) -> tuple[tuple[str, str], ...]:
    """Term and value of each figure there is."""
    rate, tally = evidence.win_rate, evidence.tally
    base, tuned = evidence.base_chars, evidence.tuned_chars
    level, undone = evidence.length_adjusted, evidence.refused or evidence.failed
    likely = percent(1 - rules.alpha)
    within = percent(1 - 2 * level_alpha(evidence, rules))
    rows = (
        ("Share of clear choices", share(tally.wins, tally.decisive) if rate else ""),
        (f"Wilson interval, {likely}", f"{rate.low:.2f} to {rate.high:.2f}" if rate else ""),
        ("Exact sign test, one look", _p(evidence.p)),
        ("e-value (safe to look early)", _e(evidence.e_value, evidence.e_needed)),
        (f"(wins - losses) / texts, {within}", _gap(evidence.difference, "+.2f")),
        (f"Mean difference of the measure, {likely}", _gap(evidence.metric_difference, "+.3f")),
        (f"Flip rate of the judge, {likely}", _flips(evidence.flip_rate)),
        ("Agreement of people and judge, Cohen's kappa", _agreement(evidence.agreement)),
        ("Win rate at equal length", "" if level is None else f"{level:.2f}"),
        ("Groups of texts", f"{evidence.clusters:,}" if evidence.clusters else ""),
        (
            "Mean length, characters",
            f"base {base:,.0f}, fine-tuned {tuned:,.0f}" if base and tuned else "",
        ),
        ("Refused, failed", f"{evidence.refused:,}, {evidence.failed:,}" if undone else ""),
    )
    return tuple((term, value) for term, value in rows if value)


def _p(value: float | None) -> str:
    if value is None:
        return ""
    return f"p = {value:.3f}" if value >= 0.001 else f"p = {value:.1e}"


def _e(value: float | None, needed: float) -> str:
    if value is None:
        return ""
    shown = f"{value:,.2f}" if value < 10**6 else "over a million"
    return f"{shown}, {needed:g} needed"


def _gap(gap: Interval | None, form: str) -> str:
    return f"{gap.value:{form}} ({gap.low:{form}} to {gap.high:{form}})" if gap else ""


def _flips(flips: FlipRate | None) -> str:
    if flips is None:
        return ""
    rate = flips.rate
    return f"{share(flips.flipped, flips.judged)} ({rate.low:.2f} to {rate.high:.2f})"


def _agreement(agreed: Agreement | None) -> str:
    return f"{share(agreed.same, agreed.of)}, {_gap(agreed.kappa, '.2f')}" if agreed else ""


def excerpts(quoted: Iterable[QuotedText], source: PreferenceSource | None) -> tuple[Excerpt, ...]:
    """The texts that are quoted, each with what came of it by this source of preferences."""
    return tuple(
        Excerpt(
            prompt_id=one.prompt.id,
            prompt=_cut(one.prompt.text),
            base=_cut(as_read(one.base.text)),
            tuned=_cut(as_read(one.tuned.text)),
            base_chars=len(one.base.text),
            tuned_chars=len(one.tuned.text),
            preference=preference_words(one.preferred, source),
        )
        for one in quoted
    )


def _cut(text: str) -> str:
    kept = text.strip()
    if not kept:
        return "(the answer is empty)"
    return kept if len(kept) <= EXCERPT_CHARS else f"{kept[:EXCERPT_CHARS].rstrip()} … [cut]"
