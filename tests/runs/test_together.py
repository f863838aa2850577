"""Who asks meanwhile is served together: in order, nobody twice, and nobody by another's failure."""

import asyncio
from collections.abc import Sequence

import pytest

from advisor.runs.together import Together


class Doubling:
    """Doubles numbers, a turn at a time, once it is let go; zero is more than it can take."""

    def __init__(self) -> None:
        self.turns: list[list[int]] = []
        self.go = asyncio.Event()

    async def __call__(self, numbers: Sequence[int]) -> Sequence[int]:
        self.turns.append(list(numbers))
        await self.go.wait()
        if 0 in numbers:
            raise ZeroDivisionError
        return [2 * number for number in numbers]


def test_those_who_ask_meanwhile_are_served_in_one_go_and_in_their_order():
    async def asking():
        doubling = Doubling()
        doubled = Together(doubling)
        first = asyncio.create_task(doubled(1))
        await asyncio.sleep(0.01)
        later = [asyncio.create_task(doubled(number)) for number in (4, 2, 3)]
        await asyncio.sleep(0.01)
        assert doubling.turns == [[1]]
        doubling.go.set()
        assert await asyncio.gather(first, *later) == [2, 8, 4, 6]
        assert doubling.turns == [[1], [4, 2, 3]]
        assert await doubled(5) == 10

    asyncio.run(asking())


def test_what_one_turn_raises_is_raised_to_each_of_it_and_the_next_turn_goes_on():
    async def asking():
        doubling = Doubling()
        doubled = Together(doubling)
        first = asyncio.create_task(doubled(1))
        await asyncio.sleep(0.01)
        failing = [asyncio.create_task(doubled(number)) for number in (7, 0)]
        await asyncio.sleep(0.01)
        doubling.go.set()
        assert await first == 2
        for task in failing:
            with pytest.raises(ZeroDivisionError):
                await task
        assert await doubled(3) == 6

    asyncio.run(asking())


def test_whoever_stops_waiting_takes_nothing_from_the_others():
    async def asking():
        doubling = Doubling()
        doubled = Together(doubling)
        leaves, stays = asyncio.create_task(doubled(1)), asyncio.create_task(doubled(2))
        await asyncio.sleep(0.01)
        leaves.cancel()
        await asyncio.sleep(0.01)
        doubling.go.set()
        assert await stays == 4
        assert leaves.cancelled()
        assert doubling.turns == [[1, 2]]

    asyncio.run(asking())


def test_those_served_together_go_on_one_after_another_so_the_first_waits_for_no_other():
    async def asking():
        doubling, seen = Doubling(), []
        doubled = Together(doubling)

        async def sending(number: int) -> None:
            await doubled(number)
            seen.append(f"{number} writes")
            # What is written is sent when the loop comes round.
            asyncio.get_running_loop().call_soon(seen.append, f"{number} is sent")

        async with asyncio.TaskGroup() as group:
            for number in (1, 2, 3):
                group.create_task(sending(number))
            await asyncio.sleep(0.01)
            doubling.go.set()
        await asyncio.sleep(0)
        assert seen == [
            f"{number} {does}" for number in (1, 2, 3) for does in ("writes", "is sent")
        ]

    asyncio.run(asking())
