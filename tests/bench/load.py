"""Many people at once: `python -m tests.bench.load [PEOPLE] [SECONDS]`; `soak` adds faults.

`postgres` before the numbers has the same people at a server that keeps its cases in Postgres.

Each has opened and replayed the sample, and walks through the six steps, reading a few seconds
between two clicks. In a soak ten of them compare two models at a server that misbehaves, again
and again.
"""

import asyncio
import itertools
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

from advisor.case.brief import Brief
from advisor.store.repository import Store
from tests import postgres
from tests.bench.person import Person
from tests.e2e.server import running
from tests.fault_server import FaultServer
from tests.make import case_at

Row = tuple[str, str, str, bool]
STEPS = ("use-case", "texts", "options", "compare", "costs", "verdict")
TOKEN = "bench"
READS_S = 6.0
"""Between two clicks of one person, on average."""
FAULTS = {0: "429", 7: "500", 11: "reset", 13: "broken_json", 17: "cut"}
TEXTS = 40


async def come(person: Person, door: asyncio.Semaphore) -> None:
    """Open the sample, whose answers come in by themselves; a few come at a time."""
    async with door:
        await person.arrive()
        await person.click("Open the sample")
        for _ in range(60):
            await person.wait(1.0)
            if not person.timers:
                break
    person.came_ms, person.took_ms = person.took_ms, []


async def walk(person: Person, until: float, chance: random.Random) -> None:
    """Go through the six steps until the time is over."""
    for step in itertools.cycle(STEPS):
        await person.wait(chance.expovariate(1 / READS_S))
        if time.monotonic() > until:
            break
        await person.go(step)
        if step == "compare":
            await person.wait(chance.expovariate(1 / READS_S))
            await person.click("Next text")
    await person.leave()


async def compare_again_and_again(
    person: Person, cases: Iterator[str], until: float, done: list[str]
) -> None:
    """Start comparisons at a server that misbehaves, one after the other, watching each."""
    while time.monotonic() < until:
        case_id = next(cases)
        await person.arrive(f"case={case_id}", "compare")
        await person.go("compare")
        await person.click("Start the comparison")
        for _ in range(120):
            await person.wait(1.0)
            if not person.timers:
                break
        done.append(case_id)
        await person.leave()


def a_case(store: Store, url: str, number: int) -> str:
    case = case_at(url, TEXTS, concurrency=4, timeout_s=20)
    brief = Brief(use_case="domain_summarization")
    texts = tuple(
        prompt.model_copy(update={"text": f"{number} {prompt.text}"}) for prompt in case.prompts
    )
    return store.save_case(case.model_copy(update={"prompts": texts, "brief": brief}))


def numbers(url: str) -> str:
    return httpx2.get(
        f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60
    ).text


def memory_mb(url: str) -> float:
    found = re.search(r"^process_resident_memory_bytes (\S+)", numbers(url), re.M)
    assert found
    return float(found[1]) / 1e6


def processor_s(url: str) -> float:
    found = re.search(r"^process_cpu_seconds_total (\S+)", numbers(url), re.M)
    assert found
    return float(found[1])


async def watch_memory(url: str, until: float, seen: list[float]) -> None:
    while time.monotonic() < until:
        seen.append(await asyncio.to_thread(memory_mb, url))
        await asyncio.sleep(2)


async def _crowd(url: str, people: int, seconds: float) -> tuple[list[Person], list[float], float]:
    """All come, then all walk; gives them, the memory, and the processor seconds of the walk."""
    crowd, seen, chance = [Person(url) for _ in range(people)], [], random.Random(7)
    door = asyncio.Semaphore(4)
    await asyncio.gather(*(come(person, door) for person in crowd))
    until, before = time.monotonic() + seconds, await asyncio.to_thread(processor_s, url)
    walks = [walk(person, until, random.Random(chance.random())) for person in crowd]
    await asyncio.gather(*walks, watch_memory(url, until, seen))
    return crowd, seen, await asyncio.to_thread(processor_s, url) - before


