"""Method: what the Method page says, from data/method.toml, with live prices, dates and weights.

A figure stands in one place: base prices in genai-prices, tuned ones in the price sheets, weights
in verdict.toml. A text names it in braces, and it is filled in here for the day asked.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, HttpUrl

from advisor.brief import Frozen
from advisor.report.words import day as exact_day
from advisor.rules import load_rules
from advisor.use_cases import load_matrix
from pricing.base_prices import base_price
from pricing.entries import Entry
from pricing.lifecycle import access
from pricing.offers import Offer, find_offer, offers

_FILE = Path(__file__).parent / "data" / "method.toml"

NOT_FOUND = "not found"
"""How a figure that nobody published, or that we did not find, is worded."""


class Source(Frozen):
    """Where a statement comes from, and when it was read."""

    label: str
    url: HttpUrl | None = None
    checked: date | None = None
    """None: a paper, dated by itself."""
    checked_precision: Literal["month", "year"] | None = None

    @property
    def read(self) -> str:
        """When it was read, as exactly as is known; "" for a paper."""
        return "" if self.checked is None else day(self.checked, self.checked_precision)


class Statement(Frozen):
    """A sentence and what it rests on."""

    text: str = Field(min_length=1)
    sources: tuple[Source, ...] = ()


class Step(Frozen):
    """One of the four steps of a verdict."""

    name: str
    text: str


class VerdictRow(Frozen):
    """One rule of the verdict; the first that fits is taken."""

    when: str
    card: str
    firmness: str


class Weight(Frozen):
    """How much one kind of answer counts in the leaning."""

    key: str
    name: str
    why: str

    @property
    def points(self) -> float:
        """Points of 100, from the rules as shipped."""
        return float(getattr(load_rules().weights, self.key))


class Difference(Frozen):
    """One aspect in which a base and a tuned model differ."""

    aspect: str
    base: str
    tuned: str
    sources: tuple[Source, ...] = Field(min_length=1)


class Choice(Statement):
    """A situation that speaks for one side."""

    choose: Literal["base", "tuned"]


class Payment(Statement):
    """One way in which something is paid."""

    name: str


class Correction(Frozen):
    """A figure that is widely quoted and wrong."""

    claim: str
    truth: str
    sources: tuple[Source, ...] = Field(min_length=1)


class _Compared(Frozen):
    """What no price list says about a model in the comparison."""

    name: str
    speed: str = "Measure it in your test"
    best_for: str
    free_tier: str = "None found"
    sources: tuple[Source, ...] = ()


class ComparedBase(_Compared):
    """A base model in the comparison."""

    provider: str
    """Id in genai-prices."""
    model: str
    context_window: int = Field(gt=0)
    max_output: int = Field(gt=0)


class ComparedOffer(_Compared):
    """A tuned model in the comparison."""

    offer: str


class Method(Frozen):
    """Everything the Method page says, filled in for a day."""

    steps: tuple[Step, ...]
    stoppers: tuple[Statement, ...]
    verdicts: tuple[VerdictRow, ...]
    weights: tuple[Weight, ...]
    differences: tuple[Difference, ...]
    choices: tuple[Choice, ...]
    base_models: tuple[ComparedBase, ...]
    tuned_models: tuple[ComparedOffer, ...]
    free: tuple[Statement, ...]
    paid: tuple[Payment, ...]
    dates: tuple[Statement, ...]
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model of the comparison, every figure as text."""

    name: str
    context_window: str
    max_output: str
    price: str
    """In and out, USD per 1M tokens."""
    training: str
    hosting: str
    speed: str
    best_for: str
    free_tier: str
    newcomers: str
    """Whether someone new there may train today; "" for a base model."""
    stops: str
    """When a tuned model stops answering; "" for a base model."""
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ClockRow:
    """Offers of one provider that share their dates."""

    provider: str
    models: tuple[str, ...]
    closed_to_new_since: date | None
    training_closes_on: date | None
    tuned_stops_on: date | None
    days_left: int | None
    """Until the tuned model stops."""


