"""Uncertainty: ranges from measured tokens, what moves the difference most, what flips it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pricing.assumptions import Assumption, Stated, assumptions
from pricing.charges import MOST_REQUESTS, machine_cost, token_cost
from pricing.cost import Option, OptionCost, Tokens, Volume, cost_of, months_of_use
from pricing.entries import PriceCells
from pricing.option import stretches

Floats = NDArray[np.float64]

DRAWS = 10_000
SWING = Decimal("0.2")
"""An assumption is moved by a fifth either way unless a range is given."""
STEPS = 100


# -- Ranges from the tokens that were measured --------------------------------------------------


@dataclass(frozen=True, slots=True)
class BreakEvenRange:
    """Break-even over the draws; None at an end = never in that many of them."""

    low: int | None
    """Requests a month: the lower end."""
    high: int | None
    never: float
    """Share of the draws, 0 to 1, in which no volume pays the tuned model back."""


def draw_means(calls: ArrayLike, seed: int, draws: int = DRAWS) -> Floats:
    """Draw the mean tokens of a request on as many other prompts like these.

    The mean is drawn from its normal distribution (central limit theorem), columns together, so
    that a prompt that is long for one arm is long for the other.

    Args:
        calls: measured tokens, one row per prompt, a column per class (and arm).
        seed: the same seed gives the same draws.
        draws: how many.

    Returns:
        One row per draw, columns as in `calls`; 0 or more.

    Raises:
        ValueError: fewer than two prompts, which have no spread.
    """
    measured = np.asarray(calls, dtype=np.float64)
    if len(measured) < 2:
        raise ValueError("a spread takes the tokens of at least 2 prompts")
    spread = np.atleast_2d(np.cov(measured, rowvar=False)) / len(measured)
    chance = np.random.default_rng(seed)
    drawn = chance.multivariate_normal(measured.mean(axis=0), spread, draws, method="eigh")
    return np.maximum(drawn, 0)


def draw_spend(
    option: Option, volume: Volume, months: Decimal, tokens: Floats, trained: bool
) -> Floats | None:
    """Cumulative spend in USD: a row per draw, a column per month of use.

    Args:
        option: what is used; its own tokens do not matter.
        volume: requests a month, growth, shares, retrainings.
        months: months of use, more than 0.
        tokens: drawn mean tokens of a request, columns input and output.
        trained: whether it is a tuned model, see `pricing.cost.option_cost`.

    Returns:
        None where a figure is missing.
    """
    standing = _unused(option, volume, months, trained).cumulative
    if standing is None or volume.requests_per_month is None:
        return None
    growth = (1 + float(volume.growth_per_month)) ** np.arange(ceil(months))
    spent = np.broadcast_to(np.array(standing, np.float64), (len(tokens), len(standing)))
    for stretch in stretches(option.cells, option.later):
        parts = [
            float(stretch.within(Decimal(k), min(Decimal(k + 1), months)))
            for k in range(ceil(months))
        ]
        if not any(parts):
            continue
        per_token, machine = _per_token(stretch.cells, volume), machine_cost(stretch.cells).usd
        if per_token is None or machine is None:
            return None
        requests = np.cumsum(volume.requests_per_month * growth * parts)
        spent = spent + np.outer(tokens @ per_token + _of_people(option) + float(machine), requests)
    return spent


def break_even_range(
    base: Option,
    tuned: Option,
    calls: ArrayLike,
    volume: Volume,
    months: Decimal,
    seed: int,
    alpha: float,
) -> BreakEvenRange | None:
    """The break-even in requests a month, as a range over draws of the mean tokens.

    Args:
        base: the base option.
        tuned: the tuned option.
        calls: measured tokens, one row per prompt: base input, base output, tuned input,
            tuned output.
        volume: shares and retrainings; the break-even itself knows no growth.
        months: months of use, more than 0.
        seed: the same seed gives the same range.
        alpha: share of the draws that lie outside.

    Returns:
        None where a figure is missing.
    """
    base_rates = _mean_per_token(base, volume, months)
    tuned_rates = _mean_per_token(tuned, volume, months)
    base_fixed = _unused(base, volume, months, trained=False).total_usd
    tuned_fixed = _unused(tuned, volume, months, trained=True).total_usd
    if base_rates is None or tuned_rates is None or base_fixed is None or tuned_fixed is None:
        return None
    means = draw_means(calls, seed)
    each = means[:, :2] @ base_rates - means[:, 2:] @ tuned_rates
    saved = (each + _beside_tokens(base) - _beside_tokens(tuned)) * float(months)
    owed = float(tuned_fixed - base_fixed)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Rounded first, so that a float's last digits add no request.
        needed = np.where(saved > 0, np.ceil(np.round(owed / saved, 6)), np.inf)
    needed = np.zeros_like(needed) if owed <= 0 else needed
    needed[needed > MOST_REQUESTS] = np.inf
    # A quantile that is itself one of the draws: nothing lies between a number and infinity.
    ends = np.quantile(needed, [alpha / 2, 1 - alpha / 2], method="inverted_cdf")
    low, high = (int(end) if np.isfinite(end) else None for end in ends)
    return BreakEvenRange(low, high, float(np.isinf(needed).mean()))


def _mean_per_token(option: Option, volume: Volume, months: Decimal) -> Floats | None:
    """USD per token of input and of output on average over the months, where requests stay level."""
    total = np.zeros(2)
    for stretch in stretches(option.cells, option.later):
        if part := stretch.within(Decimal(0), months):
            rates = _per_token(stretch.cells, volume)
            if rates is None:
                return None
            total = total + rates * float(part / months)
    return total


def _per_token(cells: PriceCells, volume: Volume) -> Floats | None:
    """USD per token of input and of output; a request costs them in proportion."""
    one, none = Decimal(1), Decimal(0)
    reading = token_cost(cells, Tokens(one, none, "given"), volume).usd
    writing = token_cost(cells, Tokens(none, one, "given"), volume).usd
    return None if reading is None or writing is None else np.array([reading, writing], np.float64)


def _beside_tokens(option: Option) -> float:
    """What a request costs beside its tokens, USD: people's time and an own machine's."""
    return _of_people(option) + float(machine_cost(option.cells).usd or 0)


def _of_people(option: Option) -> float:
    """People's time a request, USD, where it is in the totals."""
    time = option.people.per_request.usd if option.people is not None else None
    return float(time or 0)


