"""Lifecycle: what a reader can still do with an offer today, and for how long."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pricing.entries import Entry
from pricing.offers import Offer, offers
from pricing.regions import Region

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


Grounds = Literal[
    # closed, or open to all
    "hosting_only", "shut_down", "closed", "deprecated", "own_machines", "unverified", "everyone",
    "invited",
    # closed to some: the reader is kept, is not, or may be
    "kept_open", "closed_to_some", "may_be_kept",
    # where the texts may go
    "only_own", "only_own_not_rented", "only_own_or_rented", "only_elsewhere", "only_regions",
    "only_under_contract", "perhaps_under_contract",
    # said by the reader
    "no_machines",
]  # fmt: skip
"""What decides whether a reader may train."""
Kept = Literal["existing", "tuned_before", "tuned_lately"]
"""Whom an offer that is closed to others stays open to."""


@dataclass(frozen=True, slots=True)
class AccessReason:
    """What decides whether a reader may train on an offer, and its figures."""

    grounds: Grounds
    provider: str
    """The provider's name."""
    since: date | None = None
    """Day on which it was shut down, or closed to some."""
    until: date | None = None
    """Last day on which a job can be started."""
    kept: Kept | None = None
    regions: tuple[Region, ...] = ()
    """Those the texts may go to, where that decides."""


ForNewcomers = Literal[
    "open", "evaluation_only", "invited", "unverified", "closed_to_new", "ended", "hosting_only"
]
"""Whether someone who is new at a provider may train there."""


@dataclass(frozen=True, slots=True)
class Access:
    """Whether one reader may train on one offer on a day."""

    offer: Offer
    can_train: bool | None
    """None = it depends on something not known: the reader's standing, or the provider's word."""
    why: AccessReason
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
    can_train, why = _ended(offer, entry, today) or _by_standing(offer, entry, today, standing)
    if can_train is not False:
        bounds = _out_of_bounds(offer, data_may_go, standing, regions)
        can_train, why = bounds or (can_train, why)
    return Access(
        offer=offer,
        can_train=can_train,
        why=why,
        days_left=DaysLeft(
            training=_days(entry.training_closes_on, today),
            tuned_model=_days(entry.tuned_stops_on, today),
        ),
        training_closes_on=entry.training_closes_on,
        tuned_stops_on=entry.tuned_stops_on,
    )


def for_newcomers(offer: Offer, today: date) -> ForNewcomers:
    """Whether someone who is new at the provider may train on this offer today."""
    entry = offer.entry(today)
    if entry.hosting_only:
        return "hosting_only"
    may = access(offer, today, "new").can_train
    if may is None:
        return "invited" if entry.open_to == "invited" else "unverified"
    if may:
        return "evaluation_only" if entry.evaluation_only else "open"
    ended = access(offer, today, "tuned_before").can_train is False
    return "ended" if ended else "closed_to_new"


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


def _ended(offer: Offer, entry: Entry, today: date) -> tuple[bool, AccessReason] | None:
    """Closed to everybody, whoever asks; None if it is not."""
    name, closes, stops = offer.provider_name, entry.training_closes_on, entry.tuned_stops_on
    if entry.hosting_only:
        return False, AccessReason("hosting_only", name)
    if stops is not None and stops <= today:
        return False, AccessReason("shut_down", name, since=stops)
    if closes is not None and closes < today:
        return False, AccessReason("closed", name, since=closes)
    if entry.status == "deprecated":
        return False, AccessReason("deprecated", name)
    return None


def _out_of_bounds(
    offer: Offer,
    data_may_go: DataMayGo | None,
    standing: Standing | None,
    regions: tuple[Region, ...],
) -> tuple[bool | None, AccessReason] | None:
    """The texts may not go where this offer takes them, or it is not known; None if they may."""
    name = offer.provider_name
    if offer.data_stays and offer.rented and data_may_go == "own_machines":
        return None, AccessReason("only_own_not_rented", name)
    if offer.data_stays:
        return None
    if data_may_go == "own_machines":
        return False, AccessReason("only_own", name)
    if data_may_go == "own_or_rented":
        return False, AccessReason("only_own_or_rented", name)
    if data_may_go == "region" and regions and offer.regions is not None:
        outside = False, AccessReason("only_elsewhere", name, regions=regions)
        return None if offer.keeps_in(regions) else outside
    if data_may_go == "region":
        return None, AccessReason("only_regions", name, regions=regions)
    if data_may_go == "under_contract" and standing == "new":
        return False, AccessReason("only_under_contract", name)
    if data_may_go == "under_contract" and standing is None:
        return None, AccessReason("perhaps_under_contract", name)
    return None


def _by_standing(
    offer: Offer, entry: Entry, today: date, standing: Standing | None
) -> tuple[bool | None, AccessReason]:
    """Open to some: to whom, and whether the reader is one of them."""
    name, since, until = offer.provider_name, entry.closed_to_new_since, entry.training_closes_on
    if offer.data_stays:
        return True, AccessReason("own_machines", name)
    if entry.status is None:
        return None, AccessReason("unverified", name)
    if entry.open_to is None or (since is not None and since > today):
        return True, AccessReason("everyone", name, until=until)
    if entry.open_to == "invited":
        return None, AccessReason("invited", name)
    idle, kept = entry.closed_to_idle_since, entry.open_to
    lately = kept == "tuned_before" and idle is not None and idle <= today
    why = AccessReason("may_be_kept", name, since, until, "tuned_lately" if lately else kept)
    if standing is None:
        return None, why
    admitted = {"tuned_before"} if kept == "tuned_before" else {"existing", "tuned_before"}
    if standing in admitted:
        return True, replace(why, grounds="kept_open")
    return False, replace(why, grounds="closed_to_some")


def _days(end: date | None, today: date) -> int | None:
    return None if end is None else max(0, (end - today).days)
