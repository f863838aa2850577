"""Who can reach the app, and what they may reach through it: settings of whoever hosts it.

| Variable | What it sets |
|---|---|
| `WORTH_TUNING_HOSTED` | `true`: strangers use it. Left out: so it is where `DATABASE_URL` is set |
| `WORTH_TUNING_ALLOWED_ADDRESSES` | names, addresses, networks inside, each with a port or with any |
| `WORTH_TUNING_ONLY_ENDPOINTS` | `true`: models are asked at `WORTH_TUNING_ENDPOINTS` only |
| `WORTH_TUNING_HOSTNAMES` | names at which the app is reached; a request for any other is refused |

Lists have commas: `llm.internal:8000, 10.1.0.0/16` and `tuning.example.com, *.example.org`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator
from pydantic_settings import NoDecode

from advisor.host.environment import FromEnvironment


def _parts(value: object) -> object:
    """`a, b` as ("a", "b")."""
    if isinstance(value, str):
        return tuple(name for part in value.split(",") if (name := part.strip()))
    return value


_NAME = re.compile(r"\*|(\*\.)?[\w-]+(\.[\w-]+)*|\[?[0-9a-fA-F:]+\]?")
"""As Starlette takes them."""

Parts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parts)]
"""In the environment: with commas between."""


class Exposure(FromEnvironment):
    """Each has a default that fits one reader on their own machine."""

    hosted: bool | None = None
    allowed_addresses: Parts = ()
    only_endpoints: bool = False
    """No reader has a model asked at an address of their own, wherever it is."""
    hostnames: Parts = ()
    """Empty = any name."""
    shared_database: str | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)

    @field_validator("hostnames")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_NAME.fullmatch(name) for name in names):
            raise ValueError("each is a name such as app.example.org or *.example.org")
        return names

    @property
    def to_strangers(self) -> bool:
        """Whether what is typed in must be kept out of the host's network."""
        if self.hosted is None:
            return bool(self.shared_database) and not _typed.get()
        return self.hosted


@lru_cache(maxsize=1)
def exposure() -> Exposure:
    """The settings, read once.

    Raises:
        BadSettings: one of them can't be read.
    """
    return Exposure.read()


@contextmanager
def typed_by_the_host() -> Iterator[None]:
    """While a command goes on whose addresses come from whoever typed it.

    A database that replicas share says then nothing of strangers; `WORTH_TUNING_HOSTED` still does.
    """
    before = _typed.set(True)
    try:
        yield
    finally:
        _typed.reset(before)


_typed = ContextVar("typed", default=False)
