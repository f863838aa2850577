"""Upkeep: how old each fact that ships is, by what it costs if it is stale, and what ends soon."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pricing.ages import AGEING_AFTER, FactKind
from pricing.base_prices import RELEASED, shipped_release
from pricing.base_stops import every_stop
from pricing.closed import closed_vendors
from pricing.offers import offers

SOON_DAYS = 90

Ending = Literal["training closes", "tuned models stop", "base model stops", "vendor closes"]


@dataclass(frozen=True, slots=True)
class FactAge:
    """How long ago a group of facts was read."""

    what: str
    """An offer as a case names it, or a list."""
    kind: FactKind
    read_on: date
    days: int
    source: str

    @property
    def ageing(self) -> bool:
        """Whether it was read too long ago for its kind."""
        return self.days > AGEING_AFTER[self.kind]


@dataclass(frozen=True, slots=True)
class EndsSoon:
    """Something that closes or stops within the days looked at."""

    on: date
    days: int
    what: Ending
    name: str
    successor: str | None
    source: str


def fact_ages(today: date) -> tuple[FactAge, ...]:
    """Every fact that still counts for somebody, those most over their time first.

    An offer's dates are an entry of their own while they lie ahead; once its tuned models have
    stopped, nothing of it is kept.
    """
    found: list[FactAge] = []

    def add(what: str, kind: FactKind, read_on: date, source: str) -> None:
        found.append(FactAge(what, kind, read_on, (today - read_on).days, source))

    for offer in offers():
        entry = offer.entry(today)
        if entry.tuned_stops_on is not None and entry.tuned_stops_on <= today:
            continue
        if any(day and day > today for day in (entry.training_closes_on, entry.tuned_stops_on)):
            source = str(entry.dates_source or entry.source)
            add(offer.ref, "dates", entry.dates_checked or entry.checked, source)
        add(offer.ref, offer.price_kind(today), entry.checked, str(entry.source))
    for vendor in closed_vendors():
        if not vendor.closed(today):
            add(vendor.name, "dates", vendor.read_on, str(vendor.source))
    stops = every_stop()
    if stops:
        newest = max(stop.checked for _, _, stop in stops)
        add("last days of base models", "dates", newest, stops[0][2].source_url)
    release = shipped_release()
    if release in RELEASED:
        source = f"https://pypi.org/project/genai-prices/{release}/"
        add(f"base prices (genai-prices {release})", "list prices", RELEASED[release], source)
    return tuple(sorted(found, key=lambda fact: (AGEING_AFTER[fact.kind] - fact.days, fact.what)))


def ends_soon(today: date, within: int = SOON_DAYS) -> tuple[EndsSoon, ...]:
    """What closes or stops from today on, within so many days, the soonest first."""
    last = today + timedelta(within)
    found: list[EndsSoon] = []

    def add(on: date | None, what: Ending, name: str, successor: str | None, source: str) -> None:
        if on is not None and today <= on <= last:
            found.append(EndsSoon(on, (on - today).days, what, name, successor, source))

    for offer in offers():
        entry = offer.entry(today)
        source = str(entry.dates_source or entry.source)
        add(entry.training_closes_on, "training closes", offer.ref, None, source)
        add(entry.tuned_stops_on, "tuned models stop", offer.ref, None, source)
    for provider, model, stop in every_stop():
        name = f"{provider}:{model}"
        add(stop.on, "base model stops", name, stop.successor, stop.source_url)
    for vendor in closed_vendors():
        source = str(vendor.source)
        add(vendor.closes_on or vendor.closes_by, "vendor closes", vendor.name, None, source)
    return tuple(sorted(found, key=lambda one: (one.on, one.what, one.name)))


__all__ = ["AGEING_AFTER", "SOON_DAYS", "EndsSoon", "FactAge", "FactKind", "ends_soon", "fact_ages"]
