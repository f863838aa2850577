"""From a verdict to its Report: the value that page, PDF and JSON draw."""

from advisor.case.brief import QUESTIONS
from advisor.case.case import Case
from advisor.case.questions import SUBJECTS
from advisor.case.use_cases import load_matrix
from advisor.memo import once_for_each
from advisor.report import sentences as say
from advisor.report.access import access, not_checked
from advisor.report.agreement import agreement_rows, with_agreement
from advisor.report.all_options import LEAST, option_lines
from advisor.report.barriers import barrier_words
from advisor.report.base_stop import base_stopper
from advisor.report.changes import changes, flip_rows
from advisor.report.claims import LEAST_FOR_PERCENT, WITH_A_WINNER
from advisor.report.costs import assumptions, own_figures, price_source, sources, valid_until
from advisor.report.firmness import (
    FIRMNESS_WORDS,
    chance_sentence,
    chance_words,
    firmness_label,
    what_moved_it,
)
from advisor.report.first_page import build_first_page
from advisor.report.first_two import first_two_sentences
from advisor.report.gates import gate_words
from advisor.report.how import how_it_is_computed
from advisor.report.improving import with_searches
from advisor.report.labels import figure_names
from advisor.report.model import (
    AgreementRow,
    Card,
    EvidenceBlock,
    Figure,
    OptionLine,
    Reason,
    Report,
    Source,
)
from advisor.report.money_sentences import scope
from advisor.report.money_words import MoneyWords, worded_money
from advisor.report.next_step import next_step
from advisor.report.notes import note_words, pair_names
from advisor.report.parts import parts_sentences
from advisor.report.pictures import build_pictures
from advisor.report.pilot import would_cost
from advisor.report.receipt import receipt_sentences
from advisor.report.rough_cost import rough_cost
from advisor.report.signals import SIGNAL_WORDS, signal_rows
from advisor.report.speed import with_speeds
from advisor.report.tested import evidence_block, excerpts, said_nowhere_else
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.verdict.verdict import Verdict
from advisor.words import count, listed, lower_first, percent

FEW_OPEN = 3
"""So many unanswered questions are named in a line; more of them stand under "What is missing"."""


def write_card(decision: Decision) -> Card:
    """The verdict in a few words."""
    case, verdict, money = decision.case, decision.verdict, decision.money
    return Card(
        recommendation="fine-tuned" if verdict.recommendation == "tuned" else "base",
        firmness=verdict.firmness,
        headline=say.headline(case, verdict, money),
        firmness_label=firmness_label(case, verdict),
        line=_line(case, verdict),
        rests_on=_rests_on(case, verdict, money),
    )


def write_report(decision: Decision, *, show_texts: bool = False) -> Report:
    """Word a decision, once for each.

    Args:
        decision: what is worded.
        show_texts: put excerpts of the reader's own texts in; a sample's are always in.
    """
    return (
        _quoting(decision) if show_texts or decision.case.recorded else _quoting_nothing(decision)
    )


@once_for_each
def _quoting(decision: Decision) -> Report:
    return _worded(decision, show_texts=True)


@once_for_each
def _quoting_nothing(decision: Decision) -> Report:
    return _worded(decision, show_texts=False)


