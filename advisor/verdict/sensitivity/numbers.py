"""Inputs of a verdict that are numbers or days: volume, prices, time, pairs, texts won."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from advisor.case.order import random_order
from advisor.evidence.weigh import weigh, weigh_others
from advisor.verdict.facts import Facts
from advisor.verdict.sensitivity.model import Input, NumberLever
from pricing.cells import CELLS
from pricing.charges import MOST_REQUESTS
from pricing.cost import Option
from pricing.people import People

MOST_USD = Decimal(10_000)
MOST_PAIRS = 1_000_000
MOST_MONTHS = 120
MOST_DAYS = 3_653
"""Ten years: no stop date is looked for beyond."""
CENT = Decimal("0.01")
FINE = CENT / 100
"""The step of a price: many stand below a dollar."""


def dials(facts: Facts) -> Iterator[NumberLever]:
    """Every number and day that may change a verdict."""
    yield from chain(_volume(facts), _prices(facts), _people(facts))
    yield from chain(_of_brief(facts), _stop_date(facts), _wins(facts))


def _whole(
    key: Input, now: int | None, least: int, most: int, put: Callable[[int], Facts], marks: Any = ()
) -> NumberLever:
    at = None if now is None else (now, now)
    return NumberLever(key, now, at, least, most, Decimal(1), int, put, tuple(marks))


def _volume(facts: Facts) -> Iterator[NumberLever]:
    volume = facts.volume

    def put(field: str) -> Callable[[int], Facts]:
        return lambda n: replace(facts, volume=volume.model_copy(update={field: n}))

    decades = [10**k for k in range(2, 12, 2)]
    yield _whole(
        Input("volume", "requests_per_month"),
        volume.requests_per_month,
        0,
        MOST_REQUESTS,
        put("requests_per_month"),
        decades,
    )
    months = [2, 3, 6, 9, 12, 18, 24, 36, 60]
    yield _whole(
        Input("volume", "horizon_months"),
        volume.horizon_months,
        1,
        MOST_MONTHS,
        put("horizon_months"),
        months,
    )
    if volume.retrainings_per_year == volume.retrainings_per_year.to_integral_value():
        again = int(volume.retrainings_per_year)

        def retrain(n: int) -> Facts:
            update = {"retrainings_per_year": Decimal(n)}
            return replace(facts, volume=volume.model_copy(update=update))

        changes = (1, *facts.rules.try_first.changes_per_year.values())
        yield _whole(Input("volume", "retrainings_per_year"), again, 0, 365, retrain, changes)


def _prices(facts: Facts) -> Iterator[NumberLever]:
    """Prices of the tuned option and of the base option it is held against, USD."""
    for arm in facts.pair:
        option = facts.options.get(arm)
        for cell in CELLS if option else ():
            now = getattr(option.cells, cell.name) if option else None
            needed = getattr(facts.volume, cell.share) if cell.share else True
            if option is not None and now is not None and needed and cell.rate and cell.figure:
                yield _price(facts, arm, option, cell.name, now)


def _price(facts: Facts, arm: str, option: Option, cell: str, now: Decimal) -> NumberLever:

    def put(n: int) -> Facts:
        return facts.with_option(arm, option.with_cell(cell, n * FINE))

    return _money_dial(Input("price", cell, arm), now, FINE, put)


def _money_dial(
    key: Input, now: Decimal, unit: Decimal, put: Callable[[int], Facts]
) -> NumberLever:
    below = int(now // unit)
    above = below if below * unit == now else below + 1
    return NumberLever(
        key, now, (below, above), 0, int(MOST_USD / unit), unit, lambda n: n * unit, put
    )


def _people(facts: Facts) -> Iterator[NumberLever]:
    """What an hour costs and how long a correction takes, where people's time is counted."""
    people = facts.people
    for field in ("hourly_rate", "minutes_to_correct"):
        now = getattr(people, field) if people is not None else None
        if people is not None and now is not None:

            def put(n: int, field: str = field, people: People = people) -> Facts:
                return facts.with_people(people.model_copy(update={field: n * CENT}))

            yield _money_dial(Input("people", field), now, CENT, put)


