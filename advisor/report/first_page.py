"""The first page of a decision: what a manager forwards to director, finance and legal."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.case.questions import clause
from advisor.evidence.model import Output, Vote
from advisor.report import left
from advisor.report import sentences as say
from advisor.report.access import access_reason
from advisor.report.and_yet import likely_and_yet
from advisor.report.base_stop import base_quotes
from advisor.report.firmness import firmness_label
from advisor.report.first_page_values import FirstPage, Line, SpendPicture
from advisor.report.for_finance import money_lines, money_notes, running_month
from advisor.report.for_legal import NOT_ADVICE, legal_lines
from advisor.report.gates import gate_words
from advisor.report.labels import figure_names
from advisor.report.money_sentences import scope
from advisor.report.places import cheapest_first
from advisor.report.rough_cost import rough_cost
from advisor.report.unknowns import reading_time, settling_cost, test_effort, unknowns
from advisor.report.until import a_month, prices_until, until_then, valid_until
from advisor.verdict.all_options import OptionRow
from advisor.verdict.costs import Costs
from advisor.verdict.more_texts import MoreTexts
from advisor.verdict.verdict import Verdict
from advisor.words import count, day, duration
from pricing.spending import SpendRange

SUCCESSOR_DAYS = 92
"""A tuned model's successor is looked for this long before it stops."""


def build_first_page(
    case: Case,
    verdict: Verdict,
    money: Costs,
    outputs: Sequence[Output],
    votes: Sequence[Vote],
    *,
    today: date,
    spend: SpendPicture | None,
    spreads: dict[OptionId, SpendRange],
    settling: MoreTexts | None = None,
    rows: Sequence[OptionRow] = (),
    quoted: int = 0,
) -> FirstPage:
    """Word the page.

    A verdict that is decided or blocked asks for approval; any other asks for a plan to decide.

    Args:
        case: what was asked.
        verdict: what follows.
        money: prices and costs of the options.
        outputs: all of the run's; none before a run.
        votes: people's.
        today: the day it is decided for.
        spend: what each option will have cost by month; None = not known.
        spreads: the total of each option as low and high, where it is known.
        settling: what it takes to settle the question by more texts; None = they would not.
        rows: all options of the decision, as they compare.
        quoted: texts of the test that the document quotes.
    """
    asks = verdict.firmness in ("decided", "blocked")
    open_questions = () if asks else unknowns(case, verdict, money, settling)
    return FirstPage(
        kind="ask" if asks else "plan",
        request=_request(case, verdict, money, settling),
        director=(
            _asked(case, verdict, money, spreads, today, rows)
            if asks
            else _planned(case, verdict, money, settling, today, rows)
        ),
        unknowns=open_questions,
        signed=_signed(case, verdict, money, today),
        money=money_lines(case, money, spreads),
        money_notes=money_notes(case, money, spreads, today),
        legal=legal_lines(case, outputs, votes, verdict.evidence.judges, quoted),
        not_advice=NOT_ADVICE,
        spend=spend,
    )


def _request(case: Case, verdict: Verdict, money: Costs, settling: MoreTexts | None) -> str:
    """One sentence with what is to be approved."""
    arm = _arm(verdict)
    quote, months = money.quotes.get(arm), money.cost.months_of_use
    named = quote.name if quote is not None and quote.ref is not None else ""
    if verdict.firmness not in ("decided", "blocked"):
        return _request_to_find_out(case, verdict, money, settling)
    if verdict.keep_until:
        return (
            f"Please approve keeping the fine-tuned model until {day(verdict.keep_until)} "
            "and planning the move to a base model now."
        )
    if verdict.recommendation == "tuned":
        going = "going on with" if case.brief.tuned_exists else "putting into use"
        which = f"the {named}" if named else "the fine-tuned model"
        planned = f" for {_months(months)}" if months else ""
        option = money.cost.arms.get(arm)
        total = option.total_usd if option is not None else None
        amount = "" if total is None else f": {money.currency.show(total)}, {scope(money)}"
        return f"Please approve {going} {which}{planned}{amount}."
    which = f"the base model, {named}," if named else "the base model"
    month = a_month(arm, money)
    amount = f"{'' if named else ','} at {month}," if month else ""
    return f"Please approve {which}{amount} and no fine-tuning for now."


