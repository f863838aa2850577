"""Export: every fact that ships as one JSON, named by the digest of what is in it."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pricing.editions import DATA, edition_in_use, read_folder

SCHEMA = 1
"""Raised whenever an older version of the app could not read what is exported."""


@dataclass(frozen=True, slots=True)
class FactsEdition:
    """One edition of the facts."""

    content: bytes
    sha256: str
    newest: date
    """The day on which the newest of them was read."""

    @property
    def file_name(self) -> str:
        """Named by the digest, so that the same facts have the same name."""
        return f"{self.sha256}.json"

    def pointer(self) -> bytes:
        """What `latest.json` holds: which edition is the newest."""
        return pointer_to(self.sha256, self.newest)


def pointer_to(sha256: str, newest: date) -> bytes:
    """What `latest.json` holds beside an edition; see `FactsEdition`."""
    value = {"schema": SCHEMA, "sha256": sha256, "file": f"{sha256}.json", "newest": newest}
    return _dump(value)


def export_facts(folder: Path = DATA) -> FactsEdition:
    """The sheets and lists of a folder, those that ship by default, as they stand in their files.

    Prices are texts, so that no digit is lost on the way. Nothing in it depends on the day.
    """
    sheets, lists = read_folder(folder)
    content = _dump({"schema": SCHEMA, "sheets": sheets, "lists": lists})
    return FactsEdition(content, sha256(content).hexdigest(), max(days_read({**sheets, **lists})))


@cache
def _shipped() -> FactsEdition:
    return export_facts()


def digest_in_use() -> str:
    """The SHA-256 of the edition in use, by which a decision says what it rests on."""
    edition = edition_in_use()
    return edition.sha256 if edition is not None else _shipped().sha256


def newest_in_use() -> date:
    """The day on which the newest fact of the edition in use was read."""
    edition = edition_in_use()
    return edition.newest if edition is not None else _shipped().newest


def _dump(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True, default=_plain)
    return f"{text}\n".encode()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def days_read(value: Any) -> list[date]:
    """Every day on which something in it was read."""
    if isinstance(value, list):
        return [day for one in value for day in days_read(one)]
    if not isinstance(value, dict):
        return []
    keys = ("checked", "dates_checked", "read_on")
    own = [as_day(value[key]) for key in keys if key in value]
    return own + [day for one in value.values() for day in days_read(one)]


def as_day(value: date | str) -> date:
    """A day as a sheet has it, or as an export does."""
    return value if isinstance(value, date) else date.fromisoformat(value)
