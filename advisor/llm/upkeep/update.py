"""Update: fetch the feeds that prices and last days have, and give the sheets as they would be."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from advisor.llm.upkeep.fetch import fetch_all
from pricing.base_stops import check_stops
from pricing.checking import CheckedFact, asked_facts
from pricing.compared import Fetched, compare_fact
from pricing.editions import read_toml
from pricing.renewal import STOPS, RenewedStops, in_feed, renewed_sheet, renewed_stops


@dataclass(frozen=True, slots=True)
class SheetsUpdated:
    """What the feeds say."""

    texts: dict[str, str]
    """The sheets that would be others, by file."""
    changed: tuple[CheckedFact, ...]
    unread: tuple[CheckedFact, ...]
    """What could not be told from its feed."""
    looked_for: int
    stops: RenewedStops | None
    """The list of last days; None = its feed could not be read."""


def updated_sheets(folder: Path, today: date, cache_folder: Path | None = None) -> SheetsUpdated:
    """The sheets as the feeds would have them; nothing is written.

    Raises:
        PricingError: a sheet can't be read.
    """
    asked = [one for one in asked_facts(folder, today) if in_feed(one.expected)]
    listed = check_stops(read_toml(folder / STOPS)) if (folder / STOPS).is_file() else None
    address = "" if listed is None else str(listed.url)
    fetched = fetch_all(
        [*(one.address for one in asked), *([address] * bool(address))], cache_folder
    )
    facts = [CheckedFact(one, compare_fact(one.expected, fetched[one.address])) for one in asked]
    changed = tuple(fact for fact in facts if fact.compared.value)
    texts = {
        file: renewed_sheet(folder, file, [f for f in changed if f.asked.file == file], today)
        for file in sorted({fact.asked.file for fact in changed})
    }
    stops = _stops(folder, fetched[address], today) if address else None
    if stops is not None and stops.text != (folder / STOPS).read_text("utf-8"):
        texts[STOPS] = stops.text
    unread = tuple(
        fact for fact in facts if fact.compared.outcome != "stands" and not fact.compared.value
    )
    return SheetsUpdated(texts, changed, unread, len(facts), stops)


def _stops(folder: Path, fetched: Fetched, today: date) -> RenewedStops | None:
    if fetched.status != 200 or not fetched.whole:
        return None
    try:
        feed = json.loads(fetched.body)
    except ValueError:
        return None
    rows = feed if isinstance(feed, dict) else {}
    models = {key: row for key, row in rows.items() if isinstance(row, dict)}
    return renewed_stops(folder, models, today)


def write_sheets(folder: Path, texts: dict[str, str]) -> None:
    """Put the sheets in the place of those that are there."""
    for file, text in texts.items():
        part = (folder / file).with_suffix(".part")
        part.write_text(text, "utf-8")
        part.replace(folder / file)
