"""Runs within this process: one event-loop thread for all of them, independent of any page.

A page starts, pauses and cancels; how far a run is, it reads from the store.
"""

import asyncio
import threading
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from typing import Any

import httpx2

from advisor.case.case import Case, RunSettings
from advisor.case.options import Role
from advisor.case.run_spec import Price
from advisor.errors import AdvisorError
from advisor.evidence.instruction_search import SearchPlan
from advisor.llm.limits import EndpointLimit
from advisor.runs.comparison import Comparison
from advisor.runs.judging import Judging
from advisor.runs.live import LiveKey, LiveText, StopSignal
from advisor.runs.loop import new_loop
from advisor.runs.runner import Execution, Means, RunResult, unknown_price
from advisor.runs.work import SETTLED
from advisor.store.repository import Store

ENDED_KEPT = 20
"""Runs that ended of which the last are remembered, for whoever waits for them."""

_DROP_S = 2.0
"""How long dropping the calls in flight and writing how a run stands may take."""


@dataclass(frozen=True, slots=True)
class _Going:
    stop: StopSignal
    live: LiveText
    limits: list[EndpointLimit]
    future: Future[RunResult]


class Engine:
    """The runs that go on in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._going: dict[str, _Going] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(
        self,
        store: Store,
        run_id: str,
        *,
        keys: Mapping[Role, str] | None = None,
        settings: RunSettings | None = None,
        price: Price = unknown_price,
        transports: Mapping[Role, httpx2.AsyncBaseTransport] | None = None,
        case: Case | None = None,
    ) -> bool:
        """Start or continue a run and come back at once; see `runner.Execution`.

        With a `case` its answers are scored as they come in, and its judge, where it has one, is
        asked as soon as they are complete.

        Returns:
            False: it goes on already, here, so nothing was started.

        Raises:
            UnknownRun, RunIsLive, NothingToRun, BadEndpoint, UnpricedCap: nothing was sent.
        """
        with self._lock:
            if self._is_running(run_id):
                return False
            means = Means(keys or {}, settings, price, transports=transports or {})
            work: Comparison | Execution = (
                Execution(store, run_id, means)
                if case is None
                else Comparison(store, run_id, case, means, score=True, lets_go=AdvisorError)
            )
            self._go(run_id, means, work.limits, work.run())
            return True

    def start_judge(
        self,
        store: Store,
        run_id: str,
        case: Case,
        *,
        keys: Mapping[Role, str] | None = None,
        price: Price = unknown_price,
    ) -> bool:
        """Let the case's judge look at a run's answers, or go on; it counts as that run going on.

        Returns:
            False: the run or its judging goes on already, here, so nothing was started.

        Raises:
            RunIsLive, NothingToRun, BadEndpoint, UnpricedCap: nothing was sent.
        """
        with self._lock:
            if self._is_running(run_id):
                return False
            means = Means(keys or {}, None, price)
            judging = Judging(store, case, run_id, means)
            self._go(run_id, means, judging.limits, judging.run())
            return True

    def start_search(
        self, store: Store, run_id: str, case: Case, plan: SearchPlan, means: Means
    ) -> bool:
        """Start a search for a better instruction, or go on with it.

        Returns:
            False: it goes on already, here, so nothing was started.

        Raises:
            RunIsLive, BadEndpoint, UnpricedCap: nothing was sent.
        """
        from advisor.runs.improve.search import Search  # gepa takes half a second to load

        with self._lock:
            if self._is_running(run_id):
                return False
            search = Search(store, run_id, case, plan, means)
            self._go(run_id, means, search.limits, search.run())
            return True

    def is_running(self, run_id: str) -> bool:
        """Whether a run goes on in this process."""
        with self._lock:
            return self._is_running(run_id)

    def pause(self, run_id: str) -> None:
        """Let the calls in flight come in and make no further one."""
        if going := self._going.get(run_id):
            going.stop.pause()

    def settle(self, store: Store, run_id: str) -> None:
        """End a run because what it has shown is settled; calls in flight still come in.

        One that goes on in another process, has not begun or is done stays as it is.
        """
        if self.is_running(run_id):
            self._going[run_id].stop.settle()
        elif store.run_state(run_id).status not in ("new", "running", "done"):
            store.set_status(run_id, "settled", SETTLED)

    def cancel(self, run_id: str) -> None:
        """Drop the calls in flight and end the run, within a second."""
        if going := self._going.get(run_id):
            going.stop.cancel()

    def interrupt_all(self, grace_s: float) -> int:
        """End all runs here before the process does; they can be continued. Gives how many.

        Args:
            grace_s: how long calls in flight may still come in, seconds; what then is in flight
                is dropped, though it may have been paid for.
        """
        with self._lock:
            going = [one for one in self._going.values() if not one.future.done()]
        for one in going:
            one.stop.interrupt()
        _, late = wait_for([one.future for one in going], timeout=grace_s)
        for one in going:
            one.stop.drop()
        _, stuck = wait_for(late, timeout=_DROP_S)
        for future in stuck:
            future.cancel()
        return len(going)

    def live_texts(self, run_id: str) -> dict[LiveKey, str]:
        """The answers of a run that are being written now."""
        going = self._going.get(run_id)
        return going.live.texts() if going else {}

    def pause_s(self, run_id: str) -> float:
        """Seconds that a run here waits for a provider's limit; 0 = it is asking."""
        going = self._going.get(run_id)
        if going is None or going.future.done():
            return 0.0
        return max(limit.pause_s() for limit in going.limits)

    def wait(self, run_id: str, timeout_s: float | None = None) -> RunResult | None:
        """Wait for a run to end; None = none goes on here. For scripts and tests, not for pages.

        Raises:
            TimeoutError: it still goes on.
        """
        going = self._going.get(run_id)
        return going.future.result(timeout_s) if going else None

    def _go(
        self,
        run_id: str,
        means: Means,
        limits: list[EndpointLimit],
        work: Coroutine[Any, Any, RunResult],
    ) -> None:
        """Schedule a run on the loop's thread, and keep track of it."""
        future = asyncio.run_coroutine_threadsafe(work, self._thread_loop())
        self._forget_ended()
        self._going[run_id] = _Going(means.stop, means.live, limits, future)

    def _is_running(self, run_id: str) -> bool:
        going = self._going.get(run_id)
        return going is not None and not going.future.done()

    def _forget_ended(self) -> None:
        """Drop ended runs: a server that is up for weeks has thousands, each with its texts."""
        ended = [run_id for run_id, one in self._going.items() if one.future.done()]
        for run_id in ended[:-ENDED_KEPT]:
            del self._going[run_id]

    def _thread_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = new_loop()
            thread = threading.Thread(target=self._loop.run_forever, name="runs", daemon=True)
            thread.start()
        return self._loop


_engine = Engine()

start = _engine.start
start_judge = _engine.start_judge
start_search = _engine.start_search
is_running = _engine.is_running
pause = _engine.pause
settle = _engine.settle
interrupt_all = _engine.interrupt_all
cancel = _engine.cancel
live_texts = _engine.live_texts
pause_s = _engine.pause_s
wait = _engine.wait
