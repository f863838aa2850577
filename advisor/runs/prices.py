"""What one call of a run costs: the host's price where the host pays, else the case's."""

from datetime import date
from decimal import Decimal

from advisor.case.case import Case
from advisor.case.options import Arm, Judge, OptionId, Role
from advisor.case.run_spec import Price
from advisor.host.endpoints import host_price
from advisor.verdict.costing import call_usd, price_options
from pricing.offers import PriceCells
from pricing.quotes import Quote, quote


def price_of_calls(case: Case, today: date) -> Price:
    """What one call of an arm, or of the judge, costs by its tokens in, out and cached, USD.

    None = not known.

    Recorded answers cost nothing: they were bought by whoever recorded them. Where the host pays,
    it is the host's price, whatever figures the case holds.

    Raises:
        PricingError: an offer is unknown or ambiguous.
    """
    cells: dict[Role, PriceCells] = {
        arm: _paid_by_host(case.arms[arm]) or found.cells
        for arm, found in _quotes(case, today).items()
    }
    recorded: set[Role] = {name for name, arm in case.arms.items() if arm.recorded}
    if (judge := case.judge) is not None:
        less = judge.discount_percent
        stated = quote(judge.offer, judge.price, "base", today, discount_percent=less).cells
        cells["judge"] = _paid_by_host(judge) or stated

    def price(
        role: Role, input_tokens: int, output_tokens: int, cached_tokens: int = 0, /
    ) -> Decimal | None:
        if role in recorded:
            return Decimal(0)
        known = cells.get(role)
        if known is None:
            return None
        return call_usd(known, input_tokens, output_tokens, cached_tokens)

    return price


def _quotes(case: Case, today: date) -> dict[OptionId, Quote]:
    """The figures of each option; texts are counted only where an offer has tiers by length."""
    if any(arm.offer for arm in case.arms.values()):
        return price_options(case, (), today).quotes
    return {name: quote(None, case.arms[name].price, "base", today) for name in case.options}


def _paid_by_host(asked: Arm | Judge) -> PriceCells | None:
    """What a model at an address of the host costs the host; None = the host has not said."""
    paid = host_price(asked.endpoint, asked.model)
    return None if paid is None else PriceCells(input=paid.input, output=paid.output)
