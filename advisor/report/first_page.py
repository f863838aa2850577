"""The first page of a decision: what a manager forwards to director, finance and legal."""

from decimal import Decimal

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.case.questions import clause
from advisor.report import ruled_out
from advisor.report import sentences as say
from advisor.report.access import access_reason
from advisor.report.firmness import firmness_label
from advisor.report.first_page_values import FirstPage, Line
from advisor.report.for_finance import money_lines, money_notes
from advisor.report.for_legal import NOT_ADVICE, legal_lines
from advisor.report.gates import gate_words
from advisor.report.labels import figure_names
from advisor.report.money_sentences import scope
from advisor.report.money_words import worded_money
from advisor.report.places import cheapest_first
from advisor.report.rough_cost import rough_cost
from advisor.report.unknowns import reading_time, settling_cost, unknowns
from advisor.report.until import a_month, until_then, valid_until
from advisor.report.why_base_stays import likely_and_yet
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.verdict.verdict import Verdict
from advisor.words import count, day, duration, listed, lower_first


def build_first_page(found: Decision, *, quoted: int = 0) -> FirstPage:
    """Word the page.

    A verdict that is decided or blocked asks for approval; any other asks for a plan to decide.

    Args:
        found: the decision.
        quoted: texts of the test that the document quotes.
    """
    case, verdict, money = found.case, found.verdict, found.money
    asks = verdict.firmness in ("decided", "blocked")
    open_questions = () if asks else unknowns(found)
    return FirstPage(
        kind="ask" if asks else "plan",
        request=_as_asked(case, _request(found)),
        director=_asked(found) if asks else _planned(found),
        unknowns=open_questions,
        signed=_signed(found),
        money=money_lines(case, money, found.spend_ranges),
        money_notes=money_notes(case, money, found.spend_ranges, found.today),
        legal=legal_lines(found, quoted),
        not_advice=NOT_ADVICE,
        spend=worded_money(found).spend,
    )


def _as_asked(case: Case, request: str) -> str:
    """Of a sample, what such a request would say: nobody is asked for anything."""
    return f"Example of a request: “{request}”" if case.recorded else request


def _request(found: Decision) -> str:
    """One sentence with what is to be approved."""
    case, verdict, money = found.case, found.verdict, found.money
    arm = _arm(verdict)
    quote, months = money.quotes.get(arm), money.cost.months_of_use
    named = quote.name if quote is not None and quote.ref is not None else ""
    if verdict.firmness not in ("decided", "blocked"):
        return _request_to_find_out(found)
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
        amount = f": {money.currency.total(total)}, {scope(money)}"
        if total is None:
            amount = ", at a cost that is not known yet"
        return f"Please approve {going} {which}{planned}{amount}."
    which = f"the base model, {named}," if named else "the base model"
    month = a_month(arm, money)
    amount = f"{'' if named else ','} at {month}," if month else ""
    return f"Please approve {which}{amount} and no fine-tuning for now."


def _request_to_find_out(found: Decision) -> str:
    """One sentence that asks for a test with its effort, or for a choice where a test is no help."""
    case, verdict, money, test = found.case, found.verdict, found.money, found.next_test
    more = "more" if case.brief.tuned_exists else "any"
    before = f"before {more} money goes into fine-tuning"
    if verdict.evidence.word == "trade_off":
        return f"Please choose what counts for more, {before}."
    if verdict.evidence.needs_cases:
        return (
            "Please say first whether several of the texts come from one document, customer or "
            "thread. The test waits for that."
        )
    usd, minutes, texts = test.usd, test.minutes_per_reader, test.texts
    if waiting := verdict.texts_to_read:
        other = "other " if verdict.evidence.source == "votes" else ""
        return (
            f"Please approve readers for the {other}{count(waiting, 'text')} tested, "
            f"{reading_time(found)} each, {before}."
        )
    if not texts:
        pair = (verdict.evidence.base_arm, verdict.evidence.tuned_arm)
        base, tuned = (a_month(arm, money) for arm in pair)
        unlikely = "More texts are unlikely to settle which answers better."
        if not base or not tuned:
            lacking = [w for w, month in (("base", base), ("fine-tuned", tuned)) if not month]
            return f"Please find out what {listed(lacking)} would cost, {before}. {unlikely}"
        more_than = money.more_than(*pair)
        if verdict.recommendation == "base" and more_than is not None and more_than < 0:
            return (
                f"Please stay with base: it costs {base}, fine-tuned {tuned}, and the test can't "
                "tell which answers better."
            )
        return f"Please decide by cost: base is {base}, fine-tuned {tuned}. {unlikely}"
    takes = [count(texts, "text")]
    takes += [] if minutes is None else [f"about {duration(minutes * 60)} for each reader"]
    takes += [f"{money.currency.show(usd)} of model use"] if usd else []
    return f"Please approve a test, {before}: {', '.join(takes)}."


