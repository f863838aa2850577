"""Until when: what goes on until a decision is taken, and how long one may be relied on."""

from collections.abc import Sequence
from datetime import date

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.report.money_sentences import scope
from advisor.verdict.costs import Costs
from advisor.verdict.verdict import Verdict
from advisor.words import day

NO_MORE = "no further training is bought."


def until_then(case: Case, verdict: Verdict, money: Costs) -> str:
    """What goes on meanwhile: nothing is bought, and what is live stays."""
    if case.brief.tuned_exists:
        return _with_a_tuned_model(case, verdict, money)
    if case.brief.stage != "base_in_use":
        return "No training is bought."
    barred = verdict.ruled_out.get(verdict.evidence.base_arm)
    if barred is not None and barred.by == "speed":
        return "No training is bought."
    if barred is not None:
        return "No training is bought, and no text goes where it may not."
    month = a_month(verdict.evidence.base_arm, money)
    cost = f", at {month}, {scope(money)}" if month else ""
    return f"The base model does the work{cost}; no training is bought."


def _with_a_tuned_model(case: Case, verdict: Verdict, money: Costs) -> str:
    """As the title says: where it is base, the trial is what it costs to go on with both."""
    month = a_month(verdict.evidence.tuned_arm, money)
    cost = f", at {month}, {scope(money)}" if month else ""
    if verdict.recommendation == "tuned":
        stays = "goes on" if case.brief.stage == "tuned_live" else "stays on trial"
        return f"The fine-tuned model {stays}{cost}; {NO_MORE}"
    if case.brief.stage == "tuned_live":
        return f"The fine-tuned model goes on until you switch to base{cost}; {NO_MORE}"
    base = a_month(verdict.evidence.base_arm, money)
    barred = verdict.evidence.base_arm in verdict.ruled_out
    does = "" if barred else f"The base model does the work{f', at {base}' if base else ''}. "
    trial = f"A longer trial of the fine-tuned model costs up to {month}, {scope(money)}; "
    said = f"{trial if month else ''}{NO_MORE}"
    return f"{does}{said[0].upper()}{said[1:]}"


def valid_until(case: Case, verdict: Verdict, money: Costs, today: date) -> str:
    """The first day on which one of its dates passes, and the others."""
    parts = []
    ageing = money.prices_good_until
    read = [quote.checked for quote in money.quotes.values() if quote.checked is not None]
    if ageing is not None and not case.recorded:
        parts.append(_prices_due(ageing, today))
    quote = money.tuned
    if quote is not None and quote.tuned_stops_on is not None:
        stops = quote.tuned_stops_on
        verb = "stops" if stops > today else "stopped"
        parts.append(f"the tuned model {verb} on {day(stops)}")
    if (
        quote is not None
        and quote.training_closes_on is not None
        and quote.training_closes_on >= today
    ):
        parts.append(f"training closes on {day(quote.training_closes_on)}")
    for base in money.stopping_bases:
        if base.base_stop is not None:
            verb = "stopped" if base.base_stop.passed(today) else "stops"
            parts.append(f"{base.model} {verb} on {day(base.base_stop.on)}")
    text = "; ".join(parts)
    if case.recorded:
        return f"{_of_a_sample(read)} {f'Also, {text}.' if parts else ''}".rstrip()
    if not parts:
        return "No date is known that would end it; look again when volume or models change."
    return f"{text[0].upper()}{text[1:]}."


def _of_a_sample(read: Sequence[date]) -> str:
    """Nobody signs an example, so it ends on no day; its prices are still those of one."""
    if not read:
        return "No day: this is an example."
    return (
        f"No day, as this is an example. Its oldest price is of {day(min(read))}: refresh the prices "
        "before using an amount."
    )


def _prices_due(ageing: date, today: date) -> str:
    """From when on the prices need to be read again; on the day itself they still hold."""
    if ageing > today:
        return f"{day(ageing)}: refresh the prices then"
    if ageing == today:
        return "the prices are due today: read them again before signing"
    return f"prices are out of date since {day(ageing)}: read them again before signing"


def a_month(arm: OptionId, money: Costs) -> str:
    """What an option costs a month once it runs; "" = not known."""
    month = money.running_month(arm)
    return "" if month is None else f"{money.currency.show(month)} a month"
