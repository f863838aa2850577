"""Which database a command works on: the one that `--db` names, else the app's own."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor.errors import AdvisorError

if TYPE_CHECKING:  # imported when a command opens one: `--help` and `check` need none
    from advisor.store.repository import Store

database = click.option(
    "--db",
    metavar="FILE|URL",
    help="SQLite file, or postgresql://user:password@host/name. Left out: the app's own, which is "
    "DATABASE_URL, else the file WORTH_TUNING_DB, else data/worth_tuning.db.",
)


def named(db: str | None) -> str | Path:
    """The database as `Store.open` takes it.

    Raises:
        AdvisorError: `--db` names nothing, as where a variable of a shell is not set.
    """
    from advisor.host.settings import settings

    if db is None:
        return settings().database
    if not db.strip():
        raise AdvisorError("--db is empty; name a file or postgresql://…, or leave it out.")
    return db.strip()


def open_store(db: str | None) -> "Store":
    """The database, made where it is a file that does not exist; see `named`.

    Raises:
        AdvisorError: it can't be used; the message holds no password.
    """
    from advisor.store.database import sqlite_file
    from advisor.store.repository import Store

    found = named(db)
    file = sqlite_file(found)
    # The app's own folder is made as the app makes it; in a name that was typed it is a slip.
    if db is not None and file is not None and not file.parent.is_dir():
        raise AdvisorError(
            f"The folder {file.parent} does not exist; make it, or name another file."
        )
    return Store.open(found)


def open_existing(db: str | None) -> "Store | None":
    """The database to read from; None = the app's own file, which was not made yet.

    Raises:
        AdvisorError: the file that `--db` names does not exist, or it can't be used.
    """
    from advisor.store.database import sqlite_file

    file = sqlite_file(named(db))
    if file is not None and not file.exists():
        if db is None:
            return None
        raise AdvisorError(f"{file} does not exist; run compare first, or check the name.")
    return open_store(db)
