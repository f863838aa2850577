"""The same promises on Postgres, with two workers that share a run, each a process of its own."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.case.run_spec import spec_of
from advisor.host.endpoints import host_endpoints
from advisor.host.settings import settings
from advisor.runs.runner import unknown_price
from advisor.runs.work import CANCELLED
from advisor.runs.workers import queue
from advisor.store.repository import Store
from tests import postgres
from tests.fault_server import FaultServer
from tests.make import case_at
from tests.runs.workers.hosting import ask, shared_settings, until, workers

Row = tuple[str, str, str, bool]
LATENCY_S = 0.2
LONGEST_S = 120.0


@dataclass
class Shared:
    """Two workers that are ready, the server they ask, and the store."""

    server: FaultServer
    store: Store
    settings: dict[str, str]
    workers: list[Any]
    run_id: str = ""

    def begin(self, prompts: int, at_once: int, **run: Any) -> None:
        """Hand a run over; each worker makes half of the calls in flight."""
        each = {"concurrency": at_once // 2, "timeout_s": 30, **run}
        case = case_at("host:ours", prompts, **each)
        self.run_id = self.store.start_run(self.store.save_case(case), spec_of(case), case.run)
        queue.start(self.store, self.run_id, price=unknown_price)

    def finish(self) -> float:
        """Wait for the end; gives how long that took, seconds."""
        return until(lambda: self.store.run_state(self.run_id).status != "running", LONGEST_S)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Answers kept, lost and bought twice."""
        kept = {
            (f"m-{output.arm}", f"text {output.prompt_id[1:]}")
            for output in self.store.outputs(self.run_id)
            if output.outcome == "answered"
        }
        twice = sum(n - 1 for n in self.server.completed.values())
        return len(kept), len(set(self.server.completed) - kept), twice

    @property
    def cpu_s(self) -> float:
        """What both workers have used so far."""
        stats = [Path(f"/proc/{process.pid}/stat").read_text() for process in self.workers]
        used = [stat.rpartition(")")[2].split()[11:13] for stat in stats]
        return sum(int(ticks) for pair in used for ticks in pair) / os.sysconf("SC_CLK_TCK")

    @property
    def memory_mb(self) -> float:
        """The most that one of the workers has held so far."""
        said = [Path(f"/proc/{process.pid}/status").read_text() for process in self.workers]
        return max(int(text.split("VmHWM:")[1].split()[0]) for text in said) / 1024


@contextmanager
def two_workers(
    stalled_s: float = 10.0, limits: dict[str, Any] | None = None, **server: Any
) -> Iterator[Shared]:
    """A fresh database, a server, and two workers that have made their first calls."""
    template = postgres.server_url()
    before = dict(os.environ)
    asked = FaultServer(**server)
    with postgres.fresh(template) as url, asked.running():
        shared = shared_settings(url, asked.url, **(limits or {}))
        os.environ |= shared
        settings.cache_clear()
        host_endpoints.cache_clear()
        store = Store.open(url)
        try:
            with workers(2, shared, stalled_s) as both:
                yield Shared(asked, store, shared, both)
        finally:
            store.close()
            os.environ.clear()
            os.environ |= before
            settings.cache_clear()
            host_endpoints.cache_clear()


def speed(bare: Callable[[str, int, int], Any]) -> Iterator[Row]:
    """Time and processor beside a bare loop with as many calls at once; the best of three."""
    for at_once in (20, 50):
        walls, cpus = [], []
        with two_workers(latency_s=LATENCY_S) as shared:
            shared.begin(20, at_once, temperature=0.9)  # what is imported on first use
            shared.finish()
            for number in range(3):
                one = bare("bare", 200, at_once)
                shared.server.first_at, shared.server.completed = (
                    None,
                    type(shared.server.completed)(),
                )
                before = shared.cpu_s
                shared.begin(200, at_once, temperature=number / 10)
                shared.finish()
                assert shared.server.first_at is not None
                walls.append((shared.server.last_at - shared.server.first_at, one.wall_s))
                cpus.append((shared.cpu_s - before, one.cpu_s))
                assert shared.counts == (400, 0, 0)
        wall = min(o for o, _ in walls) / min(b for _, b in walls)
        cpu = min(o for o, _ in cpus) / min(b for _, b in cpus)
        what = f"Postgres, 2 workers: 400 calls of 200 ms, {at_once} at once"
        yield f"{what}: time", f"{wall:.2f} x bare", "1.15 x", wall <= 1.15
        yield f"{what}: processor", f"{cpu:.2f} x bare", "2 x", cpu <= 2


