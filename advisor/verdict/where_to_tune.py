"""Where to tune: every offer of the price sheets for one case, with access, cost and until when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.memo import memoised_by_value
from advisor.verdict.costing import compare, pilot_usd, training_usd
from advisor.verdict.costs import Costs
from advisor.verdict.gates import TuningAccess
from advisor.verdict.tokens import lesson_of, tokens_per_request
from advisor.verdict.verdict import Verdict
from pricing import lifecycle
from pricing.charges import USUAL_EPOCHS, Tokens
from pricing.cost import Option
from pricing.entries import PriceCells
from pricing.offers import Offer, offers
from pricing.people import PeopleTime
from pricing.quotes import quote

PlaceAccess = Literal["open", "existing_only", "depends", "closed"]
USAGE_CELLS = ("training_tokens", "epochs", "hosting_hours_per_month", "replicas")
"""Cells that say how much is used: the reader's own hold at any offer. Hours of training do not:
they are those of one machine."""


@dataclass(frozen=True, slots=True)
class Place:
    """One offer to tune, for one case. Amounts in USD; None = a price or a count is not known."""

    ref: str
    model: str
    method: str
    provider: str
    """The provider's name."""
    where: str
    """The same within a sentence: "at AWS Bedrock"."""
    chosen: bool
    """The case's tuned option is priced as this offer."""
    standing: PlaceAccess
    """Whether this reader may train there; `existing_only`: where they are no newcomer."""
    evaluation_only: bool
    """A model trained there lives for a day."""
    why: lifecycle.AccessReason
    training_usd: Decimal | None
    """One training job."""
    pilot_usd: Decimal | None
    """One training job, 24 hours of hosting or a month of storage, and the case's texts once."""
    usd_per_month_all_in: Decimal | None
    total_usd: Decimal | None
    """Over `months_of_use`."""
    months_of_use: Decimal
    """The offer's own: until the months planned or the tuned model end."""
    training_closes_on: date | None
    until: date | None
    """Day on which the tuned model stops; None = no date is published."""
    missing: tuple[str, ...]
    """Figures not known, e.g. "output price"."""
    source_url: str | None
    checked: date | None
    ageing: bool

    @property
    def name(self) -> str:
        """What is trained, and where."""
        return f"{self.model} {self.where}"

    @property
    def is_open_and_priced(self) -> bool:
        """Whether the reader may train there, and a month's cost is known."""
        return self.standing == "open" and self.usd_per_month_all_in is not None


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A place that is open to the reader, by name."""

    name: str
    is_priced: bool
    """Its place in an order by cost is known."""


def where_to_tune(
    case: Case, money: Costs, today: date, among: Iterable[Offer] | None = None
) -> tuple[Place, ...]:
    """Every offer for this case: whether one may tune there, what it costs, and until when.

    Training tokens are those of the checked file, else the reader's own figure, else the approved
    pairs times the mean tokens of a pair with the tuned option's instruction. Requests have the
    tokens of the tuned option, of a base option where there is none. Own prices and a discount
    hold for the chosen offer only; its row says what the report says.

    Args:
        case: what was asked.
        money: its options, priced: tokens of a request, and the offer chosen.
        today: the day of the question.
        among: offers to look at; all by default.

    Returns:
        Open ones first, those that are closed last; within, the cheapest month first.
    """
    return _places((case, money, today, offers() if among is None else tuple(among)))


@memoised_by_value(64)
def _places(asked: tuple[Case, Costs, date, tuple[Offer, ...]]) -> tuple[Place, ...]:
    case, money, today, among = asked
    if not case.arms:
        case = case.model_copy(update={"arms": {"tuned": Arm()}})
    tuned = money.cost.challenger
    name = tuned if tuned in case.arms else next(iter(case.options))
    arm, option = case.arms[name], money.cost.arms.get(name)
    tokens = option.tokens if option else tokens_per_request(case, name, ())
    chosen = money.tuned.ref if money.tuned else None
    # The tuned option's share only: that of a base model says nothing of a tuned one.
    people = money.options[tuned].people if tuned in money.options else None
    usage = _usage(case, case.arms.get(tuned, Arm()), arm)
    places = [
        _place(case, offer, money if offer.ref == chosen else None, usage, tokens, people, today)
        for offer in among
    ]
    order: tuple[PlaceAccess, ...] = ("open", "existing_only", "depends", "closed")
    unknown = Decimal("Infinity")
    return tuple(
        sorted(
            places,
            key=lambda place: (
                order.index(place.standing),
                unknown if place.usd_per_month_all_in is None else place.usd_per_month_all_in,
                place.ref,
            ),
        )
    )


def open_elsewhere(access: TuningAccess | None, places: Sequence[Place]) -> tuple[OpenPlace, ...]:
    """The other places that are open, by a month's cost, all in; those unpriced last.

    Args:
        access: of the verdict; None = nobody may train, or nothing is known.
        places: as `where_to_tune` orders them.
    """
    if access is None:
        return ()
    order = {place.name: n for n, place in reversed(list(enumerate(places)))}
    priced = {place.name for place in places if place.is_open_and_priced}
    names = sorted(access.open_elsewhere, key=lambda name: order.get(name, len(order)))
    return tuple(OpenPlace(name, name in priced) for name in names)


def cheaper_place(verdict: Verdict, money: Costs, places: Sequence[Place]) -> Place | None:
    """The cheapest place open to the reader, where it undercuts the one priced; None = none does.

    A difference as small as counts for nothing in the lean is none, and there is no such place
    where what fine-tuning costs is no question.
    """
    if verdict.rule in ("blocked", "base_wins", "none_fits", "what_is_left"):
        return None
    priced, counts = money.tuned_cost, verdict.rules.signals.cost
    now = priced.usd_per_month_all_in if priced else None
    found = next((p for p in places if p.is_open_and_priced and not p.chosen), None)
    if now is None or found is None or found.usd_per_month_all_in is None:
        return None
    there = found.usd_per_month_all_in
    if float(now - there) < counts.least_usd or float(there) > counts.cheaper * float(now):
        return None
    return found


def _usage(case: Case, tuned: Arm, arm: Arm) -> PriceCells:
    """How much is trained and hosted, at any offer."""
    own = {name: getattr(tuned.price, name) for name in USAGE_CELLS}
    usage = lesson_of(case, arm).put_into(PriceCells(**own), case.known.training_pairs)
    return usage.model_copy(update={"epochs": usage.epochs or USUAL_EPOCHS})


def _place(
    case: Case,
    offer: Offer,
    chosen: Costs | None,
    usage: PriceCells,
    tokens: Tokens,
    people: PeopleTime | None,
    today: date,
) -> Place:
    found = chosen.tuned if chosen else None
    found = found or quote(offer.ref, usage, "tuned", today)
    brief = case.brief
    customer = brief.customer_of.get(offer.provider)
    access = lifecycle.access(offer, today, customer, brief.data_may_go, brief.regions or ())
    standing, why = _access(case, offer, access, today)
    cells = found.cells
    if chosen:  # its own prices, with the same job as everywhere
        cells = cells.model_copy(update=usage.given())
    exists = chosen is not None and case.brief.tuned_exists
    priced = Option(found.cells if exists else cells, tokens, found.tuned_stops_on, exists, people)
    whole = compare({"tuned": priced}, case.volume, today)
    cost = whole.arms["tuned"]
    return Place(
        ref=offer.ref,
        model=offer.base_model,
        method=offer.method,
        provider=offer.provider_name,
        where=offer.where,
        chosen=chosen is not None,
        standing=standing,
        evaluation_only=offer.entry(today).evaluation_only,
        why=why,
        training_usd=training_usd(cells),
        pilot_usd=pilot_usd(cells, tokens, len(case.prompts) * case.run.samples),
        usd_per_month_all_in=cost.usd_per_month_all_in,
        total_usd=cost.total_usd,
        months_of_use=whole.months_of_use,
        training_closes_on=access.training_closes_on,
        until=access.tuned_stops_on,
        missing=cost.missing,
        source_url=found.source_url,
        checked=found.checked,
        ageing=found.ageing,
    )


def _access(
    case: Case, offer: Offer, found: lifecycle.Access, today: date
) -> tuple[PlaceAccess, lifecycle.AccessReason]:
    """Whether the reader may train there, and why."""
    entry = offer.entry(today)
    if found.can_train is False:
        return "closed", found.why
    if offer.data_stays and case.brief.can_host is False:
        return "closed", lifecycle.AccessReason("no_machines", offer.provider_name)
    if found.can_train and not entry.evaluation_only:
        return "open", found.why
    newcomers_out = entry.closed_to_new_since is None or entry.closed_to_new_since <= today
    some = entry.open_to in ("existing", "tuned_before") and newcomers_out
    return "existing_only" if some and not entry.evaluation_only else "depends", found.why
