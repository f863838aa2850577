"""A case is changed as it stands: nobody writes over what another one wrote meanwhile."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import update

from advisor.case.case_file import load_sample
from advisor.case.merge import merge
from advisor.errors import UnknownCase
from advisor.store.repository import Store
from advisor.store.tables import cases
from tests.make import case_at

CASE = case_at("http://localhost:1/v1", prompts=3)


def titled(title: str):
    return lambda case: case.model_copy(update={"title": title})


def test_each_writing_is_another_revision_and_none_is_written_where_nothing_changed(store):
    case_id = store.save_case(CASE)
    first = store.stored_case(case_id)
    assert first.case == CASE
    renamed = store.edit_case(case_id, titled("New"))
    assert renamed == store.stored_case(case_id)
    assert renamed.case.title == "New"
    again = store.edit_case(case_id, titled("New"))
    assert again.revision == renamed.revision == store.revision(case_id)
    revisions = {first.revision, renamed.revision}
    store.save_case(CASE, case_id)
    store.rename_case(case_id, "Newer")
    assert len(revisions | {store.revision(case_id), None}) == 4


def test_two_who_read_the_same_case_both_keep_what_they_changed(store):
    case_id = store.save_case(CASE)
    read = store.stored_case(case_id)
    mine = read.case.model_copy(update={"title": "Mine"})
    theirs = read.case.model_copy(update={"decided_by": "Mo", "prompts": CASE.prompts[1:]})
    store.edit_case(case_id, lambda now: merge(read.case, theirs, now).case, read)
    made = store.edit_case(case_id, lambda now: merge(read.case, mine, now).case, read)
    expected = theirs.model_copy(update={"title": "Mine"})
    assert made.case == store.load_case(case_id) == expected


def test_texts_are_written_only_where_they_changed(store, monkeypatch):
    case_id = store.save_case(CASE)
    written = []
    monkeypatch.setattr(store, "_write_texts", lambda *told: written.append(told))
    store.edit_case(case_id, titled("New"))
    assert written == []
    store.edit_case(case_id, lambda case: case.model_copy(update={"prompts": CASE.prompts[:1]}))
    assert len(written) == 1


def test_many_who_write_at_once_lose_nothing(database: str | Path):
    """Each adds its own letter to the title; each has a connection of its own."""
    opened = [Store.open(database) for _ in range(8)]
    case_id = opened[0].save_case(CASE.model_copy(update={"title": "-"}))
    together = threading.Barrier(len(opened))

    def add(store: Store, letter: str) -> None:
        together.wait()
        for _ in range(5):
            store.edit_case(
                case_id, lambda case: case.model_copy(update={"title": case.title + letter})
            )

    threads = [
        threading.Thread(target=add, args=pair) for pair in zip(opened, "abcdefgh", strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened[0].load_case(case_id).title) == sorted("-" + "abcdefgh" * 5)
    for store in opened:
        store.close()


def test_a_case_that_is_deleted_or_another_s_is_not_edited(store):
    case_id = store.save_case(CASE)
    with pytest.raises(UnknownCase):
        store.for_owner("somebody else").edit_case(case_id, titled("Taken"))
    store.delete_case(case_id)
    with pytest.raises(UnknownCase):
        store.edit_case(case_id, titled("Back"))
    with pytest.raises(UnknownCase):
        store.revision(case_id)
    store.restore_case(case_id)
    assert store.load_case(case_id) == CASE


def test_a_case_of_before_there_were_revisions_opens_and_is_edited(store):
    case_id = store.save_case(load_sample("clinic_notes"))
    with store.engine.begin() as connection:
        connection.execute(update(cases).values(revision=None))  # as the migration leaves it
    read = store.stored_case(case_id)
    assert read.revision is None
    assert read.case == load_sample("clinic_notes")
    made = store.edit_case(case_id, titled("New"), read)
    assert made.revision is not None
    assert made.revision == store.revision(case_id)
    assert store.load_case(case_id) == read.case.model_copy(update={"title": "New"})
