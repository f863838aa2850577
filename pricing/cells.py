"""Price cells: every figure that the cost of an option rests on, listed once, with its unit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

PriceUnit = Literal[
    "usd_per_1m",
    "usd_per_hour",
    "usd_per_month",
    "usd",
    "tokens",
    "hours",
    "times",
    "machines",
    "texts",
]


@dataclass(frozen=True, slots=True)
class PriceCell:
    """One cell: a field of `PriceCells`."""

    name: str
    unit: PriceUnit
    figure: str = ""
    """As a cost names it: "input price". "" = an analysis of what moves the cost leaves it alone."""
    share: str = ""
    """The share of the volume without which it plays no part."""
    most: Decimal = Decimal(10_000)
    """An analysis moves it no further."""

    @property
    def rate(self) -> bool:
        """Whether it is an amount of money, and not how much of something is used."""
        return self.unit.startswith("usd")

    @property
    def whole(self) -> bool:
        """Whether it is a whole number."""
        return self.unit in ("tokens", "times", "machines")


CELLS: tuple[PriceCell, ...] = (
    PriceCell("input", "usd_per_1m", "input price"),
    PriceCell("cached_input", "usd_per_1m", "cached input price", "cached_share"),
    PriceCell("cache_write", "usd_per_1m", "cache write price", "cache_write_share"),
    PriceCell("output", "usd_per_1m", "output price"),
    PriceCell("batch_input", "usd_per_1m", "batch input price", "batch_share"),
    PriceCell("batch_output", "usd_per_1m", "batch output price", "batch_share"),
    PriceCell("training_per_1m", "usd_per_1m", "training price"),
    PriceCell("training_per_hour", "usd_per_hour", "training price"),
    PriceCell("training_tokens", "tokens", "training tokens", most=Decimal(10**12)),
    PriceCell("epochs", "times"),
    PriceCell("training_hours", "hours", "training hours"),
    PriceCell("min_fee", "usd"),
    PriceCell("hosting_per_hour", "usd_per_hour", "hosting price"),
    PriceCell("hosting_hours_per_month", "hours", "hosting hours", most=Decimal(744)),
    PriceCell("replicas", "machines"),
    PriceCell("storage_per_month", "usd_per_month", "storage price"),
    PriceCell("machine_per_hour", "usd_per_hour", "machine price"),
    PriceCell("texts_per_hour", "texts", "texts an hour", most=Decimal(10**9)),
)
"""All cells, in the order they are shown."""
