"""What models have turned away, as a run keeps it: a list of [address, model, what]."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain

from advisor.case.refusals import Refusals

REFUSED_FOR = timedelta(days=30)
"""For so long what an endpoint did not take is not sent to it again."""
Refused = Mapping[tuple[str, str], Refusals]
"""By address and model."""

_ABOVE, _INSTRUCTION, _LACKS = "above=", "instruction=", "lacks="
"""How a row begins that names no parameter; a version that knows only those passes it over."""


def refused_in(rows: Sequence[Sequence[str]] | None) -> dict[tuple[str, str], Refusals]:
    """As it was kept; a later row counts where two differ."""
    found: dict[tuple[str, str], Refusals] = {}
    for endpoint, model, what in rows or ():
        before = found.get((endpoint, model), Refusals())
        found[endpoint, model] = before.then(_read(what))
    return found


def in_turn(*each: Refused) -> dict[tuple[str, str], Refusals]:
    """All of them, from the earliest to the latest."""
    found: dict[tuple[str, str], Refusals] = {}
    for of, refusals in chain.from_iterable(one.items() for one in each):
        found[of] = found.get(of, Refusals()).then(refusals)
    return found


def as_rows(refused: Refused) -> list[list[str]] | None:
    """To be kept; None = nothing."""
    return [[*of, what] for of in sorted(refused) for what in _said(refused[of])] or None


def _said(refusals: Refusals) -> Iterator[str]:
    yield from sorted(refusals.parameters)
    if refusals.above is not None:
        yield f"{_ABOVE}{refusals.above}"
    if refusals.instruction:
        yield _INSTRUCTION
    if refusals.lacks is not None:
        yield f"{_LACKS}{refusals.lacks}"


def _read(what: str) -> Refusals:
    if what.startswith(_ABOVE):
        return Refusals(above=int(what.removeprefix(_ABOVE)))
    if what == _INSTRUCTION:
        return Refusals(instruction=True)
    if what.startswith(_LACKS):
        return Refusals(lacks=what.removeprefix(_LACKS))
    return Refusals(frozenset({what}))
