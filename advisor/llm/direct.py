"""HTTP by aiohttp: its parser is in C, and a call costs a fraction of the processor time of httpcore.

A transport for httpx2, so that the SDK and all who ask by httpx2 go this way.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator

import aiohttp
import anyio
import anyio.to_thread
import httpx2
from aiohttp.abc import AbstractResolver, ResolveResult
from ssrfguard import Resolver
from yarl import URL

from advisor.errors import BadEndpoint
from advisor.llm.reach import Reach

MOST_TRIED = 4
"""Addresses of one name: whoever owns the name must not decide how long a caller waits."""
LOOKUPS_AT_ONCE = 64
"""Of one client. A look-up can't be stopped, so those that hang hold only its own threads."""
_LONGEST_HEADER = 64_000
"""Bytes of a status line or of one header."""
_SET_ANEW = (b"content-length", b"transfer-encoding")
"""Headers that say how the body is sent, which aiohttp decides."""
_NOT_ADDED = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class DirectTransport(httpx2.AsyncBaseTransport):
    """Sends requests to addresses within reach, each over a connection of its own or one kept open."""

    def __init__(
        self,
        reach: Reach,
        tls: ssl.SSLContext,
        limits: httpx2.Limits,
        resolver: Resolver = socket.getaddrinfo,
    ) -> None:
        self._reach = reach
        self._tls = tls
        self._limits = limits
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        """Opened by the first request, since it belongs to the event loop that runs then."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request; gives the response with its body still to be read.

        Raises:
            httpx2.TransportError: it did not come; the cause says why, `BadEndpoint` where the host
                or one of its addresses is out of reach.
        """
        url = request.url
        # The session looks no address up that is written as one.
        try:
            self._reach.check_origin(url.host, url.port or (443 if url.scheme == "https" else 80))
        except BadEndpoint as error:
            raise httpx2.ConnectError(str(error)) from error
        if self._session is None:
            self._session = self._opened()
        # What a server closed a moment ago is known once the loop has looked at its sockets.
        await asyncio.sleep(0)
        clock = request.extensions.get("timeout", {})
        try:
            response = await self._session.request(
                request.method,
                URL(str(url), encoded=True),
                data=await request.aread() or None,
                headers=[
                    (name.decode("ascii"), value.decode("latin-1"))
                    for name, value in request.headers.raw
                    if name.lower() not in _SET_ANEW
                ],
                timeout=aiohttp.ClientTimeout(
                    connect=clock.get("connect"), sock_read=clock.get("read")
                ),
                allow_redirects=False,
            )
        except (aiohttp.ClientError, BadEndpoint, OSError, ValueError) as error:
            raise _as_httpx2(error) from error
        return httpx2.Response(
            response.status, headers=list(response.raw_headers), stream=_Body(response)
        )

    async def aclose(self) -> None:
        """Close the connections that are kept open."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=_Lookups(self._reach, self._resolver),
            ssl=self._tls,
            use_dns_cache=False,  # an address is checked when it is connected to
            limit=self._limits.max_connections or 0,
            keepalive_timeout=self._limits.keepalive_expiry,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=_NOT_ADDED,
            max_line_size=_LONGEST_HEADER,
            max_field_size=_LONGEST_HEADER,
        )


class _Lookups(AbstractResolver):
    """Looks a name up once, checks all that is answered, and gives the first of the addresses."""

    def __init__(self, reach: Reach, resolver: Resolver) -> None:
        self._reach = reach
        self._resolver = resolver
        self._threads = anyio.CapacityLimiter(LOOKUPS_AT_ONCE)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host.

        Raises:
            BadEndpoint: it, or one of its addresses, is out of reach.
            OSError: it can't be looked up.
        """
        try:
            found = await anyio.to_thread.run_sync(
                self._reach.addresses,
                host,
                port,
                self._resolver,
                abandon_on_cancel=True,
                limiter=self._threads,
            )
        except UnicodeError as error:
            raise OSError(str(error)) from error
        return [
            ResolveResult(
                hostname=host,
                host=str(one.ip),
                port=port,
                family=socket.AF_INET6 if one.ip.version == 6 else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for one in found[:MOST_TRIED]
        ]

    async def close(self) -> None:
        """Nothing to close."""


class _Body(httpx2.AsyncByteStream):
    """The body of a response, as it comes; its connection is kept once it is read to its end."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._response.content.iter_any():
                yield piece
        except (aiohttp.ClientError, OSError) as error:
            raise _as_httpx2(error, reading=True) from error

    async def aclose(self) -> None:
        """Close the connection, unless the body was read to its end."""
        self._response.close()


def _as_httpx2(error: Exception, *, reading: bool = False) -> httpx2.TransportError:
    """What httpx2 would have raised."""
    said = str(error)
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return httpx2.ConnectTimeout(said)
    if isinstance(error, TimeoutError):
        return httpx2.ReadTimeout(said)
    if isinstance(error, (aiohttp.ClientConnectorError, BadEndpoint)):
        return httpx2.ConnectError(said)
    if isinstance(error, aiohttp.ClientOSError):
        return httpx2.ReadError(said)
    if isinstance(error, (aiohttp.ClientError, ValueError)):
        return httpx2.RemoteProtocolError(said)
    return httpx2.ReadError(said) if reading else httpx2.ConnectError(said)
