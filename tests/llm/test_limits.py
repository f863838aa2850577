import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from advisor.llm.limits import NO_PACE, EndpointLimit, Pace, pace_of


@pytest.mark.parametrize(
    ("headers", "pace"),
    [
        ({}, Pace()),
        ({"retry-after": "2"}, Pace(retry_after_s=2)),
        ({"retry-after": "0.25"}, Pace(retry_after_s=0.25)),
        ({"retry-after": "2", "retry-after-ms": "150"}, Pace(retry_after_s=0.15)),
        ({"retry-after": "soon"}, Pace()),
        ({"retry-after": "-5"}, Pace()),
        (
            {"x-ratelimit-remaining-requests": "7", "x-ratelimit-reset-requests": "6m0s"},
            Pace(remaining=7, reset_s=360),
        ),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "20ms"},
            Pace(remaining=0, reset_s=0.02),
        ),
        ({"x-ratelimit-remaining-requests": "-1"}, Pace()),
    ],
)
def test_headers_are_read_as_the_servers_write_them(headers, pace):
    assert pace_of(headers) == pace


def test_a_date_is_read_as_seconds_from_now():
    said = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert pace_of({"retry-after": said}).retry_after_s == pytest.approx(29.5, abs=1)


def test_too_many_halves_once_a_round_and_answers_bring_it_back():
    async def go() -> EndpointLimit:
        limit = EndpointLimit(16)
        tickets = [await limit.acquire() for _ in range(16)]
        for ticket in tickets[:4]:
            limit.release(ticket, too_many=True, pace=Pace(retry_after_s=0.01))
        assert limit.limit == 8
        for ticket in tickets[4:]:
            limit.release(ticket, NO_PACE, too_many=False)
        return limit

    assert 9 < asyncio.run(go()).limit < 10


def test_one_or_two_too_many_among_answers_slow_nothing_down():
    async def go() -> None:
        limit = EndpointLimit(16)
        for refused in (True, False, True, True, False):
            ticket = await limit.acquire()
            limit.release(ticket, Pace(retry_after_s=30), too_many=refused)
        assert limit.limit == 16
        async with asyncio.timeout(0.1):
            await limit.acquire()

    asyncio.run(go())


def test_a_pause_that_was_too_short_makes_the_next_one_longer():
    async def go() -> list[float]:
        limit = EndpointLimit(3)
        for ticket in [await limit.acquire() for _ in range(3)]:
            limit.release(ticket, Pace(retry_after_s=0.1), too_many=True)
        waited = []
        for _ in range(3):
            began = time.monotonic()
            ticket = await limit.acquire()
            waited.append(time.monotonic() - began)
            limit.release(ticket, Pace(retry_after_s=0.1), too_many=True)
        return waited

    assert asyncio.run(go()) == pytest.approx([0.1, 0.15, 0.225], abs=0.03)


def test_a_closed_limit_sends_those_who_wait_away():
    async def go() -> None:
        limit = EndpointLimit(1)
        await limit.acquire()
        waiting = asyncio.create_task(limit.acquire())
        await asyncio.sleep(0.01)
        limit.close()
        assert await waiting is None

    asyncio.run(go())


def test_a_pause_the_endpoint_asks_for_holds_for_all_its_calls_and_one_goes_first():
    async def go() -> None:
        limit = EndpointLimit(8)
        tickets = [await limit.acquire() for _ in range(8)]
        for ticket in tickets:
            limit.release(ticket, Pace(retry_after_s=0.2), too_many=True)
        began = time.monotonic()
        first = await limit.acquire()
        assert 0.15 < time.monotonic() - began < 0.5
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await limit.acquire()
        limit.release(first, too_many=False)
        async with asyncio.timeout(1):
            await limit.acquire()

    asyncio.run(go())


def test_no_request_is_made_beyond_what_the_endpoint_says_is_left():
    async def go() -> None:
        limit = EndpointLimit(8)
        first = await limit.acquire()
        limit.release(first, Pace(remaining=2, reset_s=0.2), too_many=False)
        await limit.acquire()
        await limit.acquire()
        began = time.monotonic()
        await limit.acquire()
        assert 0.15 < time.monotonic() - began < 0.5

    asyncio.run(go())
