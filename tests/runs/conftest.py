from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.llm import limits
from advisor.runs import attempts
from advisor.store.repository import Store
from tests.fault_server import FaultServer
from tests.judge_server import judging
from tests.runs.workers.hosting import Shared, as_the_host


@pytest.fixture
def store(sqlite_file: Path) -> Iterator[Store]:
    opened = Store.open(sqlite_file)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same waits, at a fiftieth."""
    monkeypatch.setattr(attempts, "_FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(limits, "_PAUSE_S", 0.02)


@pytest.fixture
def fresh(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    """A database and a server of the test's own; it starts its workers itself."""
    with FaultServer().running() as server, judging() as judge:
        shared = Shared(postgres_url, server, judge)
        with as_the_host(shared, monkeypatch):
            yield shared
        shared.store.close()
