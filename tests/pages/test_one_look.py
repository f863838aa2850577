"""A redraw asks the store once how the run stands: the frame and the page under it agree."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from pages.ui import session


@contextmanager
def asked() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    statements: list[str] = []

    def heard(connection, cursor, statement, *rest) -> None:
        statements.append(statement)

    engine = session.everyone().engine
    event.listen(engine, "before_cursor_execute", heard)
    yield statements
    event.remove(engine, "before_cursor_execute", heard)


@pytest.mark.parametrize("page", ["compare", "verdict"])
def test_frame_and_page_ask_once_how_a_run_stands_and_the_next_redraw_asks_again(replayed, page):
    replayed.go(page)
    with asked() as statements:
        replayed.at.run()
        replayed.at.run()
    assert sum("runs.spec_hash =" in one for one in statements) == 2
    assert sum("count(" in one and "judgments" in one for one in statements) == 2
