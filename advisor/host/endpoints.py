"""Addresses whose keys the host holds: a reader writes `host:<name>`, and never sees a key."""

import os

from advisor.errors import BadEndpoint
from advisor.host.settings import HostEndpoint, HostPrice, exposure, host_endpoints

_PREFIX = "host:"


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
