"""Look: what came of looking for newer prices and dates last, and where the newest are kept."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from advisor.host.settings import settings

LATEST = "latest.json"


@dataclass(frozen=True, slots=True)
class FeedLook:
    """What came of looking for a newer edition."""

    at: datetime
    """UTC."""
    taken: bool
    """A newer edition holds since."""
    refused: str = ""
    """Why the one that was found is not taken in; "" = there was none, or it was."""


_last: list[FeedLook] = []


def kept_folder() -> Path:
    """Where the newest good edition is kept: beside the database file."""
    return settings().db.parent / "facts"


def last_look() -> FeedLook | None:
    """The last look; None = there was none."""
    return _last[-1] if _last else None


def keep_look(look: FeedLook) -> None:
    """Let it be the last one."""
    _last[:] = [look]
