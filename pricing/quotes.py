"""Quotes: one option's figures on a day, from our sheets, genai-prices or the reader."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pricing.ages import FactKind, good_until, is_ageing
from pricing.base_prices import base_price
from pricing.base_stops import Stop, list_read, stop_of
from pricing.cells import CELLS
from pricing.entries import Entry
from pricing.errors import AmbiguousOffer, PricingError, UnknownModel, UnknownOffer
from pricing.offers import Offer, PriceCells, find_offer, find_provider, matching_offers


@dataclass(frozen=True, slots=True)
class Quote:
    """What one option's figures are on a day, and where each comes from."""

    ref: str | None
    name: str
    """As in "gpt-6-luna at OpenAI"; else "your own figures" or "no price yet"."""
    provider: str | None
    provider_name: str
    model: str | None
    """Model whose tokens are counted."""
    cells: PriceCells
    """The reader's figures over the offer's."""
    own: frozenset[str]
    """Cells the reader set."""
    source_label: str
    source_url: str | None
    note: str
    checked: date | None
    ageing: bool
    closed_to_new_since: date | None
    training_closes_on: date | None
    tuned_stops_on: date | None
    context_window: int | None
    checked_precision: Literal["month", "year"] | None = None
    """Where only the month or year of reading is known."""
    discount_percent: Decimal | None = None
    """What a contract takes off the list rates; taken off in `cells` already."""
    on: date | None = None
    """The day the figures are of; None = there are none."""
    base_stop: Stop | None = None
    """When a base option's model stops answering; None = no date is known."""
    base_stops_read: date | None = None
    """When the stop dates of the provider's base models were read; None = no list has them."""
    price_kind: FactKind = "list prices"
    """How soon its price is ageing."""
    dates_read: date | None = None
    """When the days were read on which training or tuned models end; None = none lies ahead."""

    @property
    def price_good_until(self) -> date | None:
        """The last day on which the price may be relied on; None = it is on no list."""
        return None if self.checked is None else good_until(self.checked, self.price_kind)

    @property
    def stops_on(self) -> date | None:
        """The day on which this option stops answering; None = no date is known."""
        return self.base_stop.on if self.base_stop else self.tuned_stops_on

    @property
    def base_has_stopped(self) -> bool:
        """Whether the base option's model no longer answers on the day of the figures."""
        return self.base_stop is not None and self.on is not None and self.base_stop.passed(self.on)

    def successor(self, on: date) -> "Quote | None":
        """What takes the place of a base option that stops, at the same provider.

        None = the model does not stop, names no successor, or its price is not known.
        """
        if self.ref is None or self.base_stop is None or self.base_stop.successor is None:
            return None
        sold_at = self.ref.partition(":")[0]
        try:
            return quote(f"{sold_at}:{self.base_stop.successor}", PriceCells(), "base", on)
        except PricingError:
            return None

    @property
    def priced(self) -> bool:
        """Whether there is an offer, or a figure of the reader's: without either nothing is known."""
        return self.ref is not None or bool(self.own)


LIST_RATES = tuple(cell.name for cell in CELLS if cell.rate)
"""Cells that hold a rate, and not how much of something is used."""

IN_THE_HOUR = (
    *("input", "cached_input", "cache_write", "output", "batch_input", "batch_output"),
    "hosting_per_hour",
)
"""Cells that an own machine's hour pays for, unless the reader says otherwise."""

_NONE = Quote(
    ref=None,
    name="no price yet",
    provider=None,
    provider_name="",
    model=None,
    cells=PriceCells(),
    own=frozenset(),
    source_label="",
    source_url=None,
    note="",
    checked=None,
    ageing=False,
    closed_to_new_since=None,
    training_closes_on=None,
    tuned_stops_on=None,
    context_window=None,
)


def quote(
    offer: str | None,
    own: PriceCells,
    kind: Literal["base", "tuned"],
    on: date,
    input_tokens: int = 0,
    discount_percent: Decimal | None = None,
) -> Quote:
    """Figures of one option on a day.

    Args:
        offer: `provider:model[:method]`; None = the reader's own figures only.
        own: figures of the reader's own; each replaces the offer's.
        kind: a tuned model's prices come from our sheets only; a base model's from genai-prices,
            else from the base figures of an offer.
        on: day of the requests.
        input_tokens: tokens of one request; base prices may have a tier for long ones.
        discount_percent: what a contract takes off every list rate, 0 to 100; the reader's own
            figures stay as they are. None or 0 = nothing.

    Raises:
        UnknownOffer: nothing goes by `offer`; the message says what comes near.
        AmbiguousOffer: several offers do, with other figures; the message lists them.
    """
    given = own.given()
    if not offer:
        if not given:
            return _NONE
        label = "your own figures"
        cells = own.model_copy(update=_with_machine(given))
        return replace(_NONE, name=label, cells=cells, own=frozenset(given), source_label=label)
    if kind == "tuned":
        found = replace(_tuned(find_offer(offer), on), on=on)
    else:
        found = replace(_with_stop(_base(offer, on, input_tokens)), on=on)
    # The reader's training rate, by tokens or by hours, stands instead of either of the sheet's.
    if given.keys() & {"training_per_1m", "training_per_hour"}:
        given = {"training_per_1m": None, "training_per_hour": None} | given
    if discount_percent:
        found = _discounted(found, discount_percent)
    cells = found.cells.model_copy(update=_with_machine(given))
    return replace(found, cells=cells, own=frozenset(own.given()))


