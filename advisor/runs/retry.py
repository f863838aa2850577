"""Retry while the database is away: a run goes on when it is back, and no answer is lost."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from advisor.errors import DatabaseAway
from advisor.runs.live import StopSignal

T = TypeVar("T")
_AGAIN_S = 1.0
_AT_THE_END_S = 3.0
"""A process that was told to end waits for so long, all that is to be written taken together."""

log = logging.getLogger(__name__)


def in_haste(stop: StopSignal) -> bool:
    """Whether the process was told to end a while ago, so that there is no time to wait."""
    since = stop.ends_since
    return since is not None and time.monotonic() - since > _AT_THE_END_S


def patiently(work: Callable[[], T], stop: StopSignal) -> T:
    """Retry a store operation every second for as long as the database is away.

    Args:
        work: may be done twice; blocks, so it belongs into a thread.
        stop: of whoever waits. A process that ends does not wait.

    Raises:
        DatabaseAway: the process is about to end.
    """
    told = False
    while True:
        try:
            return work()
        except DatabaseAway:
            if in_haste(stop):
                raise
        if not told:
            log.warning("the database can't be reached; what is to be written waits for it")
            told = True
        time.sleep(_AGAIN_S)
