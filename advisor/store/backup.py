"""A copy of everything in one file, and everything back from it, while the app runs or not."""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from advisor.errors import BadDatabase
from advisor.store.database import connect, postgres_url, refuse_newer, sqlite_file
from advisor.store.tables import metadata


def back_up(database: str | Path, file: Path) -> None:
    """Write all that the database holds at this moment to a new file.

    Raises:
        BadDatabase: there is such a file already, or the database can't be read; see the message.
    """
    if file.exists():
        raise BadDatabase(f"{file} is there already; name a file that is not.")
    if not file.parent.is_dir():
        raise BadDatabase(f"There is no folder {file.parent}; make it, or name another.")
    source = sqlite_file(database)
    if source is not None and not source.exists():
        raise BadDatabase(f"{source} does not exist; name the app's database.")
    # Under its own name only once it is whole: a backup that failed must not block the next one.
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        if source is None:
            _postgres("pg_dump", str(database), "--format=custom", f"--file={unfinished}")
        else:
            _copy(source, unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(database: str | Path, file: Path, *, replace: bool = False) -> None:
    """Put back what `back_up` wrote, and bring it up to date; what the database held is gone.

    Args:
        database: as the app opens it; a SQLite file that does not exist is made.
        file: from `back_up`.
        replace: also where the database holds decisions.

    Raises:
        BadDatabase: the file is no backup, or the database holds decisions.
    """
    if not file.exists():
        raise BadDatabase(f"{file} does not exist; name a file that `backup` wrote.")
    target = sqlite_file(database)
    if not replace and (target is None or target.exists()) and _holds_cases(database):
        raise BadDatabase(
            "The database holds decisions, and restoring takes them all away; "
            "say --replace if that is meant."
        )
    if target is None:
        _restore_postgres(str(database), file)
    else:
        version = _version_of_copy(file)
        if version is None:
            raise BadDatabase(f"{file} is no backup of this app; name a file that `backup` wrote.")
        refuse_newer(version)
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(file, target)
    connect(database).dispose()


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup: whole and of one moment, whoever writes meanwhile."""
    try:
        with (
            closing(sqlite3.connect(source.resolve().as_uri() + "?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(target)) as written,
        ):
            read.backup(written)
    except sqlite3.Error as error:
        raise BadDatabase(f"{source} can't be copied to {target} ({error}).") from error


def _version_of_copy(file: Path) -> str | None:
    """The schema's version in a copy of SQLite; None = it is none of ours, or not whole."""
    try:
        with closing(sqlite3.connect(file.resolve().as_uri() + "?mode=ro", uri=True)) as read:
            if read.execute("PRAGMA quick_check").fetchone() != ("ok",):
                return None
            found = read.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(found[0]) if found else None
    except sqlite3.Error:
        return None


def _restore_postgres(url: str, file: Path) -> None:
    """All of it or nothing, also in the place of a newer version: its tables go, as ours would."""
    listed = _program("pg_restore", "--list", str(file))
    tables = set(re.findall(r"^\d+;.* TABLE public (\w+) ", listed, re.M))
    said = _program(
        "pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)
    )  # fmt: skip
    version = re.search(r"^COPY public\.alembic_version .*\n(\w+)$", said, re.M)
    if version is None:
        raise BadDatabase(f"{file} is no backup of this app; name a file that `backup` wrote.")
    refuse_newer(version[1])
    newer = ", ".join(sorted(metadata.tables.keys() - tables))
    drop = f"DROP TABLE IF EXISTS {newer} CASCADE" if newer else "SELECT"
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.sql"
        _program(
            "pg_restore", "--clean", "--if-exists", "--no-owner", f"--file={script}", str(file)
        )  # fmt: skip
        _postgres(
            "psql", url, "--no-psqlrc", "--quiet", "--single-transaction",
            "--set=ON_ERROR_STOP=1", f"--command={drop}", f"--file={script}",
        )  # fmt: skip


def _holds_cases(database: str | Path) -> bool:
    engine = connect(database)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT 1 FROM cases LIMIT 1").first()
        return found is not None
    finally:
        engine.dispose()


def _postgres(program: str, url: str, *options: str) -> None:
    """Run one of Postgres' own programs; the password goes by the environment, not the command."""
    named = postgres_url(url)
    secret = named.password or named.query.get("password")
    # `set(password=None)` would leave the password as it is, and rendering would then mask it.
    bare = named._replace(password=None).difference_update_query(["password"])
    address = bare.render_as_string(hide_password=False)
    env = os.environ | ({"PGPASSWORD": str(secret)} if secret else {})
    _program(program, f"--dbname={address}", *options, env=env)


def _program(program: str, *options: str, env: Mapping[str, str] | None = None) -> str:
    path = shutil.which(program)
    if path is None:
        raise BadDatabase(
            f"{program} is not installed here; install Postgres' client programs, of the server's "
            "version or newer (on Debian: apt-get install postgresql-client)."
        )
    done = subprocess.run(  # noqa: S603 - a program of Postgres, and options of ours
        [path, *options],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[:300]
        raise BadDatabase(f"{program} could not do it ({said}); check the database and the file.")
    return done.stdout
