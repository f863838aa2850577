"""The scripts of `deploy/` that a database is made, backed up and put back by, as they stand."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from advisor.runs.workers import queue
from advisor.store.repository import Store

from .test_backup import PROGRAMS, ROOT, everything
from .test_erasing import fill

USED = ("CREATE ROLE worth", "CREATE DATABASE worth", "ON DATABASE worth")


def sh(script: Path, *words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["/bin/sh", str(script), *words],
        env={"PATH": path} | env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture
def of_the_app(postgres_server, tmp_path):
    """A database that `deploy/database.sh` made: its URL, by the app's own role."""
    server = make_url(postgres_server[0])
    name = f"worth_{os.getpid()}"  # of the server that all tests share
    script = tmp_path / "database.sh"
    said = (ROOT / "deploy/database.sh").read_text("utf-8")
    for words in USED:
        assert words in said
        said = said.replace(words, f"{words}_{os.getpid()}")
    script.write_text(said.replace("OWNER worth", f"OWNER {name}"))
    admin = {"POSTGRES_USER": server.username or "postgres", "POSTGRES_DB": "postgres"}
    done = sh(script, WORTH_PASSWORD="it's-long", PGHOST=str(server.query["host"]), **admin)
    assert done.returncode == 0, done.stderr
    yield server.set(username=name, database=name).render_as_string(hide_password=False)
    with psycopg.connect(postgres_server[0], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute(f"DROP ROLE {name}")


def test_the_app_needs_no_more_than_its_own_role_and_its_backup_comes_back(of_the_app, tmp_path):
    with psycopg.connect(of_the_app) as connection:
        rights = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = user"
        assert connection.execute(rights).fetchone() == (False, False, False)
    store = Store.open(of_the_app)
    queue.prepare(store)
    fill(store)
    store.close()
    before = everything(of_the_app)
    named = make_url(of_the_app)
    at = {
        "PGHOST": str(named.query["host"]),
        "PGUSER": str(named.username),
        "PGDATABASE": str(named.database),
        "BACKUPS": str(tmp_path),
    }
    done = sh(ROOT / "deploy/backup.sh", "now", **at)
    file = done.stdout.strip()
    assert (done.returncode, [str(one) for one in tmp_path.glob("*.backup*")]) == (0, [file])
    for _ in range(2):  # what was put back can be backed up and put back again
        store = Store.open(of_the_app)
        store.erase_case(store.titles()[0][0])
        store.close()
        done = sh(ROOT / "deploy/backup.sh", "restore", file, **at)
        assert done.returncode == 0, done.stderr
        assert everything(of_the_app) == before
        shutil.move(file, tmp_path / "first.backup")
        file = sh(ROOT / "deploy/backup.sh", "now", **at).stdout.strip()


def test_a_backup_that_fails_leaves_nothing_and_a_restore_that_fails_changes_nothing(
    of_the_app, tmp_path
):
    store = Store.open(of_the_app)
    fill(store)
    store.close()
    before = everything(of_the_app)
    named = make_url(of_the_app)
    at = {"PGHOST": str(named.query["host"]), "PGUSER": str(named.username)}
    wrong = sh(ROOT / "deploy/backup.sh", "now", PGDATABASE="none", BACKUPS=str(tmp_path), **at)
    assert wrong.returncode != 0
    assert list(tmp_path.glob("worth-tuning-*")) == []
    (tmp_path / "no.backup").write_bytes(b"PGDMP no backup")
    for file in ("no.backup", "missing.backup"):
        done = sh(
            ROOT / "deploy/backup.sh", "restore", str(tmp_path / file),
            PGDATABASE=str(named.database), **at,
        )  # fmt: skip
        assert done.returncode != 0
    assert everything(of_the_app) == before
    assert sh(ROOT / "deploy/backup.sh").returncode == 2
