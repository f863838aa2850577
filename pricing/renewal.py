"""Renewal: update in the text of a sheet what has a feed of its own, for a review.

A price that was right is never edited: the next entry is appended. A last day is edited in its row.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pricing.base_stops import check_stops
from pricing.checking import CheckedFact
from pricing.editions import read_toml
from pricing.expected import ExpectedFact
from pricing.offers import load_provider
from pricing.sheet_lines import EntryPlace, figure_line, lines_of

STOPS = "lists/base_stops.toml"


@dataclass(frozen=True, slots=True)
class RenewedStops:
    """The list of last days by a feed."""

    text: str
    moved: tuple[str, ...]
    """Models whose day is another one now."""
    unclear: tuple[str, ...]
    """Models for which the feed names several days, or whose row was read on the provider's page."""


def renewed_sheet(folder: Path, file: str, changed: Iterable[CheckedFact], today: date) -> str:
    """The sheet with a new entry for each one whose figures changed in the feed.

    Args:
        folder: of the sheets.
        file: the sheet.
        changed: of this sheet, looked for by a path.
        today: from when the new figures hold, as far as we know.
    """
    sheet = load_provider(folder / file)
    by_place: dict[EntryPlace, list[CheckedFact]] = {}
    for fact in changed:
        by_place.setdefault(fact.asked.place, []).append(fact)
    lines = (folder / file).read_text("utf-8").splitlines()
    # From the end, so that inserting does not move the places still to be changed.
    for place in sorted(by_place, key=lambda one: (one.within, one.number), reverse=True):
        entry = sheet.offers[place.within].entries[place.number]
        figures, words = {}, {}
        for fact in by_place[place]:
            expected, now = fact.asked.expected, Decimal(fact.compared.value)
            words[fact.asked.number] = (expected.value, fact.compared.value)
            for name in expected.of:
                figures[name] = getattr(entry, name) * now / Decimal(expected.value)
        whole = lines_of("\n".join(lines), place)
        block = [_renewed(line, figures, today) for line in lines[whole.start : whole.stop]]
        block = _with_values(block, words)
        while block and not block[-1].strip():
            block.pop()
        if entry.since == today:
            lines[whole.start : whole.start + len(block)] = block
            continue
        end = whole.stop
        while not lines[end - 1].strip():
            end -= 1
        lines[end:end] = ["", "[[offers.entries]]", *block]
    return "\n".join(lines) + "\n"


def _renewed(line: str, figures: Mapping[str, Decimal], today: date) -> str:
    key = line.partition("=")[0].strip()
    if key == "since":
        return f"since = {today}"
    return figure_line(key, figures[key]) if key in figures else line


def _with_values(block: list[str], words: Mapping[int, tuple[str, str]]) -> list[str]:
    """The expectations with the values that their feed has now."""
    rows = [at for at, line in enumerate(block) if re.match(r"\s*\{\s*of\s*=", line)]
    for number, (was, now) in words.items():
        at = rows[number]
        block[at] = block[at].replace(f'value = "{was}"', f'value = "{now}"')
    return block


def in_feed(expected: ExpectedFact) -> bool:
    """Whether it is looked for in a feed, and not on a page."""
    return bool(expected.path)


def renewed_stops(
    folder: Path, feed: Mapping[str, Mapping[str, Any]], today: date
) -> RenewedStops | None:
    """The list of last days, brought up to date by the model list it was taken from.

    Args:
        folder: of the sheets.
        feed: litellm's models by name, with `litellm_provider` and `deprecation_date`.
        today: the day on which the feed was read.

    Returns:
        None where nothing of the list is in the feed: then it is another file.
    """
    path = folder / STOPS
    listed = check_stops(read_toml(path))
    known = _days_by_provider(feed, listed.feed)
    text, moved, unclear, seen = path.read_text("utf-8"), [], [], 0
    for provider, rows in listed.stops.items():
        for model, row in rows.items():
            days = known.get(provider, {}).get(model, set())
            seen += bool(days)
            if not days or days == {row.stops_on}:
                continue
            name = f"{provider}:{model}"
            if len(days) > 1 or row.checked is not None:
                unclear.append(f"{name} ({', '.join(map(str, sorted(days)))})")
                continue
            text = _with_stop(text, provider, model, days.pop())
            moved.append(name)
    if not seen:
        return None
    text = re.sub(r"(?m)^checked = \d{4}-\d\d-\d\d", f"checked = {today}", text, count=1)
    return RenewedStops(text, tuple(moved), tuple(unclear))


def _days_by_provider(
    feed: Mapping[str, Mapping[str, Any]], providers: Mapping[str, tuple[str, ...]]
) -> dict[str, dict[str, set[date]]]:
    """A model's last days in the feed, by our provider and by every name it has there."""
    found: dict[str, dict[str, set[date]]] = {provider: {} for provider in providers}
    for key, model in feed.items():
        day = model.get("deprecation_date")
        if not isinstance(day, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
            continue
        name, seller = key.lower(), str(model.get("litellm_provider"))
        parts = name.split("/")
        for provider, sellers in providers.items():
            if any(seller == one or seller.startswith(f"{one}-") for one in sellers):
                for at in range(len(parts)):
                    names = found[provider].setdefault("/".join(parts[at:]), set())
                    names.add(date.fromisoformat(day))
    return found


def _with_stop(text: str, provider: str, model: str, day: date) -> str:
    """One row of the list with another day."""
    head, table, tail = text.partition(f"[stops.{provider}]\n")
    rows, heading, rest = tail.partition("\n[")
    row = re.compile(rf'(?m)^("{re.escape(model)}" = \{{ stops_on = )\d{{4}}-\d\d-\d\d')
    return head + table + row.sub(rf"\g<1>{day}", rows, count=1) + heading + rest
