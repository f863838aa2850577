"""Settings of the host, from the environment.

| Variable | What it sets |
|---|---|
| `WORTH_TUNING_DB` | the SQLite file that holds cases, runs and votes; default `data/worth_tuning.db` |
| `DATABASE_URL` | a Postgres for all replicas instead: `postgresql://user:password@host/name` |
| `WORTH_TUNING_ENDPOINTS` | model addresses whose keys the host holds: a TOML file, or JSON |

One table of the last for each name; an option's address is then `host:<name>`:

    [openai]
    url = "https://api.openai.com/v1"
    key_env = "OPENAI_API_KEY"     # the variable that holds the key; left out: no key is sent
    region = "the EU"              # where it answers from, as readers are told before a run
    requests = 500                 # at most so many requests ...
    per_s = 60                     # ... in so many seconds, over all replicas and workers
    [openai.models."gpt-4.1-mini"] # where any is named, no other is asked; USD for a million tokens:
    input = 0.40                   # budgets, caps and spend go by these, whatever a reader enters
    output = 1.60
"""

import json
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from advisor.errors import BadSettings
from advisor.host.environment import FromEnvironment


class HostPrice(BaseModel):
    """What a model costs its host, USD for a million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)


class HostEndpoint(BaseModel):
    """A model address whose key the host holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(pattern=r"^https?://[^/\s]")
    key_env: str | None = None
    """The environment variable with the key; None = no key is sent."""
    region: str = ""
    """Where it answers from, in the words readers are shown; "" = not known."""
    requests: int | None = Field(default=None, ge=1)
    """The most requests in `per_s`; None = as many as the address takes."""
    per_s: float = Field(default=1.0, gt=0)
    """Seconds."""
    models: Mapping[str, HostPrice] = {}
    """The models that may be asked, and what each costs; empty = any, at the reader's prices."""


_SCHEMES = ("postgres://", "postgresql://", "postgresql+psycopg://", "sqlite://")


class Settings(FromEnvironment):
    """Each has a default that needs nothing set up."""

    db: Path = Path("data") / "worth_tuning.db"
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)
    endpoints: str | None = None

    @field_validator("database_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(_SCHEMES):
            raise ValueError("it should look like postgresql://…@host/name")
        return url

    @property
    def database(self) -> str | Path:
        """What the store opens."""
        return self.database_url or self.db


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings, read once.

    Raises:
        BadSettings: one of them can't be read.
    """
    return Settings.read()


@lru_cache(maxsize=1)
def host_endpoints() -> Mapping[str, HostEndpoint]:
    """The addresses whose keys the host holds, by name; read once.

    Raises:
        BadSettings: what `WORTH_TUNING_ENDPOINTS` names can't be read.
    """
    said = (settings().endpoints or "").strip()
    if not said:
        return {}
    try:
        return _ENDPOINTS.validate_python(_tables(said))
    except (OSError, ValueError) as error:
        where = _first(error) if isinstance(error, ValidationError) else str(error)
        raise BadSettings(
            f"WORTH_TUNING_ENDPOINTS can't be read ({where}); name a TOML file, or give JSON."
        ) from error


def _tables(said: str) -> Any:
    if said.startswith("{"):
        return json.loads(said)
    return tomllib.loads(Path(said).expanduser().read_text("utf-8"))


def _first(error: ValidationError) -> str:
    first = error.errors(include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


_ENDPOINTS = TypeAdapter(dict[str, HostEndpoint])
