"""What moves the monthly difference most, and where the other option becomes cheaper."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from advisor.verdict.costs import Costs
from pricing.assumptions import GROWTH, REQUESTS, Assumption
from pricing.uncertainty import Swing, assumptions, monthly_difference, tornado, turning_points

MOST_MOVES = 8
"""Assumptions given; the others move less."""
MOST_TURNING = 5
POINTS = Decimal("0.02")
"""Growth is moved by 2 points either way: a fifth of no growth is none."""


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """An assumption, and the value at which the other option becomes cheaper."""

    of: Assumption
    at: Decimal | None
    """None = nowhere within its limits."""
    above: bool = True
    """The other one is cheaper above it, else below."""


@dataclass(frozen=True, slots=True)
class CostMoves:
    """What the monthly difference depends on; empty where it is not known."""

    swings: tuple[Swing, ...] = ()
    """What moving each assumption by a fifth does (growth: by 2 points), the widest first."""
    turning: tuple[TurningPoint, ...] = ()
    """The volume, and what moves most."""
    other: Literal["base", "tuned"] = "base"
    """The option that is the dearer one as things stand."""


def what_moves(money: Costs) -> CostMoves:
    """What the monthly difference of the two options compared depends on."""
    stated = money.stated
    here = None if stated is None else monthly_difference(stated)
    if stated is None or here is None:
        return CostMoves()
    growth = stated.volume.growth_per_month
    swings = tornado(stated, {GROWTH: (growth - POINTS, growth + POINTS)})
    names = dict.fromkeys([REQUESTS, *(swing.of.name for swing in swings)])
    points = turning_points(stated, list(names)[:MOST_TURNING])
    known = {one.name: one for one in assumptions(stated)}
    return CostMoves(
        swings[:MOST_MOVES],
        tuple(_turning(known[name], at, here) for name, at in points.items()),
        "base" if here <= 0 else "tuned",
    )


def _turning(of: Assumption, at: Decimal | None, here: Decimal) -> TurningPoint:
    if at is None:
        return TurningPoint(of, at)
    if at != of.value:
        return TurningPoint(of, at, above=at > of.value)
    # Both cost the same as it stands, so that any change makes a difference, but only one way.
    most = monthly_difference(of.put(of.most))
    return TurningPoint(of, at, above=most is not None and (most <= 0) != (here <= 0))
