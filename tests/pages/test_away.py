"""A server whose database goes away: every page says so in a sentence, and keeps its case open."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pages.ui.server import slow
from tests.bench.person import Person
from tests.e2e.server import running
from tests.e2e.test_operations import get
from tests.relay import Relay

SAID = "can't be reached just now"
OPEN = {"WORTH_TUNING_SIGN_IN": "none"}
"""With a database of a server's own strangers may come: without a sign-in it has to be said."""


@pytest.fixture
def relay(postgres_url: str) -> Iterator[Relay]:
    with Relay(postgres_url).running() as relay:
        yield relay


def test_pages_say_that_the_database_is_away_and_go_on_when_it_is_back(
    relay: Relay, tmp_path: Path
):
    settings = {"DATABASE_URL": relay.url, "WORTH_TUNING_LOG": "json"} | OPEN
    with running(tmp_path, **settings) as url:
        asyncio.run(walk(Person(url), url, relay))
    assert said_of_it(tmp_path) == ["the database can't be reached", "the database is back"]


def test_a_server_that_starts_while_the_database_is_away_says_so_once(relay: Relay, tmp_path: Path):
    relay.go_away()
    settings = {"DATABASE_URL": relay.url, "WORTH_TUNING_LOG": "json"} | OPEN
    with running(tmp_path, **settings) as url:
        asyncio.run(arrive(Person(url)))
        for _ in range(3):
            assert get(url, "/readyz").status_code == 503
        relay.come_back()
        wait_until_ready(url)
    assert said_of_it(tmp_path) == ["the database can't be reached", "the database is back"]


async def arrive(person: Person) -> None:
    await person.arrive()
    await person.leave()
    assert any(SAID in error for error in person.errors), person.errors


def said_of_it(folder: Path) -> list[str]:
    """Beginnings of the lines that the store writes in a server's log, whose worst are warnings."""
    lines = (folder / "server.log").read_text().splitlines()
    told = [json.loads(line) for line in lines if line.strip() and not line.startswith("  ")]
    assert {line["level"] for line in told} == {"INFO", "WARNING"}
    assert all("error" not in line for line in told)
    of_store = [line["event"] for line in told if line["from"] == "advisor.store.connected"]
    return [event.partition(" (")[0] for event in of_store]


async def walk(person: Person, url: str, relay: Relay) -> None:
    await person.arrive()
    await person.click("Open the sample")
    for page in ("use-case", "verdict", "compare"):
        await person.go(page)
    assert person.errors == []
    case = person.query
    assert "case=" in case
    relay.go_away()
    for page in ("texts", "verdict", "compare", "options", "costs", "decisions"):
        person.errors.clear()
        await person.go(page)
        assert person.errors, page
        assert all(SAID in error for error in person.errors), person.errors
    assert get(url, "/healthz").status_code == 200
    assert get(url, "/readyz").status_code == 503
    relay.come_back()
    person.errors.clear()
    for page in ("texts", "verdict", "compare"):
        await person.go(page)
    assert person.errors == []
    assert person.query == case
    assert get(url, "/readyz").status_code == 200
    await person.leave()


def test_a_page_that_waits_for_a_database_that_hangs_says_so_and_then_goes_on(
    relay: Relay, tmp_path: Path
):
    with running(tmp_path, DATABASE_URL=relay.url, **OPEN) as url:
        person = asyncio.run(hung(Person(url), relay))
    assert set(person.toasts) == {slow.SAID}
    assert person.errors == []
    assert person.says


async def hung(person: Person, relay: Relay) -> Person:
    await person.arrive()
    await person.click("Open the sample")
    relay.hang()
    going = asyncio.create_task(person.go("texts"))
    until = time.monotonic() + 40
    while not person.toasts and time.monotonic() < until:
        await asyncio.sleep(0.1)
    assert not going.done()
    relay.go_on()
    await going
    await person.leave()
    return person


def wait_until_ready(url: str, seconds: float = 60) -> None:
    """A server that has just started loads its libraries first, on a busy machine for long."""
    until = time.monotonic() + seconds
    while get(url, "/readyz").status_code != 200:
        assert time.monotonic() < until, "never ready"


def test_a_database_that_hangs_leaves_a_server_not_ready_and_able_to_end(
    postgres_url: str, tmp_path: Path
):
    with psycopg.connect(postgres_url) as other:
        with running(tmp_path, DATABASE_URL=postgres_url, **OPEN) as url:
            wait_until_ready(url)
            other.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
            began = time.monotonic()
            for _ in range(3):
                assert get(url, "/readyz").status_code == 503
            assert time.monotonic() - began < 3 * 4  # what deploy/Caddyfile allows for one
            assert get(url, "/healthz").status_code == 200
            began = time.monotonic()
        assert time.monotonic() - began < 8
