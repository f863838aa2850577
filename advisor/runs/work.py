"""Work: making calls of one run, each from its reserve to its row; alone, or beside other workers."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Protocol, TypeVar

from advisor.case.options import GIVEN, Role
from advisor.case.refusals import Refusals
from advisor.case.run_spec import PlannedCall, Price
from advisor.evidence.model import Output
from advisor.evidence.run_state import Status
from advisor.host.telemetry import call_ended
from advisor.llm.replies import Reply
from advisor.report.labels import in_a_sentence
from advisor.runs.attempts import Attempts
from advisor.runs.endpoints import EndpointSide
from advisor.runs.live import LiveText, StopSignal
from advisor.runs.outputs import highest_tokens, output_of, used
from advisor.runs.process import HEARTBEAT_S
from advisor.runs.retry import patiently
from advisor.runs.reuse import bought_before
from advisor.runs.slots import Share
from advisor.runs.together import Together
from advisor.store.repository import Run, Store

T = TypeVar("T")

PAUSED = "Paused; it can be continued."
INTERRUPTED = "The server was stopped while this run was going on."
SETTLED = "Ended early, because what was answered decides; it can be continued."
CANCELLED = "Stopped by hand; what was answered is kept."
_ASKED: dict[str, tuple[Status, str]] = {
    "pause": ("paused", PAUSED),
    "interrupt": ("interrupted", INTERRUPTED),
    "settle": ("settled", SETTLED),
    "cancel": ("cancelled", CANCELLED),
}
_LOOK_S = 0.1
"""How often a request to stop is looked for."""


class Purse(Protocol):
    """Where the money of a call is set aside."""

    @property
    def cap(self) -> Decimal | None:
        """The most the run may cost, USD; None = prices need not be known."""

    async def begin(self, call: PlannedCall, highest: Decimal) -> bool:
        """Set a call's highest price aside and write that it begins; False: it does not fit."""

    async def pay(self, cost: Decimal) -> bool:
        """Take what a failed attempt has cost; False: another one does not fit."""

    async def settle(self, highest: Decimal, cost: Decimal) -> None:
        """Give the reserve of a call back and take what its last attempt has cost."""


