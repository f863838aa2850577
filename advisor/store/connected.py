"""What the parts of the store share: a connection, an owner, and upserts."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from advisor.errors import DatabaseAway

AWAY = (
    "The database can't be reached just now. What was saved is still there; try again in a minute."
)
_LOG = logging.getLogger(__name__)
_turns = threading.Lock()
_away_since: float | None = None
"""When it was last found to be away, monotonic seconds; None = it was not, or is back."""
_asking: dict[threading.Thread, float] = {}
"""Since when each thread is at the database, monotonic seconds."""
_PASSING = ("BUSY", "LOCKED", "IOERR", "FULL", "CANTOPEN", "READONLY")
"""What SQLite says of its file, and not of a statement: `SQLITE_BUSY` and the like."""


class Connected:
    """A part of the store; every query it makes is held to one owner."""

    def __init__(self, engine: Engine, owner: str) -> None:
        self.engine = engine
        self.owner = owner
        self._writing = engine.execution_options(write=True)

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """One short transaction that may write; it ends in a commit or in nothing."""
        with reached(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with reached(), self.engine.connect() as connection:
            yield connection

    def reach(self) -> None:
        """Ping the database.

        Raises:
            DatabaseAway: it does not answer.
        """
        with self._read() as connection:
            connection.execute(text("SELECT 1"))

    def _insert(self, table: Table) -> Any:
        """An insert that knows ON CONFLICT; the two dialects spell it alike."""
        if self.engine.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)


@contextmanager
def reached() -> Iterator[None]:
    """Say in one sentence that the database is away; any other error of it is a bug, left as it is.

    Raises:
        DatabaseAway: it does not answer, has no connection free, or can't write to its disk.
    """
    thread, began = threading.current_thread(), time.monotonic()
    _asking[thread] = began
    try:
        yield
    except NoConnectionFree as error:
        note_away(type(error).__name__)
        raise DatabaseAway(AWAY) from error
    except DBAPIError as error:
        if not _is_away(error):
            raise
        note_away(type(error.orig or error).__name__)
        raise DatabaseAway(AWAY) from error
    else:
        _answered(began)
    finally:
        _asking.pop(thread, None)


def note_away(why: str) -> None:
    """Log it once, and not for each of those who find it away: pages ask several times a second."""
    global _away_since
    with _turns:
        if _away_since is None:
            _LOG.warning("the database can't be reached (%s)", why)
        _away_since = time.monotonic()


def _answered(began: float) -> None:
    """Log that the database is back, once it has answered a query begun after it went away."""
    global _away_since
    if _away_since is None:
        return
    with _turns:
        if _away_since is not None and began > _away_since:
            _away_since = None
            _LOG.warning("the database is back")


def waiting(at_least_s: float) -> list[threading.Thread]:
    """Threads that have been at the database for so many seconds: it hangs, or they do too much."""
    now = time.monotonic()
    return [thread for thread, since in list(_asking.items()) if now - since > at_least_s]


def _is_away(error: DBAPIError) -> bool:
    named = getattr(error.orig, "sqlite_errorname", None)
    if named is not None:
        return str(named).removeprefix("SQLITE_").startswith(_PASSING)
    return error.connection_invalidated or isinstance(error, OperationalError)


def utc_now() -> datetime:
    """The current time in UTC, timezone-aware."""
    return datetime.now(UTC)
