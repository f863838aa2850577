"""Checking: which figures and dates are looked for where, and what of a sheet may be renewed."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from pricing.compared import ComparedFact, Fetched, compare_fact
from pricing.entries import DATES, FIGURES, Entry
from pricing.errors import PricingError
from pricing.expected import ExpectedFact
from pricing.offers import load_provider
from pricing.sheet_lines import DayWritten, EntryPlace, line_of

VENDORS = "lists/closed_vendors.toml"


@dataclass(frozen=True, slots=True)
class AskedFact:
    """One expectation of one entry, and where it is looked for."""

    what: str
    """An offer as a case names it, or a vendor."""
    file: str
    """The sheet, from the folder of all."""
    line: int
    """Where the first of its figures stands."""
    place: EntryPlace
    number: int
    """Which of the entry's expectations it is, from 0."""
    expected: ExpectedFact
    address: str
    read_on: date


@dataclass(frozen=True, slots=True)
class CheckedFact:
    """An expectation, and what came of looking for it."""

    asked: AskedFact
    compared: ComparedFact


@dataclass(frozen=True, slots=True)
class FactsChecked:
    """What a check found."""

    facts: tuple[CheckedFact, ...]
    renewed: tuple[tuple[str, DayWritten], ...]
    """The days to write, each with its sheet."""
    partly: tuple[tuple[str, tuple[str, ...]], ...]
    """Offers of which something stands, with what is looked for nowhere: their day stays."""
    unasked: tuple[str, ...]
    """Offers still sold of which nothing is looked for."""


@dataclass(frozen=True, slots=True)
class _Listed:
    what: str
    file: str
    place: EntryPlace
    entry: Entry


def asked_facts(folder: Path, today: date) -> tuple[AskedFact, ...]:
    """All that is looked for, in the order of the sheets; what has stopped is not.

    Raises:
        PricingError: a sheet can't be read.
    """
    found = [
        AskedFact(
            one.what,
            one.file,
            line_of(_text(folder, one.file), one.place, expected.of[0]),
            one.place,
            number,
            expected,
            _address(one.entry, expected),
            one.entry.read_at(expected.of[0])[1],
        )
        for one in _listed(folder, today)
        for number, expected in enumerate(one.entry.expect)
    ]
    return (*found, *_of_vendors(folder, today))


def check_facts(folder: Path, today: date, fetched: Mapping[str, Fetched]) -> FactsChecked:
    """Hold every expectation against what was fetched from its address."""
    facts = tuple(
        CheckedFact(one, compare_fact(one.expected, fetched[one.address]))
        for one in asked_facts(folder, today)
        if one.address in fetched
    )
    stands = {(f.asked.what, f.asked.number) for f in facts if f.compared.outcome == "stands"}
    of_vendors = [fact for fact in facts if fact.asked.file == VENDORS]
    away = {fact.asked.what for fact in of_vendors if fact.compared.outcome != "stands"}
    places = {f.asked.place: f.asked for f in of_vendors if f.asked.what not in away}
    renewed = [
        (VENDORS, DayWritten(place, "read_on"))
        for place, asked in places.items()
        if asked.read_on < today
    ]
    partly, unasked = [], []
    for one in _listed(folder, today):
        if not one.entry.expect:
            unasked.append(one.what)
            continue
        those = {n for n in range(len(one.entry.expect)) if (one.what, n) in stands}
        days, left = _to_renew(one, those, today)
        renewed += [(one.file, day) for day in days]
        if left:
            partly.append((one.what, left))
    return FactsChecked(facts, tuple(renewed), tuple(partly), tuple(unasked))


def located(folder: Path, checked: FactsChecked, today: date) -> FactsChecked:
    """The same check with the lines as they are now: writing days moves some of them."""
    lines = {(one.what, one.number): one.line for one in asked_facts(folder, today)}
    facts = (
        replace(fact, asked=replace(fact.asked, line=lines[fact.asked.what, fact.asked.number]))
        for fact in checked.facts
    )
    return replace(checked, facts=tuple(facts))


def _to_renew(
    one: _Listed, stands: set[int], today: date
) -> tuple[list[DayWritten], tuple[str, ...]]:
    """The days that may be written, and the figures of the entry that nothing is expected of."""
    entry, days = one.entry, []
    own = [n for n, expected in enumerate(entry.expect) if expected.checked is not None]
    older = [n for n in own if n in stands and (entry.expect[n].checked or today) < today]
    days += [DayWritten(one.place, "checked", n) for n in older]
    seen = {name for n in stands for name in entry.expect[n].of}
    expected = {name for one_of in entry.expect for name in one_of.of}
    elsewhere = {name for n in own for name in entry.expect[n].of}
    with_dates = entry.dates_checked is None
    figures = {*entry.given(FIGURES), *(entry.given(DATES) if with_dates else ())} - elsewhere
    said = expected - set(DATES) - elsewhere
    if (figures or said) and figures | said <= seen and entry.checked < today:
        days.append(DayWritten(one.place, "checked"))
    dates = set(entry.given(DATES)) - elsewhere
    was_read = entry.dates_checked or today
    if not with_dates and dates and dates <= seen and was_read < today:
        days.append(DayWritten(one.place, "dates_checked"))
    left = (figures | (set() if with_dates else dates)) - expected
    return days, tuple(name for name in (*FIGURES, *DATES) if name in left) if seen else ()


def _listed(folder: Path, today: date) -> Iterator[_Listed]:
    for path in sorted(folder.glob("*.toml")):
        try:
            sheet = load_provider(path)
        except (ValidationError, tomllib.TOMLDecodeError) as error:
            raise PricingError(f"The sheet {path.name} can't be read: mend it first.") from error
        for within, offer in enumerate(sheet.offers):
            entry = offer.entry(today)
            if entry.tuned_stops_on is not None and entry.tuned_stops_on <= today:
                continue
            place = EntryPlace("offers.entries", offer.entries.index(entry), within)
            yield _Listed(offer.ref, path.name, place, entry)


def _of_vendors(folder: Path, today: date) -> Iterator[AskedFact]:
    from pricing.closed import read_vendors

    path = folder / VENDORS
    if not path.is_file():
        return
    text = path.read_text("utf-8")
    for number, vendor in enumerate(read_vendors(text)):
        if vendor.closed(today):
            continue
        place = EntryPlace("vendors", number)
        for n, expected in enumerate(vendor.expect):
            line = line_of(text, place, expected.of[0])
            address = str(expected.at or vendor.source)
            yield AskedFact(vendor.name, VENDORS, line, place, n, expected, address, vendor.read_on)


def _address(entry: Entry, expected: ExpectedFact) -> str:
    if expected.at is not None:
        return str(expected.at)
    return entry.read_at(expected.of[0])[0]


def _text(folder: Path, file: str) -> str:
    return (folder / file).read_text("utf-8")
