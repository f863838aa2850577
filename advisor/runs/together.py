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
        self._asked: list[tuple[A, asyncio.Future[B]]] = []
        self._serving: set[asyncio.Task[None]] = set()

    async def __call__(self, one: A) -> B:
        """Have this done; it is done even if whoever asks is cancelled."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[B] = loop.create_future()
        self._asked.append((one, done))
        if len(self._asked) == 1:
            serving = loop.create_task(self._serve())
            self._serving.add(serving)  # a loop holds its tasks weakly
            serving.add_done_callback(self._serving.discard)
        return await done

    async def _serve(self) -> None:
        async with self._turn:
            asked, self._asked = self._asked, []
            try:
                results = await self._do([one for one, _ in asked])
            except Exception as error:  # noqa: BLE001 - raised by each that asked
                for _, done in asked:
                    if not done.done():
                        done.set_exception(error)
                return
        for (_, done), result in zip(asked, results, strict=True):
            if not done.done():
                done.set_result(result)
                # One after another: the loop sends what a task wrote only once all that are ready
                # have run, so woken in one go the first would wait for the request of the last.
                await asyncio.sleep(0)
