"""What is read of a known tool's export."""

from dataclasses import dataclass, field
from typing import Literal

from advisor.case.given import GivenVote
from advisor.case.reading.drafts import Draft


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