class Work:
    """Makes calls of one run, and keeps every answer."""

    def __init__(
        self,
        store: Store,
        run: Run,
        sides: dict[Role, EndpointSide],
        price: Price,
        beat: Callable[[], Status | None],
        stop: StopSignal | None = None,
        live: LiveText | None = None,
        came: Callable[[Output], str | None] | None = None,
        *,
        apart: bool = True,
    ) -> None:
        """Take the tools; nothing is sent yet.

        Args:
            store: where answers are kept.
            run: whose calls are made.
            sides: each arm's way to its model.
            price: of one request, USD.
            beat: says that this runner lives, and gives how the run stands in the store; None = it
                is another's. Called in a thread.
            stop: pauses or cancels it, from any thread of this process.
            live: gets the text in flight.
            came: is handed each output once it is stored; gives why to make no further call, if so.
            apart: end where one model answers for two that were asked for.
        """
        self.end: tuple[Status, str] | None = None
        """Why no further call is made, once that is so."""
        self._store = store
        self._run = run
        self.sides = sides
        self._price = price
        self._beat = beat
        self._stop = stop or StopSignal()
        self._live = live or LiveText()
        self._came = came or (lambda output: None)
        self._apart = apart
        self._noted: set[str] = set()
        self._refused: dict[tuple[str, str], Refusals] = {}
        self._given_up: str | None = None
        """Why no further call is to be made, by whoever looks at what comes."""
        self._calls: Iterator[PlannedCall] = iter(())
        # One thread, so writes queue up there and never hold up the event loop.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._keep: Together[PlannedCall | _Finished, Decimal | None] = Together(self._keep_all)
        """Writes that a call is about to be made, or what came of it."""

    async def make(
        self, calls: Iterable[PlannedCall], at_once: int, purse: Purse, share: Share | None = None
    ) -> None:
        """Make these calls, until all are made or something ends it.

        Args:
            calls: in the order in which they are made.
            at_once: the most calls in flight, at least 1.
            purse: the run's money.
            share: of the process's calls in flight; None = it has them to itself.
        """
        self._purse = purse
        self._paid = await self.in_thread(partial(self._store.paid_before, self._run.id))
        self._attempts = Attempts(self._live, self._found_out, share)
        self._calls = iter(calls)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._work()) for _ in range(at_once)]
            watcher = group.create_task(self._watch(tasks))
            await asyncio.wait(tasks)
            watcher.cancel()

    def finish(self, status: Status, reason: str) -> None:
        """Make no further call; the first cause stays."""
        self.end = self.end or (status, reason)
        self._attempts.halt()
        for side in self.sides.values():
            side.endpoint.limit.close()

    def hurry(self) -> None:
        """Wait for a store that is away no longer: whoever wanted this work ends."""
        self._stop.interrupt()

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do something with the store, behind all writes that wait; a store that is away is awaited."""
        patient = partial(patiently, work, self._stop)
        return await asyncio.get_running_loop().run_in_executor(self._thread, patient)

    async def close(self) -> None:
        """Let go of clients and thread."""
        self._thread.shutdown(wait=False)
        for side in self.sides.values():
            await side.client.close()

    def reuse(self, calls: Iterable[PlannedCall]) -> list[PlannedCall]:
        """Write into this run what another run has bought; gives the calls still to be made."""
        missing = list(calls)
        live = [call for call in missing if not self.sides[call.arm].replayed]
        bought = bought_before(self._store, self._run.spec, live)
        reused = [(call, bought[call.call_hash]) for call in live if call.call_hash in bought]
        self._store.reuse(self._run.id, reused)
        for _, output in reused:
            self._came(output)
        skip = {call.key for call, _ in reused}
        given = [call for call in missing if call.endpoint.startswith(GIVEN)]
        skip |= {call.key for call in given}  # what did not come with the texts, nobody can answer
        return [call for call in missing if call.key not in skip]

    async def _work(self) -> None:
        for call in self._calls:
            if self.end is not None:
                return
            if self.sides[call.arm].stopped is None:
                await self._make(call)

    async def _watch(self, tasks: list[asyncio.Task[None]]) -> None:
        """Look for a request to stop, here and in the store, and say that this runner lives."""
        beat = time.monotonic()
        while True:
            await asyncio.sleep(_LOOK_S)
            asked = _ASKED[self._stop.requested] if self._stop.requested else None
            if asked is None and time.monotonic() - beat >= HEARTBEAT_S:
                beat = time.monotonic()
                asked = _request(await self.in_thread(self._beat))
            if asked is not None:
                self.finish(*asked)
                if asked[0] == "cancelled":
                    self.end = asked
                if asked[0] == "cancelled" or self._stop.drops:
                    for task in tasks:
                        task.cancel()
                    return

    async def _make(self, call: PlannedCall) -> None:
        """One call from its reserve to its row."""
        highest = await self._highest(call)
        if not await self._purse.begin(call, highest):
            cap = float(self._purse.cap or 0)
            self.finish("capped", f"The cap of {cap:g} USD was reached.")
            return
        side, spent = self.sides[call.arm], _Spent(self._paid.get(call.key, Decimal(0)))

        async def again(reply: Reply) -> bool:
            cost = self._cost(call, reply)
            if not cost:
                return True
            spent.before += cost
            await self.in_thread(partial(self._store.keep_cost, self._run.id, call, spent.before))
            if not await self._purse.pay(cost):
                self.finish(
                    "capped", f"The cap of {float(self._purse.cap or 0):g} USD was reached."
                )
                return False
            return True

        try:
            asked = await self._attempts.make(call, side, again)
            if asked.reply is None:
                await self.in_thread(partial(self._store.withdraw_call, self._run.id, call))
                return
            cost = await self._keep(
                _Finished(call, asked.reply, asked.attempts, spent.before, asked.counted)
            )
        finally:
            self._live.drop(call.key)
        if highest and cost is not None and cost > highest:
            side.times = max(side.times, side.times * cost / highest)
        if asked.reply.fault is None:
            self._hear_of_model(call.arm, asked.reply.served_model)
        if self._given_up is not None:
            self.finish("partial", self._given_up)
        await self._found_out(side)
        await self._purse.settle(highest, cost or Decimal(0))

    async def _highest(self, call: PlannedCall) -> Decimal:
        side = self.sides[call.arm]
        if self._purse.cap is None or side.replayed:
            return Decimal(0)
        tokens = await self.in_thread(partial(highest_tokens, call))
        return (self._price(call.arm, *tokens) or Decimal(0)) * side.times

    def _cost(self, call: PlannedCall, reply: Reply) -> Decimal | None:
        """What one attempt has cost; None = its price is not known."""
        tokens = None if self.sides[call.arm].replayed else used(call, reply)
        if tokens is None:
            return Decimal(0)
        counts = (tokens.input_tokens, tokens.output_tokens)
        if tokens.cached_tokens:
            return self._price(call.arm, *counts, tokens.cached_tokens)
        return self._price(call.arm, *counts)

    async def begin(self, call: PlannedCall) -> None:
        """Write that a call is about to be made."""
        await self._keep(call)

    async def _keep_all(
        self, calls: Sequence["PlannedCall | _Finished"]
    ) -> Sequence[Decimal | None]:
        return await self.in_thread(partial(self._kept, calls))

    def _kept(self, calls: Sequence["PlannedCall | _Finished"]) -> list[Decimal | None]:
        """Write calls that begin and what came of others; gives what each owes, and is not paid yet."""
        owed: list[Decimal | None] = []
        begun: list[PlannedCall] = []
        ended: list[tuple[_Finished, Output, Decimal | None]] = []
        for call in calls:
            cost: Decimal | None = Decimal(0)
            if isinstance(call, _Finished):
                if not call.paid:
                    cost = self._cost(call.call, call.reply)
                ended.append((call, self._output(call), cost))
            else:
                begun.append(call)
            owed.append(cost)
        rows = [
            (one.call, output, None if cost is None else one.before + cost)
            for one, output, cost in ended
        ]
        self._store.keep_calls(self._run.id, begun, rows)
        for one, output, cost in ended:
            self._note(one, output, cost)
        return owed

    def _note(self, ended: "_Finished", output: Output, cost: Decimal | None) -> None:
        """Tell of a call that is stored, and see whether more like it are worth making."""
        arm = ended.call.arm
        call_ended(self._run.id, arm, output.outcome, ended.attempts, output.latency_ms, cost)
        if output.why == "window" and output.error:
            self.sides[arm].turned_away(output.error)
        elif output.outcome != "failed":
            self.sides[arm].went_through()
        self._given_up = self._given_up or self._came(output)

    def _output(self, ended: "_Finished") -> Output:
        replayed = self.sides[ended.call.arm].replayed
        return output_of(ended.call, ended.reply, ended.attempts, replayed=replayed)

    def _hear_of_model(self, arm: Role, served: str | None) -> None:
        """End the run where one model answers for two that were asked for: nothing is compared."""
        asked, side = self._run.spec.arms[arm], self.sides[arm]
        if served is None or side.replayed or not self._apart:
            return
        side.served = served
        for other, that in self._run.spec.arms.items():
            if that.model != asked.model and self.sides[other].served == served:
                called = self._store.called(self._run.case_id, (other, arm))
                one, two = map(in_a_sentence, called)
                self.finish(
                    "partial",
                    f"One model, “{served}”, answers for both {one} and {two}: there is nothing to "
                    "compare. Check which model the server has loaded; if they are two models, give "
                    "each a name of its own.",
                )

    async def _found_out(self, side: EndpointSide) -> None:
        """Keep what was found out of an endpoint, where it is new."""
        quirks, address = side.endpoint.quirks, side.endpoint.address
        said = [note for note in quirks.notes if note not in self._noted]
        refused = {(address, model): found for model, found in quirks.learnt.items()}
        new = {of: found for of, found in refused.items() if self._refused.get(of) != found}
        if said or new:
            self._noted.update(said)
            self._refused.update(new)
            await self.in_thread(partial(self._store.note, self._run.id, said, new))


@dataclass(frozen=True, slots=True)
class _Finished:
    """A call that is over, and what has been paid for it."""

    call: PlannedCall
    reply: Reply
    attempts: int
    before: Decimal
    """What its attempts had cost before the last one."""
    paid: bool
    """What the last one has cost is in `before` too."""


@dataclass(slots=True)
class _Spent:
    """What the attempts of a call have cost so far."""

    before: Decimal


def _request(status: Status | None) -> tuple[Status, str] | None:
    """What the run's status in the store asks of whoever goes on with it."""
    if status == "running":
        return None
    if status is None:
        return "interrupted", "Another process went on with this run."
    known = dict(_ASKED.values())
    return status, known.get(status, "Another worker ended this run.")
