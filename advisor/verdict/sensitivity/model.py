"""What a lever is: one input of a verdict, and the facts with another value in its place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from advisor.verdict.facts import Facts

Value = int | Decimal | date | str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberLever:
    """An input that is a number or a day: a whole number of steps."""

    input: str
    """Where the figure stands: "volume.requests_per_month", "arms.tuned.price.output"."""
    now: Value | None
    """None: not given."""
    at: tuple[int, int] | None
    """The whole steps just below and just above the value now (or twice itself)."""
    least: int
    most: int
    unit: Decimal
    """What one step is, as the distance counts it."""
    value: Callable[[int], Value]
    put: Callable[[int], Facts]
    marks: tuple[int, ...] = ()
    """Steps to look at between here and the ends, where the verdict may turn and turn back."""
    of: Callable[[int], int] | None = None
    """What the number is counted among, there."""


@dataclass(frozen=True, slots=True)
class ChoiceLever:
    """An input with a few answers."""

    input: str
    now: Value | None
    """None: not answered."""
    ways: tuple[tuple[Value, int], ...]
    """Other answers, each with its distance: steps along the answers' order; 1 from no answer."""
    put: Callable[[Any], Facts]


Lever = NumberLever | ChoiceLever
