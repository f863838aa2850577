"""What moves the monthly difference most, and where the cheaper option changes, in words."""

from decimal import Decimal

from advisor.case.currency import Currency
from advisor.report.labels import FIGURE_WORDS
from advisor.report.model import MoveRow
from advisor.verdict.costs import Costs
from advisor.words import about
from pricing.people import SHARE
from pricing.uncertainty import Swing, assumptions, monthly_difference, tornado, turning_points

MOST_MOVES = 8
"""Assumptions shown; the others move less."""
MOST_TURNING = 5
POINTS = Decimal("0.02")
"""Growth is moved by 2 points either way: a fifth of no growth is none."""

REQUESTS = "requests a month"
PER_1M = ("input price", "output price")
HOURLY = "people's hourly rate"
SHARES = ("growth a month", "cached share", "cache write share", "batch share", SHARE)


def sensitivity(money: Costs) -> tuple[tuple[MoveRow, ...], tuple[str, ...]]:
    """What moves the monthly difference most, and where the cheaper option changes.

    Returns:
        What moving each assumption by a fifth does (growth: by 2 points), the widest first; and
        a sentence each for the volume and for what moves most. Both empty where the difference is
        not known.
    """
    stated = money.stated
    here = None if stated is None else monthly_difference(stated)
    if stated is None or here is None:
        return (), ()
    growth = stated.volume.growth_per_month
    swings = tornado(stated, {"growth a month": (growth - POINTS, growth + POINTS)})
    names = dict.fromkeys([REQUESTS, *(swing.name for swing in swings)])
    points = turning_points(stated, list(names)[:MOST_TURNING])
    now = {one.name: one.value for one in assumptions(stated)}
    other = "base" if here <= 0 else "fine-tuned"
    return (
        tuple(_row(money.currency, swing) for swing in swings[:MOST_MOVES]),
        tuple(
            _sentence(money.currency, name, now[name], turns, other)
            for name, turns in points.items()
        ),
    )


def _row(currency: Currency, swing: Swing) -> MoveRow:
    return MoveRow(
        assumption=_words(swing.name),
        low=_value(currency, swing.name, swing.low),
        high=_value(currency, swing.name, swing.high),
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


def _words(name: str) -> str:
    """The assumption as a reader names it: "Fine-tuned: output price, per 1M units billed"."""
    arm, _, figure = name.rpartition(": ")
    words = FIGURE_WORDS.get(figure, figure)
    if figure.endswith(PER_1M):
        words += " per 1M units billed"
    option = {"base": "Base: ", "tuned": "Fine-tuned: "}.get(arm, "")
    return option + words if option else words[0].upper() + words[1:]


def _value(currency: Currency, name: str, value: Decimal) -> str:
    """A value of an assumption with its unit: a price, a share, or a count."""
    figure = name.rpartition(": ")[2]
    if figure.endswith("price") or figure == HOURLY:
        return currency.show(value)
    if figure in SHARES:
        return f"{float(value * 100):.3g} %"  # of a Decimal it would be "2e+1 %"
    return about(int(value)) if value >= 1000 else f"{float(value):.3g}"


def _sentence(
    currency: Currency, name: str, stated: Decimal, turns: Decimal | None, other: str
) -> str:
    """From where the other option is the cheaper one: "Above about 1.9 million texts a month …"."""
    words = _words(name)
    if turns is None:
        return f"{words}: no value makes {other} the cheaper one."
    side = "Above" if turns > stated else "Below"
    shown = _value(currency, name, turns)
    if name == REQUESTS:
        return f"{side} about {shown} texts a month {other} is cheaper."
    return f"{words}: {side.lower()} about {shown} {other} is cheaper."
