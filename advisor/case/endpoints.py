"""What differs between OpenAI-compatible endpoints, from `data/endpoints.toml`."""

import tomllib
from datetime import date
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl

from advisor.case.brief import Frozen
from pricing.regions import Placed, Region

FILE = Path(__file__).parent.parent / "data" / "endpoints.toml"

AT_ONCE = 8
"""Answers asked for at once where nobody said otherwise ..."""
AT_ONCE_INSIDE = 4
"""... and at a server of the reader's own: it has a few slots, and who waits for one looks slow."""
INSIDE = (".local", ".internal", ".lan", ".home.arpa", ".intranet", ".corp")
"""Ends of host names that nobody outside a network can ask."""

TokenCap = Literal["max_tokens", "max_completion_tokens"]


class EndpointKind(Frozen):
    """One kind of endpoint."""

    id: str
    name: str
    address: str
    """Its form, as an example."""
    company: str = ""
    """Who runs it; "" = whoever started the server."""
    hosts: tuple[str, ...] = ()
    """Ends of host names."""
    ports: tuple[int, ...] = ()
    """Where its server listens unless told otherwise."""
    token_cap: TokenCap
    """The parameter that bounds an answer."""
    key: Literal["needed", "optional", "ignored"]
    models: str = Field(min_length=1)
    """Where the names of its models come from."""
    note: str = Field(min_length=1)
    source: HttpUrl
    checked: date
    regions: dict[str, tuple[Region, ...]] = Field(default_factory=dict)
    """By host: the regions it keeps texts in. A host that is not named: not known."""
    regions_source: HttpUrl | None = None
    regions_checked: date | None = None


class _EndpointSheet(Frozen):
    profiles: tuple[EndpointKind, ...]


@cache
def profiles() -> tuple[EndpointKind, ...]:
    """Every profile, as a form would offer them; the last one is "other"."""
    return _EndpointSheet.model_validate(tomllib.loads(FILE.read_text("utf-8"))).profiles


@cache
def profile_of(endpoint: str) -> EndpointKind:
    """The profile an address fits: by its host, else by its port, else "other"."""
    host, port = _host_and_port(endpoint)
    for profile in profiles():
        if any(host == end or (end[0] == "." and host.endswith(end)) for end in profile.hosts):
            return profile
    return next((p for p in profiles() if port in p.ports), profiles()[-1])


def is_inside(host: str) -> bool:
    """The host is the reader's own machine, or in their network."""
    try:
        address = ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(INSIDE)
    return address.is_private or address.is_loopback or address.is_link_local


def at_once(endpoint: str, asked: int) -> int:
    """The most answers asked for at once at an address, where a run asks for so many."""
    host, _ = _host_and_port(endpoint)
    inside = endpoint.startswith("http") and bool(host) and is_inside(host)
    return AT_ONCE_INSIDE if asked == AT_ONCE and inside else asked


def machine_of(endpoint: str) -> str:
    """The machine that answers at an address, whichever port; an address that names none is it."""
    return _host_and_port(endpoint)[0] or endpoint


def _host_and_port(endpoint: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(endpoint.strip())
        return (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "", None


def placed(endpoint: str) -> Placed:
    """The regions an address keeps texts in, and where that is said; not known for most."""
    profile = profile_of(endpoint)
    regions = profile.regions.get(_host_and_port(endpoint)[0])
    if regions is None:
        return Placed()
    return Placed(
        regions=regions,
        regions_source=profile.regions_source,
        regions_checked=profile.regions_checked,
    )
