"""A rate limit for an address that all replicas and workers share, counted in their database."""

import asyncio
import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from math import ceil

from psycopg import OperationalError
from psycopg_pool import ConnectionPool
from pyrate_limiter import PostgresBucket, Rate, RateItem

from advisor.errors import DatabaseAway
from advisor.store.connected import AWAY
from advisor.store.database import LINK

_SPARE = 1.05
"""A window is taken for this much longer: requests don't arrive in the order they were let go."""
_SMOOTH_FROM = 16
"""From so many requests on they are also spread within the window, by tenths of it."""
_CLEAN_UP_EVERY = 200
_LONGEST_WAIT_S = 1.0
_GET_S, _CONNECT_S = 3.0, 1.0
"""How long a connection is waited for, and how long one attempt at a new one goes on: kept short,
as the pause between attempts grows with it."""
_CONTENDED_S = 0.01
"""Another process was counting at the same moment."""


class SharedLimit:
    """Lets requests go, so many in a window that slides, over all processes on one database."""

    def __init__(self, database: str, name: str, requests: int, per_s: float) -> None:
        """Count in a table of its own, made where there is none.

        Args:
            database: URL of the Postgres.
            name: of the address.
            requests: the most in `per_s`.
            per_s: seconds.

        Raises:
            DatabaseAway: it can't be reached.
        """
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        window_ms = ceil(per_s * _SPARE * 1000)
        rates = [Rate(requests, window_ms)]
        if requests >= _SMOOTH_FROM and window_ms >= 100:
            rates.insert(0, Rate(ceil(requests / 8), ceil(window_ms / 10)))
        self._pool = ConnectionPool(
            database,
            min_size=1,
            max_size=2,
            open=True,
            timeout=_GET_S,
            reconnect_timeout=_CONNECT_S,
            kwargs=LINK | {"options": "-c timezone=UTC"},
        )
        try:
            self._bucket = PostgresBucket(self._pool, f"endpoint_{digest}", rates)
        except OperationalError as error:
            self._pool.close()
            raise DatabaseAway(AWAY) from error
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="limit")
        self._turns: dict[asyncio.AbstractEventLoop, asyncio.Lock] = {}
        self._let_go = 0

    async def enter(self, halted: asyncio.Event) -> bool:
        """Wait until one more request may go; False = the run was halted before."""
        loop = asyncio.get_running_loop()
        turn = self._turns.setdefault(loop, asyncio.Lock())
        async with turn:  # whoever waits here asks the database nothing
            while not halted.is_set():
                wait_s = await loop.run_in_executor(self._thread, self._ask)
                if wait_s == 0:
                    return True
                try:
                    async with asyncio.timeout(min(wait_s, _LONGEST_WAIT_S)):
                        await halted.wait()
                except TimeoutError:
                    continue
        return False

    def _ask(self) -> float:
        """Seconds until it is worth asking again; 0 = go. While nobody counts, nobody goes."""
        try:
            return self._count()
        except OperationalError:
            return _LONGEST_WAIT_S

    def _count(self) -> float:
        now = int(self._bucket.now())  # type: ignore[no-untyped-call]
        item = RateItem("call", now, weight=1)
        if self._bucket.put(item):
            self._let_go += 1
            if self._let_go % _CLEAN_UP_EVERY == 0:
                self._bucket.leak(now)
            return 0
        wait_ms = int(self._bucket.waiting(item))  # type: ignore[arg-type]
        return max(wait_ms / 1000, _CONTENDED_S * random.uniform(0.5, 1.5))  # noqa: S311


@cache
def shared_limit(database: str, name: str, requests: int, per_s: float) -> SharedLimit:
    """The one of this process; opened once."""
    return SharedLimit(database, name, requests, per_s)
