"""Spending: an option's total as a low and a high figure, for a budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import NormalDist, fmean, stdev

from pricing.charges import machine_cost, token_cost
from pricing.cost import Option, Tokens, Volume, cost_of
from pricing.uncertainty import SWING


@dataclass(frozen=True, slots=True)
class SpendRange:
    """Total over the months of use, USD: the requests a fifth fewer and a fifth more."""

    low: Decimal
    high: Decimal
    usage_measured: bool
    """The spread of the tokens measured is in it too."""


def spend_range(
    option: Option,
    volume: Volume,
    months: Decimal,
    trained: bool,
    alpha: float,
    calls: Sequence[tuple[int, int]] = (),
) -> SpendRange | None:
    """The total with `SWING` fewer or more requests, each at the cost that was measured.

    A total is a fixed part and one in proportion to the requests. The second is moved by `SWING`,
    and what of it the model costs by the likely range of the mean request's cost (normal
    approximation).

    Args:
        option: what is used.
        volume: requests a month, growth, shares, retrainings.
        months: months of use; 0 = the tuned model has stopped.
        trained: whether it is a tuned model, see `pricing.cost.option_cost`.
        alpha: 1 - the level of that range.
        calls: measured input and output tokens of each request, any order; empty = not measured,
            or the case gives them.

    Returns:
        None where a figure is missing or there are no months of use.
    """
    nobody = volume.model_copy(update={"requests_per_month": 0})
    fixed, whole = (cost_of(option, asked, months, trained) for asked in (nobody, volume))
    if fixed.total_usd is None or whole.total_usd is None:
        return None
    corrections = (whole.people_usd or Decimal(0)) - (fixed.people_usd or Decimal(0))
    asked_usd = whole.total_usd - fixed.total_usd - corrections
    spread = _spread(option, volume, calls, alpha)
    each = Decimal(str(spread))
    low = fixed.total_usd + (asked_usd * (1 - each) + corrections) * (1 - SWING)
    high = fixed.total_usd + (asked_usd * (1 + each) + corrections) * (1 + SWING)
    return SpendRange(low, high, spread > 0)


def _spread(
    option: Option, volume: Volume, calls: Sequence[tuple[int, int]], alpha: float
) -> float:
    """Half the likely range of a request's mean cost, as a share of it; 0 to 1."""
    if len(calls) < 2:
        return 0.0
    one, none = Decimal(1), Decimal(0)
    reading = token_cost(option.cells, Tokens(one, none, "given"), volume).usd
    writing = token_cost(option.cells, Tokens(none, one, "given"), volume).usd
    machine = machine_cost(option.cells).usd
    if reading is None or writing is None or machine is None:
        return 0.0
    costs = [
        given * float(reading) + back * float(writing) + float(machine) for given, back in calls
    ]
    mean = fmean(costs)
    reach = NormalDist().inv_cdf(1 - alpha / 2)
    return min(1.0, reach * stdev(costs) / sqrt(len(costs)) / mean) if mean else 0.0
