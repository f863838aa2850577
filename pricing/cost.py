"""What options cost beside each other, and when tuning pays back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal

from pricing.charges import MOST_REQUESTS, Amount, Tokens, Volume, request_cost
from pricing.offers import PriceCells
from pricing.option import Option, OptionCost, cost_of, months_of_use, option_cost

LONGEST = Decimal(120)
"""Months after which a pay-back is no longer looked for: the longest horizon there is."""


BreakEvenReason = Literal[
    "not_asked",
    "stopped",
    "not_known",
    "dearer_per_request",
    "saves_nothing",
    "too_many_requests",
    "paid_back",
    "not_in_time",
]
"""Why a break-even is what it is: the figures it takes stand beside it."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """When the tuned option costs no more than the base option."""

    requests_per_month: int | None
    """Smallest monthly volume, no growth, at which tuned total <= base total; None = never."""
    month: int | None
    """First month in which cumulative tuned <= base at the stated volume, possibly after the months
    of use; None = never, or not within `LONGEST`."""
    reason: BreakEvenReason
    late: bool = False
    """The month lies after the months of use."""
    missing: tuple[str, ...] = ()
    """Figures not known, where they are the reason: "tuned: output price"."""
    people_included: bool = False
    """People's time is counted in both options."""
    up_to: int | None = None
    """Where the tuned option is cheaper at a low volume and dearer at a high one: the largest monthly
    volume at which it is no dearer; None = there is no such end."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the options cost beside each other."""

    arms: dict[str, OptionCost]
    """By option."""
    months_of_use: Decimal
    """min(horizon, days until the tuned model stops / 30.4375), unrounded."""
    break_even: BreakEven | None
    """`challenger` against `against`; None where either is absent."""
    against: str = "base"
    """The base option the break-even is worked against."""
    challenger: str = "tuned"
    """The tuned option it is worked for, whose last day ends the months of use."""
    cumulative: dict[str, tuple[Decimal, ...]] | None = None
    """By arm: spend at the end of each month of use, the last one possibly a part of a month."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Everything unknown, "tuned: output price"."""
        return tuple(f"{arm}: {m}" for arm, option in self.arms.items() for m in option.missing)


def compare_costs(
    options: Mapping[str, Option],
    volume: Volume,
    today: date,
    against: str = "base",
    ask: Literal["all", "month", "none"] = "all",
    challenger: str = "tuned",
    tuned: Collection[str] = ("tuned",),
) -> Cost:
    """What the options cost beside each other, all over the months the challenger can be used.

    Args:
        options: by id.
        volume: requests a month, growth, shares, retrainings, horizon.
        today: first day of use.
        against: the base arm that the break-even is worked against.
        ask: how much of the break-even is asked for: all of it, the month only, or none.
        challenger: the tuned option it is worked for.
        tuned: options that have to be trained, and may stop.
    """
    other = options.get(challenger)
    months = months_of_use(volume, other.stops_on if other else None, today)
    arms = {
        arm: cost_of(option, volume, months, trained=arm in tuned)
        for arm, option in options.items()
    }
    known = {arm: cost.cumulative for arm, cost in arms.items() if cost.cumulative}
    found = None
    if other and against in options and ask == "all":
        found = break_even(options[against], other, volume, months, against, challenger)
    elif other and against in options and ask == "month" and months:
        month, late = pay_back(options[against], other, volume, months)
        found = BreakEven(None, month, "not_asked", late)
    return Cost(
        arms=arms,
        months_of_use=months,
        break_even=found,
        against=against,
        challenger=challenger,
        cumulative=known,
    )


