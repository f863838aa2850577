"""Current bases: what today's base models on our list would cost in the base option's place."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.verdict.base_models import bases_on
from advisor.verdict.costing import in_its_place
from advisor.verdict.costs import Costs
from pricing.errors import PricingError
from pricing.offers import PriceCells
from pricing.option import DAYS_PER_MONTH
from pricing.quotes import quote

WORTH_NAMING = Decimal("0.05")
LEAST_SAVED = Decimal(10)
"""A current base is named where it undercuts the chosen one by more than this share, and by at
least so many USD a month: cents decide nothing."""


@dataclass(frozen=True, slots=True)
class CurrentBase:
    """A current base model in the base option's place: same requests, same months."""

    name: str
    """As on our list, e.g. "gpt-6-luna"."""
    ref: str
    """`provider:model`, as an arm's offer."""
    usd_per_month_all_in: Decimal | None
    """None = a price or a count is missing."""
    source_url: str | None
    checked: date | None
    lasts: bool = True
    """It is not known to stop within the months of use."""


def compare_with_current_bases(
    case: Case, money: Costs, today: date, base_arm: OptionId = "base"
) -> tuple[CurrentBase, ...]:
    """The base option's requests at the list prices of today's base models, the cheapest first.

    The tokens are those of the base option as it stands, and so is people's time where it is
    counted: another model may count and write a little differently, and nothing is known of its
    answers.

    Args:
        case: what was asked.
        money: its options, priced.
        today: the day of the prices.
        base_arm: the base option whose place is taken.

    Returns:
        One row per base model on our list, those of unknown cost last; none where there is
        no such option, or where the texts may not go to a vendor, or to one in a region only.
    """
    option = money.cost.arms.get(base_arm)
    brief = case.brief
    if option is None or brief.data_may_go in ("region", "own_or_rented", "own_machines"):
        return ()
    end = today + timedelta(days=float(money.cost.months_of_use * DAYS_PER_MONTH))
    contracts = brief.data_may_go == "under_contract"
    rows = []
    for model in bases_on(today):
        if contracts and brief.customer_of.get(model.provider) == "new":
            continue
        try:
            found = quote(model.ref, PriceCells(), "base", today, int(option.tokens.input or 0))
        except PricingError:
            # A test checks that each is priced today; on a day in the past it may not have been.
            continue
        cost = in_its_place(case, money, base_arm, found, today)
        rows.append(
            CurrentBase(
                name=model.name,
                ref=model.ref,
                usd_per_month_all_in=cost.usd_per_month_all_in,
                source_url=found.source_url,
                checked=found.checked,
                lasts=found.base_stop is None or found.base_stop.on >= end,
            )
        )
    unknown = Decimal("Infinity")
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                unknown if row.usd_per_month_all_in is None else row.usd_per_month_all_in
            ),
        )
    )


def undercutting(
    rows: tuple[CurrentBase, ...], money: Costs, base_arm: OptionId = "base"
) -> CurrentBase | None:
    """The cheapest current base that lasts, where it undercuts the chosen one by enough to mention.

    One that stops within the months of use is priced as its successor from then on: it is no
    suggestion.
    """
    rows = tuple(row for row in rows if row.lasts)
    option = money.cost.arms.get(base_arm)
    chosen = option.usd_per_month_all_in if option else None
    cheapest = rows[0].usd_per_month_all_in if rows else None
    if chosen is None or cheapest is None:
        return None
    enough = max(chosen * WORTH_NAMING, LEAST_SAVED)
    return rows[0] if chosen - cheapest > enough else None