def at_once(people: int = 50, seconds: int = 60, **environment: str) -> Iterator[Row]:
    """Fifty people for a minute."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), WORTH_TUNING_METRICS_TOKEN=TOKEN, **environment) as url,
    ):
        httpx2.get(f"{url}/readyz", timeout=60)
        crowd, seen, busy = asyncio.run(_crowd(url, people, seconds))
    where = "Postgres: " if environment else ""
    yield from rows(f"{where}{people} people at once, six steps", crowd)
    each = 1000 * busy / sum(len(person.took_ms) for person in crowd)
    yield "… processor for each, all that goes on included", f"{each:.0f} ms", "", True
    came = statistics.median(ms for person in crowd for ms in person.came_ms)
    yield "… coming: each click until the sample is replayed", f"median {came:.0f} ms", "", True
    yield "… memory of the server", f"{max(seen):.0f} MB at most", "700 MB", max(seen) < 700


def on_postgres(people: int = 50, seconds: int = 60) -> Iterator[Row]:
    """The same where the cases are in Postgres, as several replicas have them."""
    with postgres.fresh(postgres.server_url()) as url:
        yield from at_once(people, seconds, DATABASE_URL=url, WORTH_TUNING_SIGN_IN="none")


def rows(what: str, crowd: list[Person]) -> Iterator[Row]:
    took = sorted(ms for person in crowd for ms in person.took_ms)
    median, late = statistics.median(took), took[int(0.95 * len(took))]
    errors = [error for person in crowd for error in person.errors]
    measured = f"median {median:.0f} ms, 95 % under {late:.0f} ms, {len(took)} reruns"
    yield what, measured, "50 ms, 120 ms", median <= 50 and late <= 120
    yield "… errors", f"{len(errors)}" + "".join(f" {e}" for e in set(errors)), "0", not errors


def soak(seconds: int = 600, people: int = 20) -> Iterator[Row]:
    """Ten minutes: people walk, and ten compare at a server that misbehaves."""

    def fault(asked: dict[str, object], number: int) -> str | None:
        return FAULTS.get(number % 20)

    with (
        tempfile.TemporaryDirectory() as folder,
        FaultServer(fault=fault, latency_s=0.05).running() as models,
        running(Path(folder), WORTH_TUNING_METRICS_TOKEN=TOKEN) as url,
    ):
        httpx2.get(f"{url}/readyz", timeout=60)
        store = Store.open(Path(folder) / "cases.db")
        numbered = iter(range(10**6))
        cases = (a_case(store, models.url, number) for number in numbered)
        done: list[str] = []
        crowd, seen = asyncio.run(_soak(url, people, seconds, cases, done))
        answered = given_up = 0
        for case_id in done:
            run = store.latest_run(case_id)
            assert run is not None
            progress = store.progress(run.id)
            answered, given_up = answered + progress.answered, given_up + progress.failed
        bought, wanted = sum(models.completed.values()), len(done) * 2 * TEXTS
        lost, twice = wanted - given_up - answered, bought - answered
        store.close()
    warm, last = seen[len(seen) // 5], seen[-1]
    yield from rows(f"{people} people and 10 comparisons, {seconds} s", crowd)
    kept = f"{len(done)} comparisons, {lost} answers lost, {twice} bought in vain"
    yield f"… nothing lost under faults ({given_up} given up)", kept, "0, 0", lost == twice == 0
    growth = (last - warm) / warm
    measured = f"{warm:.0f} MB after a fifth, {last:.0f} MB at the end"
    yield "… no growth", measured, "+10 %", growth <= 0.10


async def _soak(
    url: str, people: int, seconds: float, cases: Iterator[str], done: list[str]
) -> tuple[list[Person], list[float]]:
    chance = random.Random(7)
    walking = [Person(url) for _ in range(people)]
    comparing = [Person(url) for _ in range(10)]
    seen: list[float] = []
    door = asyncio.Semaphore(4)
    await asyncio.gather(*(come(person, door) for person in walking))
    until = time.monotonic() + seconds
    await asyncio.gather(
        *(walk(person, until, random.Random(chance.random())) for person in walking),
        *(compare_again_and_again(person, cases, until, done) for person in comparing),
        watch_memory(url, until, seen),
    )
    return [*walking, *comparing], seen


def main(*asked: str) -> int:
    """Print what was measured beside what was promised."""
    how, figures = ("", asked) if not asked or asked[0].isdigit() else (asked[0], asked[1:])
    found = {"": at_once, "postgres": on_postgres, "soak": soak}[how](*map(int, figures))
    print(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    kept = True
    for what, measured, promised, is_kept in found:
        print(f"| {what} | {measured} | {promised} | {'kept' if is_kept else 'NOT KEPT'} |")
        kept &= is_kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
