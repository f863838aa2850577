"""Clocks: offers whose training closes or whose tuned models stop, by provider and dates."""

from dataclasses import dataclass
from datetime import date

from pricing.offers import offers


@dataclass(frozen=True, slots=True)
class Clock:
    """Offers of one provider that share their dates."""

    provider: str
    """Its name."""
    models: tuple[str, ...]
    closed_to_new_since: date | None
    training_closes_on: date | None
    tuned_stops_on: date | None
    days_left: int | None
    """Until the tuned model stops."""


def clocks(today: date) -> list[Clock]:
    """Offers with a date still to come, grouped by provider and dates, soonest end first."""
    groups: dict[tuple[str, date | None, date | None, date | None], list[str]] = {}
    for offer in offers():
        entry = offer.entry(today)
        ends = [d for d in (entry.training_closes_on, entry.tuned_stops_on) if d is not None]
        if any(end >= today for end in ends):
            key = (
                offer.provider_name,
                entry.closed_to_new_since,
                entry.training_closes_on,
                entry.tuned_stops_on,
            )
            groups.setdefault(key, []).append(offer.base_model)
    rows = [
        Clock(
            provider=provider,
            models=tuple(dict.fromkeys(models)),
            closed_to_new_since=closed,
            training_closes_on=closes,
            tuned_stops_on=stops,
            days_left=None if stops is None else (stops - today).days,
        )
        for (provider, closed, closes, stops), models in groups.items()
    ]
    return sorted(rows, key=lambda row: row.tuned_stops_on or date.max)
