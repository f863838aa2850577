"""Closed vendors: where one could fine-tune, from `data/lists/closed_vendors.toml`."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import Field, HttpUrl, ValidationError, model_validator

from pricing.entries import Row
from pricing.offers import load_providers

_FILE = Path(__file__).parent / "data" / "lists" / "closed_vendors.toml"


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


@cache
def closed_vendors() -> tuple[ClosedVendor, ...]:
    """All of them, as listed.

    Raises:
        ValidationError: a key is misspelt or missing, or a place to go has no sheet.
    """
    try:
        rows = tomllib.loads(_FILE.read_text("utf-8"))["vendors"]
        return tuple(ClosedVendor.model_validate(row) for row in rows)
    except ValidationError as error:
        error.add_note(f"in {_FILE.name}")
        raise
