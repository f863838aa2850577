"""Option: what one option costs over the months of use, everything counted."""

from dataclasses import dataclass, replace
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
from pricing.people import PeopleTime

DAYS_PER_MONTH = Decimal("30.4375")


@dataclass(frozen=True, slots=True)
class Later:
    """Figures from a later day on: those of the model that replaces a stopped one."""

    after_months: Decimal
    """Months from the first day of use, more than 0."""
    cells: PriceCells


@dataclass(frozen=True, slots=True)
class Option:
    """One option whose cost is asked for."""

    cells: PriceCells
    tokens: Tokens
    stops_on: date | None = None
    """Day on which a tuned model stops answering."""
    already_trained: bool = False
    """The tuned model exists: a training whose figures are not given is not missing."""
    people: PeopleTime | None = None
    """People's time, where it is in the totals; None = model cost only."""
    later: tuple[Later, ...] = ()
    """What replaces `cells`, in the order of time."""

    def with_cell(self, name: str, to: Decimal | int) -> "Option":
        """The option with another figure in a cell; later figures change in the same proportion."""
        now = getattr(self.cells, name)
        later = []
        for one in self.later:
            then = getattr(one.cells, name)
            moved = to if not now or then is None or then == now else then * to / now
            cells = one.cells.model_copy(update={name: moved})
            later.append(Later(one.after_months, cells))
        cells = self.cells.model_copy(update={name: to})
        return replace(self, cells=cells, later=tuple(later))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period with the same figures, in months from the first day of use."""

    cells: PriceCells
    start: Decimal
    end: Decimal | None
    """None = to the end."""

    def within(self, start: Decimal, end: Decimal) -> Decimal:
        """How many of its months lie between two points in time."""
        last = end if self.end is None else min(end, self.end)
        return max(Decimal(0), last - max(start, self.start))


def stretches(cells: PriceCells, later: tuple[Later, ...]) -> tuple[Stretch, ...]:
    """The periods with the same figures, in order."""
    starts = (Decimal(0), *(one.after_months for one in later))
    figures = (cells, *(one.cells for one in later))
    ends = (*starts[1:], None)
    return tuple(map(Stretch, figures, starts, ends))


@dataclass(frozen=True, slots=True)
class OptionCost:
    """One option's money in USD; None = a price or a count is missing, named in `missing`.

    Totals are also None where the months of use are 0: the tuned model has stopped.
    """

    usd_per_request: Decimal | None
    usd_per_month: Decimal | None
    """First month's running cost: tokens, hosting, storage. Model cost only."""
    usd_per_month_all_in: Decimal | None
    """Total / months of use; people's time included where it is counted."""
    training_usd: Decimal | None
    """One training job; 0 where the option needs none."""
    hosting_usd_per_month: Decimal | None
    total_usd: Decimal | None
    """Training, retrainings, hosting, storage and tokens over the months of use, and people's time
    where it is counted: the one total of every comparison."""
    tokens: Tokens
    missing: tuple[str, ...] = ()
    """Cells not known, e.g. "output price"."""
    cumulative: tuple[Decimal, ...] | None = None
    """Spend at the end of each month of use, the last one possibly a part of a month."""
    people_usd: Decimal | None = None
    """People's time within the total; None = not counted, or not known."""
    people_once_usd: Decimal = Decimal(0)
    """Of it, what is spent once, at the start."""

    @property
    def once_usd(self) -> Decimal | None:
        """Training and people's one-off days, at the start."""
        return None if self.training_usd is None else self.training_usd + self.people_once_usd

    @property
    def model_usd(self) -> Decimal | None:
        """The total without people's time."""
        return None if self.total_usd is None else self.total_usd - (self.people_usd or 0)


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
    people: PeopleTime | None = None,
    later: tuple[Later, ...] = (),
) -> OptionCost:
    """Everything one option costs over the months of use.

    Training and people's one-off days count once, at the start; retrainings are spread evenly over
    the months; growth changes the requests from month to month, and a part of a month counts its
    part of requests, hosting and storage.

    Args:
        cells: the option's figures; see `pricing.quotes.quote`.
        tokens: mean tokens of one request.
        volume: requests a month, growth, shares, retrainings.
        months: months of use, see `months_of_use`; 0 or more.
        trained: whether the option is a tuned model, which has to be trained.
        already_trained: the tuned model exists. What its training cost counts where the figures
            are given; where they are not, it is paid and nothing is missing.
        people: people's time that is in the totals; None = model cost only.
        later: figures that replace `cells` later; a request's price is that of the first day.
    """
    nothing = Amount(Decimal(0))
    further = volume.retrainings_per_year if trained else Decimal(0)
    job = _job(cells, trained, already_trained and not further)
    request = request_cost(cells, tokens, volume)
    again = Amount(None if job.usd is None else job.usd * further / 12)
    rates = [_Rate.of(stretch, tokens, volume) for stretch in stretches(cells, later)]
    running = _first_month(rates)
    cumulative = _cumulative(
        job, [replace(rate, standing=add(rate.standing, again)) for rate in rates], volume, months
    )
    corrected, once, on_people = nothing, nothing, None
    if people is not None:
        corrected = _of_all_requests(people.per_request, volume.requests_per_month)
        once = people.once
        always = Stretch(cells, Decimal(0), None)
        on_people = _cumulative(once, [_Rate(always, nothing, corrected)], volume, months)
        ends = zip(cumulative, on_people, strict=False)  # neither has any where a figure is missing
        cumulative = tuple(model + time for model, time in ends)
    total = cumulative[-1] if cumulative else None
    return OptionCost(
        usd_per_request=request.usd,
        usd_per_month=running.usd,
        usd_per_month_all_in=None if total is None else total / months,
        training_usd=job.usd,
        hosting_usd_per_month=hosting_cost(cells).usd,
        total_usd=total,
        tokens=tokens,
        missing=add(running, job, corrected, once).missing,
        cumulative=cumulative or None,
        people_usd=on_people[-1] if on_people else None,
        people_once_usd=once.usd or Decimal(0),
    )


