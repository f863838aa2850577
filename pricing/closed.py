"""Closed vendors: where one could fine-tune, from `data/lists/closed_vendors.toml`."""

import tomllib
from datetime import date
from functools import lru_cache
from typing import Any, Self

from pydantic import Field, HttpUrl, ValidationError, model_validator

from pricing.editions import TakenEdition, edition_in_use, raw_list
from pricing.entries import Row
from pricing.expected import ExpectedFacts
from pricing.offers import load_providers

_NAME = "closed_vendors"


class ClosedVendor(Row):
    """One way to fine-tune that has ended, or will, and where to go instead."""

    name: str
    names: tuple[str, ...] = Field(min_length=1)
    """What a reader may type."""
    what: str
    """What it was, as the beginning of a sentence."""
    closes_on: date | None = None
    """First day on which it can't be used."""
    closes_by: date | None = None
    """Last day of the time announced, where no day was."""
    closes_words: str = ""
    """That time: "the first quarter of 2027"."""
    instead: str
    """What the vendor names in its place, as a sentence."""
    go_to: tuple[str, ...] = Field(min_length=1)
    """Providers with a sheet here."""
    source: HttpUrl
    read_on: date
    expect: ExpectedFacts = ()
    """What should stand at the source."""

    @model_validator(mode="after")
    def _one_time_and_known_places(self) -> Self:
        if self.closes_on is not None and self.closes_by is not None:
            raise ValueError("closes_on and closes_by exclude each other")
        if (self.closes_by is not None) != bool(self.closes_words):
            raise ValueError("closes_words goes with closes_by")
        if unknown := set(self.go_to) - load_providers().keys():
            raise ValueError(f"go_to names providers without a sheet: {sorted(unknown)}")
        return self

    def closed(self, today: date) -> bool:
        """Whether it has ended by a day; where no time is known, it had when it was read."""
        if self.closes_on is not None:
            return self.closes_on <= today
        return self.closes_by is None or self.closes_by < today

    def fits(self, wanted: str) -> bool:
        """Whether a reader who types this may mean it."""
        asked = wanted.strip().lower()
        names = (*self.names, self.name.lower())
        return bool(asked) and any(asked in name or name in asked.split() for name in names)


def closed_vendors() -> tuple[ClosedVendor, ...]:
    """All of them, as listed in the edition in use.

    Raises:
        ValidationError: a key is misspelt or missing, or a place to go has no sheet.
    """
    return _closed_vendors(edition_in_use())


@lru_cache(maxsize=2)
def _closed_vendors(edition: TakenEdition | None) -> tuple[ClosedVendor, ...]:
    return vendors_of(raw_list(edition, _NAME)["vendors"])


def vendors_of(rows: list[dict[str, Any]]) -> tuple[ClosedVendor, ...]:
    """The rows of the list, read; see `closed_vendors`."""
    try:
        return tuple(ClosedVendor.model_validate(row) for row in rows)
    except ValidationError as error:
        error.add_note(f"in {_NAME}.toml")
        raise


def read_vendors(text: str) -> tuple[ClosedVendor, ...]:
    """The list as it stands in a file."""
    return vendors_of(tomllib.loads(text)["vendors"])
