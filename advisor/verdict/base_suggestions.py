"""Base models to try for a case: the cheapest, the best known, and one that the texts may go to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.endpoints import profiles
from advisor.case.options import Arm
from advisor.verdict.base_models import ListedBase, bases_on
from advisor.verdict.bounds import BINDING, of_model
from pricing.base_prices import fetched_at
from pricing.editions import TakenEdition, edition_in_use
from pricing.errors import PricingError
from pricing.offers import PriceCells
from pricing.quotes import Quote, quote

SuggestedAs = Literal["cheapest", "best_known", "may_have_the_texts", "open_model", "own_machines"]

OPEN_MODEL = "gpt-oss-20b"
"""The open model of the list that also runs on a machine of one's own."""
LEAST_DAYS = 180
"""A model that stops sooner is suggested to nobody."""
UNITS_IN = 3
"""Units going in for each one coming out, where prices are put in order."""


@dataclass(frozen=True, slots=True)
class PricedBase:
    """A base model of today's list with its price; one whose price is not known has no quote."""

    listed: ListedBase
    quote: Quote | None

    @property
    def arm(self) -> Arm:
        """It as an option of a case, at its provider's address where we know it."""
        address = next((p.address for p in profiles() if p.id == self.listed.provider), "")
        return Arm(
            endpoint=address,
            model=self.listed.model,
            offer=self.listed.ref,
            label=self.listed.name,
        )


@dataclass(frozen=True, slots=True)
class BaseSuggestion:
    """A base model to try, and why."""

    name: str
    why: SuggestedAs
    arm: Arm
    """The option it makes."""
    base: PricedBase | None = None
    """As listed; None for one on the reader's own machine."""


def priced_bases(today: date) -> tuple[PricedBase, ...]:
    """Today's base models, each with its price."""
    return _priced_bases(today, fetched_at(), edition_in_use())


@lru_cache(maxsize=8)
def _priced_bases(
    today: date, prices_of: datetime | None, edition: TakenEdition | None
) -> tuple[PricedBase, ...]:
    found = []
    for base in bases_on(today):
        try:
            priced = quote(base.ref, PriceCells(), "base", today)
        except PricingError:
            priced = None  # each is checked to be priced, but for a day in the past it may not be
        found.append(PricedBase(base, priced))
    return tuple(found)


def suggest_bases(case: Case, today: date) -> tuple[BaseSuggestion, ...]:
    """Up to three base models to try that the case does not have; none certain to be ruled out.

    Prices are put in order at three units in for one out. A model that stops within half a year is
    left out.
    """
    brief = case.brief
    if brief.data_may_go in ("own_machines", "own_or_rented"):
        own = Arm(model=OPEN_MODEL, label=f"{OPEN_MODEL} on your own machine")
        found = [BaseSuggestion(own.label, "own_machines", own)]
    else:
        found = _of_vendors(brief, today)
    there = {(arm.offer, arm.model) for arm in case.arms.values()}
    return tuple(one for one in found if (one.arm.offer, one.arm.model) not in there)


def _of_vendors(brief: Brief, today: date) -> list[BaseSuggestion]:
    lasting = today + timedelta(days=LEAST_DAYS)
    listed = [
        base
        for base in priced_bases(today)
        if base.quote is not None
        and (base.quote.base_stop is None or base.quote.base_stop.on > lasting)
    ]
    open_to_it = [
        base for base in listed if not ((barred := of_model(brief, base.arm)) and barred.certain)
    ]
    picked: dict[str, BaseSuggestion] = {}

    def pick(why: SuggestedAs, among: list[PricedBase], arm: Arm | None = None) -> None:
        for base in among:
            if base.listed.ref not in picked:
                found = BaseSuggestion(base.listed.name, why, arm or base.arm, base)
                picked[base.listed.ref] = found
                return

    if brief.data_may_go == "region":
        for base in listed:
            if (arm := _within(brief, base)) is not None:
                pick("may_have_the_texts", [base], arm)
                break
    elif brief.data_may_go in BINDING:
        pick("may_have_the_texts", [b for b in open_to_it if of_model(brief, b.arm) is None])
    pick("best_known", open_to_it)
    pick("cheapest", sorted(open_to_it, key=_price))
    if len(picked) < 3:
        pick("open_model", [b for b in open_to_it if b.listed.model.endswith(OPEN_MODEL)])
    return list(picked.values())


def _within(brief: Brief, base: PricedBase) -> Arm | None:
    """The model at an address that keeps texts in one of the reader's regions; None = none known."""
    for profile in profiles():
        if profile.id != base.listed.provider:
            continue
        for host, regions in profile.regions.items():
            if set(regions) & set(brief.regions or ()):
                path = profile.address.partition("://")[2].partition("/")[2]
                arm = base.arm.model_copy(update={"endpoint": f"https://{host}/{path}"})
                if of_model(brief, arm) is None:
                    return arm
    return None


def _price(base: PricedBase) -> Decimal:
    cells = base.quote.cells if base.quote is not None else PriceCells()
    if cells.input is None or cells.output is None:
        return Decimal("Infinity")
    return UNITS_IN * cells.input + cells.output
