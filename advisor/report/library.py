"""Library: models and offers in rows and words, as the library pages show them on a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from advisor.report.method import NOT_FOUND, Method, MethodSource, day, offer_source, usd
from advisor.words import count, listed
from pricing.base_prices import base_price
from pricing.base_stops import list_read, stop_of
from pricing.closed import ClosedVendor
from pricing.entries import Entry
from pricing.lifecycle import ForNewcomers, for_newcomers
from pricing.offers import Offer, find_offer, load_providers


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model of the comparison, every figure as text."""

    name: str
    context_window: str
    max_output: str
    price: str
    """In and out, USD per 1M tokens."""
    training: str
    hosting: str
    speed: str
    best_for: str
    free_tier: str
    newcomers: str
    """Whether someone new there may train today; "" for a base model."""
    stops: str
    """When the model stops answering."""
    sources: tuple[MethodSource, ...]


def compare_base(method: Method, today: date) -> list[ModelRow]:
    """Base models of the comparison, with today's prices."""
    rows = []
    for model in method.base_models:
        price = base_price(model.provider, model.model, today)
        listed = MethodSource.model_validate(
            {
                "label": price.source_label,
                "url": price.source_url,
                "checked": price.checked,
            }
        )
        rows.append(
            ModelRow(
                name=model.name,
                context_window=f"{model.context_window:,}",
                max_output=f"{model.max_output:,}",
                price=_in_and_out(price.cells.input, price.cells.output),
                training="none",
                hosting="none",
                speed=model.speed,
                best_for=model.best_for,
                free_tier=model.free_tier,
                newcomers="",
                stops=base_stop_words(model.provider, model.model, today),
                sources=(listed, *model.sources),
            )
        )
    return rows


def compare_tuned(method: Method, today: date) -> list[ModelRow]:
    """Tuned models of the comparison, with the figures of the price sheets."""
    rows = []
    for model in method.tuned_models:
        offer = find_offer(model.offer)
        entry = offer.entry(today)
        rows.append(
            ModelRow(
                name=model.name,
                context_window=_count(offer.context_window),
                max_output=_count(offer.max_output),
                price=(
                    "included in the hour"
                    if entry.tokens_included
                    else _in_and_out(entry.tuned_input, entry.tuned_output)
                ),
                training=training_words(entry),
                hosting=hosting_words(entry),
                speed=model.speed,
                best_for=model.best_for,
                free_tier=model.free_tier,
                newcomers=NEWCOMERS[for_newcomers(offer, today)],
                stops=stop_words(offer, today),
                sources=(offer_source(offer, today), *model.sources),
            )
        )
    return rows


NEWCOMERS: dict[ForNewcomers, str] = {
    "open": "Open",
    "evaluation_only": "Evaluation only",
    "invited": "By invitation",
    "unverified": "Not verified",
    "closed_to_new": "Closed to new",
    "ended": "Ended",
    "hosting_only": "Hosting only",
}
"""Whether someone who is new at a provider may train there today."""


def training_words(entry: Entry) -> str:
    """What one training job costs, with its unit."""
    if entry.training_unit == "free":
        return "free"
    if entry.training_per_1m is not None:
        return f"{usd(entry.training_per_1m)} per 1M tokens"
    if entry.training_per_hour is not None:
        return f"{usd(entry.training_per_hour)} an hour"
    return NOT_FOUND


def hosting_words(entry: Entry) -> str:
    """What keeping the tuned model costs, with its unit."""
    if entry.hosting_per_hour is not None:
        return f"{usd(entry.hosting_per_hour)} an hour"
    if entry.storage_per_month is not None:
        return f"{usd(entry.storage_per_month)} a month, storage"
    return "none" if entry.hosting_unit == "none" else NOT_FOUND


def stop_words(offer: Offer, today: date) -> str:
    """When a tuned model stops answering."""
    stops = offer.entry(today).tuned_stops_on
    if stops is not None:
        return day(stops)
    return "no vendor date" if offer.data_stays else NOT_FOUND


def closing_words(vendor: ClosedVendor, today: date) -> str:
    """What a vendor ended or will, since when, and where to go: three sentences at most."""
    if vendor.closes_on is not None:
        when = f"closed since {day(vendor.closes_on)}"
        if not vendor.closed(today):
            left = count((vendor.closes_on - today).days, "day")
            when = f"closes on {day(vendor.closes_on)}, in {left}"
    elif vendor.closes_by is not None:
        begins = "closed since" if vendor.closed(today) else "ends in"
        when = f"{begins} {vendor.closes_words}"
    else:
        when = f"closed; read {day(vendor.read_on)}"
    sheets = [load_providers()[place] for place in vendor.go_to]
    places = listed(["your own machines" if sheet.data_stays else sheet.name for sheet in sheets])
    return f"{vendor.what}: {when}. {vendor.instead} You could go to {places}."


def base_stop_words(provider: str, model: str, today: date) -> str:
    """When a base model stops answering, and what its provider names instead."""
    stop, read = stop_of([provider], [model]), list_read([provider])
    if stop is None:
        return NOT_FOUND if read is None else f"none announced as of {day(read)}"
    instead = f"; then {stop.successor}" if stop.successor else ""
    alone = "" if stop.on_a_page else "; litellm's list alone says so"
    return f"{'stopped ' if stop.passed(today) else ''}{day(stop.on)}{instead}{alone}"


def _in_and_out(into: Decimal | None, out: Decimal | None) -> str:
    if into is None or out is None:
        return NOT_FOUND
    return f"{usd(into)} in, {usd(out)} out"


def _count(tokens: int | None) -> str:
    return NOT_FOUND if tokens is None else f"{tokens:,}"
