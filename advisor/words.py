"""Money, counts, dates and lists as a manager reads them."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

NOT_KNOWN = "not known"
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
"""Currencies whose sign nobody mistakes; any other goes by its code."""
MOST_SHOWN = Decimal(10**15)

CENTS_BELOW = 100
"""An amount of so much, in whatever currency, is shown without cents."""


def money(amount: Decimal | float | None, code: str = "USD", cents_below: int = CENTS_BELOW) -> str:
    """An amount at the precision a manager needs: "$1,241", "€29.41", "CHF 0.0019".

    None is "not known".
    """
    if amount is None:
        return NOT_KNOWN
    value = Decimal(str(amount))
    size = abs(value)
    sign = SIGNS.get(code, f"{code}\N{NO-BREAK SPACE}")
    if size >= MOST_SHOWN:
        return f"over {sign}1,000 trillion"
    if size >= cents_below:
        shown = f"{value.quantize(Decimal(1), ROUND_HALF_UP):,}"
    elif size >= Decimal("0.995") or size == 0:
        shown = f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
    else:
        # Two figures that count, however small: a price a request must not round to zero.
        shown = f"{value:.{max(2, 1 - size.adjusted())}f}"
    return f"-{sign}{shown[1:]}" if shown.startswith("-") else f"{sign}{shown}"


def usd(amount: Decimal | float | None) -> str:
    """An amount in USD as a manager reads it."""
    return money(amount)


def day(value: date) -> str:
    """A date as text: "14 Jan 2027"."""
    return f"{value.day} {value:%b %Y}"


def count(n: int, one: str, many: str | None = None) -> str:
    """A number and its noun: "1 text", "40 texts"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def about(n: int) -> str:
    """A large number with two figures that count: "8.6 million", "370,000", "940"."""
    rounded = round(n, 2 - len(str(n))) if n >= 1000 else n
    for size, word in ((10**9, "billion"), (10**6, "million")):
        if rounded >= size:
            return f"{rounded / size:.3g} {word}"
    return f"{rounded:,}"


def share(part: int, whole: int) -> str:
    """A percentage from 20 on, "8 of 10" below: few cases make no percentage."""
    return f"{part / whole:.0%}".replace("%", " %") if whole >= 20 else f"{part} of {whole}"


def duration(seconds: float) -> str:
    """A time to wait as one says it: "40 seconds", "4 minutes", "2.5 hours"."""
    if seconds < 99.5:
        return count(max(1, round(seconds)), "second")
    if seconds < 99.5 * 60:
        return count(round(seconds / 60), "minute")
    return f"{seconds / 3600:.2g} hours"


def percent(value: float) -> str:
    """A share of 1 as a whole percentage: "47 %"."""
    return f"{value * 100:.0f} %"


def listed(parts: Sequence[str], last: Literal["and", "or"] = "and") -> str:
    """A list in words: "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def chance(share: float) -> str:
    """A chance of 0 to 1 as one says it: "8 in 10"; close to 0 or 1 "3 in 100".

    Never "10 in 10" nor "0 in 10": nothing here is certain.
    """
    if share > 0.99:
        return "more than 99 in 100"
    if share < 0.01:
        return "less than 1 in 100"
    tenths = round(share * 10)
    return f"{tenths} in 10" if 0 < tenths < 10 else f"{round(share * 100)} in 100"


def lower_first(text: str) -> str:
    """The text as it stands within a sentence."""
    return text[0].lower() + text[1:]
