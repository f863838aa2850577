"""Rate limits of an endpoint: concurrency that adapts to what it takes, and its Retry-After kept.

The number of calls at once grows by one for each round of answers and halves when the endpoint
says "too many" three times in a row. What it says in `Retry-After` and `x-ratelimit-*` holds for
all calls to it; where it turns out to have said too little, the next pause is longer.
"""

import asyncio
import re
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache

_LONGEST_PAUSE_S = 120.0
_PAUSE_S = 0.5
"""Where the endpoint does not say how long."""
_PATIENCE = 1.5
"""Each pause that was too short makes the next one so many times as long."""
_REFUSALS_TO_PAUSE = 3
"""One or two "too many" are a busy server, and only those calls wait; a row makes all wait."""
_REFUSALS_TO_LEARN = 4
"""So many in a row are hardly chance: the endpoint counts requests."""
_FORGET_S = 60.0
_SPARE = 1.08
"""A window learnt is taken for this much longer: the server's clock starts later than ours."""
_APART = 1.05
"""A window that is told is taken for this much longer: some requests take longer to arrive."""
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Pace:
    """What an answer's headers say about when to ask again."""

    retry_after_s: float | None = None
    remaining: int | None = None
    """Requests left until the reset."""
    reset_s: float | None = None


NO_PACE = Pace()


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to make one request."""

    number: int
    given_at: float


class EndpointLimit:
    """Gives out leave to ask one endpoint; all its calls share one, on one event loop."""

    def __init__(self, ceiling: int, told: "ToldWindow | None" = None) -> None:
        """Start at the ceiling, the most calls at once.

        `told`: the most requests in so many seconds, where the host has set that.
        """
        self.limit = float(ceiling)
        self._ceiling = ceiling
        self._in_flight = 0
        self._number = 0
        self._not_before = 0.0
        self._probing = False
        """After "too many", one call goes ahead of the others to see whether it is over."""
        self._slowed_at = 0.0
        self._patience = 1.0
        self._remaining: tuple[int, int, float] | None = None
        """(requests left, ticket that heard it, until when it holds)"""
        self._window = _Window()
        self._told = told
        self._closed = False
        self._changed = asyncio.Event()

    def close(self) -> None:
        """Give no further leave, not to those who wait either."""
        self._closed = True
        self._changed.set()

    async def acquire(self) -> Ticket | None:
        """Wait for leave to make one request; give it back with `release`. None = closed."""
        while True:
            if self._closed:
                return None
            now = time.monotonic()
            wait_s = self._wait_s(now)
            if wait_s == 0 and self._told is not None:
                wait_s = self._told.take(now)
            if wait_s == 0:
                break
            try:
                async with asyncio.timeout(wait_s):
                    await self._changed.wait()
            except TimeoutError:
                continue
        self._in_flight += 1
        self._number += 1
        self._window.started(now)
        return Ticket(self._number, now)

    def release(self, ticket: Ticket, pace: Pace = NO_PACE, *, too_many: bool | None) -> None:
        """Give leave back with what came of it.

        Args:
            ticket: what `acquire` gave.
            pace: what the headers said.
            too_many: True = the endpoint answered 429; None = nothing was heard of it.
        """
        now = time.monotonic()
        self._in_flight -= 1
        if too_many:
            self._slow_down(ticket, pace, now)
        elif too_many is False:
            self._probing = False
            self._patience = 1.0
            self._window.answered()
            self.limit = min(self._ceiling, self.limit + 1 / self.limit)
        if pace.remaining is not None and pace.reset_s is not None:
            heard = self._remaining[1] if self._remaining else 0
            if ticket.number > heard:
                until = now + min(pace.reset_s, _LONGEST_PAUSE_S)
                self._remaining = (pace.remaining, ticket.number, until)
        self._changed.set()
        self._changed = asyncio.Event()

    def pause_s(self) -> float:
        """Seconds until the endpoint takes a further call, as far as it has said; 0 = now."""
        now = time.monotonic()
        pause_s = max(0.0, self._not_before - now)
        if self._remaining is not None and self._remaining[0] <= self._number - self._remaining[1]:
            pause_s = max(pause_s, self._remaining[2] - now)
        if self._told is not None:
            pause_s = max(pause_s, self._told.closed_s(now))
        return max(pause_s, self._window.closed_s(now))

    def _slow_down(self, ticket: Ticket, pace: Pace, now: float) -> None:
        new_round = ticket.given_at >= self._slowed_at
        patience = self._patience * _PATIENCE if self._probing and new_round else self._patience
        pause_s = min((pace.retry_after_s or _PAUSE_S) * patience, _LONGEST_PAUSE_S)
        if self._window.refused(now, pause_s) < _REFUSALS_TO_PAUSE:
            return
        if new_round:  # one halving for a round of calls
            self.limit = max(1.0, self.limit / 2)
            self._slowed_at = now
            self._patience = patience
        self._not_before = max(self._not_before, now + pause_s)
        self._probing = True

    def _wait_s(self, now: float) -> float | None:
        """Seconds until it is worth asking again; 0 = go, None = when a call comes back."""
        if now < self._not_before:
            return self._not_before - now
        if self._in_flight >= (1 if self._probing else int(self.limit)):
            return None
        if self._remaining is not None:
            left, heard_by, until = self._remaining
            if now >= until:
                self._remaining = None
            elif left - (self._number - heard_by) <= 0:
                return until - now
        return self._window.wait_s(now)


class ToldWindow:
    """So many requests in so many seconds, as the host has set it; safe under concurrent callers.

    All runs of a process that ask one address share one, see `told_window`.
    """

    def __init__(self, requests: int, per_s: float) -> None:
        self._starts: deque[float] = deque(maxlen=requests)
        self._period_s = per_s * _APART
        self._lock = threading.Lock()

    def take(self, now: float) -> float:
        """Seconds until one more request fits; 0 = it is counted, and may go."""
        with self._lock:
            wait_s = self.closed_s(now)
            if wait_s == 0:
                self._starts.append(now)
            return wait_s

    def closed_s(self, now: float) -> float:
        """The same, without counting one."""
        if len(self._starts) < (self._starts.maxlen or 0):
            return 0.0
        return max(0.0, self._starts[0] + self._period_s - now)


@cache
def told_window(address: str, requests: int, per_s: float) -> ToldWindow:
    """The one of this process for an address."""
    return ToldWindow(requests, per_s)


class _Window:
    """Learns "so many requests in so many seconds" from an endpoint that only says "too many"."""

    def __init__(self) -> None:
        self._began = 0.0
        self._began_before = 0.0
        self._requests = 0
        self._starts: deque[float] = deque(maxlen=10_000)
        """When the requests that were not refused began: a server's window may slide."""
        self._refused_in_a_row = 0
        self._learnt: tuple[int, float] | None = None
        self._learnt_at = 0.0
        self._learnt_in = 0.0
        """When the window began that taught it."""
        self._stretched_in = 0.0

    def started(self, now: float) -> None:
        if self._requests == 0:
            self._began_before, self._began = self._began, now
        self._requests += 1
        self._starts.append(now)

    def answered(self) -> None:
        self._refused_in_a_row = 0

    def refused(self, now: float, pause_s: float) -> int:
        """Take a refusal in; gives how many there were in a row."""
        self._requests = max(0, self._requests - 1)
        if self._starts:
            self._starts.pop()
        self._refused_in_a_row += 1
        if self._requests == 0:
            self._go_back(now + pause_s)
        elif self._refused_in_a_row >= _REFUSALS_TO_LEARN:
            self._learn(now + pause_s)
        return self._refused_in_a_row

    def closed_s(self, now: float) -> float:
        """Seconds until the learnt window opens again; changes nothing."""
        if self._learnt is None or self._requests < self._learnt[0]:
            return 0.0
        return max(0.0, self._began + self._learnt[1] - now)

    def wait_s(self, now: float) -> float:
        """Seconds until the next request fits the learnt window."""
        if self._learnt is None:
            return 0.0
        requests, period_s = self._learnt
        if now >= self._learnt_at + _FORGET_S:
            self._learnt = None
            return 0.0
        if now >= self._began + period_s:
            self._requests = 0
        elif self._requests >= requests:
            return self._began + period_s - now
        if 0 < requests <= len(self._starts):
            return max(0.0, self._starts[-requests] + period_s - now)
        return 0.0

    def _go_back(self, over_at: float) -> None:
        """Nothing got through since the window before, so that one is not over yet."""
        if self._learnt_in == self._began:
            self._learnt = None
        self._began = self._began_before
        if self._learnt is not None:
            requests, period_s = self._learnt
            longer_s = min(over_at - self._began, _LONGEST_PAUSE_S)
            self._learnt = (requests, max(period_s, longer_s))

    def _learn(self, over_at: float) -> None:
        if self._learnt is None or self._learnt_in == self._began:
            # Each further refusal of the same window lowers the count to what it truly held.
            self._learnt = (self._requests, (over_at - self._began) * _SPARE)
            self._learnt_in = self._began
        elif self._stretched_in != self._began:
            # A later window that holds less has begun too early.
            requests, period_s = self._learnt
            self._learnt = (requests, period_s * _SPARE)
            self._stretched_in = self._began
        self._learnt_at = over_at


