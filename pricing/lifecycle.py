"""Lifecycle: what a reader can still do with an offer today, and for how long."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pricing.entries import Entry
from pricing.offers import Offer, offers
from pricing.regions import Region, within_a_sentence

Standing = Literal["new", "existing", "tuned_before"]
"""What the reader is to a provider: no customer, a customer, one with a tuned model in use."""
DataMayGo = Literal["any_vendor", "under_contract", "region", "own_or_rented", "own_machines"]


@dataclass(frozen=True, slots=True)
class DaysLeft:
    """Days until the two clocks of an offer run out; None = no date announced."""

    training: int | None
    """Until the last day on which a job can be started; 0 on that day, and after it."""
    tuned_model: int | None
    """Until tuned models stop answering; 0 = they have."""


@dataclass(frozen=True, slots=True)
class Access:
    """Whether one reader may train on one offer on a day."""

    offer: Offer
    can_train: bool | None
    """None = it depends on something not known: the reader's standing, or the provider's word."""
    reason: str
    """One sentence, with dates."""
    days_left: DaysLeft
    training_closes_on: date | None
    tuned_stops_on: date | None


def access(
    offer: Offer,
    today: date,
    standing: Standing | None = None,
    data_may_go: DataMayGo | None = None,
    regions: tuple[Region, ...] = (),
) -> Access:
    """Whether a reader of this standing may train on this offer today, and why.

    Args:
        offer: what is asked about.
        today: day of the question; the entry of that day is used.
        standing: what the reader is to the provider; None = not known.
        data_may_go: where the texts may go; None = not known, which closes nothing.
        regions: those they may go to, where it is by region; none = not said.
    """
    entry = offer.entry(today)
    can_train, reason = _ended(offer, entry, today) or _by_standing(offer, entry, today, standing)
    if can_train is not False:
        bounds = _out_of_bounds(offer, data_may_go, standing, regions)
        can_train, reason = bounds or (can_train, reason)
    return Access(
        offer=offer,
        can_train=can_train,
        reason=reason,
        days_left=DaysLeft(
            training=_days(entry.training_closes_on, today),
            tuned_model=_days(entry.tuned_stops_on, today),
        ),
        training_closes_on=entry.training_closes_on,
        tuned_stops_on=entry.tuned_stops_on,
    )


def open_offers(
    today: date,
    customer_of: Mapping[str, Standing] | None = None,
    data_may_go: DataMayGo | None = None,
    can_host: bool | None = None,
    among: Iterable[Offer] | None = None,
    regions: tuple[Region, ...] = (),
) -> tuple[Access, ...]:
    """Offers this reader may train on today for production, or may if something unknown holds.

    Args:
        today: day of the question.
        customer_of: standing by provider id; absent = not known.
        data_may_go: where the texts may go; None = not known, which closes nothing.
        can_host: whether the reader can run machines of their own; None = not known.
        among: offers to look at; all by default.
        regions: those the texts may go to, where it is by region; none = not said.

    Returns:
        The certain ones (`can_train` True) first, then those that depend; none that are closed,
        hosting only, or fit for evaluation only.
    """
    asked = (
        access(offer, today, (customer_of or {}).get(offer.provider), data_may_go, regions)
        for offer in (offers() if among is None else among)
        if not (offer.data_stays and can_host is False) and not offer.entry(today).evaluation_only
    )
    still_open = [found for found in asked if found.can_train is not False]
    return tuple(sorted(still_open, key=lambda found: found.can_train is None))


def _ended(offer: Offer, entry: Entry, today: date) -> tuple[bool, str] | None:
    """Closed to everybody, whoever asks; None if it is not."""
    name, closes, stops = offer.provider_name, entry.training_closes_on, entry.tuned_stops_on
    if entry.hosting_only:
        return False, f"{name} only hosts here: the model is tuned elsewhere."
    if stops is not None and stops <= today:
        return False, f"{name} shut models tuned this way down on {_day(stops)}."
    if closes is not None and closes < today:
        return False, f"{name} takes no new training job since {_day(closes)}."
    if entry.status == "deprecated":
        return False, f"{name} has deprecated this way of fine-tuning."
    return None


def _out_of_bounds(
    offer: Offer,
    data_may_go: DataMayGo | None,
    standing: Standing | None,
    regions: tuple[Region, ...],
) -> tuple[bool | None, str] | None:
    """The texts may not go where this offer takes them, or it is not known; None if they may."""
    name = offer.provider_name
    if offer.data_stays and offer.rented and data_may_go == "own_machines":
        return None, "This is a rented machine; your texts may go to your own machines only."
    if offer.data_stays:
        return None
    if data_may_go == "own_machines":
        return False, f"Your texts may go to your own machines only, and not to {name}."
    if data_may_go == "own_or_rented":
        return False, f"Your texts may go to your own or rented machines only, and not to {name}."
    if data_may_go == "region" and regions and offer.regions is not None:
        if offer.keeps_in(regions):
            return None
        only = within_a_sentence(regions)
        return False, f"Your texts may go to {only} only; {name} keeps them elsewhere."
    if data_may_go == "region":
        where = within_a_sentence(regions) if regions else "some regions"
        return None, (
            f"Your texts may go to {where} only; whether {name} keeps them there is not known."
        )
    if data_may_go == "under_contract" and standing == "new":
        return False, f"Your texts may go to vendors under contract only, and {name} is none."
    if data_may_go == "under_contract" and standing is None:
        return None, f"Your texts may go to vendors under contract only; say whether {name} is one."
    return None


def _by_standing(
    offer: Offer, entry: Entry, today: date, standing: Standing | None
) -> tuple[bool | None, str]:
    """Open to some: to whom, and whether the reader is one of them."""
    name, since = offer.provider_name, entry.closed_to_new_since
    until = f", until {_day(entry.training_closes_on)}" if entry.training_closes_on else ""
    if offer.data_stays:
        return True, "Your own machines stay open to you."
    if entry.status is None:
        return None, f"Whether {name} still offers this was not verified."
    if entry.open_to is None or (since is not None and since > today):
        return True, f"{name} offers this to every customer{until}."
    if entry.open_to == "invited":
        return None, f"{name} offers this by invitation only."
    who = (
        "organisations that had never used it"
        if entry.open_to == "tuned_before"
        else "new customers"
    )
    closed = f"{name} closed it{f' on {_day(since)}' if since else ''} to {who}"
    idle = entry.closed_to_idle_since
    if entry.open_to == "tuned_before" and idle is not None and idle <= today:
        who_stays = "those who used a tuned model there in the past 60 days"
    elif entry.open_to == "tuned_before":
        who_stays = "those who have fine-tuned there before"
    else:
        who_stays = "existing customers"
    if standing is None:
        return None, f"{closed}; it stays open to {who_stays}{until}."
    admitted = {"tuned_before"} if entry.open_to == "tuned_before" else {"existing", "tuned_before"}
    if standing in admitted:
        return True, f"{name} keeps it open to {who_stays}{until}."
    return False, f"{closed}."


def _days(end: date | None, today: date) -> int | None:
    return None if end is None else max(0, (end - today).days)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