def _with_machine(given: dict[str, Any]) -> dict[str, Any]:
    """The reader's figures; with a machine of their own, its hour is the whole price."""
    if "machine_per_hour" not in given:
        return given
    return dict.fromkeys(IN_THE_HOUR, Decimal(0)) | given


def _discounted(found: Quote, percent: Decimal) -> Quote:
    """The list rates less a contract's discount."""
    kept = 1 - percent / 100
    less = {
        name: rate * kept for name in LIST_RATES if (rate := getattr(found.cells, name)) is not None
    }
    cells = found.cells.model_copy(update=less)
    return replace(found, cells=cells, discount_percent=percent)


def _tuned(offer: Offer, on: date) -> Quote:
    entry = offer.entry(on)
    return Quote(
        ref=offer.ref,
        name=_tuned_name(offer),
        provider=offer.provider,
        provider_name=offer.provider_name,
        model=offer.base_model,
        cells=entry.cells(),
        own=frozenset(),
        source_label="prices of rented GPUs"
        if offer.data_stays
        else f"{offer.provider_name}, price sheet",
        source_url=str(entry.source),
        note=entry.note,
        checked=entry.checked,
        ageing=is_ageing(entry.checked, on, offer.price_kind(on)),
        price_kind=offer.price_kind(on),
        dates_read=_dates_read(entry, on),
        closed_to_new_since=entry.closed_to_new_since,
        training_closes_on=entry.training_closes_on,
        tuned_stops_on=entry.tuned_stops_on,
        context_window=offer.context_window,
        checked_precision=entry.checked_precision,
    )


def _dates_read(entry: Entry, on: date) -> date | None:
    ahead = [day for day in (entry.training_closes_on, entry.tuned_stops_on) if day and day > on]
    return (entry.dates_checked or entry.checked) if ahead else None


def _tuned_name(offer: Offer) -> str:
    return f"fine-tuned {offer.base_model.removeprefix('any ')} {offer.where}"


def _a_model(offer: Offer) -> str:
    """The base model within a sentence: its id, or "a small open model" where any will do."""
    kind = offer.base_model.removeprefix("any ")
    if kind == offer.base_model:
        return kind
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"


def _with_stop(found: Quote) -> Quote:
    """A base option, with the day on which its model stops at this provider."""
    if found.ref is None:
        return found
    sold_at, _, named = found.ref.partition(":")
    sheet = find_provider(sold_at)
    ids = [sold_at, *([sheet.provider, sheet.base_prices_id or ""] if sheet else [])]
    return replace(
        found,
        base_stop=stop_of(ids, [named, found.model or ""]),
        base_stops_read=list_read(ids),
    )


def _base(ref: str, on: date, input_tokens: int) -> Quote:
    """From the provider's list in genai-prices, else our sheets, else another's list."""
    provider_name, _, model = ref.partition(":")
    sheet = find_provider(provider_name)
    found = matching_offers(ref)
    models = {offer.base_model for offer in found} or {model}
    list_id = sheet.base_prices_id if sheet else provider_name
    if list_id is None or len(models) > 1:
        return _base_of_offers(ref, found, on)
    try:
        price = base_price(list_id, models.pop(), on, input_tokens)
    except UnknownModel as error:
        if found:
            return _base_of_offers(ref, found, on)
        raise UnknownOffer(str(error)) from None
    if found and not price.own_list:
        return _base_of_offers(ref, found, on)
    seller = sheet.name if sheet else price.provider_name
    return replace(
        _NONE,
        ref=ref,
        name=f"{price.model} at {seller}",
        provider=sheet.provider if sheet else price.provider,
        provider_name=seller,
        model=price.model,
        cells=price.cells,
        source_label=price.source_label,
        source_url=price.source_url,
        checked=price.checked,
        ageing=price.checked is not None and is_ageing(price.checked, on),
        context_window=price.context_window,
    )


def _base_of_offers(ref: str, found: tuple[Offer, ...], on: date) -> Quote:
    """The base figures of offers that differ at most in method."""
    if not found:
        find_offer(ref)  # raises, saying what comes near
    figures = {(o.base_model, tuple(o.entry(on).base_cells())) for o in found}
    if len(figures) > 1:
        listed = ", ".join(f'"{offer.ref}"' for offer in found)
        raise AmbiguousOffer(
            f'Offers that go by "{ref}" have other base prices; choose one of: {listed}.'
        )
    offer, entry = found[0], found[0].entry(on)
    return replace(
        _tuned(offer, on),
        ref=ref,
        name=f"{_a_model(offer)} {offer.where}",
        cells=entry.base_cells(),
        closed_to_new_since=None,
        training_closes_on=None,
        tuned_stops_on=None,
    )
