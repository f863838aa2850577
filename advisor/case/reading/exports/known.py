"""Which tool wrote a file, by its shape."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from advisor.case.given import GivenVote
from advisor.case.reading.drafts import Draft
from advisor.case.reading.table import Table


@dataclass(frozen=True, slots=True)
class Export:
    """What a known tool wrote."""

    format: str
    """The tool and what it wrote: "promptfoo tests"."""
    drafts: tuple[Draft, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    votes: tuple[GivenVote, ...] = ()
    kind: Literal["texts", "votes"] = "texts"


READERS: tuple[Callable[[Any], Export | None], ...] = ()
"""Each gives None for a file of another shape."""


def recognised(value: Table | Any) -> Export | None:
    """What is read of a known tool's export; None = no known tool wrote it."""
    return next((found for read in READERS if (found := read(value)) is not None), None)
