"""An old decision held against today: what is still true, what changed, what nobody can tell.

"Still true" is said only of what was looked up again since. A list that was last read before the
decision says nothing about today, and neither does a figure of the reader's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from advisor.case.currency import USD, Currency
from advisor.case.options import OptionId, kind_by_name
from advisor.report.labels import CELL_WORDS, in_a_sentence
from advisor.report.summary import DecisionSummary, OptionSummary
from advisor.verdict.newer_base import BaseOnList
from advisor.words import count, day, listed

State = Literal["still", "changed", "unknown"]
STATE_WORDS: dict[State, str] = {
    "still": "Still true",
    "changed": "Changed",
    "unknown": "Can't tell",
}
DAYS_A_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class RevisitLine:
    """One fact of an old decision, today."""

    topic: str
    state: State
    text: str
    """One or two sentences."""


@dataclass(frozen=True, slots=True)
class Today:
    """Whether the verdict would be another one today."""

    changes: bool
    text: str


def revisit(
    then: DecisionSummary,
    now: DecisionSummary,
    today: date,
    answering: Mapping[OptionId, str | None] | None = None,
    currency: Currency = USD,
) -> tuple[RevisitLine, ...]:
    """Hold the facts of a decision against those of today, line by line.

    Args:
        then: as it was decided.
        now: the same case, worked out today.
        today: the day of `now`.
        answering: the model each option's endpoint says it is, where it was asked just now; None
            for one that does not say.
        currency: amounts a month are shown in.
    """
    before = {option.arm: option for option in then.options}
    pairs = [(before[option.arm], option) for option in now.options if option.arm in before]
    return (
        *(_prices(old, new, then.decided_on) for old, new in pairs),
        *(line for old, new in pairs for line in _dates(old, new, then.decided_on, today)),
        *_newer_base(then, now, currency),
        *_volume(then, today),
        *(_who_answers(old, answering or {}) for old, _ in pairs if old.model),
        *_rules(then, now),
    )


def would_change(then: DecisionSummary, now: DecisionSummary) -> Today:
    """Whether base or fine-tuned, and how firmly, would be said otherwise today."""
    if then.recommendation != now.recommendation:
        return Today(
            True,
            f"Today the verdict would be another one: {_lower(now.headline)} It was: "
            f"{_lower(then.headline)}",
        )
    if then.firmness != now.firmness:
        return Today(
            True,
            f"Today it would still be {now.recommendation}, but for another reason: "
            f"{_lower(now.firmness_label)}, not {_lower(then.firmness_label)}.",
        )
    return Today(False, f"Today the verdict would be the same: {_lower(now.headline)}")


def _prices(old: OptionSummary, new: OptionSummary, decided_on: date) -> RevisitLine:
    topic = f"Price of {in_a_sentence(old.shown)}"
    if not old.prices:
        return RevisitLine(topic, "unknown", "No price was known then.")
    moved = [
        f"{CELL_WORDS.get(cell, cell)}: {_figure(old.prices.get(cell))} then, "
        f"{_figure(new.prices.get(cell))} now"
        for cell in dict.fromkeys([*old.prices, *new.prices])
        if old.prices.get(cell) != new.prices.get(cell)
    ]
    if moved:
        return RevisitLine(topic, "changed", f"{old.name}. {'; '.join(moved)}.")
    if set(old.prices) <= set(old.own):
        return RevisitLine(
            topic, "unknown", "These are your own figures; only you know if they hold."
        )
    return _as_read(topic, f"{old.name} has the same price.", new.checked, decided_on)


def _dates(
    old: OptionSummary, new: OptionSummary, decided_on: date, today: date
) -> Iterator[RevisitLine]:
    if (old.kind or kind_by_name(old.arm)) != "tuned":
        yield from _base_stop(old, new, decided_on, today)
        return
    stops, closes = old.tuned_stops_on, old.training_closes_on
    last_day = timedelta(1)  # on it one can still train, while a model has stopped on its day
    for topic, was, is_now, what, over, after in (
        ("Runs until", stops, new.tuned_stops_on, "The tuned model stops", "stopped", 0 * last_day),
        (
            "Can be trained until",
            closes,
            new.training_closes_on,
            "Training closes",
            "closed",
            last_day,
        ),
    ):
        if was != is_now:
            then = day(was) if was else "no date published"
            now = day(is_now) if is_now else "no date published"
            yield RevisitLine(topic, "changed", f"{what}: {then} then, {now} now.")
        elif was is not None and was + after <= today:
            state: State = "changed" if was + after > decided_on else "still"
            yield RevisitLine(topic, state, f"It {over} on {day(was)}.")
        elif was is not None:
            days = (was - today).days
            left = f"in {count(days, 'day')}" if days else "today"
            left = f"{what} on {day(was)}, {left}."
            yield _as_read(topic, left, new.checked, decided_on)
        elif topic == "Runs until" and old.checked is not None:
            yield _as_read(topic, "We found no stop date.", new.checked, decided_on)


def _base_stop(
    old: OptionSummary, new: OptionSummary, decided_on: date, today: date
) -> Iterator[RevisitLine]:
    """Whether a base option's model still answers; what was not known then is new today."""
    if not new.base_stop:
        return
    ends = new.base_stops_on
    passed_since = ends is not None and ends <= today and ends > decided_on
    moved = ends != old.base_stops_on
    yield RevisitLine(
        f"{old.shown} answers until",
        "changed" if passed_since or moved else "still",
        new.base_stop,
    )