def _asked(found: Decision) -> tuple[Line, ...]:
    return (
        Line("Amount", _amount(found)),
        Line("How sure", _how_sure(found)),
        Line("Valid until", valid_until(found.case, found.verdict, found.money, found.today)),
        Line("If we are wrong", _if_wrong(found)),
    )


def _planned(found: Decision) -> tuple[Line, ...]:
    case, verdict, money, rows = found.case, found.verdict, found.money, found.all_options
    said = list(ruled_out.sentences(case, verdict, money))
    if verdict.evidence.tally.scored:
        said.append(say.quality(case, verdict.evidence, rows))
    else:
        asked = "" if verdict.firmness == "rule_of_thumb" else " and the questions answered"
        tested = verdict.evidence.compared or verdict.evidence.checked or verdict.texts_to_read
        test = say.quality(case, verdict.evidence, rows) if tested else "No test was run."
        said.append(f"This rests on practice{asked}. {test}")
    thumb = " ".join((*said, *likely_and_yet(case, verdict, money)))
    rough = rough_cost(found)
    return (
        Line("Rule of thumb" if verdict.firmness == "rule_of_thumb" else "So far", thumb),
        *([Line("Cost", rough)] if rough else []),
        Line("To find out", settling_cost(found)),
        Line("Until then", until_then(case, verdict, money)),
        Line("Valid until", valid_until(case, verdict, money, found.today)),
    )


def _amount(found: Decision) -> str:
    """What is asked for: in all, low and high, once and a month; and beside the other option."""
    verdict, money = found.verdict, found.money
    show, months, arm = money.currency.show, money.cost.months_of_use, _arm(verdict)
    in_all = money.currency.total
    option = money.cost.arms.get(arm)
    if option is None:
        rough = rough_cost(found, only_base=verdict.rule == "blocked")
        return f"Nothing now: no model is chosen to be paid for. {rough}".rstrip()
    if option.total_usd is None:
        lacking = f" ({figure_names(option.missing)} missing)" if option.missing else ""
        return f"Not known{lacking}. {rough_cost(found)}".rstrip()
    spread = found.spend_ranges.get(arm)
    moves = spread is not None and in_all(spread.low) != in_all(spread.high)
    within = f", {in_all(spread.low)} to {in_all(spread.high)}" if spread and moves else ""
    month = f"{show(money.running_month(arm))} a month"
    total = f"{in_all(option.total_usd)} over {_months(months)}{within}"
    text = (
        f"{total}: {show(option.once_usd)} once and {month}"
        if option.once_usd
        else f"{month}, {total}"
    )
    beside = "" if verdict.firmness == "blocked" else _beside(arm, verdict, money)
    return f"{text}, {scope(money)}.{beside}"


def _beside(arm: OptionId, verdict: Verdict, money: Costs) -> str:
    evidence = verdict.evidence
    tuned = arm == evidence.tuned_arm
    other = evidence.base_arm if tuned else evidence.tuned_arm
    gap = money.more_than(arm, other)
    if gap is None:
        return ""
    name = "base" if tuned else "fine-tuned"
    if money.currency.total(abs(gap)) == money.currency.total(Decimal(0)):
        return f" {name.capitalize()} costs the same over the same months."
    words = "more" if gap > 0 else "less"
    return f" That is {money.currency.total(abs(gap))} {words} than {name} over the same months."


