"""Opening a database: processes at the same moment, and what can't be used."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from advisor.errors import BadDatabase
from advisor.store.repository import Store


@pytest.mark.real_clock
def test_a_file_that_another_process_is_just_making_is_waited_for(tmp_path: Path):
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")  # as one of two that begin at the same moment does
    leave = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    leave.start()
    began = time.monotonic()
    store = Store.open(file)
    assert time.monotonic() - began > 0.3
    assert store.titles() == []
    store.close()
    leave.join()
    other.close()


def test_an_older_app_refuses_the_database_of_a_newer_one_and_leaves_it_as_it_is(database):
    store = Store.open(database)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not store.is_current()  # a replica that runs on it is not ready, and gets no new readers
    assert store.titles() == []
    with pytest.raises(BadDatabase, match="of a newer version of this app"):
        Store.open(database)
    with store.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    store.close()


def test_a_database_that_can_not_be_brought_up_to_date_is_left_as_it_was(database):
    store = Store.open(database)
    with store.engine.begin() as connection:
        connection.execute(
            text("DROP TABLE sign_outs")
        )  # which 0019 makes; what 0020 makes is there
        connection.execute(text("UPDATE alembic_version SET version_num = '0018'"))
    with pytest.raises(
        BadDatabase, match=r"asked_apart.+It is as it was: start the version before"
    ):
        Store.open(database)
    with store.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0018"
    assert "sign_outs" not in inspect(store.engine).get_table_names()
    store.close()


def test_a_folder_that_can_not_be_made_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(BadDatabase, match="can't be made"):
        Store.open(tmp_path / "file" / "folder" / "cases.db")
