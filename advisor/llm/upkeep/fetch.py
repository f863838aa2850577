"""Fetch pages and feeds politely: robots.txt first, one request a host at a time, from the cache.

The guard's rules on addresses hold. A redirect is not followed: it is told, and a person decides.
"""

import asyncio
import codecs
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import httpx2

from advisor.errors import BadEndpoint
from advisor.llm.guard import guarded
from advisor.llm.reach import Reach, reach
from pricing.compared import Fetched

AGENT = "WorthTuningFacts/1.0"
"""As which robots.txt may speak of us."""
_HOSTS_AT_ONCE = 16
_CONNECT_S, _READ_S, _WHOLE_S = 10.0, 20.0, 60.0
LONGEST = 32_000_000
"""Bytes of a page or a feed; the longest of those known has four million."""
_MOVED = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A page as it came last, and what the server called it."""

    etag: str
    last_modified: str
    kind: str
    body: str


def fetch_all(addresses: Iterable[str], cache_folder: Path | None = None) -> dict[str, Fetched]:
    """What each address answers; a failure is a `Fetched` like any other.

    Args:
        addresses: pages and feeds; each is asked once.
        cache_folder: where pages are kept until they change; None = nowhere.
    """
    return asyncio.run(_fetch_all(tuple(dict.fromkeys(addresses)), cache_folder))


def fetch_content(address: str) -> bytes | Fetched:
    """The bytes at one address, as they are; `Fetched` where they can't be had.

    Of what the host itself names, robots.txt is not asked.
    """

    async def ask() -> _Answer | Fetched:
        async with _client(reach()) as client:
            return await _ask(client, address, {})

    answer = asyncio.run(ask())
    if isinstance(answer, Fetched):
        return answer
    if answer.status == 200 and answer.whole:
        return answer.content
    target = _target(address, answer.headers) if answer.status in _MOVED else ""
    return Fetched(answer.status, moved_to=target, whole=answer.whole)


async def _fetch_all(addresses: tuple[str, ...], cache_folder: Path | None) -> dict[str, Fetched]:
    by_host: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        by_host[_origin(address)].append(address)
    found: dict[str, Fetched] = {}
    hosts = asyncio.Semaphore(_HOSTS_AT_ONCE)
    async with _client(reach()) as client:

        async def one_host(origin: str) -> None:
            async with hosts:
                rules = await _robots(client, origin)
                for address in by_host[origin]:
                    if isinstance(rules, Fetched):
                        found[address] = rules
                    elif rules.can_fetch(AGENT, address):
                        found[address] = await _fetch(client, address, cache_folder)
                    else:
                        found[address] = Fetched(why="robots")

        async with asyncio.TaskGroup() as group:
            for origin in by_host:
                group.create_task(one_host(origin))
    return found


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _client(within: Reach) -> httpx2.AsyncClient:
    limits = httpx2.Limits(max_connections=_HOSTS_AT_ONCE)
    return httpx2.AsyncClient(
        transport=guarded(within, limits, longest=LONGEST),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(_READ_S, connect=_CONNECT_S),
        headers={"User-Agent": AGENT},
    )


async def _robots(client: httpx2.AsyncClient, origin: str) -> RobotFileParser | Fetched:
    """The host's rules: none where it has none, everything barred where it fails (RFC 9309).

    `Fetched` where nobody answers: such a host is asked no more.
    """
    rules = RobotFileParser()
    found = await _ask(client, f"{origin}/robots.txt", {})
    if isinstance(found, Fetched):
        return found
    said = found.body if found.status == 200 else ""
    if found.status >= 500:
        said = "User-agent: *\nDisallow: /"
    rules.parse(said.splitlines())
    return rules


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx2.Headers
    content: bytes
    encoding: str
    whole: bool

    @property
    def body(self) -> str:
        return self.content.decode(self.encoding, "replace")


async def _fetch(client: httpx2.AsyncClient, address: str, cache_folder: Path | None) -> Fetched:
    place = None if cache_folder is None else cache_folder / f"{_digest(address)}.json"
    kept = None if place is None else _read_kept(place)
    asked = {}
    if kept is not None and kept.etag:
        asked["If-None-Match"] = kept.etag
    if kept is not None and kept.last_modified:
        asked["If-Modified-Since"] = kept.last_modified
    answer = await _ask(client, address, asked)
    if isinstance(answer, Fetched):
        return answer
    if answer.status == 304 and kept is not None:
        return Fetched(200, kept.body, kept.kind)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status in _MOVED:
        return Fetched(answer.status, moved_to=_target(address, answer.headers))
    tag, day = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    if place is not None and answer.status == 200 and answer.whole and (tag or day):
        _keep(place, _Kept(tag, day, kind, answer.body))
    return Fetched(answer.status, answer.body, kind, whole=answer.whole)


async def _ask(
    client: httpx2.AsyncClient, address: str, headers: dict[str, str]
) -> _Answer | Fetched:
    """One request; `Fetched` where nobody answers, or the address may not be asked."""
    parts: list[bytes] = []
    try:
        async with (
            asyncio.timeout(_WHOLE_S),
            client.stream("GET", address, headers=headers) as response,
        ):
            try:
                async for part in response.aiter_bytes():
                    parts.append(part)
                whole = True
            except httpx2.HTTPError:
                whole = False
            content, encoding = b"".join(parts), _encoding(response)
            return _Answer(response.status_code, response.headers, content, encoding, whole)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, TimeoutError) as error:
        return Fetched(why="away", detail=_barred(error))


def _encoding(response: httpx2.Response) -> str:
    try:
        return codecs.lookup(response.charset_encoding or "utf-8").name
    except LookupError:
        return "utf-8"


def _barred(error: BaseException) -> str:
    """The guard's sentence, where an address is out of reach; "" = nobody answered."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, BadEndpoint):
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    return ""


def _target(address: str, headers: httpx2.Headers) -> str:
    try:
        return str(httpx2.URL(address).join(headers.get("location", "")))
    except httpx2.InvalidURL:
        return headers.get("location", "")


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def _read_kept(place: Path) -> _Kept | None:
    """A page of the cache; one that can't be read is fetched again."""
    try:
        return _Kept(**json.loads(place.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _keep(place: Path, kept: _Kept) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(".part")
    part.write_text(json.dumps(asdict(kept)), "utf-8")
    part.replace(place)
