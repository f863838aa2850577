"""Store: everything the app keeps, for one owner, thread-safe, in short transactions."""

from pathlib import Path
from typing import Self

from advisor.evidence.run_state import Progress, RunState, Status
from advisor.store.archive.store import ArchiveStore
from advisor.store.ballots import BallotStore
from advisor.store.cases import CaseRow
from advisor.store.database import connect, is_current
from advisor.store.erasing import EraseStore
from advisor.store.queued import QueueStore
from advisor.store.runs import Run
from advisor.store.searches import SearchStore
from advisor.store.sign_outs import SignOutStore
from advisor.store.snapshots import SnapshotStore
from advisor.store.votes import VoteStore


class Store(
    ArchiveStore,
    QueueStore,
    SearchStore,
    VoteStore,
    BallotStore,
    SnapshotStore,
    EraseStore,
    SignOutStore,
):
    """Cases, runs, votes, links, budgets and all else that is kept of one owner."""

    @classmethod
    def open(cls, url_or_path: str | Path, owner: str = "local") -> Self:
        """Open a database and bring its schema up to date.

        Args:
            url_or_path: a file (made where there is none), or a URL such as
                `postgresql+psycopg://host/name`.
            owner: whose rows are seen and written.
        """
        return cls(connect(url_or_path), owner)

    def for_owner(self, owner: str) -> Self:
        """The same database, seen by another owner."""
        return type(self)(self.engine, owner)

    def is_current(self) -> bool:
        """Whether the database answers, and is of this version."""
        return is_current(self.engine)

    def close(self) -> None:
        """Close the connections; a store used again opens new ones."""
        self.engine.dispose()


__all__ = ["CaseRow", "Progress", "Run", "RunState", "Status", "Store"]
