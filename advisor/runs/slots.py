"""Concurrency slots of one process, shared equally by the users whose runs go on at once."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager


class Slots:
    """Gives out slots, as many as the run in hand that asks for the most; on one event loop.

    A slot that comes free goes to whoever waits and has the fewest. Whoever has none gets one at
    once, over the number where need be: a first answer need not wait for those of another user.
    """

    def __init__(self) -> None:
        self._asked: dict[str, int] = {}
        self._taken: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[bool]]] = {}

    @contextmanager
    def shared_with(self, user: str, at_once: int) -> Iterator["Share"]:
        """Share the slots with one more user, while the block lasts.

        Args:
            user: who; has one run in hand at a time.
            at_once: how many calls in flight that run asks for.
        """
        self._asked[user] = at_once
        self._waiting[user] = deque()
        try:
            yield Share(self, user)
        finally:
            del self._asked[user], self._waiting[user]

    async def take(self, user: str) -> bool:
        """Wait for a slot; False = those who wait were sent away."""
        slot: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[user].append(slot)
        self._hand_out()
        try:
            return await slot
        except asyncio.CancelledError:
            if slot.done() and not slot.cancelled() and slot.result():
                self.give_back(user)
            raise

    def give_back(self, user: str) -> None:
        """A call has come in."""
        self._taken[user] -= 1
        self._hand_out()

    def send_away(self, user: str) -> None:
        """Let nobody of this user wait any longer."""
        for slot in self._waiting.get(user, ()):
            if not slot.done():
                slot.set_result(False)

    def _hand_out(self) -> None:
        while waiting := [user for user, slots in self._waiting.items() if _first(slots)]:
            user = min(waiting, key=self._taken.__getitem__)
            full = self._taken.total() >= max(self._asked.values())
            if full and self._taken[user] > 0:
                return
            self._taken[user] += 1
            self._waiting[user].popleft().set_result(True)


class Share:
    """One user's share of the slots."""

    def __init__(self, slots: Slots, user: str) -> None:
        self._slots, self._user = slots, user

    async def take(self) -> bool:
        """Wait for a slot; False = the run ends."""
        return await self._slots.take(self._user)

    def give_back(self) -> None:
        """A call has come in."""
        self._slots.give_back(self._user)

    def close(self) -> None:
        """The run ends: none of its calls waits any longer."""
        self._slots.send_away(self._user)


def _first(slots: "deque[asyncio.Future[bool]]") -> bool:
    """Whether anybody waits there; who was cancelled or sent away does not."""
    while slots and slots[0].done():
        slots.popleft()
    return bool(slots)