def _newer_base(
    then: DecisionSummary, now: DecisionSummary, currency: Currency
) -> Iterator[RevisitLine]:
    if not now.bases:
        return
    topic, known = "Newer base models", {base.name for base in then.bases}
    new = [base for base in now.bases if base.name not in known]
    if new:
        named = [f"{base.name} ({_monthly(base, currency)})" for base in new[:3]]
        yield RevisitLine(topic, "changed", f"New on our list: {listed(named)}.")
        return
    checked = max((base.checked for base in now.bases if base.checked), default=None)
    yield _as_read(topic, "None is new on our list.", checked, then.decided_on)


def _volume(then: DecisionSummary, today: date) -> Iterator[RevisitLine]:
    if then.requests_per_month is None:
        yield RevisitLine("Volume", "unknown", "How many a month was never said.")
        return
    planned = f"{then.requests_per_month:,} texts a month"
    if then.months_planned is not None:
        passed = (today - then.decided_on).days / DAYS_A_MONTH
        months = count(then.months_planned, "month")
        if passed > then.months_planned:
            yield RevisitLine(
                "Volume", "changed", f"{planned} were planned for {months}; these are over."
            )
            return
        planned = f"{planned} for {months}"
    yield RevisitLine("Volume", "unknown", f"{planned} were planned; only you know how many come.")


def _who_answers(old: OptionSummary, answering: Mapping[OptionId, str | None]) -> RevisitLine:
    topic = f"Who answers as {in_a_sentence(old.shown)}"
    was = listed(old.served) if old.served else ""
    if old.arm not in answering:
        said = f"{was} answered then" if was else f"{old.model} was to answer"
        return RevisitLine(topic, "unknown", f"{said}; the address was not asked today.")
    serves = answering[old.arm]
    if serves is None:
        return RevisitLine(topic, "unknown", "The address does not say which model it is.")
    if not was:
        return RevisitLine(topic, "unknown", f"{serves} answers; which one did then was not kept.")
    if serves in old.served:
        return RevisitLine(topic, "still", f"{serves} answers, as it did then.")
    return RevisitLine(topic, "changed", f"{serves} answers now; it was {was}.")


def _rules(then: DecisionSummary, now: DecisionSummary) -> Iterator[RevisitLine]:
    if then.app_version != now.app_version:
        yield RevisitLine(
            "How a verdict is made",
            "changed",
            f"Decided by version {then.app_version} of this app, and this is {now.app_version}.",
        )


def _as_read(topic: str, text: str, checked: date | None, decided_on: date) -> RevisitLine:
    """Still true, if the list was read since."""
    if checked is None:
        return RevisitLine(topic, "unknown", f"{text} When the list was read is not known.")
    if checked < decided_on:
        return RevisitLine(
            topic, "unknown", f"{text} But our list was last read on {day(checked)}."
        )
    return RevisitLine(topic, "still", f"{text} Our list was read on {day(checked)}.")


def _figure(price: Decimal | None) -> str:
    return "none" if price is None else f"{price.normalize():f}"


def _monthly(base: BaseOnList, currency: Currency) -> str:
    known = base.usd_per_month is not None
    return f"{currency.show(base.usd_per_month)} a month" if known else "price not known"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