def _worded(found: Decision, *, show_texts: bool) -> Report:
    case, verdict, money = found.case.at(found.hosts), found.verdict, found.money
    worded, outputs, votes = worded_money(found), found.record.outputs, found.record.votes
    agreement = agreement_rows(found.agreements, votes)
    evidence, card = verdict.evidence, write_card(found)
    status = found.record.status or ("done" if outputs else None)
    step = next_step(found, status)
    quoted = excerpts(found.quoted, evidence.source) if case.recorded or show_texts else ()
    return Report(
        title=case.title,
        made_at=found.made_at,
        prices_sha256=found.prices_sha256,
        today=found.today,
        sample_note=f"Sample, not your data: {case.recorded}." if case.recorded else "",
        recommendation=card.recommendation,
        firmness=card.firmness,
        headline=card.headline,
        firmness_label=card.firmness_label,
        summary=say.summary(found),
        line=card.line,
        rests_on=card.rests_on,
        figures=_figures(verdict, money),
        reasons=_reasons(found, case, worded, step),
        missing=_missing(case, verdict, money),
        changes=_changes(found),
        next_step=step,
        costs=worded.costs,
        cost_note=worded.cost_note,
        evidence=_evidence(found, case, agreement),
        agreement=agreement,
        score=round(verdict.lean.score, 1),
        signals=signal_rows(found),
        caps=(),
        gates=(
            *(f"{g.name}. {g.sentence} {g.what_it_takes}" for g in map(gate_words, verdict.gates)),
            *dict.fromkeys(base_stopper(s, money, found.today) for s in verdict.base_stops),
        ),
        excerpts=quoted,
        assumptions=assumptions(case, money),
        sources=sources(verdict, money),
        valid_until=valid_until(money, found.today, sample=bool(case.recorded)),
        moves=worded.moves,
        turning=worded.turning,
        flips=flip_rows(found.smallest_changes, money.currency, money.names),
        current_bases=worded.current_bases,
        pictures=build_pictures(found),
        first_page=build_first_page(found, quoted=len(quoted)),
        own_figures=own_figures(case, money),
        method=how_it_is_computed(verdict.rules),
        currency=money.currency.code,
        options=_options(found),
        first_two=_first_two(found),
        chance=chance_sentence(case, verdict),
        parts=_parts(found),
        receipt=receipt_sentences(found.case, found.record, found.changed_since_fixed),
        chance_moved=what_moved_it(verdict, SIGNAL_WORDS),
    )


def _changes(found: Decision) -> tuple[str, ...]:
    money, practice = found.money, _practice_turns(found.verdict)
    return changes(found.smallest_changes, found.more_texts, money.currency, practice, money.names)


def _options(found: Decision) -> tuple[OptionLine, ...]:
    rows, case = found.all_options, found.case
    if len(rows) < LEAST:
        return ()
    barred = found.verdict.ruled_out
    return option_lines(rows, case.currency, case.run.primary_metric, found.today, barred)


def _evidence(found: Decision, case: Case, agreement: tuple[AgreementRow, ...]) -> EvidenceBlock:
    block = with_agreement(evidence_block(case, found.verdict), agreement)
    return with_searches(with_speeds(block, found), case, found.record.searches)


def _first_two(found: Decision) -> tuple[str, ...]:
    rows, case, verdict = found.all_options, found.case, found.verdict
    if len(rows) < LEAST:
        return ()
    measure = case.run.primary_metric
    return first_two_sentences(found.first_two, verdict.firmness, case.currency, measure, len(rows))


def _parts(found: Decision) -> tuple[str, ...]:
    if not found.evidence.tally.scored:
        return ()
    names = {option: found.case.name_of(option) for option in found.case.arms}
    return parts_sentences(found.parts, found.evidence, names)


def _line(case: Case, verdict: Verdict) -> str:
    if verdict.rule == "none_fits":
        return "No option fits yet"
    if verdict.firmness == "blocked":
        return f"{FIRMNESS_WORDS['blocked']}: fine-tuning"
    return f"{firmness_label(case, verdict)}: {say.option(verdict).lower()}"


def _rests_on(case: Case, verdict: Verdict, money: Costs) -> str:
    compared = verdict.evidence.compared
    parts = [f"{verdict.answered} of {QUESTIONS} questions answered{_still_open(case)}"]
    if likely := chance_words(verdict):
        short = " if that falls short" if verdict.rule == "try_first" else ""
        parts.insert(0, f"chance for fine-tuning {likely}{short}")
    if compared:
        early = ", stopped early" if verdict.evidence.stopped_early else ""
        parts.append(f"{count(compared, 'text')} compared{early}")
    elif verdict.evidence.room_left is not None:
        parts.append("answers checked")
    elif waiting := verdict.texts_to_read:
        parts.append(f"{count(waiting, 'text')} answered, none voted on")
    else:
        parts.append(not_checked(case, verdict, money) or "no test yet")
    return " · ".join(parts)


def _still_open(case: Case) -> str:
    """The few questions without an answer, in brackets; "" = none, or too many for a line."""
    open_ones = case.known.unanswered(case.volume.requests_per_month)
    named = listed([SUBJECTS[number] for number in open_ones]) if open_ones else ""
    return f" (not: {named})" if 0 < len(open_ones) <= FEW_OPEN else ""


