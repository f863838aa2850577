"""The one way to the network: connect only to an IP address that was checked, never to a host name.

Directly by aiohttp. Through the host's proxy by httpx2 with a network backend, as ssrfguard has one
for httpx. TLS gets the name of the host either way, so certificates are checked against the name and
not against the address.
"""

import select
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Iterable
from typing import Any

import anyio
import anyio.to_thread
import httpcore2
import httpx2
from ssrfguard import Address, Resolver

from advisor.errors import BadEndpoint
from advisor.llm.direct import LOOKUPS_AT_ONCE, MOST_TRIED, DirectTransport
from advisor.llm.outside import Proxy, proxy, tls
from advisor.llm.reach import Reach

_PACKED = ("gzip", "x-gzip", "deflate")
_LONGEST_OTHER = 8_000_000
"""Bytes of a response that is no stream of events, unpacked; of an answer `stream` reads fewer."""
_LONGEST_ERROR = 64_000
"""Of one that says what went wrong, which is read whole by whoever asked."""


class GuardedBackend(httpcore2.AnyIOBackend):
    """Opens connections for httpcore2, each to an address within reach, those outside by a proxy."""

    def __init__(
        self, reach: Reach, through: Proxy, resolver: Resolver = socket.getaddrinfo
    ) -> None:
        self._reach = reach
        self._resolver = resolver
        self._through = through
        self._lookups = anyio.CapacityLimiter(LOOKUPS_AT_ONCE)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Look the host up once, check all it answers, and connect to one of the answers.

        Raises:
            httpcore2.ConnectError, httpcore2.ConnectTimeout: nobody answers there in time; or the
                host or one of its addresses is out of reach, the cause then being `BadEndpoint`.
        """
        target, found = await self._ways(host, port, timeout)
        if target is not None:
            return await self._tunnel(self._through, target, timeout)
        tried = found[:MOST_TRIED]
        share = None if timeout is None else timeout / len(tried)
        last: httpcore2.ConnectError | httpcore2.ConnectTimeout | None = None
        for one in tried:
            try:
                opened = await super().connect_tcp(
                    str(one.ip), port, share, local_address, socket_options
                )
                return _Opened(opened)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                last = error
        assert last is not None  # noqa: S101 - a look-up without answers raises
        raise last

    async def _tunnel(
        self, proxy: Proxy, target: str, timeout: float | None
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to `host:port` through the host's own proxy."""
        opened = await super().connect_tcp(proxy.host, proxy.port, timeout)
        await opened.write(proxy.asks_for(target), timeout)
        said = b""
        while b"\r\n\r\n" not in said:
            piece = await opened.read(4096, timeout)
            said += piece
            if not piece or len(said) > _LONGEST_ERROR:
                break
        status = said.split(b" ", 2)[1:2]
        if status != [b"200"] or not said.endswith(b"\r\n\r\n"):
            await opened.aclose()
            first = said.partition(b"\r\n")[0].decode("latin-1")[:100]
            raise httpcore2.ConnectError(f"the proxy {proxy.host} refused: {first}")
        return _Opened(opened)

    async def _ways(
        self, host: str, port: int, timeout: float | None
    ) -> tuple[str | None, tuple[Address, ...]]:
        """What the proxy is asked for, if anything, and else the addresses that may be met."""
        try:
            with anyio.fail_after(timeout):
                return await anyio.to_thread.run_sync(
                    self._reach.tunnelled,
                    host,
                    port,
                    self._resolver,
                    abandon_on_cancel=True,
                    limiter=self._lookups,
                )
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(str(error)) from error
        except (BadEndpoint, OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(str(error)) from error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Refused: no address names one."""
        raise httpcore2.ConnectError("a socket in the file system is no address of a model")


class _Opened(httpcore2.AsyncNetworkStream):
    """A connection that keeps its socket at hand.

    The pool asks every idle connection before each call whether it was closed, and anyio gathers
    all that is known of a socket, its peer too, for every such question.
    """

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream
        self._socket: socket.socket | None = stream.get_extra_info("socket")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        return _Opened(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        if info != "is_readable" or self._socket is None or not hasattr(select, "poll"):
            return self._stream.get_extra_info(info)
        if (descriptor := self._socket.fileno()) < 0:
            return True
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))


class _Cut(httpx2.AsyncByteStream):
    """The beginning of a body, unpacked; what would come after it is never asked for."""

    def __init__(self, body: httpx2.AsyncByteStream, packed: bool, most: int) -> None:
        self._body = body
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packed else None
        self._left = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._body:
            plain = part[: self._left]
            if self._unpack is not None:
                try:
                    plain = self._unpack.decompress(part, self._left)
                except zlib.error as error:
                    raise httpx2.DecodingError(str(error)) from error
            yield plain
            self._left -= len(plain)
            if self._left <= 0:  # to zlib a limit of 0 is none
                return

    async def aclose(self) -> None:
        await self._body.aclose()


class _Tunnelled(httpx2.AsyncHTTPTransport):
    """httpx2's own transport, with connections opened by `GuardedBackend`."""

    def __init__(self, tls: ssl.SSLContext, limits: httpx2.Limits, backend: GuardedBackend) -> None:
        super().__init__(verify=tls, trust_env=False, limits=limits)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=backend,
        )


class GuardedTransport(httpx2.AsyncBaseTransport):
    """The way to addresses within reach, and to no others.

    No proxy is read from the environment; through the host's own, `through`, addresses outside are
    asked.

    A server can't make its caller hold more than a few megabytes, or than `longest` says: see
    `_LONGEST_OTHER`.
    """

    def __init__(
        self,
        reach: Reach,
        tls: ssl.SSLContext,
        limits: httpx2.Limits,
        resolver: Resolver = socket.getaddrinfo,
        through: Proxy | None = None,
        longest: int = _LONGEST_OTHER,
    ) -> None:
        self._longest = longest
        self._way: httpx2.AsyncBaseTransport = (
            DirectTransport(reach, tls, limits, resolver)
            if through is None
            else _Tunnelled(tls, limits, GuardedBackend(reach, through, resolver))
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request; of the response no more is ever read than it may have."""
        response = await self._way.handle_async_request(request)
        body, kind = response.stream, response.headers.get("content-type", "")
        if response.status_code == 200 and kind.lower().startswith("text/event-stream"):
            return response  # of events each has its limit, and so has the answer they make up
        assert isinstance(body, httpx2.AsyncByteStream)  # noqa: S101 - a transport's own
        packed = response.headers.pop("content-encoding", "").strip().lower() in _PACKED
        most = self._longest if response.status_code == 200 else _LONGEST_ERROR
        response.stream = _Cut(body, packed, most)
        return response

    async def aclose(self) -> None:
        """Close the connections that are kept open."""
        await self._way.aclose()


def guarded(
    within: Reach, limits: httpx2.Limits | None = None, longest: int = _LONGEST_OTHER
) -> GuardedTransport:
    """The transport of every client that asks an address outside, by the settings of the host.

    Args:
        within: which addresses may be asked.
        limits: of its connections.
        longest: bytes of a response of which more is never read.

    Raises:
        BadSettings: the host's certificates can't be read.
    """
    wide = limits or httpx2.Limits()
    return GuardedTransport(within, tls(), wide, through=proxy(), longest=longest)