def _of_brief(facts: Facts) -> Iterator[NumberLever]:
    brief, rules = facts.brief, facts.rules

    def pairs(n: int) -> Facts:
        return replace(facts, brief=brief.model_copy(update={"training_pairs": n}))

    bends = [n for n, _ in rules.signals.training_pairs]
    marks = sorted({100, 101, 250, *bends, rules.gates.pairs, rules.try_first.pairs_below})
    yield _whole(
        Input("brief", "training_pairs"), brief.training_pairs, 0, MOST_PAIRS, pairs, marks
    )
    room = facts.evidence.room_left
    if room is not None:
        hundredth = round(brief.target_as_is * 100)

        def target(n: int) -> Facts:
            counts = facts.evidence.complete and not facts.evidence.leaked
            counts &= facts.evidence.checked >= rules.evidence.checked
            reached = counts and 1 - room.high >= n / 100
            evidence = replace(facts.evidence, nothing_left_to_gain=reached)
            asked = brief.model_copy(update={"target_as_is": n / 100})
            return replace(facts, brief=asked, evidence=evidence)

        yield NumberLever(
            Input("brief", "target_as_is"),
            Decimal(hundredth) / 100,
            (hundredth, hundredth),
            1,
            99,
            CENT,
            lambda n: Decimal(n) / 100,
            target,
        )


def _stop_date(facts: Facts) -> Iterator[NumberLever]:
    """The day on which the tuned model stops, where one is known, in days from today."""
    arm = facts.pair[1]
    tuned, stops_on = facts.options.get(arm), facts.stops_on
    if tuned is None or stops_on is None:
        return

    def day(n: int) -> date:
        return facts.today + timedelta(n)

    def put(n: int) -> Facts:
        return facts.with_option(arm, replace(tuned, stops_on=day(n)))

    left = max(0, (stops_on - facts.today).days)
    key, most = Input("option", "stops_on", arm), min(MOST_DAYS, (date.max - facts.today).days)
    yield NumberLever(key, stops_on, (left, left), 0, max(most, left), Decimal(1), day, put)


def _wins(facts: Facts) -> Iterator[NumberLever]:
    """Texts of the test that prefer fine-tuned, moved towards the option not recommended.

    A text that turns is first one that went to the other side, then one that went to neither;
    which ones is random, and the first to turn stay turned, so that the early texts, which the
    running e-value meets first, gain no more of them than the late ones.
    """
    basis = facts.basis
    if basis is None or not basis.preferences:
        return
    tuned_now = facts.verdict().recommendation == "tuned"
    given = basis.preferences
    order = random_order(given, basis.seed + 1)
    against = [p for p in order if given[p] == ("tuned" if tuned_now else "base")]
    neither = [] if tuned_now else [p for p in order if given[p] in ("tie", "both_bad")]
    others = weigh_others(basis, facts.brief, facts.rules.evidence)
    movable, now = against + neither, facts.evidence.tally.wins

    def put(wins: int) -> Facts:
        moved = dict.fromkeys(movable[: abs(wins - now)], "base" if tuned_now else "tuned")
        preferences: Mapping[str, Any] = {**given, **moved}
        found = weigh(
            basis,
            preferences,
            facts.brief,
            facts.rules.evidence,
            word_only=True,
            others=others,
        )
        return replace(facts, evidence=found)

    def clear(wins: int) -> int:
        return facts.evidence.tally.decisive + max(0, wins - now - len(against))

    least, most = (now - len(movable), now) if tuned_now else (now, now + len(movable))
    doubling = [now + (-1 if tuned_now else 1) * 2**k for k in range(len(movable).bit_length())]
    yield NumberLever(
        Input("evidence", "wins"),
        now,
        (now, now),
        least,
        most,
        Decimal(1),
        int,
        put,
        tuple(n for n in doubling if least <= n <= most),
        clear,
    )
