"""A worker from outside: its numbers for whoever has the token, and a no where its loop hangs."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import psycopg
import pytest

from tests.e2e.server import free_port
from tests.runs.workers.hosting import ROOT, ask, begin, ours, stands, until

TOKEN = "canary-token"  # of the test
STALLED_S = 2
HANGS_S = 6
HANGING = f"""
import signal, time
from advisor.cli.command import main

# Python runs a handler in the main thread, where the loop is; the worker's server has its own.
signal.signal(signal.SIGUSR1, lambda *_: time.sleep({HANGS_S}))
main(["worker", "--stalled-after", "{STALLED_S}"])
"""


def get(port: int, path: str, token: str | None = None) -> httpx2.Response:
    head = {"Authorization": f"Bearer {token}".encode()} if token is not None else {}
    return httpx2.get(f"http://127.0.0.1:{port}{path}", headers=head, timeout=5)


def health(port: int) -> tuple[int, str]:
    found = get(port, "/healthz")
    return found.status_code, found.text


@contextmanager
def one_worker(
    settings: dict[str, str], **more: str
) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """A worker that is ready, the port it answers at, and its process."""
    port = free_port()
    env = {**os.environ, **settings, "WORTH_TUNING_WORKER_PORT": str(port), **more}
    process = subprocess.Popen([sys.executable, "-c", HANGING], cwd=ROOT, env=env)
    try:
        until(lambda: ask(settings, "SELECT count(*) FROM procrastinate_workers") == 1, 90)
        yield port, process
    finally:
        process.kill()
        process.wait()


def numbers(port: int) -> dict[str, float]:
    """What Prometheus reads, by name with its labels."""
    lines = get(port, "/metrics", TOKEN).text.splitlines()
    rows = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


def test_calls_and_spend_of_a_worker_are_read_from_it(fresh):
    case = ours(10)
    cells = {"input": 0, "output": 1_000_000}  # USD for a million tokens: 1 for each written
    arms = {
        name: arm.model_copy(update={"price": arm.price.model_validate(cells)})
        for name, arm in case.arms.items()
    }
    with one_worker(fresh.settings, WORTH_TUNING_METRICS_TOKEN=TOKEN) as (port, _):
        assert "worth_tuning_calls_total" not in "".join(numbers(port))
        run_id = begin(fresh.store, case.model_copy(update={"arms": arms}))
        until(lambda: 'worth_tuning_runs_total{status="done"}' in numbers(port), 20)
        found = numbers(port)
        assert found['worth_tuning_calls_total{outcome="answered"}'] == 20
        assert found["worth_tuning_attempts_total"] == 20
        assert found["worth_tuning_spend_usd_total"] == fresh.store.progress(run_id).cost_usd > 0
        assert found['worth_tuning_runs_total{status="done"}'] == 1
        assert stands(fresh.store, run_id) == "done"
        assert found["process_resident_memory_bytes"] > 1e7


@pytest.mark.parametrize("token", [None, "wrong", TOKEN[:-1], "ü"])
def test_nobody_else_reads_them(worker_that_counts, token):
    found = get(worker_that_counts, "/metrics", token)
    assert (found.status_code, found.text) == (404, "Not Found\n")


@pytest.fixture(scope="module")
def worker_that_counts(postgres_server) -> Iterator[int]:
    from tests import postgres

    with postgres.fresh(*postgres_server) as database:
        settings = {"DATABASE_URL": database}
        with one_worker(settings, WORTH_TUNING_METRICS_TOKEN=TOKEN) as (port, _):
            yield port


@pytest.fixture(scope="module")
def plain_worker(postgres_server) -> Iterator[tuple[int, "subprocess.Popen[bytes]", str]]:
    """A worker without a token, and its database; each test leaves it well."""
    from tests import postgres

    with (
        postgres.fresh(*postgres_server) as database,
        one_worker({"DATABASE_URL": database}) as (port, process),
    ):
        yield port, process, database


def test_without_a_token_there_are_no_numbers_and_the_health_is_told_all_the_same(plain_worker):
    port, _, _ = plain_worker
    for token in (None, "wrong", TOKEN):
        assert get(port, "/metrics", token).status_code == 404
    assert health(port) == (200, "ok\n")
    assert get(port, "/").status_code == 404


def test_a_loop_that_hangs_is_told_and_so_is_that_it_turns_again(plain_worker):
    port, process, _ = plain_worker
    time.sleep(STALLED_S + 1)
    assert health(port) == (200, "ok\n")
    process.send_signal(signal.SIGUSR1)
    took = until(lambda: health(port) == (503, "the worker hangs\n"), HANGS_S)
    assert took >= STALLED_S - 1.5  # the turn before it was up to a second ago
    until(lambda: health(port) == (200, "ok\n"), HANGS_S + 5)


def test_one_that_waits_for_its_database_for_ever_hangs_too(plain_worker):
    port, _, database = plain_worker
    with psycopg.connect(database) as other:
        other.execute("LOCK TABLE procrastinate_jobs IN ACCESS EXCLUSIVE MODE")
        assert until(lambda: health(port)[0] == 503, 3 * STALLED_S + 10) > STALLED_S
        other.rollback()
        until(lambda: health(port)[0] == 200, 10)


def test_a_port_that_is_taken_is_a_sentence(postgres_url):
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {**os.environ, "DATABASE_URL": postgres_url, "WORTH_TUNING_WORKER_PORT": str(port)}
        ended = subprocess.run(
            [sys.executable, "-m", "advisor", "worker"],
            cwd=ROOT, env=env, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr == (
        f"A worker can't answer at port {port} (Address already in use); "
        "set WORTH_TUNING_WORKER_PORT to another, or leave it out.\n"
    )
