"""A stranger's own server can't fill the memory of the app that asks it."""

import asyncio
import gzip
import re
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from advisor.errors import BadEndpoint
from advisor.llm.capabilities import find_out
from advisor.llm.client import make_client
from advisor.llm.limits import pace_of
from advisor.llm.quirks import Call
from advisor.llm.replies import Reply, ask

MB = 1024 * 1024
ENDLESS = 200 * MB
"""More is not sent, should nobody stop it."""


@cache
def bomb() -> bytes:
    return gzip.compress(b" " * 150 * MB)


@contextmanager
def sending(head: str, body: bytes, up_to: int) -> Iterator[tuple[str, list[int]]]:
    """A server that answers anything with this head and this body again and again.

    Gives its address, and how much of a body it got rid of, each time.
    """
    sent: list[int] = []

    def answer(met: socket.socket) -> None:
        with met:
            _read_request(met)
            met.sendall(f"HTTP/1.1 {head}\r\nConnection: close\r\n\r\n".encode())
            sent.append(0)
            number = len(sent) - 1
            try:
                while sent[number] < up_to:
                    met.sendall(body)
                    sent[number] += len(body)
            except OSError:
                return

    def serve() -> None:
        while True:
            try:
                met, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(met,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1", sent
        server.shutdown(socket.SHUT_RDWR)


def _read_request(met: socket.socket) -> None:
    """All of it: an end that closes with something unread takes its answer back."""
    head, _, body = met.recv(65_536).partition(b"\r\n\r\n")
    sized = re.search(rb"content-length: (\d+)", head.lower())
    while sized and len(body) < int(sized[1]) and (more := met.recv(65_536)):
        body += more


def ask_at(address: str) -> Reply:
    async def go() -> Reply:
        async with make_client(address, "k", 30) as client:
            return await ask(client, Call("m", [{"role": "user", "content": "Hi"}], 5))

    return asyncio.run(go())


HEADS = {
    "an answer without end": "200 OK\r\nContent-Type: application/json",
    "an error without end": "400 Bad Request\r\nContent-Type: application/json",
    "one of the server": "500 Oops\r\nContent-Type: text/plain",
    "an event without end": "200 OK\r\nContent-Type: text/event-stream",
    "a redirect without end": "302 Found\r\nLocation: /",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_no_more_is_read_of_a_response_than_it_may_have(head):
    with sending(head, b"x" * 65_536, ENDLESS) as (address, sent):
        assert ask_at(address).fault is not None
    assert 0 < max(sent) < 20 * MB


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request"])
def test_a_response_that_unpacks_to_a_lot_is_unpacked_no_further_than_it_may(status):
    head = f"{status}\r\nContent-Type: application/json\r\nContent-Encoding: gzip"
    with sending(head, bomb(), 1) as (address, _):
        tracemalloc.start()
        assert ask_at(address).fault is not None
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 40 * MB


def test_what_an_address_can_do_is_found_out_within_the_same_limits():
    with sending(HEADS["an answer without end"], b"x" * 65_536, ENDLESS) as (address, sent):
        find_out(address, "m")
    assert 0 < max(sent) < 20 * MB


def test_a_packed_answer_is_read():
    said = b'{"choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}]}'
    head = "200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip"
    with sending(head, gzip.compress(said), 1) as (address, _):
        assert ask_at(address).text == "Hello"


@pytest.mark.parametrize("name", ["x-ratelimit-reset-requests", "x-ratelimit-remaining"])
@pytest.mark.parametrize("sign", ["1", " 1", "1h"])
def test_a_header_as_long_as_a_book_is_not_pondered(name, sign):
    began = time.process_time()
    pace_of({name: sign * (60_000 // len(sign))})
    assert time.process_time() - began < 0.5


def test_nor_is_an_address():
    began = time.process_time()
    with pytest.raises(BadEndpoint, match="more than 2,000 characters"):
        make_client("http://" + "0" * 60_000 + "x/v1")
    assert time.process_time() - began < 0.5
