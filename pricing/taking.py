"""Taking in an edition: whether it is complete, can be read, and is not older than the one in use."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from pricing.base_stops import check_stops
from pricing.closed import closed_vendors
from pricing.editions import TakenEdition, edition_in_use, held_edition, raw_list, raw_sheets
from pricing.errors import PricingError
from pricing.export import SCHEMA, as_day, days_read
from pricing.offers import load_providers

_LISTS = ("base_stops", "closed_vendors")
EntryKey = tuple[str, ...]


class BadEdition(PricingError):
    """An edition that is not taken in; the message says why."""


@dataclass(frozen=True, slots=True)
class EditionPointer:
    """What `latest.json` says: which edition is the newest, and in which file beside it."""

    sha256: str
    file: str


def read_pointer(content: bytes) -> EditionPointer:
    """The pointer to the newest edition.

    Raises:
        BadEdition: it is none, or names a file that is not beside it.
    """
    value = _json(content, "latest.json")
    found = EditionPointer(str(value.get("sha256")), str(value.get("file")))
    if found.file != f"{found.sha256}.json" or not found.sha256.isalnum():
        raise BadEdition("Its latest.json names no edition: export the facts again.")
    return found


def take_edition(content: bytes, digest: str) -> TakenEdition:
    """An edition, checked; it is not in use yet.

    Raises:
        BadEdition: its digest, schema, a sheet or a list is wrong, or it goes back in time.
    """
    if sha256(content).hexdigest() != digest:
        raise BadEdition("It is not what its name promises: it was cut or changed on the way.")
    value = _json(content, "The edition")
    if value.get("schema") != SCHEMA:
        raise BadEdition(f"It is of schema {value.get('schema')}; this app reads {SCHEMA}.")
    sheets, lists = value.get("sheets"), value.get("lists")
    if not isinstance(sheets, dict) or not isinstance(lists, dict) or not sheets:
        raise BadEdition("It holds no price sheets.")
    if missing := [name for name in _LISTS if name not in lists]:
        raise BadEdition(f"It has no list {missing[0]}.")
    try:
        newest = max(days_read({**sheets, **lists}))
        found = TakenEdition(digest, newest, sheets, lists)
        _read_all(found)
    except ValidationError as error:
        notes = getattr(error, "__notes__", ["in a sheet"])
        raise BadEdition(f"Something {notes[0]} can't be read by this version.") from error
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadEdition("A part of it can't be read by this version.") from error
    _no_step_back(found)
    return found


def _read_all(edition: TakenEdition) -> None:
    """Read every sheet and list of it, as the app will."""
    check_stops(raw_list(edition, "base_stops"))
    with held_edition(edition):
        load_providers()
        closed_vendors()


def _no_step_back(edition: TakenEdition) -> None:
    """Compared with the edition in use, nothing is older and nothing has vanished."""
    was, now = dict(_days_by_entry(edition_in_use())), dict(_days_by_entry(edition))
    if gone := [key for key in was if key not in now]:
        raise BadEdition(f"It lacks {_named(gone[0])}, which the facts in use have.")
    if back := [key for key, day in was.items() if now[key] < day]:
        key = back[0]
        raise BadEdition(f"{_named(key)} was read on {now[key]} there, and on {was[key]} here.")


def _days_by_entry(edition: TakenEdition | None) -> Iterator[tuple[EntryKey, date]]:
    """The day on which each entry was read, by what the entry is about."""
    for name, sheet in raw_sheets(edition).items():
        for offer in sheet.get("offers", ()):
            for entry in offer["entries"]:
                key = (name, offer["base_model"], offer["method"], str(entry["since"]))
                yield key, as_day(entry["checked"])
    for vendor in raw_list(edition, "closed_vendors")["vendors"]:
        yield ("closed_vendors", vendor["name"]), as_day(vendor["read_on"])
    stops = raw_list(edition, "base_stops")
    for provider, rows in stops["stops"].items():
        for model, row in rows.items():
            yield ("base_stops", provider, model), as_day(row.get("checked", stops["checked"]))


def _named(key: EntryKey) -> str:
    return ", ".join(key)


def _json(content: bytes, what: str) -> Mapping[str, Any]:
    try:
        value = json.loads(content)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise BadEdition(f"{what} is not JSON, or was cut in the middle.")
    return value