def _unused(option: Option, volume: Volume, months: Decimal, trained: bool) -> OptionCost:
    """What the option costs without any request."""
    nothing = Tokens(Decimal(0), Decimal(0), "given")
    volume = volume.model_copy(update={"requests_per_month": 0})
    return cost_of(replace(option, tokens=nothing), volume, months, trained)


# -- What moves the difference, and what flips it -----------------------------------------------


@dataclass(frozen=True, slots=True)
class Swing:
    """What moving one assumption does to the monthly difference, tuned - base, in USD."""

    of: Assumption
    low: Decimal
    high: Decimal
    usd_at_low: Decimal
    usd_at_high: Decimal

    @property
    def width(self) -> Decimal:
        """USD a month between the two ends."""
        return abs(self.usd_at_high - self.usd_at_low)


def monthly_difference(stated: Stated) -> Decimal | None:
    """Monthly cost (total / months of use) of the tuned option less that of the base, USD.

    People's time is part of it wherever the options carry it.

    None where a figure is missing or the tuned model has stopped.
    """
    months = months_of_use(stated.volume, stated.tuned.stops_on, stated.today)
    base, tuned = (
        cost_of(option, stated.volume, months, trained).usd_per_month_all_in
        for option, trained in ((stated.base, False), (stated.tuned, True))
    )
    return None if base is None or tuned is None else tuned - base


def tornado(
    stated: Stated, ranges: Mapping[str, tuple[Decimal, Decimal]] | None = None
) -> tuple[Swing, ...]:
    """Which single assumption moves the monthly difference most; the widest first.

    Args:
        stated: the comparison.
        ranges: low and high by name of the assumption; a fifth either way where not given.

    Returns:
        Those that move it at all; empty where a figure is missing.
    """
    swings = []
    for one in assumptions(stated):
        usual = (one.value * (1 - SWING), one.value * (1 + SWING))
        low, high = sorted(_within(one, end) for end in (ranges or {}).get(one.name, usual))
        at_low, at_high = monthly_difference(one.put(low)), monthly_difference(one.put(high))
        if at_low is not None and at_high is not None and at_low != at_high:
            swings.append(Swing(one, low, high, at_low, at_high))
    return tuple(sorted(swings, key=lambda swing: swing.width, reverse=True))


def turning_points(
    stated: Stated, names: Collection[str] | None = None
) -> dict[str, Decimal | None]:
    """By assumption: the value nearest to the stated one at which the cheaper option changes.

    None = nowhere within its limits. Empty where a figure is missing.

    Args:
        stated: the comparison.
        names: assumptions to look at, in the order wanted; all by default.
    """
    here = monthly_difference(stated)
    if here is None:
        return {}
    known = {one.name: one for one in assumptions(stated)}
    asked = [name for name in names if name in known] if names is not None else list(known)
    return {name: _turning_point(known[name], here) for name in asked}


def _turning_point(one: Assumption, here: Decimal) -> Decimal | None:
    found = []
    for end in (one.least, one.most):
        there = monthly_difference(one.put(end))
        if there is not None and (there <= 0) != (here <= 0):
            found.append(_crossing(one, here, end, there))
    return min(found, key=lambda value: abs(value - one.value), default=None)


def _crossing(one: Assumption, here: Decimal, end: Decimal, there: Decimal) -> Decimal:
    """Where the sign changes between the stated value and `end`; a whole number: the first past it."""
    # The difference is linear in most assumptions: then the first guess is the answer.
    guess = one.value - here * (end - one.value) / (there - here)
    at_guess = None if one.whole else monthly_difference(one.put(guess))
    if at_guess is not None and abs(at_guess) <= min(abs(here), abs(there)) * Decimal("1e-12"):
        return _rounded(guess)
    near, far = one.value, end
    for _ in range(STEPS):
        middle = (near + far) / 2
        if one.whole:
            if abs(far - near) <= 1:
                return far
            middle = middle.to_integral_value()
        found = monthly_difference(one.put(middle))
        same_side = found is not None and (found <= 0) == (here <= 0)
        near, far = (middle, far) if same_side else (near, middle)
    return _rounded(far)


def _rounded(value: Decimal) -> Decimal:
    """Round to 9 digits: beyond that it is an artefact of the search."""
    return Context(prec=9).plus(value).normalize()


def _within(one: Assumption, value: Decimal) -> Decimal:
    limited = min(one.most, max(one.least, value))
    return limited.to_integral_value() if one.whole else limited


__all__ = [
    "Assumption",
    "BreakEvenRange",
    "Stated",
    "Swing",
    "assumptions",
    "break_even_range",
    "draw_means",
    "draw_spend",
    "monthly_difference",
    "tornado",
    "turning_points",
]
