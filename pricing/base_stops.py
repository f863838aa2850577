"""Base stops: the day a base model stops answering at a provider, from `data/lists/base_stops.toml`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import Field, HttpUrl, ValidationError

from pricing.editions import TakenEdition, edition_in_use, raw_list
from pricing.entries import Row

_NAME = "base_stops"


@dataclass(frozen=True, slots=True)
class Stop:
    """The last day of a base model at one provider, and where that is said."""

    on: date
    """Day on which it stops answering."""
    successor: str | None
    """The model the provider names instead; None = it names none."""
    source_label: str
    source_url: str
    checked: date
    on_a_page: bool = True
    """A page of the provider's is named for it; False = it rests on the list alone."""

    def passed(self, today: date) -> bool:
        """Whether the model has stopped: on its last day it no longer answers."""
        return self.on <= today


class _Stop(Row):
    stops_on: date
    successor: str | None = None
    source: str | None = None
    checked: date | None = None


class _List(Row):
    checked: date
    label: str
    url: HttpUrl
    sources: dict[str, HttpUrl]
    feed: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """What each provider here is called in the model list at `url`."""
    stops: dict[str, dict[str, _Stop]] = Field(min_length=1)


def every_stop() -> tuple[tuple[str, str, Stop], ...]:
    """(provider, model, its stop) of the whole list, in its order."""
    found = []
    for provider, rows in _load().stops.items():
        for model in rows:
            stop = stop_of([provider], [model])
            if stop is not None:
                found.append((provider, model, stop))
    return tuple(found)


def stop_of(providers: Iterable[str], models: Iterable[str]) -> Stop | None:
    """When a base model stops at a provider; None = no date is announced, or none is known.

    Args:
        providers: what the provider goes by, here and in genai-prices. The first that the list has
            counts alone: Google's two doors have dates of their own.
        models: what the model goes by, the name the reader gave first.
    """
    known = _load()
    listed = next((known.stops[name] for name in providers if name in known.stops), None)
    if listed is None:
        return None
    row = next((listed[key] for name in models for key in _spellings(name) if key in listed), None)
    if row is None:
        return None
    url = known.url if row.source is None else known.sources[row.source]
    first_hand = row.checked is not None
    return Stop(
        on=row.stops_on,
        successor=row.successor,
        source_label="the provider's own list" if first_hand else known.label,
        source_url=str(url),
        checked=row.checked or known.checked,
        on_a_page=first_hand or row.source is not None,
    )


def list_read(providers: Iterable[str]) -> date | None:
    """When the list was read, for a provider that is on it; None = it is not."""
    known = _load()
    return known.checked if any(name in known.stops for name in providers) else None


def _spellings(model: str) -> Iterator[str]:
    """The name as the list has it: without the maker's path, a region or a version's date."""
    name = model.strip().lower().removeprefix("accounts/fireworks/models/")
    name = re.sub(r"^(?:regional|global|us|eu|apac|au|jp)\.", "", name)
    yield name
    yield re.sub(r"-(?:20\d\d-\d\d-\d\d|2[3-7](?:0[1-9]|1[0-2]))$", "", name)


def _load() -> _List:
    return _of_edition(edition_in_use())


@lru_cache(maxsize=2)
def _of_edition(edition: TakenEdition | None) -> _List:
    """The list; read once per process."""
    return check_stops(raw_list(edition, _NAME))


def check_stops(listed: Mapping[str, Any]) -> _List:
    """The list as it is written, read.

    Raises:
        ValidationError: a key is misspelt or missing.
        KeyError: a source that is named does not exist.
    """
    try:
        found = _List.model_validate(listed)
    except ValidationError as error:
        error.add_note(f"in {_NAME}.toml")
        raise
    for rows in found.stops.values():
        for row in rows.values():
            if row.source is not None and row.source not in found.sources:
                raise KeyError(f"{row.source} is no source of {_NAME}.toml")
    return found
