"""What the tests of safety share: a host that strangers use, and a watch on sockets."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from advisor.host.endpoints import host_endpoints
from advisor.host.settings import exposure, settings

_WATCHED: list[list[tuple[str, Any]]] = []


def _hear(event: str, said: tuple[Any, ...]) -> None:
    if _WATCHED and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        _WATCHED[-1].append((event, said[1] if event == "socket.connect" else said[0]))


sys.addaudithook(_hear)  # can't be taken off again; without a watch it does nothing


@pytest.fixture
def network() -> Iterator[list[tuple[str, Any]]]:
    """Every connection this process makes, and every name it looks up, in order."""
    _WATCHED.append([])
    yield _WATCHED[-1]
    _WATCHED.pop()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Sets the host's settings: `host(hosted=True, allowed_addresses="10.0.0.0/8")`."""

    def forget() -> None:
        exposure.cache_clear()
        settings.cache_clear()
        host_endpoints.cache_clear()

    def set_up(**settings: object) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(f"WORTH_TUNING_{name.upper()}", str(value))
        forget()

    yield set_up
    monkeypatch.undo()
    forget()
