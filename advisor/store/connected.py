"""What the parts of the store share: a connection, an owner, and upserts."""

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
        """Ask the database for nothing.

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
    thread = threading.current_thread()
    _asking[thread] = time.monotonic()
    try:
        yield
    except NoConnectionFree as error:
        raise DatabaseAway(AWAY) from error
    except DBAPIError as error:
        if not _is_away(error):
            raise
        raise DatabaseAway(AWAY) from error
    finally:
        _asking.pop(thread, None)


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
    """This moment, aware."""
    return datetime.now(UTC)
