"""Amounts as a manager reads them."""

from decimal import ROUND_HALF_UP, Decimal

NOT_KNOWN = "not known"
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
"""Currencies whose sign nobody mistakes; any other goes by its code."""
MOST_SHOWN = Decimal(10**15)


def money(amount: Decimal | float | None, code: str = "USD") -> str:
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
    if size >= 100:
        shown = f"{value.quantize(Decimal(1), ROUND_HALF_UP):,}"
    elif size >= Decimal("0.995") or size == 0:
        shown = f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
    else:
        # Two figures that count, however small: a price a request must not round to zero.
        shown = f"{value:.{max(2, 1 - size.adjusted())}f}"
    return f"-{sign}{shown[1:]}" if shown.startswith("-") else f"{sign}{shown}"
