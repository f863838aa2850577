"""A run's cap: each call's highest price is set aside before the call is made."""

import asyncio
from decimal import Decimal


class Budget:
    """Money of one run, USD; without a cap every call fits."""

    def __init__(self, cap: Decimal | None, spent: Decimal) -> None:
        """Start with what earlier executions of the run have spent."""
        self._cap = cap
        self._spent = spent
        self._reserved = Decimal(0)
        self._changed = asyncio.Condition()

    @property
    def capped(self) -> bool:
        """Whether prices have to be known."""
        return self._cap is not None

    async def reserve(self, highest: Decimal) -> bool:
        """Set a call's highest price aside; waits for calls in flight to give some back.

        Returns:
            False: the call does not fit under the cap.
        """
        if self._cap is None:
            return True
        async with self._changed:
            while self._spent + self._reserved + highest > self._cap:
                if self._reserved == 0:
                    return False
                await self._changed.wait()
            self._reserved += highest
            return True

    async def settle(self, highest: Decimal, cost: Decimal) -> None:
        """Give the reserve of a call back and take what it has cost."""
        if self._cap is None:
            return
        async with self._changed:
            self._reserved -= highest
            self._spent += cost
            self._changed.notify_all()
