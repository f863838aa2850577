"""Sheet lines: find an entry in the text of a sheet, and write a day in it, and nothing else."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pricing.errors import PricingError

_TABLE = re.compile(r"\[\[?\s*([\w.]+)\s*\]?\]")


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """Where an entry stands in its file."""

    table: str
    """"offers.entries" or "vendors"."""
    number: int
    """Its number among the tables of that name, from 0."""
    within: int = 0
    """For an entry, the number of its offer, from 0; `number` then counts within the offer."""


@dataclass(frozen=True, slots=True)
class DayWritten:
    """A day to be written: at a key of the entry, or of one of its expectations."""

    place: EntryPlace
    key: str
    """"checked", "dates_checked" or "read_on"."""
    expectation: int | None = None
    """The number of the expectation whose own day it is; None = the entry's."""


def lines_of(text: str, place: EntryPlace) -> range:
    """The lines of an entry, from the one after its heading, counted from 0.

    Raises:
        LookupError: there is no such entry.
    """
    offer, number, begin = -1, -1, -1
    for at, line in enumerate(text.splitlines()):
        heading = _TABLE.match(line)
        if heading is None:
            continue
        if begin >= 0:
            return range(begin, at)
        if place.table == "offers.entries" and heading[1] == "offers":
            offer, number = offer + 1, -1
        elif heading[1] == place.table:
            number += 1
            if number == place.number and offer == (place.within if offer >= 0 else -1):
                begin = at + 1
    if begin < 0:
        raise LookupError(f"no {place.table} {place.number}")
    return range(begin, len(text.splitlines()))


def line_of(text: str, place: EntryPlace, key: str) -> int:
    """The line on which a key of an entry stands, as an editor counts: from 1."""
    lines, whole = text.splitlines(), lines_of(text, place)
    found = (at for at in whole if re.match(rf"{re.escape(key)}\s*=", lines[at]))
    return next(found, whole.start - 1) + 1


def with_days(text: str, days: Iterable[DayWritten], today: date) -> str:
    """The sheet with those days written, every other character as it was.

    A `checked_precision` beside a day goes, as the day is known now.

    Raises:
        PricingError: a line is not as it is in the sheets that ship, so nothing is changed.
    """
    new = text
    for written in days:
        new = _with_day(new, written, today)
    if _undated(tomllib.loads(text)) != _undated(tomllib.loads(new)):
        raise PricingError("Writing a day would have changed another value: nothing was written.")
    return new


def _with_day(text: str, written: DayWritten, today: date) -> str:
    lines, whole = text.splitlines(keepends=True), lines_of(text, written.place)
    if written.expectation is None:
        wanted = re.compile(rf"({written.key}\s*=\s*)\d{{4}}-\d\d-\d\d")
        places = [at for at in whole if wanted.match(lines[at])]
    else:
        wanted = re.compile(r"(\{.*\bchecked\s*=\s*)\d{4}-\d\d-\d\d")
        rows = [at for at in whole if re.match(r"\s*\{\s*of\s*=", lines[at])]
        places = [rows[written.expectation]] if written.expectation < len(rows) else []
        places = [at for at in places if wanted.search(lines[at])]
    if len(places) != 1:
        raise PricingError(
            f"The line of {written.key} was not found: write {today} in the sheet by hand."
        )
    lines[places[0]] = wanted.sub(rf"\g<1>{today}", lines[places[0]], count=1)
    if written.key == "checked" and written.expectation is None:
        vague = [at for at in whole if lines[at].startswith("checked_precision")]
        for at in vague:
            lines[at] = ""
    return "".join(lines)


def _undated(value: Any) -> Any:
    if isinstance(value, dict):
        days = ("checked", "dates_checked", "read_on", "checked_precision")
        return {key: _undated(one) for key, one in value.items() if key not in days}
    return [_undated(one) for one in value] if isinstance(value, list) else value


def figure_line(name: str, amount: Decimal) -> str:
    """A figure as a line of a sheet."""
    return f"{name} = {amount.normalize():f}"
