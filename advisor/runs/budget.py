"""A run's cap: each call's highest price is set aside before the call is made."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Literal

from advisor.case.run_spec import PlannedCall

_ASK_AGAIN_S = 0.25
"""How often money that another worker gives back is looked for."""


class Budget:
    """Money of a run that one runner has to itself, USD; without a cap every call fits."""

    def __init__(
        self,
        cap: Decimal | None,
        spent: Decimal,
        begin: Callable[[PlannedCall], Awaitable[None]],
    ) -> None:
        """Start with what earlier executions have spent; `begin` writes that a call begins."""
        self.cap = cap
        self._spent = spent
        self._reserved = Decimal(0)
        self._begin = begin
        self._changed = asyncio.Condition()

    async def begin(self, call: PlannedCall, highest: Decimal) -> bool:
        """Set a call's highest price aside; waits for calls in flight to give some back.

        Returns:
            False: the call does not fit under the cap.
        """
        if self.cap is not None:
            async with self._changed:
                while self._spent + self._reserved + highest > self.cap:
                    if self._reserved == 0:
                        return False
                    await self._changed.wait()
                self._reserved += highest
        await self._begin(call)
        return True

    async def pay(self, cost: Decimal) -> bool:
        """Take what a failed attempt has cost; the call's reserve is for the next one.

        Returns:
            False: another attempt does not fit under the cap.
        """
        if self.cap is None:
            return True
        async with self._changed:
            self._spent += cost
            return self._spent + self._reserved <= self.cap

    async def settle(self, highest: Decimal, cost: Decimal) -> None:
        """Give the reserve of a call back and take what its last attempt has cost."""
        if self.cap is None:
            return
        async with self._changed:
            self._reserved -= highest
            self._spent += cost
            self._changed.notify_all()


class SharedBudget:
    """Money of a run that several workers share: set aside in the database, for all to see."""

    def __init__(
        self,
        cap: Decimal | None,
        begin: Callable[[PlannedCall, Decimal], Awaitable[Literal["begun", "wait", "full"]]],
        fits: Callable[[], Awaitable[bool]],
    ) -> None:
        """Take the tools.

        Args:
            cap: the most the run may cost.
            begin: sets the price aside and writes that the call begins, or does neither.
            fits: whether all that is spent and set aside is under the cap.
        """
        self.cap = cap
        self._begin = begin
        self._fits = fits
        self._changed = asyncio.Event()

    async def begin(self, call: PlannedCall, highest: Decimal) -> bool:
        """Set a call's highest price aside; waits for calls of all workers to give some back.

        Returns:
            False: the call does not fit under the cap.
        """
        while (said := await self._begin(call, highest)) == "wait":
            try:
                async with asyncio.timeout(_ASK_AGAIN_S):
                    await self._changed.wait()
            except TimeoutError:
                continue
        return said == "begun"

    async def pay(self, cost: Decimal) -> bool:
        """What a failed attempt has cost stands in its row; False = another one does not fit."""
        return self.cap is None or await self._fits()

    async def settle(self, highest: Decimal, cost: Decimal) -> None:
        """The reserve is given back with the row of the call; whoever waits asks again."""
        self._changed.set()
        self._changed = asyncio.Event()
