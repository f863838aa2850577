"""Which addresses may be asked: none inside the host's network when strangers type them in.

Everything that can be said of an address is said here without a connection. A name is looked up
once, every answer is checked, and `guard` connects to one of those answers and to nothing else.
"""

import re
import socket
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self
from urllib.parse import urlsplit

from ssrfguard import (
    DEFAULT_DENIED,
    Address,
    AddressTable,
    Block,
    Policy,
    Resolver,
    Target,
    resolve,
)
from ssrfguard import Reach as Says

from advisor.errors import BadEndpoint, BadSettings
from advisor.host.settings import exposure

INSIDE = "This address is inside your network. Ask the people who run the app to allow it."
NEVER = "No model answers at this address; enter another one."

_MORE = (
    Block(ip_network("168.63.129.16/32"), "Cloud metadata (Azure platform)", "", Says.DENIED),
    Block(ip_network("fd20:ce::254/128"), "Cloud metadata (Google, IPv6)", "", Says.DENIED),
)
"""Not in the table of ssrfguard, or only by their block. Sources: Microsoft, "What is IP address
168.63.129.16?"; Google Cloud, "About VM metadata"."""
_INSIDE = AddressTable((*DEFAULT_DENIED.blocks, *_MORE))
_NEVER = AddressTable(
    tuple(
        block
        for block in _INSIDE.blocks
        if block.reach is Says.TRANSLATED or block.name.startswith(("Cloud metadata", "Multicast"))
    )
)
"""What nobody may ask, wherever the app runs: the keys of a cloud machine, and many at once."""
_ANY = Policy(denied_networks=AddressTable(()))
_INSIDE_ENDS = (
    *("localhost", "local", "internal", "localdomain", "lan", "home", "corp", "intranet"),
    *("private", "arpa", "svc"),
)
"""Last labels of names that only exist inside a network."""
_WEB_PORTS = (80, 443)
_LOWEST_OWN_PORT = 1024
"""From here on a port may be anybody's; below are mail, files and the like."""
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?$", re.I)
"""The end of a host that is a number in some notation, as a resolver may take it (WHATWG URL)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the host's list: a name, an address or a network, with a port or with any."""

    name: str = ""
    network: IPv4Network | IPv6Network | None = None
    port: int | None = None

    @classmethod
    def read(cls, entry: str) -> Self:
        """Read `llm.internal`, `llm.internal:8000`, `10.0.0.0/8`, `10.0.0.7:8000`, `[fd00::7]:8000`.

        Raises:
            ValueError: it is none of these.
        """
        found = re.fullmatch(r"\[(.+)\](?::(\d+))?|([^:\s]+)(?::(\d+))?|(\S*:\S*:\S*)", entry)
        if found is None:
            raise ValueError(f"“{entry}” is not an address, a network or a name, with a port")
        host = found[1] or found[3] or found[5]
        given = found[2] or found[4]
        port = int(given) if given else None
        if re.fullmatch(r"[0-9a-f.:]*[:/][0-9a-f.:/]*|[0-9.]+", host, re.I):
            return cls(network=ip_network(host), port=port)
        return cls(name=host.lower().rstrip("."), port=port)

    def allows(self, name: str, port: int, ip: IPv4Address | IPv6Address | None) -> bool:
        """Whether this entry lets a name or an address in."""
        if self.port not in (None, port):
            return False
        if self.network is None:
            return self.name == name
        return ip is not None and ip.version == self.network.version and ip in self.network


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be asked; the same for every client of a process."""

    hosted: bool = False
    """Strangers type the addresses in, so those inside the host's network are refused."""
    listed: tuple[Listed, ...] = ()
    """What is allowed nevertheless."""

    def check(self, address: str) -> None:
        """Refuse what can be known to be out of reach without looking a name up.

        Args:
            address: `http(s)://host[:port]/…`, checked for its form before.

        Raises:
            BadEndpoint: one of the two sentences, or one about the port.
        """
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self.check_origin(parts.hostname or "", port)

    def check_origin(self, host: str, port: int) -> None:
        """The same for a host and a port, as a connection is about to be made to them.

        Raises:
            BadEndpoint: see `check`.
        """
        name = _plain_name(host)
        ip = _literal(name)
        if ip is not None:
            self._check_address(name, port, ip)
        elif _NUMBER.search(name):
            raise BadEndpoint(NEVER)
        if not self.hosted or any(entry.allows(name, port, ip) for entry in self.listed):
            return
        if ip is None and ("." not in name or name.rpartition(".")[2] in _INSIDE_ENDS):
            raise BadEndpoint(INSIDE)
        if port not in _WEB_PORTS and port < _LOWEST_OWN_PORT:
            raise BadEndpoint(
                f"Port {port} is not one that models answer at. Ask the people who run the app to "
                "allow it."
            )

    def addresses(
        self, host: str, port: int, resolver: Resolver = socket.getaddrinfo
    ) -> tuple[Address, ...]:
        """The addresses of a host: one look-up, and every address must be within reach.

        Args:
            host: a name, or an address without brackets.
            port: the port.
            resolver: as `socket.getaddrinfo`. Blocks.

        Raises:
            BadEndpoint: one of the answers is out of reach.
            OSError, UnicodeError: the name can't be looked up.
        """
        self.check_origin(host, port)
        name = _plain_name(host)
        target = Target("tcp", host, port, host_as_written=host, address=_literal(host))
        found = resolve(target, policy=_ANY, resolver=resolver)
        for one in found:
            self._check_address(name, port, one.ip)
        return found

    def tunnelled(
        self, host: str, port: int, resolver: Resolver = socket.getaddrinfo
    ) -> tuple[str | None, tuple[Address, ...]]:
        """How a host is met where a proxy leads outside: what the proxy is asked for, or where to go.

        What is inside the host's network is asked directly. For a stranger's address the proxy is
        given the address that was checked; one that the host has named is given by its name, and
        need not be known to the resolver here.

        Raises:
            BadEndpoint: it is out of reach.
            OSError, UnicodeError: a stranger's name can't be looked up.
        """
        try:
            found = self.addresses(host, port, resolver)
        except OSError:
            if self.hosted:
                raise
            return f"{_plain_name(host)}:{port}", ()
        if all(_INSIDE.classify(one.ip).blocked for one in found):
            return None, found
        if not self.hosted:
            return f"{_plain_name(host)}:{port}", ()
        ip = found[0].ip
        return (f"[{ip}]:{port}" if ip.version == 6 else f"{ip}:{port}"), ()

    def _check_address(self, name: str, port: int, ip: IPv4Address | IPv6Address) -> None:
        if _NEVER.classify(ip).blocked:
            raise BadEndpoint(NEVER)
        if not self.hosted or any(entry.allows(name, port, ip) for entry in self.listed):
            return
        if _INSIDE.classify(ip).blocked:
            raise BadEndpoint(INSIDE)


def reach() -> Reach:
    """What may be asked by the settings of the host.

    Raises:
        BadSettings: the host's list can't be read.
    """
    return _reach(exposure().to_strangers, exposure().allowed_addresses)


@cache
def _reach(hosted: bool, allowed: tuple[str, ...]) -> Reach:
    try:
        return Reach(hosted, tuple(Listed.read(entry) for entry in allowed))
    except ValueError as error:
        raise BadSettings(
            f"The setting WORTH_TUNING_ALLOWED_ADDRESSES can't be used ({error}); "
            "docs/hosting.md says what it takes."
        ) from None


def _plain_name(host: str) -> str:
    """As the resolver will see it: other scripts as ASCII, full-width digits as digits."""
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadEndpoint(NEVER) from None
    return name.lower().rstrip(".")


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
