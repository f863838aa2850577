"""Addresses whose keys the host holds: a reader writes `host:<name>`, and never sees a key.

`WORTH_TUNING_ENDPOINTS` has one table for each name:

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
import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from advisor.errors import BadEndpoint, BadSettings
from advisor.host.settings import exposure, settings

_PREFIX = "host:"


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


def host_name(endpoint: str) -> str | None:
    """The name in `host:<name>`; None = an address of the reader's own."""
    said = endpoint.strip().rstrip("/")
    return said.removeprefix(_PREFIX).strip() if said.startswith(_PREFIX) else None


def host_endpoint(endpoint: str) -> HostEndpoint | None:
    """What the host has set up under this name; None = an address of the reader's own.

    Raises:
        BadEndpoint: nothing goes by this name.
    """
    name = host_name(endpoint)
    if name is None:
        return None
    found = host_endpoints().get(name)
    if found is None:
        raise BadEndpoint(f"The host has no address called “{name}”; {_instead()}")
    return found


def check_own(endpoint: str) -> None:
    """Refuse an address of a reader's own where the host allows none; recorded answers have none.

    Raises:
        BadEndpoint: it is one.
    """
    if exposure().only_endpoints and host_name(endpoint) is None:
        raise BadEndpoint(
            f"This server asks models only where its host has set them up; {_instead()}"
        )


def check_model(endpoint: str, model: str) -> None:
    """Refuse a model that the host has not named for its address, where it has named any.

    Raises:
        BadEndpoint: it is one, or there is no such address.
    """
    found = host_endpoint(endpoint)
    if found is not None and found.models and model not in found.models:
        raise BadEndpoint(
            f"At {endpoint.strip()} this server asks no model called “{model}”; choose one of: "
            f"{', '.join(found.models)}."
        )


def host_price(endpoint: str, model: str) -> HostPrice | None:
    """What the host pays for a model at its address; None = the host has not said."""
    found = host_behind(endpoint)
    return None if found is None else found.models.get(model)


def _instead() -> str:
    known = ", ".join(f"host:{name}" for name in host_endpoints())
    if known:
        return f"choose one of: {known}."
    return (
        "the samples need none." if exposure().only_endpoints else "enter an address of your own."
    )


def host_key(endpoint: HostEndpoint) -> str | None:
    """The key of an address of the host, read from the environment; None = it wants none.

    Raises:
        BadEndpoint: the variable is not set.
    """
    if endpoint.key_env is None:
        return None
    if not (key := os.environ.get(endpoint.key_env, "").strip()):
        raise BadEndpoint(
            f"The host's key for this address is not set ({endpoint.key_env}); "
            "the people who run the app must set it."
        )
    return key


def host_behind(endpoint: str) -> HostEndpoint | None:
    """What the host has set up under this name; None = an own address, or nothing of that name."""
    return host_endpoints().get(host_name(endpoint) or "")


def host_addresses() -> dict[str, str]:
    """What stands behind each `host:<name>`, for what is worded without the host's settings."""
    return {f"{_PREFIX}{name}": found.url for name, found in host_endpoints().items()}


def address_of(endpoint: str) -> str:
    """Where texts go: what stands behind `host:<name>`, else the address as it is."""
    found = host_behind(endpoint)
    return endpoint if found is None else found.url
