"""From a verdict to its Report: the value that page, PDF and JSON draw."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from advisor import questions
from advisor.brief import QUESTIONS
from advisor.case import ARMS, ArmName, Case
from advisor.evidence.model import Evidence, Output, Preference
from advisor.money import Money
from advisor.report import sentences as say
from advisor.report.model import (
    CostRow,
    EvidenceBlock,
    Excerpt,
    Figure,
    Reason,
    Report,
    SignalRow,
    Source,
)
from advisor.report.words import (
    CELL_WORDS,
    NOT_KNOWN,
    OPTION_WORDS,
    count,
    day,
    percent,
    share,
    usd,
)
from advisor.use_cases import load_matrix
from advisor.verdict import Verdict
from pricing.offers import AGEING_AFTER_DAYS

EXCERPT_CHARS = 500
EXCERPTS = 3
PREFERENCE_WORDS = {
    "tuned": "chose fine-tuned",
    "base": "chose base",
    "tie": "no difference",
    "both_bad": "neither",
}
SIGNAL_WORDS = {
    "use_case": "Use case",
    "training_pairs": "Approved pairs",
    "tried": "Tried before",
    "facts": "Facts",
    "strictness": "Exactness",
    "cost": "Cost",
    "stability": "Stability",
}
TRY_NEXT = {
    "prompt": "Write a careful instruction for the base model and run your texts again: it costs an "
    "hour, and often settles it.",
    "few_shot": "You have not tried examples in the instruction: put five approved answers into the "
    "base model's instruction and run your texts again.",
    "retrieval": "You have not tried looking facts up: give the base model the right passages with "
    "each text and run again.",
}


def write_report(
    case: Case,
    verdict: Verdict,
    money: Money,
    outputs: Sequence[Output],
    *,
    today: date,
    made_at: datetime,
    show_texts: bool = False,
) -> Report:
    """Word a decision once.

    Args:
        case: what was asked.
        verdict: what follows, with its evidence.
        money: prices and costs of the options.
        outputs: all of the run's, for the excerpts; none before a run.
        today: the day it is decided for.
        made_at: UTC; stands in the PDF.
        show_texts: put excerpts of the reader's own texts in; a sample's are always in.
    """
    evidence = verdict.evidence
    answered = count(verdict.answered, "question")
    texts = f"{count(evidence.tally.scored, 'text')} compared" if evidence.tally.scored else "no test yet"
    return Report(
        title=case.title,
        made_at=made_at,
        today=today,
        sample_note=f"Sample, not your data: {case.recorded}." if case.recorded else "",
        recommendation="fine-tuned" if verdict.recommendation == "tuned" else "base",
        firmness=verdict.firmness,
        headline=say.headline(verdict),
        firmness_label=say.firmness_label(verdict),
        summary=say.summary(case, verdict, money),
        line=_line(verdict),
        rests_on=f"{verdict.answered} of {QUESTIONS} questions · {texts}"
        if verdict.answered > 1
        else f"{answered} of {QUESTIONS} answered · {texts}",
        figures=_figures(evidence, money),
        reasons=_reasons(case, verdict, money, today),
        missing=_missing(case, verdict, money),
        changes=_changes(verdict, money),
        next_step=_next_step(case, verdict, money),
        costs=_cost_rows(money, today),
        cost_note=_cost_note(money),
        evidence=_evidence(case, evidence),
        score=round(verdict.lean.score, 1),
        signals=tuple(
            SignalRow(SIGNAL_WORDS[s.key], s.said or "not answered", s.weight, s.value, round(s.points, 1))
            for s in verdict.lean.signals
        ),
        caps=verdict.lean.caps,
        gates=tuple(f"{g.name}: {g.sentence} It would take: {g.what_it_takes}" for g in verdict.gates),
        excerpts=_excerpts(case, evidence, outputs) if case.recorded or show_texts else (),
        assumptions=_assumptions(case, money),
        sources=_sources(verdict, money),
        valid_until=_valid_until(money, today),
    )


def _line(verdict: Verdict) -> str:
    words = {
        "decided": "Decided",
        "leaning": "Suggested, not proven",
        "provisional": "Rule of thumb",
        "blocked": "Fine-tuning not possible now",
    }
    return f"{words[verdict.firmness]}: {say.option(verdict).lower()}"


def _figures(evidence: Evidence, money: Money) -> tuple[Figure, ...]:
    figures = []
    tally = evidence.tally
    if tally.decisive:
        figures.append(
            Figure("Chose fine-tuned", f"{tally.wins} of {tally.decisive}", "Of the clear choices; ties left out.")
        )
    if evidence.win_rate is not None and tally.decisive >= 20:
        low, high = evidence.win_rate.low * 100, evidence.win_rate.high
        figures.append(
            Figure("Likely range", f"{low:.0f} to {percent(high)}", "95 % Wilson interval of the win rate.")
        )
    for arm in (evidence.base_arm, "tuned"):
        option = money.cost.arms.get(arm)
        if option is not None:
            figures.append(
                Figure(
                    f"{'Fine-tuned' if arm == 'tuned' else 'Base'}, a month",
                    usd(option.usd_per_month_all_in),
                    "Everything over the months of use, divided by them.",
                )
            )
    return tuple(figures[:4])


def _reasons(case: Case, verdict: Verdict, money: Money, today: date) -> tuple[Reason, ...]:
    evidence = verdict.evidence
    test = (
        f"Your own test, {count(evidence.tally.scored, 'text')}"
        if not case.recorded
        else f"Sample, {case.recorded}, {count(evidence.tally.scored, 'text')}"
    )
    row = verdict.use_case
    cited = load_matrix().sources
    first = next((cited[n] for n in row.sources if cited[n].url), None)
    tuned_source = _price_source(money, "tuned")
    money_source = tuned_source or _price_source(money, evidence.base_arm) or Source("no price chosen yet")
    return (
        Reason("Quality", say.quality(case, evidence), Source(test if evidence.word != "none" else "no test yet")),
        Reason("Money", say.money_row(money, evidence.base_arm), money_source),
        Reason(
            "Practice",
            say.practice(verdict),
            Source(
                f"Matrix row {row.number}, {row.strength}", str(first.url) if first and first.url else None
            ),
        ),
        Reason("Access", say.access(verdict, money, today), tuned_source or Source("Prices")),
    )


def _price_source(money: Money, arm: ArmName) -> Source | None:
    quote = money.quotes.get(arm)
    if quote is None or not quote.source_label:
        return None
    label = quote.source_label
    if quote.own and quote.ref is not None:
        label = f"{label}, with your own figures"
    return Source(label, quote.source_url, quote.checked, quote.note)


def _missing(case: Case, verdict: Verdict, money: Money) -> tuple[str, ...]:
    found = []
    if verdict.access is None or verdict.access.chosen_open is None:
        found.append("Not checked: whether you may tune at your vendor.")
    if verdict.evidence.word == "none":
        found.append("No test on your own texts yet.")
    if case.volume.requests_per_month is None:
        found.append("How many texts a month is not known, so no monthly cost is.")
    named = {"requests a month"}
    for arm, option in money.cost.arms.items():
        lacking = [cell for cell in option.missing if cell not in named]
        if lacking:
            found.append(f"{OPTION_WORDS[arm]}: {', '.join(lacking)} not known.")  # type: ignore[index]
    brief = case.brief
    opens = [
        ("training_pairs", "How many approved answers you have"),
        ("training_permission", "Whether they may be used to train"),
        ("fact_change", "How often the facts change"),
        ("tried", "What was tried before"),
    ]
    found.extend(f"{words} is not answered." for key, words in opens if getattr(brief, key) is None)
    found.extend(verdict.evidence.notes)
    return tuple(found)


def _changes(verdict: Verdict, money: Money) -> tuple[str, ...]:
    found = []
    evidence, row = verdict.evidence, verdict.use_case
    if evidence.n_more:
        found.append(f"About {count(evidence.n_more, 'more text')} can settle it by your own test.")
    break_even = money.cost.break_even
    if break_even is not None and not money.cost.missing:
        found.append(say.break_even(money.cost))
    met = set(verdict.lean.met_flips)
    if verdict.rule in (6, 7):
        side = {"base": "fine-tuned", "fine_tuned": "base", "mixed": "the other side"}[row.default]
        found.extend(
            f"Practice turns to {side} when: {flip.text}" for flip in row.flips if flip not in met
        )
    if verdict.rule == 1:
        found.extend(gate.what_it_takes for gate in verdict.gates)
    quote = money.quotes.get("tuned")
    if quote is not None and quote.tuned_stops_on is not None:
        found.append(f"The tuned model's stop date, {day(quote.tuned_stops_on)}, if the vendor moves it.")
    return tuple(text for text in found if text)


def _next_step(case: Case, verdict: Verdict, money: Money) -> str:
    brief, evidence = case.brief, verdict.evidence
    if verdict.rule == 1:
        return verdict.gates[0].what_it_takes
    if verdict.rule in (2, 3, 5) and verdict.recommendation == "base":
        return "Keep the base model, and look again when prices, volume or models change."
    quote = money.quotes.get("tuned")
    if verdict.recommendation == "tuned" and verdict.firmness == "decided":
        stops = quote.tuned_stops_on if quote else None
        if stops is not None:
            return f"Go ahead, and choose its successor before it stops on {day(stops)}."
        return "Go ahead: put it into use, and measure again after the first month."
    if evidence.n_more and not case.recorded:
        return f"Bring about {count(evidence.n_more, 'more text')} and run them on both options."
    if brief.tried is not None:
        untried = next((step for step in TRY_NEXT if step not in brief.tried), None)
        if untried and not (untried == "retrieval" and brief.fact_change == "in_text"):
            return TRY_NEXT[untried]
    if evidence.n_more:
        return f"Bring about {count(evidence.n_more, 'more text')} and run them on both options."
    if not case.prompts:
        return "Bring about 100 of your own texts: what they show counts for more than practice."
    return "Run your texts on both options: what they show counts for more than practice."


def _cost_rows(money: Money, today: date) -> tuple[CostRow, ...]:
    rows = []
    for arm in ARMS:
        option, quote = money.cost.arms.get(arm), money.quotes.get(arm)
        if option is None or quote is None:
            continue
        own = ", ".join(CELL_WORDS[cell].split(",")[0].lower() for cell in CELL_WORDS if cell in quote.own)
        all_in = option.usd_per_month_all_in
        rows.append(
            CostRow(
                arm=arm,
                option=OPTION_WORDS[arm],
                model=quote.name,
                per_request=usd(option.usd_per_request),
                first_month=usd(option.usd_per_month),
                all_in_month=usd(all_in),
                training=usd(option.training_usd),
                hosting_month=usd(option.hosting_usd_per_month),
                total=usd(option.total_usd),
                basis=f"your own figures: {own}" if own else "list price",
                all_in_month_usd=None if all_in is None else float(all_in),
                until=say.until(quote, today) if arm == "tuned" else "No stop date is published",
            )
        )
    return tuple(rows)


def _cost_note(money: Money) -> str:
    if not money.cost.arms:
        return ""
    months = money.cost.months_of_use
    note = f"Worked over {months.quantize(Decimal('0.1')).normalize():f} months of use."
    reason = money.cost.break_even.reason if money.cost.break_even else ""
    return f"{note} {say.break_even(money.cost) or reason}".strip()


def _evidence(case: Case, evidence: Evidence) -> EvidenceBlock:
    tally = evidence.tally
    if evidence.word == "none":
        heading = "No test was run yet"
    elif case.recorded:
        heading = f"The sample's test: {count(tally.scored, 'text')}"
    else:
        heading = f"Your own test: {count(tally.scored, 'text')}"
    return EvidenceBlock(
        heading=heading,
        sentences=(say.quality(case, evidence), *evidence.notes),
        base_wins=tally.losses,
        ties=tally.ties + tally.both_bad,
        tuned_wins=tally.wins,
        judged_by=say.judged_by(evidence, case) if evidence.source else "nobody yet",
        analyst=_analyst(evidence),
    )


def _analyst(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    rows: list[tuple[str, str]] = []
    tally = evidence.tally
    if evidence.win_rate is not None:
        rate = evidence.win_rate
        rows.append(("Share of clear choices", share(tally.wins, tally.decisive)))
        rows.append(("Wilson interval, 95 %", f"{rate.low:.2f} to {rate.high:.2f}"))
    if evidence.p is not None:
        rows.append(("Exact sign test, one look", f"p = {_p(evidence.p)}"))
    if evidence.e_value is not None:
        rows.append(("e-value (safe to look early)", f"{_e(evidence.e_value)}, {evidence.e_needed:g} needed"))
    if evidence.difference is not None:
        gap = evidence.difference
        rows.append(("(wins - losses) / texts, 90 %", f"{gap.value:+.2f} ({gap.low:+.2f} to {gap.high:+.2f})"))
    if evidence.metric_difference is not None:
        gap = evidence.metric_difference
        rows.append(("Mean difference of the measure, 95 %", f"{gap.value:+.3f} ({gap.low:+.3f} to {gap.high:+.3f})"))
    if evidence.length_adjusted is not None:
        rows.append(("Win rate at equal length", f"{evidence.length_adjusted:.2f}"))
    if evidence.clusters:
        rows.append(("Groups of texts", str(evidence.clusters)))
    if evidence.base_chars and evidence.tuned_chars:
        rows.append(("Mean length, characters", f"base {evidence.base_chars:,.0f}, fine-tuned {evidence.tuned_chars:,.0f}"))
    if evidence.refused or evidence.failed:
        rows.append(("Refused, failed", f"{evidence.refused}, {evidence.failed}"))
    return tuple(rows)


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else f"{value:.1e}"


def _e(value: float) -> str:
    return f"{value:,.2f}" if value < 1000 else f"{value:.1e}"


def _excerpts(case: Case, evidence: Evidence, outputs: Sequence[Output]) -> tuple[Excerpt, ...]:
    """Up to three texts, one of each outcome first: what a reader should see before believing."""
    answers: dict[tuple[str, str], Output] = {}
    for output in outputs:
        if output.outcome == "answered" and output.sample == 0:
            answers[output.prompt_id, output.arm] = output
    both = [p for p in case.prompts if {(p.id, evidence.base_arm), (p.id, "tuned")} <= answers.keys()]
    preferred: Mapping[str, Preference] = dict(evidence.preferences)
    chosen = []
    for wanted in ("base", "tuned", "tie", "both_bad", None):
        chosen.extend([p for p in both if preferred.get(p.id) == wanted and p not in chosen][:1])
    chosen.extend(p for p in both if p not in chosen)
    return tuple(
        Excerpt(
            prompt_id=prompt.id,
            prompt=_cut(prompt.text),
            base=_cut(answers[prompt.id, evidence.base_arm].text),
            tuned=_cut(answers[prompt.id, "tuned"].text),
            base_chars=len(answers[prompt.id, evidence.base_arm].text),
            tuned_chars=len(answers[prompt.id, "tuned"].text),
            preference=PREFERENCE_WORDS.get(preferred.get(prompt.id, ""), "not compared"),
        )
        for prompt in chosen[:EXCERPTS]
    )


def _cut(text: str) -> str:
    kept = text.strip()
    if not kept:
        return "(the answer is empty)"
    return kept if len(kept) <= EXCERPT_CHARS else f"{kept[:EXCERPT_CHARS].rstrip()} … [cut]"


def _assumptions(case: Case, money: Money) -> tuple[tuple[str, str], ...]:
    volume = case.volume
    requests = volume.requests_per_month
    rows = [
        ("Texts a month", NOT_KNOWN if requests is None else f"{requests:,}"),
        ("Months planned", str(volume.horizon_months)),
        ("Months of use", f"{money.cost.months_of_use.quantize(Decimal('0.1')).normalize():f}"),
    ]
    for words, value in (
        ("Growth a month", volume.growth_per_month),
        ("Cached share of input", volume.cached_share),
        ("Share in batches", volume.batch_share),
    ):
        if value:
            rows.append((words, percent(float(value))))
    if volume.retrainings_per_year:
        rows.append(("Retrainings a year", f"{volume.retrainings_per_year.normalize():f}"))
    for arm, option in money.cost.arms.items():
        tokens = option.tokens
        if tokens.input is not None or tokens.output is not None:
            shown = [NOT_KNOWN if n is None else f"{n:,.0f}" for n in (tokens.input, tokens.output)]
            rows.append(
                (
                    f"{OPTION_WORDS[arm]}: units billed a text, in and out",  # type: ignore[index]
                    f"{shown[0]} and {shown[1]}, {tokens.origin}",
                )
            )
        rows.extend((f"{OPTION_WORDS[arm]}: assumed", text) for text in option.assumed)  # type: ignore[index]
    for arm, quote in money.quotes.items():
        for cell in CELL_WORDS:
            if cell in quote.own:
                rows.append((f"{OPTION_WORDS[arm]}, your own figure: {CELL_WORDS[cell]}", f"{getattr(quote.cells, cell)}"))
    if case.sample_of:
        rows.append(("This sample", case.sample_of))
    rows.extend(questions.said(case.brief))
    return tuple(rows)


def _sources(verdict: Verdict, money: Money) -> tuple[Source, ...]:
    prices = [_price_source(money, arm) for arm in money.quotes]
    cited = load_matrix().sources
    studies = [
        Source(cited[n].citation, str(cited[n].url) if cited[n].url else None)
        for n in verdict.use_case.sources
    ]
    return tuple(dict.fromkeys([*(source for source in prices if source), *studies]))


def _valid_until(money: Money, today: date) -> str:
    checked = [quote.checked for quote in money.quotes.values() if quote.checked is not None]
    if not checked:
        return "No price from a list is used; check your own figures before relying on this."
    oldest = min(checked)
    text = f"The oldest price here was read on {day(oldest)}."
    if (today - oldest).days > AGEING_AFTER_DAYS:
        return f"{text} It is ageing: update it before relying on this."
    return f"{text} Update prices before relying on this after {day(date.fromordinal(oldest.toordinal() + AGEING_AFTER_DAYS))}."
