"""Workers as real processes, and the settings they and the app share."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from advisor.case.case import Case
from advisor.case.run_spec import spec_of
from advisor.host.endpoints import host_endpoints
from advisor.host.settings import settings
from advisor.runs.runner import unknown_price
from advisor.runs.workers import queue
from advisor.store.repository import Store
from tests.fault_server import FaultServer
from tests.judge_server import JudgeServer
from tests.make import case_at

ROOT = Path(__file__).parents[3]
IN_FLIGHT = 5
"""Of each worker."""


def shared_settings(database: str, address: str, judge: str = "", **limits: Any) -> dict[str, str]:
    """The environment of replicas and workers: one database, addresses of the host."""
    named = {"ours": {"url": address, "key_env": "THE_HOSTS_KEY", **limits}}
    if judge:
        named["judge"] = {"url": judge, "key_env": "THE_HOSTS_KEY"}
    return {
        "DATABASE_URL": database,
        "WORTH_TUNING_ENDPOINTS": json.dumps(named),
        "THE_HOSTS_KEY": "canary-host-key",
    }


@contextmanager
def workers(
    many: int, settings: dict[str, str], stalled_s: float = 10.0, more: int = 0
) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """So many workers that are ready to take chunks; dead after so many seconds of silence.

    `more`: there are so many already.
    """
    command = [sys.executable, "-m", "advisor", "worker", "--stalled-after", str(stalled_s)]
    started = [subprocess.Popen(command, cwd=ROOT, env=os.environ | settings) for _ in range(many)]
    try:
        until(
            lambda: ask(settings, "SELECT count(*) FROM procrastinate_workers") == many + more, 90
        )
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


def ask(settings: dict[str, str], query: str) -> Any:
    """The answer of the database; None = the table is not there yet."""
    with psycopg.connect(settings["DATABASE_URL"]) as connection:
        try:
            row = connection.execute(query).fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    return row[0] if row else None


def until(what: Any, seconds: float) -> float:
    """Wait until something holds; gives how long that took, seconds."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() < began + seconds, "it never came to be"
        time.sleep(0.02)
    return time.monotonic() - began


class Shared:
    """A database, an address of the host, and what workers are told of them."""

    def __init__(self, database: str, server: FaultServer, judge: JudgeServer) -> None:
        self.server = server
        self.judge = judge
        self.settings = shared_settings(database, server.url, judge.url)
        self.store = Store.open(database)


@contextmanager
def as_the_host(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process is a replica: it has the settings of the workers."""
    for name, value in shared.settings.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    host_endpoints.cache_clear()
    yield
    settings.cache_clear()
    host_endpoints.cache_clear()


def ours(prompts: int, **run) -> Case:
    # Each run has an instruction of its own: else one with a higher limit would reuse whole answers.
    instruction = f"In at most {run.get('max_output_tokens', 'any')}."
    asked = {"concurrency": IN_FLIGHT, **run}
    return case_at("host:ours", prompts, system_prompt=instruction, **asked)


def begin(store: Store, case: Case, price=unknown_price) -> str:
    run_id = store.start_run(store.save_case(case), spec_of(case), case.run)
    queue.start(store, run_id, price=price)
    return run_id


def stands(store: Store, run_id: str):
    return store.run_state(run_id).status
