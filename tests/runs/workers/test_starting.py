"""Replicas and workers that start at once, as compose starts them, on an empty database."""

import threading
from contextlib import ExitStack
from pathlib import Path

import httpx2
import psycopg

from advisor.store.database import HEAD
from tests import postgres
from tests.e2e.server import running
from tests.runs.workers.hosting import shared_settings, until, workers


def ready(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/readyz", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


def test_two_replicas_and_two_workers_come_up_together_on_an_empty_database(
    postgres_server, tmp_path: Path
):
    with postgres.fresh(postgres_server[0]) as database, ExitStack() as stack:
        settings = shared_settings(database, "http://127.0.0.1:9/v1")
        settings |= {"WORTH_TUNING_SIGN_IN": "none", "WORTH_TUNING_LOG": "json"}
        folders = [tmp_path / "app1", tmp_path / "app2"]
        addresses: dict[Path, str] = {}

        def start(folder: Path) -> None:
            addresses[folder] = stack.enter_context(running(folder, **settings))
            until(lambda: ready(addresses[folder]), 120)

        replicas = [threading.Thread(target=start, args=(folder,)) for folder in folders]
        for one in replicas:
            one.start()
        with workers(2, settings) as started:
            for one in replicas:
                one.join()
            assert all(ready(addresses[folder]) for folder in folders)
            assert [process.poll() for process in started] == [None, None]
        with psycopg.connect(database) as connection:
            versions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            assert versions == [(HEAD,)]
        logged = "".join((folder / "server.log").read_text("utf-8") for folder in folders)
        assert '"level": "ERROR"' not in logged
        assert "can't be reached" not in logged
