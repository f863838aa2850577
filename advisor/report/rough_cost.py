"""Rough cost: what both options would cost about, while a month of them is not known."""

from datetime import date
from decimal import Decimal

from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.report.for_finance import running_month
from advisor.report.labels import in_a_sentence
from advisor.verdict.base_suggestions import suggest_bases
from advisor.verdict.costs import Costs, price_case
from advisor.verdict.tokens import tokens_per_request
from advisor.verdict.where_to_tune import where_to_tune
from pricing.errors import PricingError

UNITS_IN, UNITS_OUT = Decimal(1000), Decimal(200)
"""Of a text and of its answer, where nothing is known of them."""
OF_A_PAGE = " of 750 words, each answered in 150"
"""The same in words, at four units for three words."""
PAIRS = 200
"""Approved answers to train on, where their number is not known."""
EACH = 1000
"""Texts that are priced while nobody has said how many there are a month."""


def rough_cost(case: Case, money: Costs, today: date, *, only_base: bool = False) -> str:
    """What both options would cost about, in a sentence; "" where a month of each is known.

    Options without a price are taken as today's first suggestion to buy, and as the cheapest place
    to tune that is open; texts of which nothing is known, as texts of a page.

    Args:
        case: what was asked.
        money: its options, priced.
        today: the day of the prices.
        only_base: fine-tuning is not possible.
    """
    known = {arm for arm, option in money.cost.arms.items() if option.total_usd is not None}
    if known and known == money.cost.arms.keys():
        return ""
    try:
        supposed, counted = _as_texts_of_a_page(case)
        supposed = _with_prices(supposed, money, today)
        there = price_case(supposed, (), today)
    except PricingError:
        return ""
    asked = [arm for arm in there.names if not only_base or supposed.kind_of(arm) == "base"]
    arms = [arm for arm in asked if arm not in known]
    of = "" if counted else OF_A_PAGE
    if case.volume.requests_per_month is None:
        told = [_of_so_many(arm, there, money) for arm in arms]
        texts = f"For {EACH:,} texts{of}"
    else:
        told = [_of_a_month(arm, there, money) for arm in arms]
        texts = f"At {case.volume.requests_per_month:,} texts a month{of}"
    roughly = "; ".join(filter(None, told))
    return f"{texts}: roughly {roughly}." if roughly else ""


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
    places = (p for p in where_to_tune(case, money, today) if p.standing == "open")
    cheapest = next((p for p in places if p.usd_per_month_all_in is not None), None)
    if cheapest:
        arms["tuned"] = Arm(offer=cheapest.ref)
    return case.model_copy(update={"arms": arms})


def _name(arm: str, there: Costs, money: Costs) -> str:
    """What the case calls an option; of one it does not have, what would be bought."""
    return in_a_sentence(there.names[arm]) if arm in money.names else there.quotes[arm].name


def _of_a_month(arm: str, there: Costs, money: Costs) -> str:
    option = there.cost.arms.get(arm)
    month = running_month(option, there.cost.months_of_use) if option else None
    name = _name(arm, there, money)
    return "" if month is None else f"{money.currency.show(month)} a month with {name}"


def _of_so_many(arm: str, there: Costs, money: Costs) -> str:
    """So many texts, and the hosting that comes beside them."""
    option, show = there.cost.arms.get(arm), money.currency.show
    if option is None or option.usd_per_request is None:
        return ""
    name, hosting = _name(arm, there, money), option.hosting_usd_per_month
    if not option.usd_per_request and hosting:
        return f"{show(hosting)} a month with {name}, however many"
    beside = f" and {show(hosting)} a month for its hosting" if hosting else ""
    return f"{show(option.usd_per_request * EACH)} with {name}{beside}"
