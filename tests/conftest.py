"""What tests share: texts read and agreed before, kept in `tests/golden/`; and databases."""

import gc
import shutil
from collections.abc import Callable, Iterator
from itertools import groupby, islice
from pathlib import Path

import pytest
from hypothesis import settings

# All libraries and thousands of tests are in memory: to look for garbage after every 700 new objects
# costs more than it frees.
gc.set_threshold(10_000, 10, 5)

settings.register_profile("unhurried", deadline=None)  # a shared machine may be slow
settings.load_profile("unhurried")

GOLDEN = Path(__file__).with_name("golden")

LONGEST = (
    "tests/safety/test_uploads.py",
    "tests/pages/test_away.py",
    "tests/cli/test_killed.py",
    "tests/safety/test_own_rules.py",
    "tests/runs/workers/",
    "tests/runs/test_away.py",
    "tests/host/test_strangers.py",
    "tests/safety/test_hostile_answers.py",
)
"""Modules that take longest, by the clock; a list that has grown old costs time and nothing else."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each of several processes begins with some of the longest, so that none ends with them alone.

    pytest-xdist gives each process an equal part, in this order.
    """
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    long = [item for item in items if item.nodeid.startswith(LONGEST)]
    rest = iter([item for item in items if not item.nodeid.startswith(LONGEST)])
    parts: list[list[pytest.Item]] = [[] for _ in range(processes)]
    for at, (_, module) in enumerate(groupby(long, lambda item: item.path)):
        parts[at % processes] += module
    size = len(items) // processes
    for part in parts:
        part += islice(rest, max(0, size - len(part)))
    items[:] = [item for part in parts for item in part] + list(rest)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden/")


@pytest.fixture(scope="session", autouse=True)
def _no_database_of_the_readers_own(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """What a command finds where no database is named: none, whoever runs the tests."""
    with pytest.MonkeyPatch.context() as environment:
        nowhere = tmp_path_factory.mktemp("nowhere") / "none.db"
        environment.setenv("WORTH_TUNING_DB", str(nowhere))
        environment.delenv("DATABASE_URL", raising=False)
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with the file of this name; rewrites it under `--update-golden`."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        assert path.read_text("utf-8") == text

    return check


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[tuple[str, str]]:
    """A real Postgres: its URL, and the name of a database with our tables, to copy."""
    from tests import postgres  # only here: most tests need none of it

    server = postgres.server_url()
    with postgres.migrated(server) as template:
        yield server, template


@pytest.fixture
def postgres_url(postgres_server: tuple[str, str]) -> Iterator[str]:
    """A Postgres database of this test's own, with our tables and no rows."""
    from tests import postgres

    with postgres.fresh(*postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with our tables and no rows, to copy: migrating anew takes forty times as long."""
    from advisor.store.repository import Store

    path = tmp_path_factory.mktemp("migrated") / "test.db"
    Store.open(path).close()
    return path


@pytest.fixture
def sqlite_file(migrated_file: Path, tmp_path: Path) -> Path:
    """An SQLite database of this test's own, with our tables and no rows."""
    return Path(shutil.copy(migrated_file, tmp_path / "test.db"))


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str | Path:
    """A test that asks for it is run on both databases."""
    named = {"sqlite": "sqlite_file", "postgres": "postgres_url"}[request.param]
    found: str | Path = request.getfixturevalue(named)
    return found
