"""Offers: what a provider sells around a tuned model, from `data/<provider>.toml`."""

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from pydantic import Field, HttpUrl, ValidationError, model_validator

from pricing.ages import FactKind, is_ageing
from pricing.editions import DATA, TakenEdition, edition_in_use, raw_sheets, read_toml
from pricing.entries import CELLS, Entry, PriceCells, Row, SheetCells
from pricing.errors import AmbiguousOffer, UnknownOffer
from pricing.regions import Placed


class Offer(Placed):
    """One way to have one model tuned at one provider."""

    provider: str
    provider_name: str
    data_stays: bool
    rented: bool = False
    """A machine rented by the hour: the texts go to no model vendor, and not to an own machine."""
    base_model: str
    method: str
    context_window: int | None = Field(default=None, gt=0)
    max_output: int | None = Field(default=None, gt=0)
    entries: tuple[Entry, ...] = Field(min_length=1)

    @property
    def where(self) -> str:
        """ "at AWS Bedrock"; "on a GPU server you run"."""
        return f"{'on' if self.data_stays else 'at'} {self.provider_name}"

    @property
    def ref(self) -> str:
        """`provider:base_model:method`, as a case file names it."""
        return f"{self.provider}:{self.base_model}:{self.method}"

    def entry(self, on: date) -> Entry:
        """Figures that hold on a day; before the first entry, the first (the oldest known)."""
        held = [entry for entry in self.entries if entry.since <= on]
        return held[-1] if held else self.entries[0]

    def price_kind(self, on: date) -> FactKind:
        """Which kind of price holds on a day: that of a host of open models, or of a price list."""
        entry = self.entry(on)
        by_hour = self.data_stays or self.rented or entry.hosting_only or entry.tokens_included
        return "host prices" if by_hour else "list prices"

    @model_validator(mode="after")
    def _entries_are_in_order(self) -> Self:
        days = [entry.since for entry in self.entries]
        if days != sorted(set(days)):
            raise ValueError(f"entries of {self.ref} are out of order: {days}")
        return self


class Provider(Row):
    """A company that tunes or serves tuned models, and what it sells."""

    provider: str
    name: str
    id_form: str | None = None
    """How the id of a tuned model looks."""
    pricing_url: HttpUrl
    note: str = ""
    base_prices_id: str | None = None
    """This provider's id in genai-prices; None = not there."""
    data_stays: bool = False
    """The texts stay on the reader's own machines."""
    offers: tuple[Offer, ...]


def load_provider(path: Path) -> Provider:
    """Read one price sheet; decimals are kept exact, never floats.

    Raises:
        ValidationError: a key is misspelt or missing, or dates contradict each other.
    """
    return provider_of(read_toml(path), path.name)


def provider_of(sheet: Mapping[str, Any], name: str) -> Provider:
    """A price sheet as it is written, read; see `load_provider`."""
    shared = {
        "provider": sheet.get("provider"),
        "provider_name": sheet.get("name"),
        "data_stays": sheet.get("data_stays", False),
    }
    whole = {**sheet, "offers": [{**offer, **shared} for offer in sheet.get("offers", [])]}
    try:
        return Provider.model_validate(whole)
    except ValidationError as error:
        error.add_note(f"in {name}")
        raise


def load_providers() -> dict[str, Provider]:
    """All price sheets of the edition in use, by provider id; read once per process."""
    return _providers(edition_in_use())


@lru_cache(maxsize=2)
def _providers(edition: TakenEdition | None) -> dict[str, Provider]:
    sheets = (provider_of(sheet, f"{name}.toml") for name, sheet in raw_sheets(edition).items())
    return {sheet.provider: sheet for sheet in sheets}


def offers() -> tuple[Offer, ...]:
    """All offers of all providers."""
    return _offers(edition_in_use())


@lru_cache(maxsize=2)
def _offers(edition: TakenEdition | None) -> tuple[Offer, ...]:
    return tuple(offer for sheet in _providers(edition).values() for offer in sheet.offers)


def age_in_days(checked: date, today: date) -> int:
    """Days since a figure was read."""
    return (today - checked).days


_DATE_SUFFIX = re.compile(r"-20\d\d-\d\d-\d\d$")


def _plain(text: str) -> str:
    """A reference without case, "_", "-" and blanks, which do not tell two apart."""
    return re.sub(r"[-_\s]+", "-", text.strip().lower())


def find_provider(name: str) -> Provider | None:
    """The provider that goes by this id, here or in genai-prices; None if there is none."""
    plain = _plain(name)
    for sheet in load_providers().values():
        if plain in (_plain(sheet.provider), _plain(sheet.base_prices_id or sheet.provider)):
            return sheet
    return None


def matching_offers(ref: str) -> tuple[Offer, ...]:
    """Offers that go by `provider:model[:method]`; none, one or several.

    A model may be named without its date ("gpt-4.1-mini") and a method by some of its words
    ("SFT developer"); a full name goes before a part of one.
    """
    return _matching_offers(ref, edition_in_use())


@lru_cache(maxsize=1024)  # an edition does not change
def _matching_offers(ref: str, edition: TakenEdition | None) -> tuple[Offer, ...]:
    provider_name, _, rest = ref.partition(":")
    provider = find_provider(provider_name)
    if provider is None or not rest:
        return ()
    rest = _plain(rest)
    by_model: list[Offer] = []
    by_method: list[Offer] = []
    by_words: list[Offer] = []
    for offer in provider.offers:
        for model in {_plain(offer.base_model), _DATE_SUFFIX.sub("", _plain(offer.base_model))}:
            method = rest.removeprefix(f"{model}:")
            if rest == model:
                by_model.append(offer)
            elif method == rest:
                continue
            elif method == _plain(offer.method):
                by_method.append(offer)
            elif _words(method) and _words(method) <= _words(offer.method):
                by_words.append(offer)
    return tuple(by_model or by_method or by_words)


def _words(method: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", method.lower()))


def find_offer(ref: str) -> Offer:
    """The one offer that goes by `provider:model[:method]`.

    Raises:
        UnknownOffer: nothing goes by it; the message says what comes near.
        AmbiguousOffer: several do; the message lists them.
    """
    found = matching_offers(ref)
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousOffer(
            f'Several offers go by "{ref}"; choose one of: {_listed(o.ref for o in found)}.'
        )
    raise UnknownOffer(f'No offer goes by "{ref}". {_what_exists_near(ref)}')


def _what_exists_near(ref: str) -> str:
    provider = find_provider(ref.partition(":")[0])
    if provider is None:
        return f"Providers with offers are: {_listed(load_providers())}."
    refs = {_plain(offer.ref): offer.ref for offer in provider.offers}
    near = difflib.get_close_matches(_plain(ref), refs, n=5, cutoff=0.5) or list(refs)
    return f"{provider.name} has, among others: {_listed(refs[key] for key in near[:5])}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


__all__ = [
    "CELLS",
    "DATA",
    "Entry",
    "Offer",
    "PriceCells",
    "Provider",
    "Row",
    "SheetCells",
    "age_in_days",
    "find_offer",
    "find_provider",
    "is_ageing",
    "load_provider",
    "load_providers",
    "matching_offers",
    "offers",
    "provider_of",
]
