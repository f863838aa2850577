"""Doing in one go what many ask for meanwhile: one commit instead of one for each of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")


class Together(Generic[A, B]):
    """Who asks first is served at once; those who ask meanwhile are served together after that."""

    def __init__(self, do: Callable[[Sequence[A]], Awaitable[Sequence[B]]]) -> None:
        """`do` gives a result for each, in their order; what it raises, each of them raises."""
        self._do = do
        self._turn = asyncio.Lock()
        self._asked: list[A] = []
        self._next: asyncio.Task[Sequence[B]] | None = None

    async def __call__(self, one: A) -> B:
        """Have this done; it is done even if whoever asks is cancelled."""
        if self._next is None:
            self._asked, self._next = [], asyncio.create_task(self._serve())
        place = len(self._asked)
        self._asked.append(one)
        results = await asyncio.shield(self._next)
        return results[place]

    async def _serve(self) -> Sequence[B]:
        async with self._turn:
            asked, self._next = self._asked, None
            return await self._do(asked)