def _request_to_find_out(
    case: Case, verdict: Verdict, money: Costs, settling: MoreTexts | None
) -> str:
    """One sentence that asks for a test with its effort, or for a choice where a test is no help."""
    more = "more" if case.brief.tuned_exists else "any"
    before = f"before {more} money goes into fine-tuning"
    if verdict.evidence.word == "trade_off":
        return f"Please choose what counts for more, {before}."
    if verdict.evidence.needs_cases:
        return (
            "Please say first whether several of the texts come from one document, customer or "
            "thread. The test waits for that."
        )
    usd, minutes, texts = test_effort(case, verdict, money, settling)
    if verdict.evidence.needs_readers:
        tested = count(verdict.evidence.tally.scored, "text")
        each = f"{reading_time(verdict)} each, " if verdict.evidence.tally.scored else ""
        return f"Please approve readers for the {tested} tested, {each}{before}."
    if not texts:
        pair = (verdict.evidence.base_arm, verdict.evidence.tuned_arm)
        base, tuned = (a_month(arm, money) for arm in pair)
        unlikely = "More texts are unlikely to settle which answers better."
        if not base or not tuned:
            return f"Please decide by cost, {before}. {unlikely}"
        if verdict.recommendation == "base" and _cheaper(money, *pair):
            return (
                f"Please stay with base: it costs {base}, fine-tuned {tuned}, and the test can't "
                "tell which answers better."
            )
        return f"Please decide by cost: base is {base}, fine-tuned {tuned}. {unlikely}"
    effort = [count(texts, "text")]
    effort += [] if minutes is None else [f"about {duration(minutes * 60)} for each reader"]
    effort += [] if usd is None else [f"{money.currency.show(usd)} of model use"]
    return f"Please approve a test, {before}: {', '.join(effort)}."


def _asked(
    case: Case,
    verdict: Verdict,
    money: Costs,
    spreads: dict[OptionId, SpendRange],
    today: date,
    rows: Sequence[OptionRow],
) -> tuple[Line, ...]:
    return (
        Line("Amount", _amount(case, verdict, money, spreads, today)),
        Line("How sure", _how_sure(case, verdict, money, rows)),
        Line("Valid until", valid_until(case, verdict, money, today)),
        Line("If we are wrong", _if_wrong(case, verdict, money, today)),
    )


def _planned(
    case: Case,
    verdict: Verdict,
    money: Costs,
    settling: MoreTexts | None,
    today: date,
    rows: Sequence[OptionRow],
) -> tuple[Line, ...]:
    thumb = " ".join((say.headline(case, verdict, money), *left.sentences(case, verdict, money)))
    if verdict.evidence.tally.scored:
        thumb += f" {say.quality(case, verdict.evidence, rows)}"
    else:
        given = "" if verdict.firmness == "rule_of_thumb" else "the answers given and from "
        tested = verdict.evidence.compared or verdict.evidence.checked
        test = say.quality(case, verdict.evidence, rows) if tested else "No test was run."
        thumb += f" It follows from {given}practice. {test}"
    thumb += f" {' '.join(likely_and_yet(case, verdict, money))}".rstrip()
    rough = rough_cost(case, money, today)
    return (
        Line("So far" if verdict.evidence.tally.scored else "Rule of thumb", thumb),
        *([Line("Cost", rough)] if rough else []),
        Line("To find out", settling_cost(case, verdict, money, settling)),
        Line("Until then", until_then(case, verdict, money)),
        Line("Valid until", valid_until(case, verdict, money, today)),
    )


def _cheaper(money: Costs, one: OptionId, other: OptionId) -> bool:
    """Whether the one is known to cost less over the months of use."""
    mine, theirs = (money.cost.arms.get(arm) for arm in (one, other))
    if mine is None or theirs is None or mine.total_usd is None or theirs.total_usd is None:
        return False
    return mine.total_usd < theirs.total_usd


def _amount(
    case: Case,
    verdict: Verdict,
    money: Costs,
    spreads: dict[OptionId, SpendRange],
    today: date,
) -> str:
    """What is asked for: in all, low and high, once and a month; and beside the other option."""
    show, months, arm = money.currency.show, money.cost.months_of_use, _arm(verdict)
    option = money.cost.arms.get(arm)
    if option is None:
        rough = rough_cost(case, money, today, only_base=verdict.rule == "blocked")
        return f"Nothing now: no model is chosen to be paid for. {rough}".rstrip()
    if option.total_usd is None:
        lacking = f" ({figure_names(option.missing)} missing)" if option.missing else ""
        return f"Not known{lacking}. {rough_cost(case, money, today)}".rstrip()
    spread = spreads.get(arm)
    moves = spread is not None and show(spread.low) != show(spread.high)
    within = f", {show(spread.low)} to {show(spread.high)}" if spread and moves else ""
    month = f"{show(running_month(option, months))} a month"
    total = f"{show(option.total_usd)} over {_months(months)}{within}"
    text = (
        f"{total}: {show(option.once_usd)} once and {month}"
        if option.once_usd
        else f"{month}: {total}"
    )
    beside = "" if verdict.firmness == "blocked" else _beside(arm, verdict, money)
    return f"{text}, {scope(money)}.{beside}"


