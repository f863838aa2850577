"""Rough cost: about what the options would cost, while a month of them is not known."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from advisor.case.case import Case
from advisor.case.options import Arm, Kind, OptionId
from advisor.verdict.base_suggestions import suggest_bases
from advisor.verdict.costing import price_case
from advisor.verdict.costs import Costs
from advisor.verdict.tokens import tokens_per_request
from advisor.verdict.where_to_tune import where_to_tune
from pricing.errors import PricingError

UNITS_IN, UNITS_OUT = Decimal(1000), Decimal(200)
"""Of a text and of its answer, where nothing is known of them."""
PAIRS = 200
"""Approved answers to train on, where their number is not known."""
EACH = 1000
"""Texts that are priced while nobody has said how many there are a month."""


@dataclass(frozen=True, slots=True)
class RoughCost:
    """Costs that suppose what is not known."""

    costs: Costs
    kinds: dict[OptionId, Kind]
    """The options whose cost was not known, in order."""
    units_counted: bool
    """The length of text and answer is the reader's own, and not that of a page."""

    def usd_of_texts(self, arm: OptionId) -> Decimal | None:
        """What `EACH` texts cost, without training and hosting, USD; None = not known."""
        option = self.costs.cost.arms.get(arm)
        each = None if option is None else option.usd_per_request
        return None if each is None else each * EACH


def find_rough_cost(case: Case, money: Costs, today: date) -> RoughCost | None:
    """About what the options would cost; None where a month of each is known, or nothing is.

    Options without a price are taken as today's first suggestion to buy, and as the cheapest place
    to tune that is open; texts of which nothing is known, as texts of a page.

    Args:
        case: what was asked.
        money: its options, priced.
        today: the day of the prices.
    """
    known = {arm for arm, option in money.cost.arms.items() if option.total_usd is not None}
    if known and known == money.cost.arms.keys():
        return None
    try:
        supposed, counted = _as_texts_of_a_page(case)
        supposed = _with_prices(supposed, money, today)
        there = price_case(supposed, (), today)
    except PricingError:
        return None
    kinds = {arm: supposed.kind_of(arm) for arm in there.names if arm not in known}
    return RoughCost(there, kinds, counted)


def _as_texts_of_a_page(case: Case) -> tuple[Case, bool]:
    """With a number of texts and their length, and whether the length is the reader's own."""
    asked = case if case.arms else case.model_copy(update={"arms": {"base": Arm()}})
    units = tokens_per_request(asked, next(iter(asked.options)), ())
    volume = case.volume.model_copy(
        update={
            "requests_per_month": case.volume.requests_per_month or EACH,
            "input_tokens_per_request": units.input or UNITS_IN,
            "output_tokens_per_request": units.output or UNITS_OUT,
        }
    )
    pairs = PAIRS if case.known.training_pairs is None else case.brief.training_pairs
    brief = case.brief.model_copy(update={"training_pairs": pairs})
    counted = units.input is not None and units.output is not None
    return case.model_copy(update={"volume": volume, "brief": brief}), counted


def _with_prices(case: Case, money: Costs, today: date) -> Case:
    """The case as it stands where an option has a price; else with what could be bought."""
    if any(quote.ref or quote.own for quote in money.quotes.values()):
        return case
    arms = {}
    base = next((one.arm.offer for one in suggest_bases(case, today) if one.arm.offer), None)
    if base:
        arms["base"] = Arm(offer=base)
    places = where_to_tune(case, money, today)
    cheapest = next((place for place in places if place.is_open_and_priced), None)
    if cheapest:
        arms["tuned"] = Arm(offer=cheapest.ref)
    return case.model_copy(update={"arms": arms})
