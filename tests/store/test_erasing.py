"""What is deleted for good is in no byte of the database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text

from advisor.case.case_file import load_sample
from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.errors import RunIsLive, UnknownCase
from advisor.evidence.model import Output, Vote
from advisor.runs.process import new_runner_id
from advisor.store.repository import Store
from advisor.store.tables import metadata

CANARIES = ("canary-prompt", "canary-answer", "canary-voter", "canary-snapshot", "canary-reference")
NOW = datetime.now(UTC)


def fill(store: Store) -> tuple[str, str]:
    """A case with something in every table, long enough to take pages of its own; (case, run)."""
    prompts = tuple(
        Prompt(id=f"p{i}", text=f"canary-prompt {i} " * 400, reference="canary-reference " * 300)
        for i in range(5)
    )
    case = load_sample("clinic_notes").model_copy(update={"prompts": prompts, "judgments": ()})
    case_id = store.save_case(case)
    run_id = store.start_run(case_id, spec_of(case), case.run)
    for call in spec_of(case).calls():
        store.keep_calls(run_id, begun=[call])
        answer = Output(call.prompt_id, call.arm, 0, "answered", "canary-answer " * 500)
        store.keep_calls(run_id, ended=[(call, answer, None)])
    store.set_status(run_id, "done")
    store.add_vote(run_id, Vote(prompt_id="p0", preference="base", voter="canary-voter"))
    store.share(case_id, "canary-snapshot " * 900, NOW, title="canary", report_sha256="0" * 64)
    return case_id, run_id


def rows(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        return {
            table: connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0
            for table in metadata.tables
            if table != "budgets"
        }


def bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


def test_an_erased_case_leaves_no_row_and_another_stays_whole(store):
    kept, _ = fill(store)
    before = rows(store)
    gone, _ = fill(store)
    store.erase_case(gone)
    assert rows(store) == before
    store.load_case(kept)
    with pytest.raises(UnknownCase):
        store.load_case(gone)


def test_no_byte_of_an_erased_case_stays_in_the_file(tmp_path):
    path = tmp_path / "test.db"
    store = Store.open(path)
    store.engine.dispose()

    # Some builds of SQLite do it by themselves; this one must be told to.
    def off(raw, _):
        raw.execute("PRAGMA secure_delete=OFF")

    event.listen(store.engine, "connect", off, insert=True)
    case_id, _ = fill(store)
    assert all(canary.encode() in bytes_of(path) for canary in CANARIES)
    store.erase_case(case_id)
    left = [canary for canary in CANARIES if canary.encode() in bytes_of(path)]
    assert left == [], "before VACUUM"
    with store.engine.connect() as connection:
        connection.rollback()
        connection.connection.driver_connection.execute("VACUUM")
    store.close()
    assert [canary for canary in CANARIES if canary.encode() in bytes_of(path)] == []


def test_a_case_whose_run_goes_on_is_not_erased(store):
    case_id, run_id = fill(store)
    store.claim_run(run_id, new_runner_id(), lambda *_: False)
    with pytest.raises(RunIsLive):
        store.erase_case(case_id)
    store.load_case(case_id)


def test_nobody_erases_the_case_of_another(store):
    case_id, _ = fill(store)
    with pytest.raises(UnknownCase):
        store.for_owner("otto").erase_case(case_id)
    store.load_case(case_id)


def test_a_deleted_case_can_be_brought_back_for_a_week(store):
    case_id, _ = fill(store)
    store.delete_case(case_id)
    assert store.sweep(None, NOW + timedelta(days=6)) == 0
    store.restore_case(case_id)
    assert store.sweep(None, NOW + timedelta(days=60)) == 0
    store.delete_case(case_id)
    assert store.sweep(None, datetime.now(UTC) + timedelta(days=8)) == 1
    assert sum(rows(store).values()) == 0


def test_what_nobody_changed_for_as_long_as_the_host_keeps_it_is_erased(store):
    fill(store)
    assert store.sweep(30, NOW + timedelta(days=29)) == 0
    assert store.for_owner("anyone").sweep(30, NOW + timedelta(days=31)) == 1
    assert sum(rows(store).values()) == 0


def test_a_run_that_goes_on_keeps_its_case(store):
    _, run_id = fill(store)
    store.claim_run(run_id, new_runner_id(), lambda *_: False)
    assert store.sweep(30, NOW + timedelta(days=31)) == 0
