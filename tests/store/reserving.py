"""One process of several that set money aside: it imports no more than it takes."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from advisor.store.repository import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def reserve_once(database: str | Path, number: int) -> bool:
    store = Store.open(database)
    found = store.reserve(f"run-{number}", Decimal("1.50"), Decimal(10), NOON)
    store.close()
    return found.id is not None
