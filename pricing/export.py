"""Export: every fact that ships as one JSON, named by the digest of what is in it."""

import json
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from pricing.errors import PricingError
from pricing.offers import DATA, Provider

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
        """The same facts have the same name."""
        return f"{self.sha256}.json"

    def pointer(self) -> bytes:
        """What `latest.json` holds: which edition is the newest."""
        value = {
            "schema": SCHEMA,
            "sha256": self.sha256,
            "file": self.file_name,
            "newest": self.newest.isoformat(),
        }
        return _dump(value)


def export_facts() -> FactsEdition:
    """The sheets and lists that ship, as they stand in their files.

    Prices are texts, so that no digit is lost on the way. Nothing in it depends on the day.
    """
    sheets = {path.stem: _read(path.read_text("utf-8")) for path in sorted(DATA.glob("*.toml"))}
    lists = {
        path.stem: _read(path.read_text("utf-8"))
        for path in sorted((DATA / "lists").glob("*.toml"))
    }
    content = _dump({"schema": SCHEMA, "sheets": sheets, "lists": lists})
    return FactsEdition(content, sha256(content).hexdigest(), max(_days_read({**sheets, **lists})))


def read_export(content: bytes, digest: str) -> tuple[Provider, ...]:
    """The price sheets of an edition.

    Raises:
        PricingError: its digest, its schema or a sheet is wrong; the sentence says which.
    """
    if sha256(content).hexdigest() != digest:
        raise PricingError(
            "These facts are not the ones their name promises: fetch them again, whole."
        )
    try:
        value = json.loads(content)
    except ValueError:
        value = None
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise PricingError(
            f"These facts are of another schema than {SCHEMA}: update the app, or take others."
        )
    found = []
    for name, sheet in value["sheets"].items():
        shared = {
            "provider": sheet.get("provider"),
            "provider_name": sheet.get("name"),
            "data_stays": sheet.get("data_stays", False),
        }
        whole = sheet | {"offers": [offer | shared for offer in sheet.get("offers", ())]}
        try:
            found.append(Provider.model_validate(whole))
        except ValidationError as error:
            raise PricingError(
                f"The sheet {name} of these facts can't be read: take others."
            ) from error
    return tuple(found)


def _read(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def _dump(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True, default=_plain)
    return f"{text}\n".encode()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _days_read(value: Any) -> list[date]:
    """Every day on which something in it was read."""
    if isinstance(value, list):
        return [day for one in value for day in _days_read(one)]
    if not isinstance(value, dict):
        return []
    keys = ("checked", "dates_checked", "read_on")
    own = [value[key] for key in keys if isinstance(value.get(key), date)]
    return own + [day for one in value.values() for day in _days_read(one)]
