"""A ballot as its owner sees it, and what its voter is told at the end."""

from dataclasses import dataclass
from datetime import datetime

from advisor.case.options import OptionId
from advisor.evidence.people.blind import Said


@dataclass(frozen=True, slots=True)
class BallotRow:
    """A ballot as its owner sees it; the token is not kept."""

    voter: str
    votes: int
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    revealed_at: datetime | None
    """When the voter was done and was told which answer was whose."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a voter learns of one text after the vote."""

    text: str
    said: Said
    left: OptionId
    right: OptionId
