"""A pilot: what a first fine-tuned model would take, at the cheapest place open to the reader."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.verdict.costs import Costs
from advisor.verdict.tokens import lesson_of
from advisor.verdict.where_to_tune import Place, where_to_tune
from pricing.charges import USUAL_EPOCHS
from pricing.offers import find_offer


@dataclass(frozen=True, slots=True)
class Pilot:
    """Where to train a first model, on what, and the cost of training it and running the texts once."""

    place: Place
    usd: Decimal
    pairs: int
    """Approved answers there are."""
    given_units: int | None
    """Units of training text, where the reader gave them in place of a file."""
    epochs: int
    hosted: bool
    """Paid by the hour as well: a day of it is in the price."""


def find_pilot(case: Case, money: Costs, today: date) -> Pilot | None:
    """The cheapest pilot; None = the number of pairs is not known, or no open place has every price."""
    pairs = case.known.training_pairs
    if pairs is None:
        return None
    priced = [
        (place.pilot_usd, place)
        for place in where_to_tune(case, money, today)
        if place.standing == "open" and place.pilot_usd is not None
    ]
    if not priced:
        return None
    usd, place = min(priced, key=lambda found: found[0])
    tuned = case.arms.get(money.cost.challenger, Arm())
    lesson = lesson_of(case, tuned)
    return Pilot(
        place=place,
        usd=usd,
        pairs=pairs,
        given_units=None if lesson.measured else tuned.price.training_tokens,
        epochs=tuned.price.epochs or lesson.epochs or USUAL_EPOCHS,
        hosted=bool(find_offer(place.ref).entry(today).hosting_per_hour),
    )