def _beside(arm: OptionId, verdict: Verdict, money: Costs) -> str:
    evidence = verdict.evidence
    tuned = arm == evidence.tuned_arm
    other = evidence.base_arm if tuned else evidence.tuned_arm
    mine, theirs = (money.cost.arms.get(a) for a in (arm, other))
    if mine is None or theirs is None or mine.total_usd is None or theirs.total_usd is None:
        return ""
    gap = mine.total_usd - theirs.total_usd
    name = "base" if tuned else "fine-tuned"
    if money.currency.show(abs(gap)) == money.currency.show(Decimal(0)):
        return f" {name.capitalize()} costs the same over the same months."
    words = "more" if gap > 0 else "less"
    return f" That is {money.currency.show(abs(gap))} {words} than {name} over the same months."


def _how_sure(case: Case, verdict: Verdict, money: Costs, rows: Sequence[OptionRow]) -> str:
    label = firmness_label(case, verdict)
    if verdict.ruled_out:
        label = f"{label}. {' '.join(left.sentences(case, verdict, money))}".removesuffix(".")
    if verdict.rule == "blocked":
        access = verdict.access
        closed = access is not None and access.chosen_open is False and not case.brief.tuned_exists
        first = gate_words(verdict.gates[0])
        why = access_reason(access.chosen_why) if closed and access else first.sentence
        return f"{label}. This rests on facts, not on a test. {why}"
    evidence = verdict.evidence
    claim = say.quality(case, evidence, rows)
    raw = " The base here was never taught to chat." if case.brief.base_kind == "raw" else ""
    return f"{label}. {claim}{raw}"


def _if_wrong(case: Case, verdict: Verdict, money: Costs, today: date) -> str:
    """What a wrong decision costs, and what an answer that is wrong does."""
    show, parts = money.currency.show, []
    tuned, base = (
        money.cost.arms.get(arm) for arm in (verdict.evidence.tuned_arm, verdict.evidence.base_arm)
    )
    months = money.cost.months_of_use
    if verdict.recommendation == "tuned":
        parts.append("We go back to the base model: one setting is changed.")
        by_month = [running_month(o, months) if o else None for o in (tuned, base)]
        if tuned is not None and tuned.once_usd:
            spent = "training and people's one-off days" if tuned.people_once_usd else "training"
            parts.append(f"The {show(tuned.once_usd)} of {spent} is lost.")
        if None not in by_month:
            gap = (by_month[0] or Decimal(0)) - (by_month[1] or Decimal(0))
            if gap > 0:
                parts.append(f"Until we notice, it costs {show(gap)} more each month.")
    else:
        parts.append(_door(case, verdict, money, today))
    wrong, read = case.brief.error_cost, case.brief.human_check
    if wrong is not None or read is not None:
        said = (clause("error_cost", wrong), clause("human_check", read))
        text = "; ".join(words for words in said if words)
        parts.append(f"{text[0].upper()}{text[1:]}.")
    return " ".join(part for part in parts if part)


def _door(case: Case, verdict: Verdict, money: Costs, today: date) -> str:
    """Whether fine-tuning can still be taken up later."""
    quote = money.tuned
    closes = quote.training_closes_on if quote is not None else None
    if verdict.rule == "blocked":
        return f"We lose no option we had. {gate_words(verdict.gates[0]).what_it_takes}"
    access = verdict.access
    if access is None:
        return "Whether we can still fine-tune later was not checked."
    if access.chosen_open is False:
        others = cheapest_first(case, money, today, access)
        why = access_reason(access.chosen_why)
        return f"{why} Open to us: {others[0]}." if others else why
    if closes is not None and quote is not None and closes < today:
        return f"{quote.provider_name} takes no training since {day(closes)}: tune elsewhere."
    if closes is not None and quote is not None:
        name = quote.provider_name
        return f"We can still fine-tune later: {name} takes training until {day(closes)}."
    if access.chosen_open or access.open_elsewhere or access.own_machines:
        return "We can still fine-tune later: no last day is known."
    return "Whether we can still fine-tune later is not known."


def _signed(case: Case, verdict: Verdict, money: Costs, today: date) -> tuple[Line, ...]:
    """Who decided and when it is looked at again; blank where nobody said."""
    days = [prices_until(money)]
    days += [
        base.base_stop.on - timedelta(days=SUCCESSOR_DAYS)
        for base in base_quotes(money)
        if base.base_stop is not None
    ]
    quote = money.tuned
    if quote is not None and quote.tuned_stops_on is not None:
        days.append(quote.tuned_stops_on - timedelta(days=SUCCESSOR_DAYS))
    coming = [when for when in days if when is not None and when > today]
    latest = f", at the latest {day(min(coming))}" if coming else ""
    again = "" if case.review_on is None else day(case.review_on)
    return (
        Line("Decided by", case.decided_by or ""),
        Line("On", ""),
        Line(f"Look again on{'' if again else latest}", again),
    )


def _arm(verdict: Verdict) -> OptionId:
    evidence = verdict.evidence
    return evidence.tuned_arm if verdict.recommendation == "tuned" else evidence.base_arm


def _months(months: Decimal) -> str:
    shown = f"{months.quantize(Decimal('0.1')).normalize():f}"
    return count(int(shown), "month") if shown.isdecimal() else f"{shown} months"
