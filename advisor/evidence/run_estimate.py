"""What a run and its judge will take before they start: calls, money, time."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class JudgeEstimate:
    """The price of a judge; money in USD, None = a price is not known."""

    calls: int
    """Two for each text and pair of options, one in each order."""
    reused: int
    low: Decimal | None
    expected: Decimal | None
    high: Decimal | None
    seconds: float
    host: str | None


EstimateBasis = Literal["earlier answers", "approved answers", "half of the longest allowed"]


@dataclass(frozen=True, slots=True)
class RunEstimate:
    """The price of a run; money in USD, None = a price is not known."""

    calls: int
    """Answers to buy."""
    reused: int
    """Answers that were bought before and cost nothing."""
    low: Decimal | None
    expected: Decimal | None
    high: Decimal | None
    seconds: float
    hosts: tuple[str, ...]
    """Who receives the texts to answer them."""
    basis: EstimateBasis
    judge: JudgeEstimate | None = None
    """Its share of money and time, which stands in the figures above; None = there is no judge."""