def memory() -> Row:
    """What ten times as many calls take."""
    with two_workers(latency_s=0.02) as shared:
        shared.begin(200, 50)
        shared.finish()
        few = shared.memory_mb
        shared.begin(2000, 50, max_output_tokens=99)
        shared.finish()
        more = shared.memory_mb - few
        assert shared.counts[0] == 4000
    what = "Postgres, a worker: memory, 400 to 4,000 calls"
    return what, f"{more:+.1f} MB", "+30 MB", more <= 30


def faults(mixes: Mapping[str, Any]) -> Iterator[Row]:
    """Nothing is lost and nothing bought twice, whatever the server does.

    Args:
        mixes: faults as the server takes them, each under its name.
    """
    for name, fault in mixes.items():
        with two_workers(fault=fault, latency_s=LATENCY_S) as shared:
            shared.begin(200, 20)
            took = shared.finish()
            _, lost, twice = shared.counts
            progress = shared.store.progress(shared.run_id)
        missing, refused = progress.missing, progress.refused
        counts = f"{lost} lost, {twice} twice, {missing} missing, {refused} refused"
        kept = lost == twice == missing == 0
        promised = "0 lost, 0 twice, 0 missing"
        yield f"Postgres, 2 workers: {name}", f"{counts}, {took:.0f} s", promised, kept


def survives() -> Iterator[Row]:
    """A worker that is killed, and a stop."""
    with two_workers(stalled_s=3.0, latency_s=LATENCY_S) as shared:
        shared.begin(200, 20)
        until(lambda: sum(shared.server.completed.values()) >= 240, LONGEST_S)
        os.kill(shared.workers[0].pid, signal.SIGKILL)
        took = shared.finish()
        kept, lost, twice = shared.counts
    measured = f"{lost} lost, {twice} twice, 10 were in flight, {took:.0f} s"
    good = kept == 400 and lost == 0 and twice <= 10
    what = "Postgres: kill -9 of one worker at 60 %, the other goes on"
    yield what, measured, "0 lost, twice <= in flight", good
    with two_workers(latency_s=1.0) as shared:
        shared.begin(200, 20)
        until(lambda: shared.server.most_at_once == 20, LONGEST_S)
        asked_at = time.monotonic()
        shared.store.request(shared.run_id, "cancelled", CANCELLED)
        jobs = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        stopped_s = until(lambda: ask(shared.settings, jobs) == 0, LONGEST_S)
        last_s = max(0.0, shared.server.arrivals[-1] - asked_at)
        time.sleep(1.2)  # the server answers nobody, and finds out
    measured = f"{max(stopped_s, last_s):.1f} s"
    yield "Postgres, 2 workers: stop", measured, "2 s", max(stopped_s, last_s) <= 2


def limited() -> Iterator[Row]:
    """A limit that the host names, over both workers."""
    limits = {"requests": 50, "per_s": 1.0}
    with two_workers(limits=limits, latency_s=0.1) as shared:
        shared.begin(200, 40)
        shared.finish()
        times = shared.server.arrivals
        kept, lost, twice = shared.counts
    worst = max(sum(1 for t in times if at <= t < at + 1) for at in times)
    measured = f"{worst} in the worst second, {kept / (times[-1] - times[0]):.0f} a second"
    good = worst <= 55 and (kept, lost, twice) == (400, 0, 0)
    yield "Postgres, 2 workers: 50 requests a second", measured, "at most 55", good
    limits = {"requests": 100, "per_s": 5.0}
    with two_workers(limits=limits, latency_s=LATENCY_S, per_window=(100, 5.0)) as shared:
        shared.begin(200, 20)
        shared.finish()
        sent, (kept, lost, twice) = len(shared.server.requests), shared.counts
    good = sent <= 440 and (kept, lost, twice) == (400, 0, 0)
    measured = f"{kept} answers from {sent} requests"
    what = "Postgres, 2 workers: 100 requests per 5 s, enforced"
    yield what, measured, "400 from at most 440", good
