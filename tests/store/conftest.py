from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.store.repository import Store


@pytest.fixture
def store(database: str | Path) -> Iterator[Store]:
    """On SQLite and on Postgres."""
    opened = Store.open(database)
    yield opened
    opened.close()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Store]:
    """On SQLite only, in a folder that is not there yet."""
    opened = Store.open(tmp_path / "deep" / "test.db")
    yield opened
    opened.close()
