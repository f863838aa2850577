"""What holds of Postgres alone: many processes open it at once, and it says what is wrong."""

import asyncio
import subprocess
import sys
import threading

import pytest
from procrastinate import App
from sqlalchemy import create_engine, event, inspect

from advisor.errors import BadDatabase
from advisor.runs.live import StopSignal
from advisor.runs.workers.connector import PatientConnector
from advisor.runs.workers.shared_limit import SharedLimit
from advisor.store.database import HEAD, is_current
from advisor.store.repository import Store
from tests import postgres

OPEN = "import sys; from advisor.store.repository import Store; Store.open(sys.argv[1]).titles()"


def test_processes_that_open_a_fresh_database_at_once_migrate_it_once(postgres_server):
    server, _ = postgres_server
    with postgres.fresh(server) as url:
        opening = [
            subprocess.Popen([sys.executable, "-c", OPEN, url], stderr=subprocess.PIPE, text=True)
            for _ in range(3)
        ]
        said = [process.communicate()[1] for process in opening]
        assert [process.returncode for process in opening] == [0, 0, 0], said
        store = Store.open(url)
        with store._read() as connection:
            versions = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
            assert versions.scalars().all() == [HEAD]
        assert {"cases", "runs", "outputs", "chunks"} <= set(
            inspect(store.engine).get_table_names()
        )
        store.close()


def test_threads_that_open_a_fresh_database_at_once_do_too(postgres_server):
    server, _ = postgres_server
    failed = []

    def open_it(url: str) -> None:
        try:
            Store.open(url).close()
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    with postgres.fresh(server) as url:
        threads = [threading.Thread(target=open_it, args=(url,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []


def test_a_schema_made_by_another_while_its_version_is_read_is_seen(postgres_server):
    server, _ = postgres_server
    with postgres.fresh(server) as url:
        engine = create_engine(url.replace("postgresql", "postgresql+psycopg", 1))
        # "No such table" is what the first look says; before the second, another has made it.
        event.listen(engine, "handle_error", lambda _: Store.open(url).close(), once=True)
        assert is_current(engine)
        engine.dispose()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_url_as_hosts_give_it_is_understood(postgres_url, scheme):
    store = Store.open(postgres_url.replace("postgresql", scheme, 1))
    assert store.titles() == []
    store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://me:canary-word@127.0.0.1:1/x", r"postgresql\+psycopg://me:\*\*\*@127.0.0.1"),
        ("mysql://me:canary-word@127.0.0.1:1/x", "mysql://"),
        ("://me:canary-word", "can't be read"),
    ],
)
def test_a_database_that_can_not_be_used_is_said_without_its_password(url, said):
    with pytest.raises(BadDatabase, match=said) as caught:
        Store.open(url)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None or "canary" not in repr(caught.value.__cause__)


def test_many_sessions_at_once_wait_for_a_connection_rather_than_fail(postgres_url):
    store = Store.open(postgres_url)
    failed = []

    def ask() -> None:
        try:
            for _ in range(5):
                store.titles()
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    assert failed == []


def test_a_way_to_the_database_that_goes_dead_is_given_up(postgres_server):
    server, _ = postgres_server
    with postgres.fresh(server) as url:
        store, limit = Store.open(url), SharedLimit(url, "an address", 5, 1.0)
        with store._read() as connection:
            engines = connection.connection.driver_connection.info.get_parameters()
        with limit._pool.connection() as one:
            limits = one.info.get_parameters()
        limit._pool.close()
        store.close()
    for found in (engines, limits, _of_a_worker(server)):
        assert (found["tcp_user_timeout"], found["keepalives_idle"]) == ("20000", "20")


def _of_a_worker(url: str) -> dict[str, str]:
    async def ask() -> dict[str, str]:
        connector = PatientConnector(url, StopSignal())
        async with App(connector=connector).open_async(), connector.pool.connection() as one:
            return one.info.get_parameters()

    return asyncio.run(ask())
