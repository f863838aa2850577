"""The event loop on which runs are made: uvloop, whose sockets are in C; Windows has its own."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def new_loop() -> asyncio.AbstractEventLoop:
    """A loop for the thread that asks."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Do the work on a loop of its own, to its end; as `asyncio.run`, a Ctrl-C ends it."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)
