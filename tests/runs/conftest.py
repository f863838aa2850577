from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.llm import limits
from advisor.runs import attempts
from advisor.store.repository import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "test.db")
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same waits, at a fiftieth."""
    monkeypatch.setattr(attempts, "_FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(limits, "_PAUSE_S", 0.02)