@lru_cache(maxsize=4)
def load_method(today: date, path: Path = _FILE) -> Method:
    """The Method page's content, prices and dates as they hold on a day.

    Raises:
        ValidationError: a key is misspelt or missing.
        KeyError: a text or a `sources` names something that does not exist.
        ValueError: a figure named in a text is not known.
    """
    sheet = tomllib.loads(path.read_text("utf-8"))
    try:
        figures = _figures(sheet.pop("figures"), today)
        named = {key: Source.model_validate(row) for key, row in sheet.pop("sources").items()}
        filled = {key: [_fill(row, figures) for row in rows] for key, rows in sheet.items()}
        for row in (row for rows in filled.values() for row in rows if "sources" in row):
            row["sources"] = tuple(_source(key, named, today) for key in row["sources"])
        return Method.model_validate(filled)
    except (KeyError, ValueError) as error:
        error.add_note(f"in {path.name}")
        raise


def _fill(row: dict[str, Any], figures: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.format_map(figures) if isinstance(value, str) else value
        for key, value in row.items()
    }


def _figures(specs: dict[str, dict[str, Any]], today: date) -> dict[str, Any]:
    """Figures by name, as text: prices in USD, also per 1,000 tokens, and dates."""
    figures: dict[str, Any] = {"rules": load_rules()}
    for name, spec in specs.items():
        value = _figure(spec, today)
        if value is None:
            raise ValueError(f"the figure {name} is not known: {spec}")
        if isinstance(value, date):
            figures[name] = day(value)
        else:
            figures[name] = usd(value * spec.get("times", 1))
            figures[f"{name}_per_1k"] = usd(value / 1000)
    return figures


def _figure(spec: dict[str, Any], today: date) -> Decimal | date | None:
    holder: object
    if "base" in spec:
        provider, _, model = spec["base"].partition(":")
        holder = base_price(provider, model, today).cells
    else:
        holder = find_offer(spec["offer"]).entry(today)
    value: Decimal | date | None = getattr(holder, spec["field"])
    return value


def _source(key: str, named: dict[str, Source], today: date) -> Source:
    if key.startswith("offer:"):
        return offer_source(find_offer(key.removeprefix("offer:")), today)
    if key.isdecimal():
        paper = load_matrix().sources[int(key)]
        return Source(label=paper.citation, url=paper.url)
    return named[key]


def offer_source(offer: Offer, today: date) -> Source:
    """Where an offer's figures come from."""
    entry = offer.entry(today)
    return Source(
        label=f"Price sheet, {offer.provider_name}",
        url=entry.source,
        checked=entry.checked,
        checked_precision=entry.checked_precision,
    )


def compare_base(method: Method, today: date) -> list[ModelRow]:
    """Base models of the comparison, with today's prices."""
    rows = []
    for model in method.base_models:
        price = base_price(model.provider, model.model, today)
        listed = Source.model_validate(
            {
                "label": price.source_label,
                "url": price.source_url,
                "checked": price.checked,
                "checked_precision": price.checked_precision,
            }
        )
        rows.append(
            ModelRow(
                name=model.name,
                context_window=f"{model.context_window:,}",
                max_output=f"{model.max_output:,}",
                price=_in_and_out(price.cells.input, price.cells.output),
                training="none",
                hosting="none",
                speed=model.speed,
                best_for=model.best_for,
                free_tier=model.free_tier,
                newcomers="",
                stops="",
                sources=(listed, *model.sources),
            )
        )
    return rows


def compare_tuned(method: Method, today: date) -> list[ModelRow]:
    """Tuned models of the comparison, with the figures of the price sheets."""
    rows = []
    for model in method.tuned_models:
        offer = find_offer(model.offer)
        entry = offer.entry(today)
        rows.append(
            ModelRow(
                name=model.name,
                context_window=_count(offer.context_window),
                max_output=_count(offer.max_output),
                price=(
                    "included in the hour"
                    if entry.tokens_included
                    else _in_and_out(entry.tuned_input, entry.tuned_output)
                ),
                training=training_words(entry),
                hosting=hosting_words(entry),
                speed=model.speed,
                best_for=model.best_for,
                free_tier=model.free_tier,
                newcomers=for_newcomers(offer, today),
                stops=stop_words(offer, today),
                sources=(offer_source(offer, today), *model.sources),
            )
        )
    return rows


