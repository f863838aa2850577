"""Access in words: where and why a reader may fine-tune, and until when the tuned model answers."""

from datetime import date

from advisor.case.case import Case
from advisor.report.places import open_to_you
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.verdict.verdict import Verdict
from advisor.verdict.where_to_tune import Place
from advisor.words import count, day
from pricing.lifecycle import AccessReason, Kept
from pricing.offers import load_providers
from pricing.quotes import Quote
from pricing.regions import within_a_sentence

_KEPT: dict[Kept, str] = {
    "existing": "existing customers",
    "tuned_before": "those who have fine-tuned there before",
    "tuned_lately": "those who used a tuned model there in the past 60 days",
}


def access_words(place: Place) -> str:
    """Whether it is open: "existing customers only until 6 Jan 2027", "depends", "closed"."""
    closes = place.training_closes_on
    until = f" until {day(closes)}" if closes else ""
    match place.standing:
        case "depends" if place.evaluation_only:
            return f"for evaluation only{until}"
        case "open":
            return f"open{until}"
        case "existing_only":
            return f"existing customers only{until}"
        case _:
            return place.standing


def place_reason(place: Place) -> str:
    """Why, in one or two sentences with dates."""
    only = place.evaluation_only and place.standing != "closed"
    brief = " It is for evaluation only: the model lives for a day." if only else ""
    return f"{access_reason(place.why)}{brief}"


def access_reason(why: AccessReason | None) -> str:
    """Why a reader may train on an offer or not, in a sentence with dates; "" for None."""
    if why is None:
        return ""
    name, until = why.provider, f", until {day(why.until)}" if why.until else ""
    since = f" {day(why.since)}" if why.since else ""
    stays = _KEPT[why.kept or "existing"]
    new = "new customers" if why.kept == "existing" else "organisations that had never used it"
    closed = f"{name} closed it{f' on{since}' if since else ''} to {new}"
    only = "Your texts may go to"
    match why.grounds:
        case "hosting_only":
            return f"{name} only hosts here: the model is tuned elsewhere."
        case "shut_down":
            return f"{name} shut models tuned this way down on{since}."
        case "closed":
            return f"{name} takes no new training job since{since}."
        case "deprecated":
            return f"{name} has deprecated this way of fine-tuning."
        case "own_machines":
            return "Your own machines stay open to you."
        case "no_machines":
            return "You said you can't run machines of your own."
        case "unverified":
            return f"Whether {name} still offers this was not verified."
        case "everyone":
            return f"{name} offers this to every customer{until}."
        case "invited":
            return f"{name} offers this by invitation only."
        case "kept_open":
            return f"{name} keeps it open to {stays}{until}."
        case "closed_to_some":
            return f"{closed}."
        case "may_be_kept":
            return f"{closed}; it stays open to {stays}{until}."
        case "only_own_not_rented":
            return f"This is a rented machine; {only.lower()} your own machines only."
        case "only_own":
            return f"{only} your own machines only, and not to {name}."
        case "only_own_or_rented":
            return f"{only} your own or rented machines only, and not to {name}."
        case "only_elsewhere":
            where = within_a_sentence(why.regions)
            return f"{only} {where} only; {name} keeps them elsewhere."
        case "only_regions":
            where = within_a_sentence(why.regions) if why.regions else "some regions"
            return f"{only} {where} only; whether {name} keeps them there is not known."
        case "only_under_contract":
            return f"{only} vendors under contract only, and {name} is none."
        case "perhaps_under_contract":
            return f"{only} vendors under contract only; say whether {name} is one."


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
        return "No stop date is known"
    if stops <= today:
        return f"Stopped on {day(stops)}"
    return f"The tuned model stops on {day(stops)}, in {count((stops - today).days, 'day')}"
