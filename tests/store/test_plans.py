"""What belongs to one run or case is found by an index, however much else the same owner has.

Without figures about the tables SQLite takes the first index that fits: one that opens with the
owner led it to read every output of a reader on each redraw of a page.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from advisor.store.repository import Store
from tests.store.theirs import Theirs, fill

NOW = datetime(2026, 11, 22, tzinfo=UTC)
GROW = r"(outputs|votes|judgments|prompts|runs|chunks|ballots)\w*"
"""Tables of which an owner may have any number of rows."""
READS_MORE = re.compile(rf"SCAN {GROW}|SEARCH {GROW} USING .*\(owner=\?\)")

ASKS: dict[str, Callable[[Store, Theirs], Any]] = {
    "the case": lambda store, own: store.load_case(own.case_id),
    "its run": lambda store, own: store.find_run("x", own.case_id),
    "its runs": lambda store, own: store.runs(own.case_id),
    "its latest run": lambda store, own: store.latest_run(own.case_id),
    "how far the run is": lambda store, own: store.progress(own.run_id),
    "how the run stands": lambda store, own: store.stand(own.run_id),
    "its outputs": lambda store, own: store.outputs(own.run_id),
    "its votes": lambda store, own: store.votes(own.run_id),
    "its judgments": lambda store, own: store.judgments(own.run_id),
    "its ballots": lambda store, own: store.ballots(own.run_id),
    "what it cost": lambda store, own: store.spent(own.run_id),
    "its answers to one text": lambda store, own: store.prompt_outputs(own.run_id, "p0"),
    "texts with an outcome": lambda store, own: store.prompts_with(own.run_id, "refused"),
    "texts both answered": lambda store, own: store.prompts_answered_by(own.run_id, ("base",)),
    "answers of late": lambda store, own: store.finished_since(own.run_id, NOW),
    "lengths of its answers": lambda store, own: store.answer_sizes(own.case_id),
    "answers bought before": lambda store, own: store.bought(["x", "y"]),
    "votes carried over": lambda store, own: store.carry_votes(own.run_id),
}


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """What is sent to the database meanwhile."""
    sent: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, given: Any, *___: Any) -> None:
        sent.append((statement, given))

    event.listen(store.engine, "before_cursor_execute", note)
    yield sent
    event.remove(store.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("asked", ASKS)
def test_no_question_about_one_run_or_case_reads_an_owners_other_rows(lite, asked):
    own = fill(lite)
    with statements(lite) as sent:
        ASKS[asked](lite, own)
    with lite.engine.connect() as connection:
        plans = [
            step[3]
            for statement, given in sent
            if statement.startswith(("SELECT", "INSERT", "WITH"))
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        ]
    assert plans
    assert [step for step in plans if READS_MORE.search(step)] == []
