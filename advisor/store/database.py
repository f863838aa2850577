"""Opening the database: engine, pragmas, and bringing the schema to its newest version."""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from advisor.errors import BadDatabase
from advisor.store.tables import metadata

HEAD = "0020"
"""Newest migration; a test holds it to the one Alembic finds."""

_READ_VERSION = "SELECT version_num FROM alembic_version"
_VERSION_TABLE = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
"""As Alembic makes it."""
_WRITE_VERSION = "INSERT INTO alembic_version (version_num) VALUES (:version)"

POOL = 10
"""Connections to Postgres a process keeps, and as many again while many sessions ask at once.

A transaction takes milliseconds, so few serve many; a server allows 100 unless told otherwise.
"""

LINK = {
    "connect_timeout": 10,
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""A way to Postgres that has gone dead without a word is given up after 20 to 35 seconds.

Left to the system it is waited for from 15 minutes to two hours. `tcp_user_timeout` is in ms.
"""

BUSY_MS = 15_000
"""How long a writer waits for another process's write, milliseconds."""

_LOOK_AGAIN_S = 0.02


def connect(url_or_path: str | Path) -> Engine:
    """An engine on an up-to-date database; a file that does not exist yet is made.

    Raises:
        BadDatabase: it can't be used; the message says what to do, and never a password.
    """
    file = sqlite_file(url_or_path)
    engine = _postgres(str(url_or_path)) if file is None else _sqlite(file)
    version = None
    try:
        if (version := _version(engine)) != HEAD:
            refuse_newer(version)
            _upgrade(engine)
    except DatabaseError as error:
        if version is not None:
            raise BadDatabase(
                f"The database can't be brought up to date for this version ({_reason(error)}). "
                "It is as it was: start the version before."
            ) from None
        if engine.dialect.name == "postgresql":
            # Options may hold a password too.
            shown = engine.url.set(query={}).render_as_string(hide_password=True)
            raise BadDatabase(
                f"The database {shown} can't be used ({_reason(error)}); correct its address."
            ) from None
        raise BadDatabase(
            f"{url_or_path} can't be used as the database; name another file."
        ) from error
    return engine


def is_current(engine: Engine) -> bool:
    """Whether the database answers, and its schema is the one of this code."""
    try:
        return _version(engine) == HEAD
    except SQLAlchemyError:
        return False


def sqlite_file(url_or_path: str | Path) -> Path | None:
    """The file of a database named by a path or as sqlite:///path; None = it is at a server."""
    scheme, found, rest = str(url_or_path).partition("://")
    if not found:
        return Path(url_or_path).expanduser()
    return Path(rest.removeprefix("/") or ":memory:") if scheme == "sqlite" else None


def postgres_url(url: str) -> URL:
    """The parts of a Postgres' address; its scheme is "postgresql".

    Raises:
        BadDatabase: it is none; the message holds no password, whatever is taken for one.
    """
    try:
        named = make_url(url)
    except (ArgumentError, ValueError):  # the latter quotes what stands where a port should
        raise BadDatabase(
            "The address of the database can't be read; "
            "it should look like postgresql://user:password@host/name."
        ) from None
    if named.drivername not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise BadDatabase(
            f"A database at {named.drivername}:// can't be used; "
            "it should look like postgresql://user:password@host/name."
        )
    if "@" in (named.host or ""):
        raise BadDatabase(
            "The address of the database has more than one @; write one of a password as %40."
        )
    return named.set(drivername="postgresql")


def _sqlite(file: Path) -> Engine:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadDatabase(
            f"The folder {file.parent} can't be made ({error.strerror}); name another file."
        ) from error
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        connect_args={"timeout": BUSY_MS / 1000},
        hide_parameters=True,  # an error of the database must not quote a text
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _postgres(url: str) -> Engine:
    try:
        return create_engine(
            postgres_url(url).set(drivername="postgresql+psycopg"),
            hide_parameters=True,  # an error of the database must not quote a text
            pool_size=POOL,
            max_overflow=POOL,
            pool_pre_ping=True,  # a server that was restarted is not met as an error
            pool_recycle=1800,
            connect_args=LINK | {"application_name": "worth-tuning"},
        )
    except ImportError as error:
        raise BadDatabase(
            "Postgres needs some more packages. Install them with: "
            "pip install --require-hashes -r locks/requirements-scale.txt"
        ) from error


def _reason(error: DatabaseError) -> str:
    """The driver's own words, in one line; they name host and database, and no password."""
    return " ".join(str(error.orig).split())[:200]


def _set_pragmas(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """WAL lets pages read while a run writes; NORMAL keeps a commit that a killed process made.

    Some builds leave what is deleted or moved in the file, unless told to write zeros over it.
    """
    connection.isolation_level = None  # we say BEGIN ourselves, see `_begin`
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    _write_ahead(connection)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Of processes that make a file at one moment, all but one are told that it is locked at once.

    SQLite waits for no lock while it changes how a file is written.
    """
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(_LOOK_AGAIN_S)


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: a read that turns into a write could not wait for it."""
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _version(engine: Engine) -> str | None:
    """The schema's version, without paying for Alembic's import; None = no schema yet."""
    version: str | None
    with engine.connect() as connection:
        try:
            version = connection.scalar(text(_READ_VERSION))
        except SQLAlchemyError:
            connection.rollback()
            if not inspect(connection).has_table("alembic_version"):
                return None
            # Another process made the table between the two looks, or the fault is another one.
            version = connection.scalar(text(_READ_VERSION))
    return version


def refuse_newer(version: str | None) -> None:
    """Stop before a schema that this code does not know; versions count up.

    Raises:
        BadDatabase: it is of a newer version of the app.
    """
    if version is not None and version > HEAD:
        raise BadDatabase(
            "The database is of a newer version of this app, or another app's; start that version, "
            "or name another database."
        )


def _upgrade(engine: Engine) -> None:
    writing: Any = engine.execution_options(write=True)
    with writing.begin() as connection:
        if engine.dialect.name == "postgresql":  # SQLite's write lock is taken already
            connection.execute(text("SELECT pg_advisory_xact_lock(7421)"))
        if not inspect(connection).get_table_names():
            _make(connection)
            return
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _make(connection: Connection) -> None:
    """The tables of a new database at once: a test holds them equal to those of all migrations."""
    metadata.create_all(connection)
    connection.execute(text(_VERSION_TABLE))
    connection.execute(text(_WRITE_VERSION), {"version": HEAD})
