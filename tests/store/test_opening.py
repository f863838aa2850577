"""Opening a database: processes at the same moment, and what can't be used."""

import sqlite3
import threading
import time
from pathlib import Path

from advisor.store.repository import Store


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
