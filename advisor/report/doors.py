"""Doors: where the reader may still fine-tune, and until when the tuned model answers, in words."""

from datetime import date

from advisor.case.case import Case
from advisor.report.access import access_reason
from advisor.report.places import open_to_you
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.verdict.verdict import Verdict
from advisor.words import count, day
from pricing.offers import load_providers
from pricing.quotes import Quote


def not_checked(case: Case, verdict: Verdict, money: Costs) -> str:
    """What nobody knows yet of training: "not checked: whether you may fine-tune at OpenAI".

    "" where that is no question: it is known, or a fine-tuned model is there already.
    """
    quote, access = money.tuned, verdict.access
    if case.brief.tuned_exists or access is None or access.chosen_open is not None:
        return ""
    if quote is None or (quote.ref is None and not quote.own):
        return "no place to fine-tune is chosen yet"
    where = f"at {quote.provider_name}" if quote.ref else "where your own prices are from"
    return f"not checked: whether you may fine-tune {where}"


def access(found: Decision) -> str:
    """Whether the reader may still tune, and until when the tuned model answers."""
    verdict, quote = found.verdict, found.money.tuned
    parts = []
    if quote is None or (quote.ref is None and not quote.own):
        exists = found.case.brief.tuned_exists
        parts.append(
            "Where the fine-tuned model runs is not entered here, so no date is known."
            if exists
            else "No place to fine-tune is chosen yet."
        )
    elif quote.ref is None:
        parts.append("The prices are your own, so no vendor's dates are known.")
    elif verdict.access is not None:
        parts.append(access_reason(verdict.access.chosen_why))
    if verdict.access is not None and verdict.access.chosen_open is not True:
        parts.append(open_to_you(found))
    if quote is not None and quote.ref is not None:
        parts.append(until(quote, found.today) + ".")
    return " ".join(part for part in parts if part)


def until(quote: Quote, today: date) -> str:
    """The clock of the tuned model, as a clause."""
    stops = quote.tuned_stops_on
    if stops is None and quote.provider is not None and load_providers()[quote.provider].data_stays:
        return "No vendor can switch the model off"
    if stops is None:
        return "We found no stop date" if quote.ref is not None else "Stop date not looked up"
    if stops <= today:
        return f"Stopped on {day(stops)}"
    return f"The tuned model stops on {day(stops)}, in {count((stops - today).days, 'day')}"
