"""Rough cost in words: what both options would cost about, while a month of them is not known."""

from advisor.case.options import OptionId
from advisor.report.labels import in_a_sentence
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.verdict.rough_cost import EACH, RoughCost

OF_A_PAGE = " of 750 words, each answered in 150"
"""A page as it is supposed, in words, at four units for three words."""


def rough_cost(found: Decision, *, only_base: bool = False) -> str:
    """What both options would cost about, in a sentence; "" where a month of each is known.

    Args:
        found: the decision.
        only_base: fine-tuning is not possible.
    """
    rough, money = found.rough_cost, found.money
    if rough is None:
        return ""
    arms = [arm for arm, kind in rough.kinds.items() if not only_base or kind == "base"]
    of = "" if rough.units_counted else OF_A_PAGE
    requests = found.case.volume.requests_per_month
    if requests is None:
        told = [_of_so_many(arm, rough, money) for arm in arms]
        texts = f"For {EACH:,} texts{of}"
    else:
        told = [_of_a_month(arm, rough, money) for arm in arms]
        texts = f"At {requests:,} texts a month{of}"
    roughly = "; ".join(filter(None, told))
    return f"{texts}: roughly {roughly}." if roughly else ""


def _name(arm: OptionId, there: Costs, money: Costs) -> str:
    """What the case calls an option; of one it does not have, what would be bought."""
    return in_a_sentence(there.names[arm]) if arm in money.names else there.quotes[arm].name


def _of_a_month(arm: OptionId, rough: RoughCost, money: Costs) -> str:
    month = rough.costs.running_month(arm)
    name = _name(arm, rough.costs, money)
    return "" if month is None else f"{money.currency.show(month)} a month with {name}"


def _of_so_many(arm: OptionId, rough: RoughCost, money: Costs) -> str:
    """So many texts, and the hosting that comes beside them."""
    usd, show = rough.usd_of_texts(arm), money.currency.show
    if usd is None:
        return ""
    name = _name(arm, rough.costs, money)
    hosting = rough.costs.cost.arms[arm].hosting_usd_per_month
    if not usd and hosting:
        return f"{show(hosting)} a month with {name}, however many"
    beside = f" and {show(hosting)} a month for its hosting" if hosting else ""
    return f"{show(usd)} with {name}{beside}"
