"""The age of the facts in words, and what ends soon."""

from collections.abc import Iterator
from datetime import date

from advisor.words import count, day
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
