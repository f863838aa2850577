"""The way out of the host's network: whose certificates are trusted, and through which proxy.

Every client of the app that asks an address outside takes its transport here.
"""

import base64
import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx2

from advisor.errors import BadSettings
from advisor.host.settings import exposure


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that connections are tunnelled through by CONNECT (RFC 9110, 9.3.6)."""

    host: str
    port: int
    authorization: str = ""
    """What `Proxy-Authorization` says; "" = nothing."""

    def asks_for(self, target: str) -> bytes:
        """The request for a tunnel to `host:port`."""
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if self.authorization:
            lines.append(f"Proxy-Authorization: {self.authorization}")
        return "\r\n".join([*lines, "", ""]).encode()


def proxy() -> Proxy | None:
    """The proxy of `WORTH_TUNING_EGRESS_PROXY`; None = connections are made directly."""
    said = exposure().egress_proxy
    if not said:
        return None
    parts = urlsplit(said)
    authorization = ""
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = f"Basic {base64.b64encode(user.encode()).decode()}"
    return Proxy(parts.hostname or "", parts.port or 3128, authorization)


def tls() -> ssl.SSLContext:
    """Whose certificates are trusted: the public authorities, and those the host has named.

    Raises:
        BadSettings: the host's file can't be read.
    """
    return _tls(exposure().ca_file)


@cache
def _tls(file: Path | None) -> ssl.SSLContext:
    """Loading the certificates takes tens of milliseconds, so all clients share them."""
    context = httpx2.create_ssl_context(trust_env=False)
    if file is not None:
        try:
            context.load_verify_locations(file)
        except OSError as error:  # also what is no certificate: ssl.SSLError is one
            raise BadSettings(
                f"The certificates in {file} can't be read ({error.strerror or error}); "
                "WORTH_TUNING_CA_FILE takes a file of them in PEM."
            ) from None
    return context
