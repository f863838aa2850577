"""How often one client may do what costs the server something; whoever does it more often waits.

The shipped proxy has no module for this. What is counted is counted in this process, so several
replicas let through as many times more.
"""

import math
import time
from collections import Counter, OrderedDict
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from advisor.host.settings import exposure, hosting
from pages.ui.server.requests import client_of
from pages.ui.server.uploads import UPLOAD

KINDS = {
    "/_stcore/stream": "session",
    UPLOAD: "upload",
    "/auth/login": "sign-in",
    "/oauth2callback": "sign-in",
    "/report.pdf": "PDF",
}
"""What costs, by a part of its path; shared reports and ballots are read within a session."""
CLIENTS = 20_000
"""Clients that are remembered, by kind; the one heard of longest ago is forgotten first."""
SAID = "Too many requests from your address. Wait {} seconds, then try again."


class Bucket:
    """Allowances of many clients, each full at first and filling again within a minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """By client: how much of its allowance was used up, and when that was so."""

    def wait_s(self, client: str, now: float) -> float:
        """Seconds until the client may, 0 = it does so now."""
        used, since = self._used.pop(client, (0.0, now))
        used = max(0.0, used - (now - since) * self._most / 60)
        may = used + 1 <= self._most
        self._used[client] = (used + 1 if may else used, now)
        if len(self._used) > CLIENTS:
            self._used.popitem(last=False)
        return 0.0 if may else (used + 1 - self._most) * 60 / self._most


class Rates:
    """Answers 429 to a client that asks too often, and to one that has too many sessions open."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._most = hosting().rate_per_minute if exposure().to_strangers else 0
        self._buckets = {kind: Bucket(self._most) for kind in KINDS.values()}
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what costs little, what may be done, and all of whom nobody can tell apart."""
        kind = _kind(scope) if self._most else None
        client = told_apart(client_of(scope)) if kind else None
        if kind is None or client is None:
            await self.app(scope, receive, send)
            return
        wait_s = self._buckets[kind].wait_s(client, time.monotonic())
        if kind == "session" and self._open[client] >= self._most:
            wait_s = max(wait_s, 60.0)
        if wait_s > 0:
            after = str(math.ceil(wait_s))
            refused = PlainTextResponse(
                f"{SAID.format(after)}\n", 429, {"Retry-After": after, "Connection": "close"}
            )
            await refused(scope, receive, send)  # a session too is refused by an answer
            return
        if kind != "session":
            await self.app(scope, receive, send)
            return
        self._open[client] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]


def _kind(scope: Scope) -> str | None:
    if scope["type"] not in ("http", "websocket"):
        return None
    path = str(scope["path"])
    return next((kind for part, kind in KINDS.items() if part in path), None)


def told_apart(client: str | None) -> str | None:
    """Whom an allowance is for; None = the address may stand for many whom nobody can tell apart.

    An address inside a network is a proxy's, unless the host's own proxy says who is behind it.
    One subscriber has a whole /64 of IPv6.
    """
    said = client or ""
    if said.count(":") == 1:  # some proxies add the port
        said = said.partition(":")[0]
    try:
        address: IPv4Address | IPv6Address = ip_address(said.strip("[]"))
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if not hosting().client_header and not address.is_global:
        return None
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)