def clocks(today: date) -> list[ClockRow]:
    """Offers with a date still to come, grouped by provider and dates, soonest end first."""
    groups: dict[tuple[str, date | None, date | None, date | None], list[str]] = {}
    for offer in offers():
        entry = offer.entry(today)
        ends = [d for d in (entry.training_closes_on, entry.tuned_stops_on) if d is not None]
        if any(end >= today for end in ends):
            key = (
                offer.provider_name,
                entry.closed_to_new_since,
                entry.training_closes_on,
                entry.tuned_stops_on,
            )
            groups.setdefault(key, []).append(offer.base_model)
    rows = [
        ClockRow(
            provider=provider,
            models=tuple(dict.fromkeys(models)),
            closed_to_new_since=closed,
            training_closes_on=closes,
            tuned_stops_on=stops,
            days_left=None if stops is None else (stops - today).days,
        )
        for (provider, closed, closes, stops), models in groups.items()
    ]
    return sorted(rows, key=lambda row: row.tuned_stops_on or date.max)


def for_newcomers(offer: Offer, today: date) -> str:
    """Whether someone who is new at the provider may train today, in one or two words."""
    entry = offer.entry(today)
    if entry.hosting_only:
        return "Hosting only"
    may = access(offer, today, "new").can_train
    if may is None:
        return "By invitation" if entry.open_to == "invited" else "Not verified"
    if may:
        return "Evaluation only" if entry.evaluation_only else "Open"
    return "Ended" if access(offer, today, "tuned_before").can_train is False else "Closed to new"


def training_words(entry: Entry) -> str:
    """What one training job costs, with its unit."""
    if entry.training_unit == "free":
        return "free"
    if entry.training_per_1m is not None:
        return f"{usd(entry.training_per_1m)} per 1M tokens"
    if entry.training_per_hour is not None:
        return f"{usd(entry.training_per_hour)} an hour"
    return NOT_FOUND


def hosting_words(entry: Entry) -> str:
    """What keeping the tuned model costs, with its unit."""
    if entry.hosting_per_hour is not None:
        return f"{usd(entry.hosting_per_hour)} an hour"
    if entry.storage_per_month is not None:
        return f"{usd(entry.storage_per_month)} a month, storage"
    return "none" if entry.hosting_unit == "none" else NOT_FOUND


def stop_words(offer: Offer, today: date) -> str:
    """When a tuned model stops answering."""
    stops = offer.entry(today).tuned_stops_on
    if stops is not None:
        return day(stops)
    return "no vendor date" if offer.data_stays else NOT_FOUND


def usd(amount: Decimal) -> str:
    """An amount in USD, no decimal cut off; whole dollars from 1,000 on."""
    if amount >= 1000 or (amount >= 100 and amount == int(amount)):
        return f"${amount:,.0f}"
    exact = amount.normalize()
    exponent = exact.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 2
    return f"${amount:,.{max(2, places)}f}"


def day(when: date, precision: Literal["month", "year"] | None = None) -> str:
    """A date in words, no more exact than it is known: "6 Jan 2027", "Oct 2026", "2026"."""
    if precision == "year":
        return f"{when.year}"
    return f"{when:%b %Y}" if precision == "month" else exact_day(when)


def all_sources(rows: Iterable[Iterable[Source]]) -> list[Source]:
    """Every source once, in the order of first use."""
    return list(dict.fromkeys(source for row in rows for source in row))


def _in_and_out(into: Decimal | None, out: Decimal | None) -> str:
    if into is None or out is None:
        return NOT_FOUND
    return f"{usd(into)} in, {usd(out)} out"


def _count(tokens: int | None) -> str:
    return NOT_FOUND if tokens is None else f"{tokens:,}"
