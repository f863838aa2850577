"""What the parts of the store share: a connection, an owner, and inserts that may meet a row."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.dialects import postgresql, sqlite


class Connected:
    """A part of the store; every query it makes is held to one owner."""

    def __init__(self, engine: Engine, owner: str) -> None:
        self.engine = engine
        self.owner = owner
        self._writing = engine.execution_options(write=True)

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """One short transaction that may write; it ends in a commit or in nothing."""
        with self._writing.begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection

    def _insert(self, table: Table) -> Any:
        """An insert that knows ON CONFLICT; the two dialects spell it alike."""
        if self.engine.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)


def utc_now() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)