def break_even(
    base: Option,
    tuned: Option,
    volume: Volume,
    months: Decimal,
    against: str = "base",
    challenger: str = "tuned",
) -> BreakEven:
    """When the tuned option costs no more than a base option over the months of use.

    The requests do not depend on the stated volume, so they are given where it is not known.
    """
    if months == 0:
        return BreakEven(None, None, "stopped")

    def excess(requests: int) -> Decimal | None:
        """What the tuned option costs more at this volume, USD; linear in the volume."""
        level = {"requests_per_month": requests, "growth_per_month": Decimal(0)}
        for_base, for_tuned = (
            cost.total_usd for cost in _both(base, tuned, volume.model_copy(update=level), months)
        )
        return None if for_base is None or for_tuned is None else for_tuned - for_base

    stated = dict(zip((against, challenger), _both(base, tuned, volume, months), strict=True))
    gaps = tuple(f"{arm}: {gap}" for arm, cost in stated.items() for gap in cost.missing)
    at_none, at_most = excess(0), excess(MOST_REQUESTS)
    if at_none is None or at_most is None:
        return BreakEven(None, None, "not_known", missing=gaps)
    requests = up_to = None
    near: range = range(0)
    if (at_none > 0) != (at_most > 0):
        line = Fraction(at_none) * MOST_REQUESTS / Fraction(at_none - at_most)
        # Totals are rounded at their 28th digit, so the whole number may be off by one.
        near = range(max(1, ceil(line) - 2), ceil(line) + 3)
    if at_none > 0 >= at_most:
        requests = next(n for n in near if (excess(n) or 0) <= 0)
    elif at_none < 0 < at_most:
        requests, up_to = 0, max((n for n in near if (excess(n) or 0) <= 0), default=0)
    elif at_none <= 0 >= at_most:
        requests = (
            0  # else they tie where nothing is asked, and from the first text on it is dearer
        )
    month, late = pay_back(base, tuned, volume, months)
    reason = _reason(requests, month, at_most - at_none, bool(gaps))
    people = base.people is not None and tuned.people is not None and not gaps
    missing = gaps if reason == "not_known" else ()
    return BreakEven(requests, month, reason, late, missing, people, up_to)


def pay_back(
    base: Option, tuned: Option, volume: Volume, months: Decimal
) -> tuple[int | None, bool]:
    """First month in which the tuned option has cost no more, and whether that is too late.

    Looked for past the months of use too: a pay-back after the stop date is a no, not a never.
    None: never, not within `LONGEST`, or not known.
    """
    in_time = _first_month(*_both(base, tuned, volume, months))
    month = in_time or _first_month(*_both(base, tuned, volume, LONGEST))
    return month, month is not None and in_time is None


def _both(
    base: Option, tuned: Option, volume: Volume, months: Decimal
) -> tuple[OptionCost, OptionCost]:
    return (
        cost_of(base, volume, months, trained=False),
        cost_of(tuned, volume, months, trained=True),
    )


def _first_month(base: OptionCost, tuned: OptionCost) -> int | None:
    """First month, from 1, at whose end the tuned option has cost no more."""
    ends = enumerate(zip(base.cumulative or (), tuned.cumulative or (), strict=False), start=1)
    return next((month for month, (for_base, for_tuned) in ends if for_tuned <= for_base), None)


def _reason(requests: int | None, month: int | None, rise: Decimal, gaps: bool) -> BreakEvenReason:
    """Why the break-even is what it is. `rise`: what volume adds to the tuned option's excess."""
    if requests is None and rise > 0:
        return "dearer_per_request"
    if requests is None:
        return "saves_nothing" if rise == 0 else "too_many_requests"
    if gaps:
        return "not_known"
    if month is not None:
        return "paid_back"
    return "dearer_per_request" if rise > 0 else "not_in_time"


__all__ = [
    "Amount",
    "BreakEven",
    "BreakEvenReason",
    "Cost",
    "Option",
    "OptionCost",
    "PriceCells",
    "Tokens",
    "Volume",
    "break_even",
    "compare_costs",
    "cost_of",
    "months_of_use",
    "option_cost",
    "pay_back",
    "request_cost",
]
