"""What a lever is: one input of a verdict, and the facts with another value in its place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from advisor.verdict.facts import Facts

Value = int | Decimal | date | str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a verdict: which figure or answer it is."""

    kind: Literal["volume", "brief", "people", "evidence", "standing", "price", "option"]
    """The part of a case it stands in; standing: at a vendor; price, option: of an option."""
    field: str
    """Its name there: "requests_per_month", or the price's cell; "" of a standing."""
    of: str = ""
    """The option, or the vendor by its key."""

    def __str__(self) -> str:
        """Its place in a CASE.toml: "arms.tuned.price.output"."""
        match self.kind:
            case "price":
                return f"arms.{self.of}.price.{self.field}"
            case "option":
                return f"arms.{self.of}.{self.field}"
            case "standing":
                return f"brief.customer_of.{self.of}"
        return f"{self.kind}.{self.field}"


@dataclass(frozen=True, slots=True)
class NumberLever:
    """An input that is a number or a day: a whole number of steps."""

    input: Input
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

    input: Input
    now: Value | None
    """None: not answered."""
    ways: tuple[tuple[Value, int], ...]
    """Other answers, each with its distance: steps along the answers' order; 1 from no answer."""
    put: Callable[[Any], Facts]


Lever = NumberLever | ChoiceLever