def _how_sure(found: Decision) -> str:
    case, verdict, money = found.case, found.verdict, found.money
    label = firmness_label(case, verdict)
    if verdict.ruled_out:
        label = f"{label}. {' '.join(ruled_out.sentences(case, verdict, money))}".removesuffix(".")
    if verdict.rule == "blocked":
        access = verdict.access
        closed = access is not None and access.chosen_open is False and not case.brief.tuned_exists
        first = gate_words(verdict.gates[0])
        why = access_reason(access.chosen_why) if closed and access else first.sentence
        said = "" if lower_first(why).removesuffix(".") in label else f" {why}"
        return f"{label}. This rests on facts, not on a test.{said}"
    evidence = verdict.evidence
    claim = say.quality(case, evidence, found.all_options)
    raw = " The base here was never taught to chat." if case.brief.base_kind == "raw" else ""
    return f"{label}. {claim}{raw}"


def _if_wrong(found: Decision) -> str:
    """What a wrong decision costs, and what an answer that is wrong does."""
    case, verdict, money = found.case, found.verdict, found.money
    show, parts = money.currency.show, []
    pair = (verdict.evidence.tuned_arm, verdict.evidence.base_arm)
    tuned = money.cost.arms.get(verdict.evidence.tuned_arm)
    if verdict.recommendation == "tuned":
        parts.append("We go back to the base model: one setting is changed.")
        if tuned is not None and tuned.once_usd:
            spent = "training and people's one-off days" if tuned.people_once_usd else "training"
            parts.append(f"The {show(tuned.once_usd)} of {spent} is lost.")
        gap = money.more_a_month(*pair)
        if gap is not None and gap > 0:
            parts.append(f"Until we notice, it costs {show(gap)} more each month.")
    else:
        parts.append(_way_back(found))
    wrong, read = case.brief.error_cost, case.brief.human_check
    if wrong is not None or read is not None:
        said = (clause("error_cost", wrong), clause("human_check", read))
        parts += [f"{words[0].upper()}{words[1:]}." for words in said if words]
    return " ".join(part for part in parts if part)


def _way_back(found: Decision) -> str:
    """Whether fine-tuning can still be taken up after base was the wrong choice."""
    verdict, quote = found.verdict, found.money.tuned
    if verdict.rule == "blocked":
        return f"We lose no option we had. {gate_words(verdict.gates[0]).what_it_takes}"
    if found.case.brief.tuned_exists and verdict.evidence.tuned_arm not in verdict.ruled_out:
        stops = quote.tuned_stops_on if quote is not None else None
        until = "" if stops is None else f" until {day(stops)}"
        if stops is None or stops > found.today:
            return f"We can return to the fine-tuned model{until}: it is trained already."
    return _training_later(found)


def _training_later(found: Decision) -> str:
    """Where a model could still be trained, if base turns out not to be good enough."""
    quote, access = found.money.tuned, found.verdict.access
    closes = quote.training_closes_on if quote is not None else None
    if access is None:
        return "Whether we can still fine-tune later was not checked."
    closed = closes is not None and closes < found.today
    if access.chosen_open is False or closed:
        others = cheapest_first(found)
        if others:
            return f"We can still fine-tune later, at another place: {others[0]}."
        return f"We could not fine-tune later. {access_reason(access.chosen_why)}".rstrip()
    if closes is not None and quote is not None:
        name = quote.provider_name
        return f"We can still fine-tune later: {name} takes training until {day(closes)}."
    if access.chosen_open or access.open_elsewhere or access.own_machines:
        return "We can still fine-tune later: no last day is known."
    return "Whether we can still fine-tune later is not known."


def _signed(found: Decision) -> tuple[Line, ...]:
    """Who decided and when it is looked at again; blank where nobody said."""
    case, again_by = found.case, found.look_again_by
    latest = "" if again_by is None else f", at the latest {day(again_by)}"
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
