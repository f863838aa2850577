"""One call, asked until there is an answer, a refusal, or no point in asking again."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from advisor.case.run_spec import PlannedCall
from advisor.llm.faults import Fault
from advisor.llm.limits import NO_PACE, Ticket
from advisor.llm.quirks import Call
from advisor.llm.replies import Reply, ask
from advisor.runs.endpoints import EndpointSide
from advisor.runs.live import LiveText
from advisor.runs.slots import Share

_ATTEMPTS = 8
_FIRST_ATTEMPTS = 5
"""At an endpoint that has not answered once."""
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 30.0
_LOADING_STEPS = 3
"""A model that is being loaded is asked for again after so many doublings of the wait at most."""


@dataclass(frozen=True, slots=True)
class AskedCall:
    """What came of a call after its attempts."""

    reply: Reply | None
    """The last one; None = the run ended before the first."""
    attempts: int
    counted: bool = False
    """What the last one has cost was taken in already."""


class Attempts:
    """Makes the calls of one run; the SDK's own retries are off."""

    def __init__(
        self,
        live: LiveText,
        found_out: Callable[[EndpointSide], Awaitable[None]],
        share: Share | None = None,
    ) -> None:
        """Show text in `live`; call `found_out` where a side has something to say.

        `share`: of the process's calls in flight; None = it has them to itself.
        """
        self._live = live
        self._found_out = found_out
        self._share = share
        self._halted = asyncio.Event()

    def halt(self) -> None:
        """Make no further attempt; those in flight come to their end."""
        self._halted.set()
        if self._share is not None:
            self._share.close()

    async def make(
        self, call: PlannedCall, side: EndpointSide, again: Callable[[Reply], Awaitable[bool]]
    ) -> AskedCall:
        """Ask until there is an answer, a refusal, or no point in asking again.

        Args:
            call: what is asked.
            side: whose endpoint is asked.
            again: takes in what an attempt that failed has cost; False = there is no money for
                another one.
        """
        asked = Call(
            call.model, call.messages, call.max_output_tokens, call.temperature, call.further
        )
        attempts = tries = 0
        loads_since: float | None = None
        reply: Reply | None = None
        while True:
            ticket = await side.endpoint.limit.acquire()
            if ticket is None:
                return AskedCall(reply, attempts, counted=True)
            said = await self._in_its_place(side, call, asked, ticket)
            if said is None:
                return AskedCall(reply, attempts, counted=True)
            attempts, reply = attempts + 1, said
            fault = reply.fault
            if fault is None or fault.severity == "refused":
                side.heard(answered=True)
                return AskedCall(reply, attempts)
            if not self._may_pass(fault, side):
                self._take_note(fault, side)
                return AskedCall(reply, attempts)
            if fault.cause == "loading":
                loads_since = loads_since or time.monotonic()
                side.endpoint.quirks.note(f"{fault.sentence.rstrip('.')}; it was waited for.")
                await self._found_out(side)
                waited_out = time.monotonic() - loads_since >= side.timeout_s
            else:
                tries += 1
                waited_out = tries >= (_ATTEMPTS if side.endpoint.answers else _FIRST_ATTEMPTS)
            if waited_out:
                side.gave_up(fault.sentence)
                return AskedCall(reply, attempts)
            self._live.drop(call.key)
            if not await again(reply):
                return AskedCall(reply, attempts, counted=True)
            if (
                await self._wait(tries or min(attempts, _LOADING_STEPS), fault.wait_s)
                or side.stopped
            ):
                return AskedCall(reply, attempts, counted=True)

    async def _in_its_place(
        self, side: EndpointSide, call: PlannedCall, asked: Call, ticket: Ticket
    ) -> Reply | None:
        """Ask, once there is a place among the calls in flight; None = the run ended before."""
        if self._share is None:
            return await self._when_let_go(side, call, asked, ticket)
        if not await self._share.take():
            side.endpoint.limit.release(ticket, too_many=None)
            return None
        try:
            return await self._when_let_go(side, call, asked, ticket)
        finally:
            self._share.give_back()

    async def _when_let_go(
        self, side: EndpointSide, call: PlannedCall, asked: Call, ticket: Ticket
    ) -> Reply | None:
        """Ask, once all processes together may ask that address once more."""
        shared = side.endpoint.shared
        if self._halted.is_set() or (shared is not None and not await shared.enter(self._halted)):
            side.endpoint.limit.release(ticket, too_many=None)
            return None
        return await self._ask(side, call, asked, ticket)

    async def _ask(
        self, side: EndpointSide, call: PlannedCall, asked: Call, ticket: Ticket
    ) -> Reply:
        reply: Reply | None = None
        try:
            reply = await ask(
                side.client, asked, side.endpoint.quirks, partial(self._live.add, call.key)
            )
        finally:
            side.endpoint.limit.release(
                ticket, reply.pace if reply else NO_PACE, too_many=_too_many(reply)
            )
        return reply

    def _may_pass(self, fault: Fault, side: EndpointSide) -> bool:
        if fault.severity == "suspect":
            return side.endpoint.answers
        return fault.severity == "retry"

    def _take_note(self, fault: Fault, side: EndpointSide) -> None:
        """A fault that other calls would meet too ends them."""
        if fault.severity in ("suspect", "stop_arm"):
            side.stopped = fault.sentence
        elif fault.cause != "too_long":
            side.turned_away(fault.sentence)

    async def _wait(self, attempts: int, retry_after_s: float | None) -> bool:
        """Wait before the next attempt; True = the run ends, so there is none."""
        backoff_s = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (attempts - 1))
        wait_s = max(backoff_s * random.uniform(0.5, 1), retry_after_s or 0)  # noqa: S311
        try:
            async with asyncio.timeout(wait_s):
                await self._halted.wait()
        except TimeoutError:
            return False
        return True


def _too_many(reply: Reply | None) -> bool | None:
    """What a reply says of the endpoint's limit; None = nothing."""
    if reply is None:
        return None
    if reply.fault is None:
        return False
    return True if reply.fault.status == 429 and reply.fault.severity == "retry" else None
