"""The age of the facts in words, what ends soon, and what a check of their sources found."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from urllib.parse import urlsplit

from advisor.words import count, day
from pricing.checking import CheckedFact, FactsChecked
from pricing.compared import SourceOutcome
from pricing.renewal import RenewedStops
from pricing.upkeep import AGEING_AFTER, EndsSoon, FactAge, FactKind

_KINDS: dict[FactKind, str] = {
    "dates": "Dates of vendors that close",
    "host prices": "Prices of machines and hosts of open models",
    "list prices": "List prices",
}
_ENDS = {
    "training closes": "takes the last training job",
    "tuned models stop": "stops its tuned models",
    "base model stops": "stops",
    "vendor closes": "closes",
}


def status_lines(
    ages: tuple[FactAge, ...], ending: tuple[EndsSoon, ...], today: date, within: int
) -> Iterator[str]:
    """How many facts of each kind are ageing, which, and what ends in the days ahead."""
    yield f"Facts on {day(today)}."
    for kind, words in _KINDS.items():
        those = [fact for fact in ages if fact.kind == kind]
        old = [fact for fact in those if fact.ageing]
        yield f"{words}: {len(old):,} of {len(those):,} read over {AGEING_AFTER[kind]} days ago."
        yield from (f"  {fact.what}: read {day(fact.read_on)}, {fact.source}" for fact in old)
    if not ending:
        yield f"Nothing closes or stops within {count(within, 'day')}."
        return
    yield f"Within {count(within, 'day')}:"
    for one in ending:
        then = f"; then {one.successor}" if one.successor else ""
        yield f"  {day(one.on)}, in {count(one.days, 'day')}: {one.name} {_ENDS[one.what]}{then}"


def edition_words(sha256: str, newest: date) -> str:
    """Which edition of the prices and dates holds: "edition 3f2a9c01 of 30 Nov 2026"."""
    return f"edition {sha256[:8]} of {day(newest)}"


def look_words(at: datetime, taken: bool, refused: str) -> str:
    """What came of looking for newer prices and dates, at a time (UTC)."""
    when = f"{day(at.date())}, {at:%H:%M} UTC"
    if refused:
        return f"Newer prices were not taken in ({when}). {refused} The prices here stay in use."
    if taken:
        return f"Newer prices and dates are in use since {when}."
    return f"Nothing newer was found ({when})."


_OUTCOMES: dict[SourceOutcome, str] = {
    "changed": "Changed",
    "gone": "Gone",
    "unreadable": "Could not be read",
}
_WHYS = {
    "named no more": "The page no longer names it.",
    "missing": "There is no such page ({detail}).",
    "moved": "The page moved to {detail}. Put that address in the sheet if it is right.",
    "refused": "The server answered {detail}.",
    "script": "The page shows its figures with JavaScript only. Read it in a browser.",
    "layout": "It is still named there, but set out in another way.",
    "cut": "The answer broke off, or is no JSON.",
    "robots": "Its robots.txt asks programs to stay away. Read it in a browser.",
    "away": "Nobody answered there.",
}


def check_lines(checked: FactsChecked, today: date, *, written: bool) -> Iterator[str]:
    """What changed, is gone or could not be read, each with the line to edit; then what is left.

    Args:
        checked: what was found.
        today: the day of the check.
        written: the days of what stands are in the sheets now.
    """
    yield _checked_line(checked, today)
    for outcome, words in _OUTCOMES.items():
        those = [fact for fact in checked.facts if fact.compared.outcome == outcome]
        if those:
            yield f"{words}:"
        for pages in _by_page(those).values():
            yield from _page_lines(pages)
        yield from _by_words(those)
    for what, names in checked.partly:
        yield f"Not dated today, as nothing says where to find {_keys(names)}: {what}"
    if checked.unasked:
        yield f"To read by hand, as no words are given for them: {count(len(checked.unasked), 'offer')}"
        yield from (f"  {what}" for what in checked.unasked)
    if written:
        days = count(len(checked.renewed), "date")
        yield f"{days} set to {day(today)} in the sheets. No price was changed."


def _checked_line(checked: FactsChecked, today: date) -> str:
    facts = checked.facts
    if not facts:
        return "No sheet here says what to look for."
    of_outcome = [fact.compared.outcome for fact in facts]
    pages = len({fact.asked.address for fact in facts})
    return (
        f"Looked for {count(len(facts), 'fact')} at {count(pages, 'address', 'addresses')} on "
        f"{day(today)}: {of_outcome.count('stands'):,} stand, "
        f"{of_outcome.count('changed'):,} changed, {of_outcome.count('gone'):,} gone, "
        f"{of_outcome.count('unreadable'):,} could not be read."
    )


def _whole_page(fact: CheckedFact) -> bool:
    """Whether what is said of it holds for everything that should stand at its address."""
    return fact.compared.why not in ("", "named no more", "layout")


def update_lines(
    changed: tuple[CheckedFact, ...],
    unread: tuple[CheckedFact, ...],
    looked_for: int,
    stops: RenewedStops | None,
    *,
    applied: bool,
) -> Iterator[str]:
    """What the feeds say beside the sheets, and what to do with it."""
    yield f"Looked for {count(looked_for, 'price')} in feeds: {len(changed):,} changed."
    for fact in changed:
        yield f"  {fact.asked.what}: {_keys(fact.asked.expected.of)}"
        yield f"    was {fact.asked.expected.value}, now {fact.compared.value}, in the feed's unit"
    for facts in _by_page(list(unread)).values():
        yield from _page_lines(facts)
    yield from _by_words(unread)
    if stops is None:
        yield "The list of last days of base models could not be read."
    else:
        yield f"Last days of base models: {len(stops.moved):,} moved."
        yield from (f"  {name}" for name in stops.moved)
        yield from (f"  To read by hand, the list says otherwise: {name}" for name in stops.unclear)
    if applied:
        yield "The sheets are changed. Review the difference before you commit it."
    elif changed or (stops is not None and stops.moved):
        yield "Nothing is changed yet: review the diff, then run this again with --apply."


def _by_page(facts: list[CheckedFact]) -> dict[str, list[CheckedFact]]:
    """Facts of pages that could not be read at all, by the address, or by the host that is away."""
    found: dict[str, list[CheckedFact]] = {}
    for fact in facts:
        if _whole_page(fact):
            address = fact.asked.address
            parts = urlsplit(address)
            place = f"{parts.scheme}://{parts.netloc}" if fact.compared.why == "away" else address
            found.setdefault(place, []).append(fact)
    return found


def _page_lines(facts: list[CheckedFact]) -> Iterator[str]:
    first = facts[0]
    address, compared = first.asked.address, first.compared
    where = urlsplit(address).netloc if compared.why == "away" else address
    own = compared.detail if compared.why == "away" else ""
    yield f"  {where}"
    yield f"    {own or _WHYS[compared.why].format(detail=compared.detail)}"
    oldest = min(fact.asked.read_on for fact in facts)
    first_at = f"{first.asked.file}:{first.asked.line}"
    yield f"    {count(len(facts), 'fact')}, the first at {first_at}; read {day(oldest)}"


def _by_words(facts: Iterable[CheckedFact]) -> Iterator[str]:
    """Facts one by one; those that rest on the same words of the same page together."""
    found: dict[tuple[str, str], list[CheckedFact]] = {}
    for fact in facts:
        if not _whole_page(fact):
            key = (fact.asked.address, fact.asked.expected.plain)
            found.setdefault(key, []).append(fact)
    for those in found.values():
        yield from _fact_lines(those)


def _fact_lines(facts: list[CheckedFact]) -> Iterator[str]:
    asked, compared = facts[0].asked, facts[0].compared
    more = f", and {count(len(facts) - 1, 'more offer')}" if len(facts) > 1 else ""
    yield f"  {asked.what}: {_keys(asked.expected.of)}{more}"
    yield f"    was  {asked.expected.plain}"
    if compared.outcome == "changed":
        yield f"    now  {compared.now}"
    else:
        yield f"    {_WHYS[compared.why]}"
    oldest = min(fact.asked.read_on for fact in facts)
    places = ", ".join(f"{fact.asked.file}:{fact.asked.line}" for fact in facts)
    yield f"    {places}, read {day(oldest)}, {asked.address}"


def _keys(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def checked_json(checked: FactsChecked, today: date) -> str:
    """What a check found, for programs."""
    value = {
        "today": today,
        "facts": [
            {
                "what": fact.asked.what,
                "of": fact.asked.expected.of,
                "outcome": fact.compared.outcome,
                "why": fact.compared.why,
                "detail": fact.compared.detail,
                "was": fact.asked.expected.plain,
                "now": fact.compared.now,
                "file": fact.asked.file,
                "line": fact.asked.line,
                "source": fact.asked.address,
                "read_on": fact.asked.read_on,
            }
            for fact in checked.facts
        ],
        "days_to_write": len(checked.renewed),
        "partly": [{"what": what, "of": names} for what, names in checked.partly],
        "by_hand": checked.unasked,
    }
    return json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"
