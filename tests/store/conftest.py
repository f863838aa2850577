from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.store.repository import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "test.db")
    yield opened
    opened.close()
