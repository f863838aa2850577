"""What an option costs: one request, a month, the months of use; and when tuning pays back."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import Field

from pricing.offers import PriceCells, Row


class Volume(Row):
    """How much is asked of the model, and for how long (the `[volume]` table)."""

    requests_per_month: int | None = Field(default=None, ge=0, le=10**12)
    horizon_months: int = Field(default=12, ge=1, le=120)
    growth_per_month: Decimal = Field(default=Decimal(0), gt=-1, le=10)
    cached_share: Decimal = Field(default=Decimal(0), ge=0, le=1)
    batch_share: Decimal = Field(default=Decimal(0), ge=0, le=1)
    retrainings_per_year: Decimal = Field(default=Decimal(0), ge=0, le=365)
    input_tokens_per_request: Decimal | None = Field(default=None, ge=0)
    output_tokens_per_request: Decimal | None = Field(default=None, ge=0)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Mean tokens of one request, prompt and instruction together; None = not known."""

    input: Decimal | None
    output: Decimal | None
    origin: Literal["given", "measured", "counted"]


@dataclass(frozen=True, slots=True)
class OptionCost:
    """One option's money in USD; None = a price or a count is missing, named in `missing`."""

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


@dataclass(frozen=True, slots=True)
class BreakEven:
    """When the tuned option is no dearer than the base option."""

    requests_per_month: int | None
    """Smallest monthly volume, no growth, at which tuned total <= base total; None = never."""
    month: int | None
    """First month in which cumulative tuned <= base at the stated volume; None = never."""
    reason: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What the options cost beside each other."""

    arms: dict[str, OptionCost]
    """By arm name; "tuned" may be absent."""
    months_of_use: Decimal
    """min(horizon, days until the tuned model stops / 30.4375), unrounded."""
    break_even: BreakEven | None
    """Tuned against `against`; None where either is absent."""
    against: str = "base"
    """The base arm the break-even is worked against."""
    cumulative: dict[str, tuple[Decimal, ...]] | None = None
    """By arm: spend at the end of each month of use, the last one possibly a part of a month."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Everything unknown, "tuned: output price"."""
        return tuple(f"{arm}: {m}" for arm, option in self.arms.items() for m in option.missing)


__all__ = ["BreakEven", "Cost", "OptionCost", "PriceCells", "Tokens", "Volume"]