_LONGEST_HEADER = 100


def pace_of(headers: Mapping[str, str]) -> Pace:
    """Read Retry-After and x-ratelimit-* headers; what can't be read is left out."""
    # Those of a hostile server may be so long that trying to read one takes minutes.
    headers = {name: said for name, said in headers.items() if len(said) <= _LONGEST_HEADER}
    remaining = _number(headers.get("x-ratelimit-remaining-requests"))
    if remaining is None:
        remaining = _number(headers.get("x-ratelimit-remaining"))
    reset = headers.get("x-ratelimit-reset-requests") or headers.get("x-ratelimit-reset")
    milliseconds = _number(headers.get("retry-after-ms"))
    after = headers.get("retry-after")
    return Pace(
        retry_after_s=milliseconds / 1000 if milliseconds is not None else _seconds(after),
        remaining=None if remaining is None else int(remaining),
        reset_s=_seconds(reset),
    )


def _number(said: str | None) -> float | None:
    """A number from 0 up; some servers say -1 for "no limit"."""
    if said is None or not re.fullmatch(r"\s*\d{1,15}(\.\d*)?\s*", said):
        return None
    return float(said)


def _seconds(said: str | None) -> float | None:
    """Seconds from "2", "6m0s", "20ms", a Unix time or an HTTP date."""
    if said is None:
        return None
    number = _number(said)
    if number is not None:
        return max(0.0, number - time.time()) if number > 1e9 else number
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", said)
    if parts:
        return sum(float(amount) * _UNITS[unit] for amount, unit in parts)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
