"""A server from outside: does it live, is it ready, its numbers; and how it ends. No browser."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.fault_server import FaultServer

from .server import ROOT, running

pytestmark = pytest.mark.e2e


def get(url: str, path: str, token: str | None = None) -> httpx2.Response:
    head = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx2.get(url + path, headers=head, timeout=60)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("operated")
    settings = {"WORTH_TUNING_METRICS_TOKEN": "canary-token", "WORTH_TUNING_LOG": "json"}
    with running(folder, **settings) as url:
        yield url, folder


def test_a_server_says_that_it_lives_and_is_ready(server):
    url, _ = server
    assert (get(url, "/healthz").status_code, get(url, "/healthz").text) == (200, "ok\n")
    # The first to ask waits for the tables to be made, on a busy machine longer than a proxy may.
    until = time.monotonic() + 60
    while (ready := get(url, "/readyz")).status_code != 200 and time.monotonic() < until:
        time.sleep(0.1)
    assert (ready.status_code, ready.text) == (200, "ready\n")


@pytest.mark.parametrize("token", [None, "", "wrong", "canary-toke"])
def test_a_stranger_finds_no_numbers(server, token):
    found = get(server[0], "/metrics", token)
    assert (found.status_code, found.text) == (404, "Not Found\n")


def test_the_host_finds_numbers(server):
    found = get(server[0], "/metrics", "canary-token")
    assert found.status_code == 200
    assert "# TYPE worth_tuning_runs_total counter" in found.text
    assert "# TYPE worth_tuning_rerun_seconds histogram" in found.text


def test_every_line_of_the_log_is_json_and_none_holds_the_token(server):
    _, folder = server
    lines = (folder / "server.log").read_text().splitlines()
    told = [line for line in lines if line.strip() and not line.startswith("  ")]
    kept = [json.loads(line) for line in told if line.startswith("{")]
    assert [line for line in told if not line.startswith("{")] == []
    assert all(line["level"] in ("INFO", "WARNING") for line in kept)
    assert "canary-token" not in "".join(lines)


@pytest.mark.parametrize("log", ["json", "text"])
def test_no_secret_of_an_address_is_in_the_log_at_any_level(tmp_path, log):
    settings = {
        "WORTH_TUNING_LOG": log,
        "WORTH_TUNING_LOG_LEVEL": "DEBUG",
        "STREAMLIT_LOGGER_LEVEL": "debug",
        "WORTH_TUNING_CLIENT_HEADER": "X-Forwarded-For",
    }
    asked = ["/report?share=canary", "/report.pdf?share=canary", "/vote?ballot=canary"]
    with running(tmp_path, **settings) as url:
        for address in [*asked, "/oauth2callback?code=canary&state=canary", "/healthz"]:
            httpx2.get(url + address, headers={"X-Forwarded-For": "9.9.9.9, 192.0.2.7"}, timeout=60)
    told = (tmp_path / "server.log").read_text()
    assert "canary" not in told
    lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    found = [line for line in lines if line.get("from") == "advisor.requests"]
    if log == "json":
        assert [line["path"] for line in found] == [
            "/report", "/report.pdf", "/vote", "/oauth2callback",
        ]  # fmt: skip
        assert {line["client"] for line in found} == {"192.0.2.7"}
        assert [line["status"] for line in found[:2]] == [200, 404]


@pytest.mark.parametrize("in_file", [False, True])
def test_behind_tls_a_browser_is_told_to_stay_there_and_cookies_are_kept_to_it(tmp_path, in_file):
    table = {
        "server_metadata_url": "http://localhost:1/.well-known/openid-configuration",
        "client_id": "app",
        "client_secret": "secret",
        "redirect_uri": "https://app.example.org/oauth2callback",
        "cookie_secret": "0" * 32,
    }
    if in_file:
        file = tmp_path / ".streamlit" / "secrets.toml"
        file.parent.mkdir()
        file.write_text("[auth]\n" + "".join(f'{key} = "{said}"\n' for key, said in table.items()))
        settings = {}
    else:
        settings = {
            f"WORTH_TUNING_OIDC_{key.removeprefix('server_').upper()}": said
            for key, said in table.items()
        }
    with running(tmp_path, **settings) as url:
        stale = {"Cookie": "_streamlit_user=not-signed-by-us"}
        found = httpx2.get(f"{url}/auth/logout", headers=stale, timeout=60)
        cookies = found.headers.get_list("set-cookie")
        assert cookies
        assert all("; secure" in cookie.lower() for cookie in cookies)
        assert found.headers["strict-transport-security"] == "max-age=31536000"


def test_a_server_whose_database_is_broken_lives_and_is_not_ready(tmp_path):
    (tmp_path / "broken.db").write_bytes(b"this is no database " * 100)
    with running(tmp_path, WORTH_TUNING_DB=str(tmp_path / "broken.db")) as url:
        assert get(url, "/healthz").status_code == 200
        assert get(url, "/readyz").status_code == 503


START = """
import sys
from advisor.runs import inline
from advisor.case.run_spec import spec_of
from tests.make import case_at
from pages.ui import session

case = case_at(sys.argv[1], 200, concurrency=4, timeout_s=30)
store = session.everyone()
run_id = store.start_run(store.save_case(case), spec_of(case), case.run)
inline.start(store, run_id)
"""


@contextmanager
def run_in_a_server(folder: Path, models: str) -> Iterator[subprocess.Popen[bytes]]:
    """The app's own life in a process of its own, with a run that goes on in it."""
    program = f"""
import asyncio, signal
from pages.ui.server import operations
{START}
async def live():
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    async with operations.looked_after():
        await told.wait()
asyncio.run(live())
"""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("STREAMLIT_", "WORTH_"))}
    env |= {"WORTH_TUNING_DB": str(folder / "cases.db"), "WORTH_TUNING_STOP_GRACE_S": "15"}
    with (folder / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", program, models], cwd=ROOT, env=env, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()


def one(folder: Path, question: str) -> list[tuple[object, ...]]:
    try:
        with closing(sqlite3.connect(folder / "cases.db")) as database:
            return database.execute(question).fetchall()
    except sqlite3.OperationalError:
        return []


def test_a_run_that_goes_on_when_the_server_is_told_to_stop_is_marked_and_loses_nothing(tmp_path):
    with FaultServer(latency_s=0.2).running() as models:
        with run_in_a_server(tmp_path, models.url) as process:
            answered = "SELECT count(*) FROM outputs WHERE outcome = 'answered'"
            until = time.monotonic() + 60
            while time.monotonic() < until and (one(tmp_path, answered) or [(0,)])[0][0] < 10:
                time.sleep(0.1)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, (tmp_path / "run.log").read_text()
            assert time.monotonic() - began < 15, "it waits for what is in flight, and no longer"
        kept = one(tmp_path, answered)[0][0]
        assert kept == len(models.completed), "what was answered is stored, calls in flight too"
        assert 10 <= kept < 400
        in_flight = "SELECT count(*) FROM outputs WHERE outcome IS NULL"
        assert one(tmp_path, in_flight) == [(0,)]
        assert one(tmp_path, "SELECT status, stop_reason, runner FROM runs") == [
            ("interrupted", "The server was stopped while this run was going on.", None)
        ]


def test_a_server_with_an_open_page_ends_within_seconds_of_being_told(tmp_path, browser):
    with browser.new_context() as context:
        with running(tmp_path) as url:
            page = context.new_page()
            page.goto(url)
            page.get_by_role("heading", level=1).wait_for()
            began = time.monotonic()
        assert time.monotonic() - began < 15
