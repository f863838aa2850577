"""`make bench`: our runner against a bare loop in the same minutes, and what faults cost.

Prints one table of what was measured beside what was promised.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.runs.compare import RunSummary, compare
from advisor.runs.process import is_dead
from advisor.store.repository import Store
from tests.bench import scale
from tests.bench.drawing import pdf_and_pages
from tests.bench.listing import a_thousand_decisions
from tests.bench.many import eight_options
from tests.bench.scores import notes_of_400
from tests.bench.training import training_check
from tests.fault_server import FaultServer
from tests.make import case_at

Row = tuple[str, str, str, bool]
"""What, measured, promised, kept."""
LATENCY_S = 0.2


@dataclass(frozen=True)
class Used:
    """What one process took for its calls."""

    wall_s: float
    cpu_s: float
    memory_mb: float


@contextmanager
def child(how: str, server: FaultServer, prompts: int, at_once: int, db: Path) -> Iterator[Any]:
    """A process of its own that makes the calls."""
    command = [sys.executable, "-m", "tests.bench.calls", how, server.url]
    process = subprocess.Popen(
        [*command, str(prompts), str(at_once), str(db)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def used(how: str, prompts: int, at_once: int, latency_s: float = LATENCY_S) -> Used:
    """From the first request to the last answer, as the server sees it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        FaultServer(latency_s=latency_s).running() as server,
        child(how, server, prompts, at_once, Path(folder) / "runs.db") as process,
    ):
        said, _ = process.communicate()
    assert sum(server.completed.values()) == 2 * prompts
    assert server.first_at is not None
    return Used(server.last_at - server.first_at, **json.loads(said))


def speed() -> Iterator[Row]:
    """Time, processor and memory beside a bare loop; the best of three runs each, in turns."""
    for at_once, bar in {20: 1.1, 50: 1.2, 200: 1.8}.items():
        runs = [(used("bare", 200, at_once), used("ours", 200, at_once)) for _ in range(3)]
        took = min(o.wall_s for _, o in runs)
        wall = took / min(b.wall_s for b, _ in runs)
        ideal = took / (400 / at_once * LATENCY_S)
        cpu = min(o.cpu_s for _, o in runs) / min(b.cpu_s for b, _ in runs)
        what = f"400 calls of 200 ms, {at_once} at once"
        yield f"{what}: time", f"{wall:.2f} x bare", "1.15 x", wall <= 1.15
        yield f"{what}: time", f"{ideal:.2f} x the ideal", f"{bar} x", ideal <= bar
        yield f"{what}: processor", f"{cpu:.2f} x bare", "1 x", cpu <= 1
    few, many = used("ours", 200, 50, 0.02), used("ours", 2000, 50, 0.02)
    more = many.memory_mb - few.memory_mb
    yield "memory, 400 to 4,000 calls", f"{more:+.1f} MB", "+30 MB", more <= 30


def by_chance(seed: int, **shares: float) -> Any:
    """Faults at random, each with its share of the requests."""
    chance = random.Random(seed)
    names, weights = [*shares, None], [*shares.values(), 1 - sum(shares.values())]
    return lambda asked, number: (chance.choices(names, weights)[0] or "").strip("_") or None


def run(server: FaultServer, db: Path) -> tuple[RunSummary, int, int]:
    """400 calls; gives how they ended, how many answers were lost, how many bought twice."""
    store = Store.open(db)
    summary = compare(case_at(server.url, 200, concurrency=20, timeout_s=30), store)
    kept = {
        (f"m-{output.arm}", f"text {output.prompt_id[1:]}")
        for output in store.outputs(summary.run_id)
        if output.outcome == "answered"
    }
    store.close()
    lost = len(set(server.completed) - kept)
    return summary, lost, sum(n - 1 for n in server.completed.values())


def mixes() -> dict[str, Any]:
    """Faults that come at random, the same ones each time, by their names."""
    return {
        "10 % 429, 5 % 500": by_chance(0, _429=0.10, _500=0.05),
        "5 % resets, 2 % broken JSON, 1 % refusals": by_chance(
            1, reset=0.05, broken_json=0.02, refuse=0.01
        ),
    }


def faults(folder: Path) -> Iterator[Row]:
    """Nothing is lost and nothing bought twice, whatever the server does."""
    for number, (name, fault) in enumerate(mixes().items()):
        with FaultServer(fault=fault, latency_s=LATENCY_S).running() as server:
            began = time.monotonic()
            summary, lost, twice = run(server, folder / f"faults{number}.db")
            took = time.monotonic() - began
        missing = summary.planned - summary.done - summary.refused
        counts = f"{lost} lost, {twice} twice, {missing} missing, {summary.refused} refused"
        measured = f"{counts}, {took:.0f} s"
        kept = lost == twice == missing == 0
        yield f"400 calls: {name}", measured, "0 lost, 0 twice, 0 missing", kept


def killed(folder: Path) -> Row:
    """Kill -9 at 60 %, and continue."""
    db = folder / "killed.db"
    with FaultServer(latency_s=LATENCY_S).running() as server:
        with child("ours", server, 200, 20, db) as process:
            while sum(server.completed.values()) < 240:
                time.sleep(0.005)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        store = Store.open(db)
        (run_id,) = store.mark_interrupted(is_dead)
        in_flight = store.progress(run_id).in_flight
        store.close()
        summary, lost, twice = run(server, db)
    measured = f"{lost} lost, {twice} twice, {in_flight} were in flight"
    kept = lost == 0 and twice <= in_flight and summary.done == 400
    return "kill -9 at 60 %, continue", measured, "0 lost, twice <= in flight", kept


def limited(folder: Path) -> Iterator[Row]:
    """A limit of requests the server enforces, told in `Retry-After` and not told."""
    for name, said in {"Retry-After right": None, "Retry-After too short": "0.3"}.items():
        server = FaultServer(latency_s=LATENCY_S, per_window=(100, 5.0), retry_after=said)
        with server.running():
            summary, lost, twice = run(server, folder / f"limit{len(name)}.db")
        sent = len(server.requests)
        measured = f"{summary.done} answers from {sent} requests"
        kept = summary.done == 400 and sent <= 440 and lost == twice == 0
        yield f"100 requests per 5 s, {name}", measured, "400 from at most 440", kept


def main() -> int:
    """Print the table; 1 where a promise was not kept."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [
            *speed(),
            *faults(folder),
            killed(folder),
            *limited(folder),
            *scale.speed(used),
            scale.memory(),
            *scale.faults(mixes()),
            *scale.survives(),
            *scale.limited(),
            # Before this process holds 10,000 outputs: its memory counts as that of what it starts,
            # and its garbage is looked through for whatever it draws.
            *training_check(folder),
            *notes_of_400(),
            *a_thousand_decisions(folder),
            *eight_options(folder),
            *pdf_and_pages(folder),
        ]
    print("| What | Measured | Promised | |\n|---|---|---|---|")
    for what, measured, promised, kept in rows:
        print(f"| {what} | {measured} | {promised} | {'kept' if kept else 'MISSED'} |")
    print(f"\n{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    return 0 if all(kept for *_, kept in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
