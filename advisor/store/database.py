"""Opening the database: engine, pragmas, and bringing the schema to its newest version."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from advisor.errors import BadDatabase

HEAD = "0005"
"""Newest migration; a test holds it to the one Alembic finds."""

_READ_VERSION = "SELECT version_num FROM alembic_version"

BUSY_MS = 15_000
"""How long a writer waits for another process's write, milliseconds."""


def connect(url_or_path: str | Path) -> Engine:
    """An engine on an up-to-date database; a file that does not exist yet is made."""
    target = str(url_or_path)
    if "://" in target:
        url = target
    else:
        Path(target).expanduser().parent.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{Path(target).expanduser()}"
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000} if _lite(url) else {})
    if _lite(url):
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    try:
        if _version(engine) != HEAD:
            _upgrade(engine)
    except DatabaseError as error:
        raise BadDatabase(f"{target} can't be used as the database; name another file.") from error
    return engine


def _lite(url: str) -> bool:
    return url.startswith("sqlite")


def _set_pragmas(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """WAL lets pages read while a run writes; NORMAL keeps a commit that a killed process made."""
    connection.isolation_level = None  # we say BEGIN ourselves, see `_begin`
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: a read that turns into a write could not wait for it."""
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _version(engine: Engine) -> str | None:
    """The schema's version, without paying for Alembic's import; None = no schema yet."""
    with engine.connect() as connection:
        try:
            version: str | None = connection.scalar(text(_READ_VERSION))
        except SQLAlchemyError:
            connection.rollback()
            if inspect(connection).has_table("alembic_version"):
                raise
            return None
        return version


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    writing: Any = engine.execution_options(write=True)
    with writing.begin() as connection:
        if engine.dialect.name == "postgresql":  # SQLite's write lock is taken already
            connection.execute(text("SELECT pg_advisory_xact_lock(7421)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
