"""Assumptions: every figure a comparison of two options rests on, and how to move it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from pricing.cells import CELLS, PriceCell, PriceUnit
from pricing.charges import MOST_REQUESTS
from pricing.cost import Option, Tokens, Volume
from pricing.entries import PriceCells
from pricing.people import SHARE, PeopleTime

REQUESTS = "requests a month"
GROWTH = "growth a month"
FigureUnit = PriceUnit | Literal["share"]
MOST_USD = Decimal(10_000)
MOST_TOKENS = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Stated:
    """The comparison as it is stated, before anything is moved."""

    base: Option
    tuned: Option
    volume: Volume
    today: date


@dataclass(frozen=True, slots=True)
class Assumption:
    """One figure the comparison rests on, and the limits it is moved within."""

    figure: str
    """As in "requests a month" or "output price"."""
    unit: FigureUnit
    value: Decimal
    least: Decimal
    most: Decimal
    whole: bool
    put: Callable[[Decimal], Stated]
    """The comparison with another value in its place."""
    arm: Literal["base", "tuned"] | None = None
    """The option it is of; None = of both."""

    @property
    def name(self) -> str:
        """Figure and option in one: "tuned: output price"."""
        return f"{self.arm}: {self.figure}" if self.arm else self.figure


_VOLUME: tuple[tuple[str, str, FigureUnit, Decimal, Decimal, bool], ...] = (
    ("requests_per_month", REQUESTS, "times", Decimal(0), Decimal(MOST_REQUESTS), True),
    ("growth_per_month", GROWTH, "share", Decimal("-0.9"), Decimal(1), False),
    ("horizon_months", "months planned", "times", Decimal(1), Decimal(120), True),
    ("cached_share", "cached share", "share", Decimal(0), Decimal(1), False),
    ("cache_write_share", "cache write share", "share", Decimal(0), Decimal(1), False),
    ("batch_share", "batch share", "share", Decimal(0), Decimal(1), False),
    ("retrainings_per_year", "retrainings a year", "times", Decimal(0), Decimal(365), False),
)


def assumptions(stated: Stated) -> Iterator[Assumption]:
    """Every known figure of the comparison."""
    volume = stated.volume
    for field, name, unit, least, most, whole in _VOLUME:
        value = getattr(volume, field)

        def put_volume(to: Decimal, field: str = field, whole: bool = whole) -> Stated:
            update = {field: int(to) if whole else to}
            return replace(stated, volume=volume.model_copy(update=update))

        if value is not None:
            yield Assumption(name, unit, Decimal(value), least, most, whole, put_volume)
    yield from _of_arm(stated, "base", stated.base)
    yield from _of_arm(stated, "tuned", stated.tuned)
    yield from _of_people(stated)


_PEOPLE: tuple[tuple[str, str, FigureUnit, Decimal], ...] = (
    ("hourly_rate", "people's hourly rate", "usd_per_hour", MOST_USD),
    ("minutes_to_correct", "minutes to correct an answer", "times", MOST_USD),
    ("one_off_days", "people's days, once", "times", MOST_USD),
)


def _of_people(stated: Stated) -> Iterator[Assumption]:
    """People's time, where it is in the totals: what both options share, and each one's share."""
    base, tuned = stated.base.people, stated.tuned.people
    if base is None or tuned is None:
        return
    for field, name, unit, most in _PEOPLE:
        value = getattr(tuned.people, field)

        def put(to: Decimal, field: str = field) -> Stated:
            if field == "one_off_days":
                people = tuned.people.with_days(to)
            else:
                people = tuned.people.model_copy(update={field: to})
            return replace(
                stated,
                base=replace(stated.base, people=replace(base, people=people)),
                tuned=replace(stated.tuned, people=replace(tuned, people=people)),
            )

        if value is not None:
            yield Assumption(name, unit, value, Decimal(0), most, False, put)
    sides: tuple[tuple[Literal["base", "tuned"], Option, PeopleTime], ...]
    sides = (("base", stated.base, base), ("tuned", stated.tuned, tuned))
    for arm, option, time in sides:

        def put_share(
            to: Decimal, arm: str = arm, option: Option = option, time: PeopleTime = time
        ) -> Stated:
            changed = replace(option, people=replace(time, corrected_share=to))
            return (
                replace(stated, base=changed) if arm == "base" else replace(stated, tuned=changed)
            )

        if time.people.corrections_count and time.corrected_share is not None:
            now = time.corrected_share
            yield Assumption(SHARE, "share", now, Decimal(0), Decimal(1), False, put_share, arm)


def _of_arm(stated: Stated, arm: Literal["base", "tuned"], option: Option) -> Iterator[Assumption]:
    def put(changed: Option) -> Stated:
        return replace(stated, base=changed) if arm == "base" else replace(stated, tuned=changed)

    for field in ("input", "output"):
        value = getattr(option.tokens, field)

        def put_tokens(to: Decimal, field: str = field) -> Stated:
            tokens = option.tokens
            return put(
                replace(
                    option,
                    tokens=Tokens(
                        to if field == "input" else tokens.input,
                        to if field == "output" else tokens.output,
                        tokens.origin,
                    ),
                )
            )

        if value is not None:
            figure = f"{field} tokens per request"
            yield Assumption(
                figure, "tokens", value, Decimal(0), MOST_TOKENS, False, put_tokens, arm
            )
    for cell in CELLS:
        value = getattr(option.cells, cell.name) if cell.figure else None

        def put_cell(to: Decimal, cell: PriceCell = cell) -> Stated:
            return put(option.with_cell(cell.name, int(to) if cell.whole else to))

        if value is not None:
            now = Decimal(value)
            least = Decimal(PriceCells.bounds(cell.name)[0])
            yield Assumption(
                cell.figure, cell.unit, now, least, cell.most, cell.whole, put_cell, arm
            )
