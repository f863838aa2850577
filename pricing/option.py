"""Option: what one option costs over the months of use, everything counted."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import ceil

from pricing.charges import (
    Amount,
    Tokens,
    Volume,
    add,
    hosting_cost,
    request_cost,
    storage_cost,
    training_cost,
)
from pricing.offers import PriceCells

DAYS_PER_MONTH = Decimal("30.4375")


@dataclass(frozen=True, slots=True)
class Option:
    """One option whose cost is asked for."""

    cells: PriceCells
    tokens: Tokens
    stops_on: date | None = None
    """Day on which a tuned model stops answering."""
    already_trained: bool = False
    """The tuned model exists: a training whose figures are not given is not missing."""


@dataclass(frozen=True, slots=True)
class OptionCost:
    """One option's money in USD; None = a price or a count is missing, named in `missing`.

    Totals are also None where the months of use are 0: the tuned model has stopped.
    """

    usd_per_request: Decimal | None
    usd_per_month: Decimal | None
    """First month's running cost: tokens, hosting, storage."""
    usd_per_month_all_in: Decimal | None
    """Total / months of use."""
    training_usd: Decimal | None
    """One training job; 0 where the option needs none."""
    hosting_usd_per_month: Decimal | None
    total_usd: Decimal | None
    """Training, retrainings, hosting, storage and tokens over the months of use."""
    tokens: Tokens
    missing: tuple[str, ...] = ()
    """Cells not known, e.g. "output price"."""
    assumed: tuple[str, ...] = ()
    """What was taken for granted, e.g. "3 epochs"."""
    cumulative: tuple[Decimal, ...] | None = None
    """Spend at the end of each month of use, the last one possibly a part of a month."""


def months_of_use(volume: Volume, stops_on: date | None, today: date) -> Decimal:
    """Months the options are used and compared over; 0 where the tuned model has stopped."""
    horizon = Decimal(volume.horizon_months)
    if stops_on is None:
        return horizon
    return min(horizon, max(Decimal(0), (stops_on - today).days / DAYS_PER_MONTH))


@lru_cache(maxsize=1024)  # what moves one figure at a time asks for the others again and again
def option_cost(
    cells: PriceCells,
    tokens: Tokens,
    volume: Volume,
    months: Decimal,
    trained: bool,
    already_trained: bool = False,
) -> OptionCost:
    """Everything one option costs over the months of use.

    Training counts once, at the start; retrainings are spread evenly over the months; growth
    changes the requests from month to month, and a last part of a month counts its part of
    requests, hosting and storage.

    Args:
        cells: the option's figures; see `pricing.quotes.quote`.
        tokens: mean tokens of one request.
        volume: requests a month, growth, shares, retrainings.
        months: months of use, see `months_of_use`; 0 or more.
        trained: whether the option is a tuned model, which has to be trained.
        already_trained: the tuned model exists. What its training cost counts where the figures
            are given; where they are not, it is paid and nothing is missing.
    """
    nothing = Amount(Decimal(0))
    further = volume.retrainings_per_year if trained else Decimal(0)
    job = training_cost(cells) if trained else nothing
    if already_trained and job.usd is None and not further:
        job = nothing
    hosting = hosting_cost(cells)
    request = request_cost(cells, tokens, volume)
    asked = _of_all_requests(request, volume.requests_per_month)
    standing = add(hosting, storage_cost(cells))
    running = add(asked, standing)
    cumulative = None
    if asked.usd is not None and standing.usd is not None and job.usd is not None:
        even = standing.usd + job.usd * further / 12
        cumulative = _cumulative(job.usd, even, asked.usd, volume.growth_per_month, months)
    total = cumulative[-1] if cumulative else None
    return OptionCost(
        usd_per_request=request.usd,
        usd_per_month=running.usd,
        usd_per_month_all_in=None if total is None else total / months,
        training_usd=job.usd,
        hosting_usd_per_month=hosting.usd,
        total_usd=total,
        tokens=tokens,
        missing=add(running, job).missing,
        assumed=job.assumed,
        cumulative=cumulative or None,
    )


def _of_all_requests(request: Amount, requests: int | None) -> Amount:
    """A month's requests; free ones need no count."""
    if request.usd is not None and requests is not None:
        return Amount(request.usd * requests)
    if request.usd == 0:
        return request
    return Amount(None, request.missing + (("requests a month",) if requests is None else ()))


def _cumulative(
    first: Decimal, even: Decimal, asked: Decimal, growth: Decimal, months: Decimal
) -> tuple[Decimal, ...]:
    """Spend at the end of each month: `first` at the start, `even` a month, `asked` growing.

    Empty where there is no month of use.
    """
    spent, ends = first, []
    for k in range(ceil(months)):
        part = min(Decimal(1), months - k)
        spent += part * (even + asked * (1 + growth) ** k)
        ends.append(spent)
    return tuple(ends)
