"""Clients for OpenAI-compatible endpoints, made one way: no hidden retry, redirect or proxy."""

import logging
import re
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

import httpx2
from openai import AsyncOpenAI

from advisor.case.options import GIVEN
from advisor.errors import BadEndpoint
from advisor.host.endpoints import check_own, host_endpoint, host_key
from advisor.llm.addresses import mended
from advisor.llm.guard import guarded
from advisor.llm.reach import Reach, reach
from advisor.llm.replay import GivenTransport, ReplayTransport, replayed_sample

Client = AsyncOpenAI
"""What `make_client` gives, for the packages that don't import openai."""

PLACEHOLDER_KEY = "no-key"
"""Sent where the reader gave no key; local servers accept anything."""

_MAX_CONNECTIONS = 256
_CONNECT_S = 10.0
_LONGEST_ADDRESS = 2_000


for _name in ("aiohttp", "httpcore2", "httpx2", "openai"):
    # At DEBUG they write headers and bodies: keys that a server repeats, and readers' texts.
    logging.getLogger(_name).setLevel(logging.WARNING)


class HasEndpoint(Protocol):
    """Anything that names the address of an endpoint, such as an Arm."""

    @property
    def endpoint(self) -> str: ...  # noqa: D102


def make_client(
    arm_or_endpoint: HasEndpoint | str,
    key: str | None = None,
    timeout_s: float = 60.0,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> AsyncOpenAI:
    """A client for one endpoint; close it with `await client.close()`.

    Args:
        arm_or_endpoint: an arm, or its address: `https://host/v1`, `host:<name>` or
            `replay:<sample>`.
        key: sent as a bearer token; a placeholder where there is none. An address of the host
            gets the host's key instead.
        timeout_s: longest silence of the server, seconds.
        transport: stands in for the network.

    Raises:
        BadEndpoint: the address or the key can't be used; the message says why.
    """
    endpoint = arm_or_endpoint if isinstance(arm_or_endpoint, str) else arm_or_endpoint.endpoint
    hosted = host_endpoint(endpoint)
    if hosted is not None:  # the host's key goes to the host's address, and no other does
        key = host_key(hosted)
    key = (key or "").strip() or PLACEHOLDER_KEY
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise BadEndpoint("The key holds characters that no key has; copy and paste it again.")
    sample = replayed_sample(endpoint)
    if sample is not None:
        base_url = f"http://replay.invalid/{sample}"
        transport = ReplayTransport(sample)
    elif endpoint.startswith(GIVEN):
        base_url, transport = "http://given.invalid", GivenTransport()
    else:
        base_url = check_address(endpoint)
    # What the host has named may be inside its network.
    within = reach() if hosted is None else Reach()
    limits = httpx2.Limits(
        max_connections=_MAX_CONNECTIONS, max_keepalive_connections=_MAX_CONNECTIONS
    )
    parts = urlsplit(base_url)
    client = AsyncOpenAI(
        api_key=key,
        base_url=parts._replace(query="", fragment="").geturl(),
        # Apart, as the SDK would put each path behind it.
        default_query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        max_retries=0,
        timeout=httpx2.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_S)),
        http_client=httpx2.AsyncClient(
            transport=transport or guarded(within, limits),
            trust_env=False,
            follow_redirects=False,
        ),
    )
    # The SDK reads these from the environment and would send them to any address.
    client.organization = client.project = client.admin_api_key = None
    return client


def check_address(endpoint: str) -> str:
    """The address, trimmed, without the path of a single call. No name is looked up.

    Raises:
        BadEndpoint: it is not http(s) with a host, carries a user name or password, or is none that
            the host lets be asked.
    """
    hosted = host_endpoint(endpoint)
    check_own(endpoint)
    address = (endpoint if hosted is None else hosted.url).strip().rstrip("/")
    if len(address) > _LONGEST_ADDRESS:
        raise BadEndpoint(
            f"The address has more than {_LONGEST_ADDRESS:,} characters; enter one like "
            "https://host/v1."
        )
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port  # reading the port checks it
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or re.search(r"\s", address):
        shown = re.sub(r"//[^/@]*@", "//", address)[:200]
        raise BadEndpoint(
            f"“{shown}” is not an address of a model; it should look like https://host/v1."
        )
    if parts.username is not None or parts.password is not None:
        raise BadEndpoint(
            "Take the user name and password out of the address; put the key in its own field."
        )
    (reach() if hosted is None else Reach()).check(address)
    return mended(address)
