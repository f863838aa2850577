"""Slots: calls in flight of one process, shared equally by users who run at once."""

import asyncio
from collections import Counter

from advisor.runs.slots import Share, Slots


async def _calls(share: Share, user: str, many: int, log: list[str], s: float = 0.001) -> None:
    async def call() -> None:
        if await share.take():
            log.append(user)
            await asyncio.sleep(s)
            share.give_back()

    await asyncio.gather(*(call() for _ in range(many)))


def test_two_users_take_turns_for_places():
    async def both() -> list[str]:
        places, log = Slots(), []
        with places.shared_with("first", 4) as first, places.shared_with("second", 4) as second:
            await asyncio.gather(_calls(first, "first", 40, log), _calls(second, "second", 40, log))
        return log

    log = asyncio.run(both())
    assert log[:4] == ["first"] * 4  # it came first, and had all places ...
    assert Counter(log[4:44]) == Counter(first=20, second=20)  # ... and half from then on


def test_whoever_has_no_call_in_flight_gets_a_place_at_once_and_no_second_one():
    async def late() -> tuple[bool, bool]:
        places = Slots()
        with places.shared_with("first", 2) as first, places.shared_with("second", 2) as second:
            assert await first.take()
            assert await first.take()
            at_once = await asyncio.wait_for(second.take(), 1)
            more = asyncio.create_task(second.take())
            await asyncio.sleep(0.01)
            waits = not more.done()
            first.give_back()  # two in flight again, and the number is two: it still waits
            await asyncio.sleep(0.01)
            waits = waits and not more.done()
            first.give_back()
            assert await more
            return at_once, waits

    assert asyncio.run(late()) == (True, True)


def test_a_user_alone_has_all_places_and_a_run_that_ends_sends_its_calls_away():
    async def alone() -> tuple[int, bool]:
        places = Slots()
        with places.shared_with("first", 3) as share:
            taken = [await share.take() for _ in range(3)]
            fourth = asyncio.create_task(share.take())
            await asyncio.sleep(0)
            share.close()
            return sum(taken), await fourth

    assert asyncio.run(alone()) == (3, False)


def test_a_call_that_is_dropped_while_it_waits_takes_no_place():
    async def dropped() -> bool:
        places = Slots()
        with places.shared_with("first", 1) as share:
            await share.take()
            waiting = asyncio.create_task(share.take())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            share.give_back()
            return await asyncio.wait_for(share.take(), 1)

    assert asyncio.run(dropped())
