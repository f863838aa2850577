"""The open case as a session holds it, and which loading of each field its widgets show."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from advisor.case.case import Case
from advisor.case.run_spec import spec_of
from advisor.report.summary import case_digest

if TYPE_CHECKING:
    from advisor.store.cases import StoredCase


@dataclass(frozen=True)
class OpenCase:
    """A case as the store holds it."""

    id: str
    case: Case
    saved_at: datetime | None = None
    revision: str | None = None
    """Which writing of it this is."""
    loads: Mapping[str, str] = field(default_factory=lambda: _loads(Case.model_fields))
    """For each field of the case, which loading of it the widgets show; see `form`."""

    @cached_property
    def digest(self) -> str:
        """Of what the case decides by; worked out once, as there may be many texts."""
        return case_digest(self.case)

    @cached_property
    def spec_hash(self) -> str:
        """Of what running the case would buy; worked out once, as there may be many texts."""
        return spec_of(self.case).spec_hash

    @property
    def stored(self) -> "StoredCase | None":
        """The same as the store gave it; None = it never did."""
        from advisor.store.cases import StoredCase

        if self.saved_at is None:
            return None
        return StoredCase(self.id, self.case, self.saved_at, self.revision)

    def form(self, name: str) -> str:
        """What the keys of widgets begin with that show this field of the case.

        A widget's own value wins over the one it is drawn with for as long as its key stays. So
        the key is a new one whenever the field was changed other than by its widgets: the case was
        opened, or a file of texts took the place of another.
        """
        return f"{name}:{self.loads[name]}"


def as_stored(stored: "StoredCase") -> OpenCase:
    """A case just read or written, its widgets to be drawn anew."""
    return OpenCase(stored.id, stored.case, stored.updated_at, stored.revision)


def _loads(names: Iterable[str]) -> dict[str, str]:
    load = secrets.token_hex(6)
    return dict.fromkeys(names, load)


def reloaded(loads: Mapping[str, str], was: Case, now: Case) -> Mapping[str, str]:
    """The loads, with new ones for the fields that are not what they were."""
    changed = [name for name in loads if getattr(now, name) != getattr(was, name)]
    return {**loads, **_loads(changed)}
