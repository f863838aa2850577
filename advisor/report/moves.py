"""What moves the monthly difference most, and where the cheaper option changes, in words."""

from decimal import Decimal

from advisor.case.currency import Currency
from advisor.report.labels import FIGURE_WORDS
from advisor.report.model import MoveRow
from advisor.verdict.what_moves import CostMoves, TurningPoint
from advisor.words import about
from pricing.assumptions import REQUESTS, Assumption
from pricing.uncertainty import Swing

_OPTIONS = {"base": "Base: ", "tuned": "Fine-tuned: ", None: ""}
_OTHER = {"base": "base", "tuned": "fine-tuned"}
_MONEY = ("usd", "usd_per_1m", "usd_per_hour", "usd_per_month")


def move_rows(moves: CostMoves, currency: Currency) -> tuple[MoveRow, ...]:
    """Each swing as a row."""
    return tuple(_row(currency, swing) for swing in moves.swings)


def turning_sentences(moves: CostMoves, currency: Currency) -> tuple[str, ...]:
    """At what value of each assumption the cheaper option changes, a sentence each."""
    other = _OTHER[moves.other]
    return tuple(_sentence(currency, point, other) for point in moves.turning)


def _row(currency: Currency, swing: Swing) -> MoveRow:
    return MoveRow(
        assumption=_words(swing.of),
        low=_value(currency, swing.of, swing.low),
        high=_value(currency, swing.of, swing.high),
        usd_at_low=float(swing.usd_at_low),
        usd_at_high=float(swing.usd_at_high),
        at_low=_difference(currency, swing.usd_at_low),
        at_high=_difference(currency, swing.usd_at_high),
    )


def _difference(currency: Currency, usd: Decimal) -> str:
    """A monthly difference: "fine-tuned $120 dearer"."""
    if usd == 0:
        return "both the same"
    return f"fine-tuned {currency.show(abs(usd))} {'dearer' if usd > 0 else 'cheaper'}"


def _words(one: Assumption) -> str:
    """The assumption as a reader names it: "Fine-tuned: output price per 1M units billed"."""
    words = FIGURE_WORDS.get(one.figure, one.figure)
    if one.unit == "usd_per_1m":
        words += " per 1M units billed"
    return _OPTIONS[one.arm] + words if one.arm else words[0].upper() + words[1:]


def _value(currency: Currency, one: Assumption, value: Decimal) -> str:
    """A value of an assumption with its unit: a price, a share, or a count."""
    if one.unit in _MONEY:
        return currency.show(value)
    if one.unit == "share":
        return f"{float(value * 100):.3g} %"  # of a Decimal it would be "2e+1 %"
    return about(int(value)) if value >= 1000 else f"{float(value):.3g}"


def _sentence(currency: Currency, point: TurningPoint, other: str) -> str:
    """From where the other option is the cheaper one: "Above about 1.9 million texts a month …"."""
    words = _words(point.of)
    if point.at is None:
        return f"{words}: no value makes {other} the cheaper one."
    side = "Above" if point.above else "Below"
    shown = _value(currency, point.of, point.at)
    if point.of.figure == REQUESTS:
        return f"{side} about {shown} texts a month {other} is cheaper."
    return f"{words}: {other} is cheaper {side.lower()} about {shown}."
