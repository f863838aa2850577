"""Method: what the Method page says, from data/method.toml, with live prices, dates and weights.

A figure stands in one place: base prices in genai-prices, tuned ones in the price sheets, weights
in verdict.toml. A text names it in braces, and it is filled in here for the day asked.
"""

import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, HttpUrl

from advisor.case.brief import Frozen
from advisor.case.use_cases import load_matrix
from advisor.verdict.base_models import load_base_models
from advisor.verdict.rules import load_rules
from advisor.words import day as exact_day
from pricing.base_prices import base_price
from pricing.offers import Offer, find_offer

_FILE = Path(__file__).parent.parent / "data" / "method.toml"

NOT_FOUND = "not found"
"""How a figure that nobody published, or that we did not find, is worded."""


class MethodSource(Frozen):
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
    sources: tuple[MethodSource, ...] = ()


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


class ModelDifference(Frozen):
    """One aspect in which a base and a tuned model differ."""

    aspect: str
    base: str
    tuned: str
    sources: tuple[MethodSource, ...] = Field(min_length=1)


class Advice(Statement):
    """A situation that speaks for one side."""

    choose: Literal["base", "tuned"]


class Payment(Statement):
    """One way in which something is paid."""

    name: str


class Correction(Frozen):
    """A figure that is widely quoted and wrong."""

    claim: str
    truth: str
    sources: tuple[MethodSource, ...] = Field(min_length=1)


class _Compared(Frozen):
    """What no price list says about a model in the comparison."""

    name: str
    speed: str = "Measure it in your test"
    best_for: str
    free_tier: str = "None found"
    sources: tuple[MethodSource, ...] = ()


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
    differences: tuple[ModelDifference, ...]
    choices: tuple[Advice, ...]
    base_models: tuple[ComparedBase, ...]
    tuned_models: tuple[ComparedOffer, ...]
    free: tuple[Statement, ...]
    paid: tuple[Payment, ...]
    dates: tuple[Statement, ...]
    corrections: tuple[Correction, ...]


@lru_cache(maxsize=4)
def load_method(today: date, path: Path = _FILE) -> Method:
    """The Method page's content, prices and dates as they hold on a day.

    Raises:
        ValidationError: a key is misspelt or missing.
        KeyError: a text or a `sources` names something that does not exist.
        ValueError: a figure named in a text is not known.
    """
    sheet = tomllib.loads(path.read_text("utf-8"))
    sheet["base_models"] = [
        row.model_dump(include=set(ComparedBase.model_fields), exclude_none=True)
        for row in load_base_models()
    ]
    try:
        figures = _figures(sheet.pop("figures"), today)
        named = {key: MethodSource.model_validate(row) for key, row in sheet.pop("sources").items()}
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


def _source(key: str, named: dict[str, MethodSource], today: date) -> MethodSource:
    if key.startswith("offer:"):
        return offer_source(find_offer(key.removeprefix("offer:")), today)
    if key.isdecimal():
        paper = load_matrix().sources[int(key)]
        return MethodSource(label=paper.citation, url=paper.url)
    return named[key]


def offer_source(offer: Offer, today: date) -> MethodSource:
    """Where an offer's figures come from."""
    entry = offer.entry(today)
    return MethodSource(
        label=f"Price sheet, {offer.provider_name}",
        url=entry.source,
        checked=entry.checked,
        checked_precision=entry.checked_precision,
    )


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


def all_sources(rows: Iterable[Iterable[MethodSource]]) -> list[MethodSource]:
    """Every source once, in the order of first use."""
    return list(dict.fromkeys(source for row in rows for source in row))
