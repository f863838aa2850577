"""One client that does too often what costs is told to wait; asked by the real server."""

import asyncio
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from advisor.host.settings import hosting
from pages.ui.server import rates
from tests.e2e.server import running

MOST = 6
SETTINGS = {
    "WORTH_TUNING_HOSTED": "true",
    "WORTH_TUNING_SIGN_IN": "none",
    "WORTH_TUNING_RATE_PER_MINUTE": str(MOST),
    "WORTH_TUNING_CLIENT_HEADER": "X-Forwarded-For",
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(Path(tmp_path_factory.mktemp("rates")), **SETTINGS) as address:
        yield address


def ask(url: str, path: str, client: str, method: str = "GET") -> tuple[int, str, str]:
    """Status, how long to wait, and what is said."""
    at = urlsplit(url)
    connection = HTTPConnection(at.hostname or "", at.port, timeout=30)
    connection.request(method, path, headers={"X-Forwarded-For": client})
    answer = connection.getresponse()
    said = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, answer.headers.get("Retry-After", ""), said


@pytest.mark.parametrize(
    ("method", "path", "client"),
    [
        ("GET", "/report.pdf?share=made-up", "203.0.113.1"),
        ("GET", "/auth/login", "203.0.113.2"),
        ("GET", "/oauth2callback?code=x&state=y", "203.0.113.3"),
        ("PUT", "/_stcore/upload_file/some-session/some-file", "203.0.113.4"),
    ],
)
def test_who_asks_too_often_is_told_when_to_come_back_and_others_are_not(url, method, path, client):
    assert 429 not in [ask(url, path, client, method)[0] for _ in range(MOST)]
    for _ in range(MOST):  # on a busy machine some time has passed by now
        status, after, said = ask(url, path, client, method)
        if status == 429:
            break
    assert status == 429
    assert 1 <= int(after) <= 60 / MOST
    assert said == f"Too many requests from your address. Wait {after} seconds, then try again.\n"
    # What the client itself writes into the header stands before what the proxy adds.
    assert ask(url, path, f"198.51.100.7, {client}", method)[0] == 429
    assert ask(url, path, f"{client}, 198.51.100.7", method)[0] != 429
    assert ask(url, "/", client)[0] == 200  # what costs little is not counted


def test_of_sessions_only_so_many_are_open_at_once(url):
    address = url.replace("http:", "ws:") + "/_stcore/stream"

    async def go() -> tuple[int, int, int]:
        async def session(client: str) -> ClientConnection:
            headers = {"X-Forwarded-For": client}
            return await connect(address, additional_headers=headers, open_timeout=60)

        opened = [await session("203.0.113.9") for _ in range(MOST)]
        with pytest.raises(InvalidStatus) as refused:
            await session("203.0.113.9")
        other = await session("203.0.113.10")
        for one in [*opened, other]:
            await one.close()
        answer = refused.value.response
        return answer.status_code, int(answer.headers["Retry-After"]), len(opened)

    status, after, opened = asyncio.run(go())
    assert (status, opened) == (429, MOST)
    assert after >= 1


def test_an_allowance_fills_again_by_the_clock():
    bucket = rates.Bucket(60)
    assert [bucket.wait_s("a", 0.0) for _ in range(60)] == [0.0] * 60
    assert bucket.wait_s("a", 0.0) == pytest.approx(1.0)
    assert bucket.wait_s("a", 0.5) == pytest.approx(0.5)
    assert bucket.wait_s("a", 1.0) == 0.0  # one a second
    assert bucket.wait_s("b", 1.0) == 0.0
    assert [bucket.wait_s("a", 1000.0) for _ in range(60)] == [0.0] * 60  # and no more than full
    assert bucket.wait_s("a", 1000.0) > 0


def test_no_more_clients_are_remembered_than_fit(monkeypatch):
    monkeypatch.setattr(rates, "CLIENTS", 3)
    bucket = rates.Bucket(1)
    for client in "abcd":
        assert bucket.wait_s(client, 0.0) == 0.0
    assert bucket.wait_s("d", 0.0) > 0
    assert len(bucket._used) == 3


@pytest.mark.parametrize(
    ("client", "header", "allowance"),
    [
        ("203.0.113.1", "X-Forwarded-For", "203.0.113.1"),
        ("203.0.113.1:50312", "X-Forwarded-For", "203.0.113.1"),
        ("10.0.0.7", "X-Forwarded-For", "10.0.0.7"),
        ("2001:db8:1:2:3::9", "X-Forwarded-For", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]", "X-Forwarded-For", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.1", "X-Forwarded-For", "203.0.113.1"),
        ("unknown", "X-Forwarded-For", None),
        (None, "X-Forwarded-For", None),
        ("93.184.216.34", "", "93.184.216.34"),
        ("127.0.0.1", "", None),  # a proxy's, that speaks for everybody
        ("172.18.0.5", "", None),
    ],
)
def test_an_allowance_is_of_one_client_that_can_be_told_apart(
    client, header, allowance, monkeypatch
):
    monkeypatch.setenv("WORTH_TUNING_CLIENT_HEADER", header)
    hosting.cache_clear()
    try:
        assert rates.told_apart(client) == allowance
    finally:
        hosting.cache_clear()
