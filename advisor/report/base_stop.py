"""The last day of a base option's model, in words: until when, and what takes its place."""

from datetime import date

from advisor.case.options import OptionId
from advisor.verdict.base_models import cheapest_base
from advisor.verdict.costs import Costs
from advisor.verdict.gates import BaseStops
from advisor.words import count, day, usd
from pricing.quotes import Quote
from pricing.successors import Handover

ONLY_LISTED = (
    "That day stands in litellm's model list alone, which names no page of the provider's."
)


def base_stop(quote: Quote, today: date) -> str:
    """Until when a base option answers and what takes its place; "" where nobody lists it."""
    stop = quote.base_stop
    if stop is None and quote.base_stops_read is not None:
        return f"No stop date is announced, as of {day(quote.base_stops_read)}."
    if stop is None:
        return ""
    said = f"{quote.model} {ending(stop.on, today)}."
    alone = "" if stop.on_a_page else ONLY_LISTED
    return " ".join(filter(None, (said, _in_its_place(quote, today), alone)))


def base_stopper(stop: BaseStops, money: Costs, today: date) -> str:
    """A base option that has stopped, or stops as soon as a tuned model may not, as a stopper."""
    verb = "has stopped" if stop.over else "stops soon"
    return f"The base model {verb}. {base_stop(money.quotes[stop.arm], today)}"


def within_months(money: Costs, arm: OptionId, today: date, months: int) -> str:
    """That a base option's model stops within the months planned; "" = it does not."""
    quote = money.stopping_within(arm, today, months)
    stop = quote.base_stop if quote is not None else None
    if quote is None or stop is None:
        return ""
    untested = (
        f" Before you rely on {stop.successor}, run your texts on it." if stop.successor else ""
    )
    return f"{base_stop(quote, today)}{untested}"


def base_until(quote: Quote, today: date) -> str:
    """Until when a base option answers, as a cell of the table of costs."""
    if quote.base_stop is not None:
        said = ending(quote.base_stop.on, today)
        return f"{said[0].upper()}{said[1:]}"
    if quote.base_stops_read is not None:
        return f"No stop date is announced, as of {day(quote.base_stops_read)}"
    return "No stop date is known"


def priced_past_their_day(money: Costs, today: date) -> tuple[str, ...]:
    """Stops of base options within the months that are priced, and what the amounts take then."""
    return tuple(_from_then_on(stop, own, today) for stop, own in money.stops_while_priced(today))


def _from_then_on(stop: Handover, own: bool, today: date) -> str:
    """A stop, and what is priced in the model's place: the reader's own figures stay."""
    verb = "stopped" if stop.on <= today else "stops"
    said = f"{stop.model} {verb} on {day(stop.on)}"
    if stop.successor is None:
        return f"{said}; no successor is named, so the amounts keep its price."
    if stop.cells is None:
        return (
            f"{said}; {stop.successor} has no price on our list, so the amounts keep the old one."
        )
    if own:
        return f"{said}; your own figures stand for what takes its place too, {stop.successor}."
    price = f"{usd(stop.cells.input)} in and {usd(stop.cells.output)} out per 1M units billed"
    if stop.on <= today:
        return f"{said}; the amounts are for {stop.successor}, at {price}."
    return f"{said}; from then on the amounts are for {stop.successor}, at {price}."


def ending(on: date, today: date) -> str:
    """When something stops, or stopped, as a predicate."""
    if on <= today:
        return f"stopped on {day(on)}"
    return f"stops on {day(on)}, in {count((on - today).days, 'day')}"


def _in_its_place(quote: Quote, today: date) -> str:
    stop = quote.base_stop
    if stop is None or stop.successor is None:
        return f"{quote.provider_name} names no successor.{_cheaper(quote, today)}"
    found = quote.successor(today)
    if found is None or found.cells.input is None or found.cells.output is None:
        return (
            f"{quote.provider_name} names {stop.successor} in its place; we have no price for it."
        )
    price = f"{usd(found.cells.input)} in and {usd(found.cells.output)} out per 1M units billed"
    last_of = "" if found.base_stop is None else f", which {ending(found.base_stop.on, today)}"
    takes = f"{stop.successor} takes its place at {price}{last_of}."
    return f"{takes}{_cheaper(quote, today)}"


def _cheaper(quote: Quote, today: date) -> str:
    """The cheapest of the same provider's models on our list, where it is another one."""
    found = None if quote.ref is None else cheapest_base(quote.ref.partition(":")[0], today)
    stop = quote.base_stop
    if found is None or stop is None or found.name in (quote.model, stop.successor):
        return ""
    into, out = usd(found.cells.input), usd(found.cells.output)
    return f" The cheapest there on our list is {found.name}, at {into} and {out}."
