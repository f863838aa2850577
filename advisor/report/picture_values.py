"""Picture values: plain numbers that the charts of a test are drawn from, and the same in words."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Range:
    """An estimate with its likely range, 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SharePicture:
    """Of the clear choices, how many went to fine-tuned."""

    wins: int
    clear: int
    share: Range | None
    """0 to 1; None = too few clear choices for a range."""
    said: str


@dataclass(frozen=True, slots=True)
class TextsPicture:
    """The main measure, text by text."""

    measure: str
    texts: int
    gaps: tuple[float, ...]
    """Fine-tuned less base by size, one a text; of many texts 400, taken evenly."""
    level: float
    """A gap no wider than this is no difference."""
    mean: float
    """Of all gaps."""
    likely: Range | None
    """The mean with its range; None = too few texts for one."""
    said: str


@dataclass(frozen=True, slots=True)
class SpeedRow:
    """How long one option took until its first word, or for the whole answer; seconds."""

    arm: str
    option: str
    what: Literal["first word", "whole answer"]
    answers: int
    seconds: tuple[float, ...]
    """By size; of many answers 100, taken evenly."""
    tenth: float
    quarter: float
    median: float
    three_quarters: float
    nine_tenths: float


@dataclass(frozen=True, slots=True)
class SpeedPicture:
    """Times as measured; no row where none were, and then `said` says so."""

    rows: tuple[SpeedRow, ...]
    said: str


@dataclass(frozen=True, slots=True)
class ValueMark:
    """One option: how good, and what it costs a month."""

    arm: str
    option: str
    amount: float
    """In the currency of the picture."""
    cost: str
    """The amount as text."""
    quality: Range
    shown: str
    """The quality as text: "54 %", "8 of 10" or "0.539"."""
    ranged: bool
    """False = too few texts for a range, and low and high are the value."""


@dataclass(frozen=True, slots=True)
class ValuePicture:
    """Quality against cost, two options or more."""

    quality: str
    """What is up: "sent as it is" or the main measure's name."""
    is_share: bool
    currency: str
    marks: tuple[ValueMark, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """What the charts of a test are drawn from: plain numbers, and the same in words.

    No text of a prompt or an answer is in it. None = there is nothing to draw.
    """

    share: SharePicture | None = None
    texts: TextsPicture | None = None
    speed: SpeedPicture | None = None
    value: ValuePicture | None = None
