"""Who can reach the app, and what they may reach through it: settings of whoever hosts it.

| Variable | What it sets |
|---|---|
| `WORTH_TUNING_HOSTED` | `true`: strangers use it. Left out: so it is where `DATABASE_URL` is set |
| `WORTH_TUNING_ALLOWED_ADDRESSES` | names, addresses, networks inside, each with a port or with any |
| `WORTH_TUNING_ONLY_ENDPOINTS` | `true`: no model is asked but at addresses of `WORTH_TUNING_ENDPOINTS` |
| `WORTH_TUNING_HOSTNAMES` | names at which the app is reached; a request for any other is refused |

Lists have commas: `llm.internal:8000, 10.1.0.0/16` and `tuning.example.com, *.example.org`.
"""

from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from advisor.environment import FromEnvironment


def _parts(value: object) -> object:
    """`a, b` as ("a", "b")."""
    if isinstance(value, str):
        return tuple(name for part in value.split(",") if (name := part.strip()))
    return value


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

    @property
    def to_strangers(self) -> bool:
        """Whether what is typed in must be kept out of the host's network."""
        return bool(self.shared_database) if self.hosted is None else self.hosted


@lru_cache(maxsize=1)
def exposure() -> Exposure:
    """The settings, read once.

    Raises:
        BadSettings: one of them can't be read.
    """
    return Exposure.read()