def _figures(verdict: Verdict, money: Costs) -> tuple[Figure, ...]:
    """At most four: what each option costs a month, then what the test showed."""
    evidence, alpha = verdict.evidence, verdict.rules.evidence.alpha
    figures = [
        Figure(
            f"{money.names[arm]}, a month",
            money.currency.show(option.usd_per_month_all_in),
            f"Everything over the months of use, divided by them; {scope(money)}.",
        )
        for arm in (evidence.base_arm, evidence.tuned_arm)
        if (option := money.cost.arms.get(arm)) is not None
    ]
    tally, measured = evidence.tally, evidence.source == "metric"
    if tally.decisive >= verdict.rules.evidence.clear_choices:
        figures.append(
            Figure(
                f"Fine-tuned {'ahead' if measured else 'won'}",
                f"{tally.wins:,} of {tally.decisive:,}",
                f"Of the {WITH_A_WINNER if measured else 'clear choices'}; ties left out.",
            )
        )
    if evidence.win_rate is not None and tally.decisive >= LEAST_FOR_PERCENT:
        low, high = evidence.win_rate.low * 100, evidence.win_rate.high
        figures.append(
            Figure(
                "Likely range",
                f"{low:.0f} to {percent(high)}",
                f"{percent(1 - alpha)} Wilson interval of the win rate.",
            )
        )
    return tuple(figures)


def _reasons(found: Decision, case: Case, worded: MoneyWords, step: str) -> tuple[Reason, ...]:
    verdict, money, evidence = found.verdict, found.money, found.evidence
    door = access(found)
    if verdict.rule != "blocked":
        door = f"{door} {would_cost(found, step)}".strip()
    texts = evidence.compared or evidence.checked
    test = (
        f"Your own test, {count(texts, 'text')}"
        if not case.recorded
        else f"Sample, {case.recorded}, {count(texts, 'text')}"
    )
    rough = rough_cost(found, only_base=verdict.rule == "blocked")
    row = verdict.use_case
    cited = load_matrix().sources
    first = next((cited[n] for n in row.sources if cited[n].url), None)
    tuned_source = price_source(money, money.cost.challenger)
    money_source = (
        tuned_source or price_source(money, evidence.base_arm) or Source("no price chosen yet")
    )
    return (
        Reason(
            "Quality",
            say.quality(case, evidence, found.all_options),
            Source(test if texts or evidence.word != "none" else "no test yet"),
        ),
        Reason("Money", f"{worded.said} {rough}".rstrip(), money_source),
        Reason(
            "Practice",
            say.practice(found.facts.brief, verdict),
            Source(
                f"Matrix row {row.number}, {row.strength}",
                str(first.url) if first and first.url else None,
            ),
        ),
        Reason("Access", door, tuned_source or Source("Prices")),
    )


def _missing(case: Case, verdict: Verdict, money: Costs) -> tuple[str, ...]:
    found = []
    if unchecked := not_checked(case, verdict, money):
        found.append(f"{unchecked[0].upper()}{unchecked[1:]}.")
    if verdict.evidence.word == "none" and not (
        verdict.evidence.compared or verdict.evidence.room_left
    ):
        found.append("No test on your own texts yet.")
    if case.volume.requests_per_month is None:
        found.append("How many texts a month is not known, so no monthly cost is.")
    named = {"requests a month"}
    for arm, option in money.cost.arms.items():
        lacking = [cell for cell in option.missing if cell not in named]
        if lacking:
            found.append(f"{money.names[arm]}: {figure_names(lacking)} not known.")
    # A few are named beside how many are answered; texts a month above, with what follows from it.
    requests = case.volume.requests_per_month
    if not _still_open(case) and case.known.unanswered(requests):
        others = [SUBJECTS[number] for number in case.known.unanswered(requests or 0)]
        found.append(f"Not answered: {listed(others)}.")
    found.extend(barrier_words(one, money.names) for one in verdict.evidence.barriers)
    notes = said_nowhere_else(verdict.evidence)
    found.extend(note_words(*notes, names=pair_names(case, verdict.evidence)))
    return tuple(found)


def _practice_turns(verdict: Verdict) -> tuple[str, ...]:
    """What turns practice and no answer of the reader computes; and what lifts further stoppers."""
    row = verdict.use_case
    if verdict.rule == "blocked":
        return tuple(gate_words(gate).what_it_takes for gate in verdict.gates[1:])
    if verdict.rule not in ("likely", "open"):
        return ()
    side = {"base": "fine-tuned", "fine_tuned": "base", "mixed": "the other side"}[row.default]
    return tuple(
        flip.text
        if flip.text.startswith("Never")
        else f"Practice turns to {side} when {lower_first(flip.text)}"
        for flip in row.flips
        if flip.when is None
    )