def _job(cells: PriceCells, trained: bool, paid: bool) -> Amount:
    """One training job; 0 where none is needed, or it was paid before and has no figures."""
    job = training_cost(cells) if trained else Amount(Decimal(0))
    return Amount(Decimal(0)) if paid and job.usd is None else job


def cost_of(option: Option, volume: Volume, months: Decimal, trained: bool) -> OptionCost:
    """Everything an option costs over the months of use, see `option_cost`."""
    return option_cost(
        option.cells,
        option.tokens,
        volume,
        months,
        trained,
        option.already_trained,
        option.people,
        option.later,
    )


@dataclass(frozen=True, slots=True)
class _Rate:
    """What a month costs within a period."""

    stretch: Stretch
    standing: Amount
    asked: Amount
    """A month's requests, before growth."""

    @classmethod
    def of(cls, stretch: Stretch, tokens: Tokens, volume: Volume) -> "_Rate":
        cells = stretch.cells
        request = request_cost(cells, tokens, volume)
        asked = _of_all_requests(request, volume.requests_per_month)
        return cls(stretch, add(hosting_cost(cells), storage_cost(cells)), asked)


def _first_month(rates: list[_Rate]) -> Amount:
    """Requests, hosting and storage of the first month."""
    parts = []
    for rate in rates:
        if length := rate.stretch.within(Decimal(0), Decimal(1)):
            month = add(rate.asked, rate.standing)
            usd = None if month.usd is None else month.usd * length
            parts.append(Amount(usd, month.missing))
    return add(*parts)


def _of_all_requests(request: Amount, requests: int | None) -> Amount:
    """A month's requests; free ones need no count."""
    if request.usd is not None and requests is not None:
        return Amount(request.usd * requests)
    if request.usd == 0:
        return request
    return Amount(None, request.missing + (("requests a month",) if requests is None else ()))


def _cumulative(
    first: Amount, rates: list[_Rate], volume: Volume, months: Decimal
) -> tuple[Decimal, ...]:
    """Spend at the end of each month: `first` at the start, then what a month costs, growing.

    Empty where an amount is not known or there is no month of use.
    """
    if first.usd is None:
        return ()
    spent, ends = first.usd, []
    for k in range(ceil(months)):
        end = min(Decimal(k + 1), months)
        for rate in rates:
            part = rate.stretch.within(Decimal(k), end)
            if not part:
                continue
            if rate.standing.usd is None or rate.asked.usd is None:
                return ()
            spent += part * (
                rate.standing.usd + rate.asked.usd * (1 + volume.growth_per_month) ** k
            )
        ends.append(spent)
    return tuple(ends)
