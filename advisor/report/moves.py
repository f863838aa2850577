"""What moves the monthly difference most, and where the cheaper option changes, in words."""

from dataclasses import replace
from decimal import Decimal

from advisor.case.currency import Currency
from advisor.report.labels import FIGURE_WORDS
from advisor.report.model import MoveRow
from advisor.verdict.what_moves import CostMoves, TurningPoint
from advisor.words import about, listed
from pricing.assumptions import REQUESTS, Assumption
from pricing.uncertainty import Swing

_OPTIONS = {"base": "Base: ", "tuned": "Fine-tuned: ", None: ""}
_OTHER = {"base": "base", "tuned": "fine-tuned"}
_MONEY = ("usd", "usd_per_1m", "usd_per_hour", "usd_per_month")


def move_rows(moves: CostMoves, currency: Currency) -> tuple[MoveRow, ...]:
    """Each swing as a row; two that mirror each other, as one."""
    rows: list[MoveRow] = []
    shown: list[Swing] = []
    for swing in moves.swings:
        twin = next((n for n, other in enumerate(shown) if _mirrored(swing, other)), None)
        if twin is None:
            shown.append(swing)
            rows.append(_row(currency, swing))
        else:
            rows[twin] = _row_of_both(currency, swing if swing.of.arm == "tuned" else shown[twin])
    return tuple(rows)


def turning_sentences(moves: CostMoves, currency: Currency) -> tuple[str, ...]:
    """At what value of each assumption the cheaper option changes, a sentence each."""
    other = _OTHER[moves.other]
    here = [point.of.figure for point in moves.turning if point.at == point.of.value]
    level = (_level(list(dict.fromkeys(here))),) if here else ()
    return level + tuple(
        _sentence(currency, point, other) for point in moves.turning if point.at != point.of.value
    )


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


def _mirrored(one: Swing, other: Swing) -> bool:
    """The same figure of either option, which does to the one what it does to the other."""
    same = (one.of.figure, one.low, one.high) == (other.of.figure, other.low, other.high)
    opposite = (one.usd_at_low, one.usd_at_high) == (-other.usd_at_low, -other.usd_at_high)
    return same and opposite and {one.of.arm, other.of.arm} == {"base", "tuned"}


def _row_of_both(currency: Currency, swing: Swing) -> MoveRow:
    """Of two that mirror each other, fine-tuned's, named for both."""
    words = _figure(swing.of)
    return replace(_row(currency, swing), assumption=f"{words[0].upper()}{words[1:]} of one option")


def _level(figures: list[str]) -> str:
    """Both options cost the same, so that any change decides which one is cheaper."""
    named = listed([FIGURE_WORDS.get(figure, figure) for figure in figures], "or")
    return f"Both cost the same now, until the {named} of one of them changes."


def _difference(currency: Currency, usd: Decimal) -> str:
    """A monthly difference: "fine-tuned costs $120 more"."""
    if usd == 0:
        return "both cost the same"
    return f"fine-tuned costs {currency.show(abs(usd))} {'more' if usd > 0 else 'less'}"


def _words(one: Assumption) -> str:
    """The assumption as a reader names it: "Fine-tuned: output price per 1M units billed"."""
    words = _figure(one)
    return _OPTIONS[one.arm] + words if one.arm else words[0].upper() + words[1:]


def _figure(one: Assumption) -> str:
    """The same without whose it is."""
    words = FIGURE_WORDS.get(one.figure, one.figure)
    return f"{words} per 1M units billed" if one.unit == "usd_per_1m" else words


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
