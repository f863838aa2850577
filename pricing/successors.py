"""Successors: what a base option costs once its model has stopped, at what the provider names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.charges import Tokens, Volume, token_cost
from pricing.entries import PriceCells
from pricing.errors import PricingError
from pricing.option import DAYS_PER_MONTH, Later
from pricing.quotes import Quote, quote


@dataclass(frozen=True, slots=True)
class Handover:
    """The day on which a model stops, and what takes its place from then on."""

    model: str
    """The one that stops."""
    on: date
    successor: str | None
    """None = the provider names none."""
    cells: PriceCells | None
    """What the successor costs; None = its price is not known, or one that the volume needs is not."""


def handovers(
    found: Quote, volume: Volume, today: date, input_tokens: int = 0
) -> tuple[Handover, ...]:
    """Every known stop of a base option's models, the first one first.

    A successor may have a last day of its own. The chain ends where no price is known. The reader's
    own figures hold for whatever takes the model's place, and so does a contract's discount.

    Args:
        found: a base option on the day.
        volume: its shares say which prices are needed.
        today: the day of the prices; a stop that has passed is a handover too.
        input_tokens: tokens of one request; base prices may have a tier for long ones.
    """
    return tuple(_chain(found, volume, today, input_tokens))


def _chain(found: Quote, volume: Volume, today: date, input_tokens: int) -> Iterator[Handover]:
    seen: set[str | None] = {found.model}
    now: Quote | None = found
    last = date.min
    while now is not None and now.base_stop is not None and now.base_stop.on > last:
        stop, name = now.base_stop, now.model or now.name
        now = _successor(now, found, today, input_tokens)
        known = now is not None and now.model not in seen and _is_priced(now.cells, volume)
        yield Handover(name, stop.on, stop.successor, now.cells if now and known else None)
        if now is None or not known:
            return
        seen.add(now.model)
        last = stop.on


def _successor(now: Quote, first: Quote, today: date, input_tokens: int) -> Quote | None:
    """The model named as successor, at the reader's own figures and discount."""
    if now.ref is None or now.base_stop is None or now.base_stop.successor is None:
        return None
    own = PriceCells(**{name: getattr(first.cells, name) for name in first.own})
    ref = f"{now.ref.partition(':')[0]}:{now.base_stop.successor}"
    try:
        return quote(ref, own, "base", today, input_tokens, first.discount_percent)
    except PricingError:
        return None


def _is_priced(cells: PriceCells, volume: Volume) -> bool:
    """Whether every price that a request of this volume needs is known."""
    one = Decimal(1)
    return token_cost(cells, Tokens(one, one, "given"), volume).usd is not None


def cells_from(
    cells: PriceCells, stops: tuple[Handover, ...], today: date
) -> tuple[PriceCells, tuple[Later, ...]]:
    """Today's figures, and those from later days on.

    A model that has stopped is not priced: its successor is, where the price is known.
    """
    later = []
    for stop in stops:
        if stop.cells is None:
            break
        if stop.on <= today:
            cells = stop.cells
        else:
            later.append(Later((stop.on - today).days / DAYS_PER_MONTH, stop.cells))
    return cells, tuple(later)
