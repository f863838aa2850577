"""How many texts a machine answers in an hour, as a run has measured it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from advisor.case.options import OptionId
from advisor.evidence.model import Output

_HOUR_S = 3600


def texts_per_hour(
    outputs: Iterable[Output], option: OptionId, on_machine: Collection[OptionId]
) -> Decimal | None:
    """Texts of one option that the machine answers in an hour, were it asked for these alone.

    Calls in flight / mean time of an answer (Little's law): in flight are those of every option
    on the machine, as they share it. Times in which nothing was in flight do not count.

    Args:
        outputs: of a run, any order; those that were not timed are left out.
        option: whose texts.
        on_machine: the options that the machine answers, this one among them.

    Returns:
        None where no answer of the option was timed.
    """
    timed = {option: list[tuple[datetime, datetime]]() for option in on_machine}
    for output in outputs:
        if output.arm in timed and output.finished_at and output.latency_ms:
            began = output.finished_at - timedelta(milliseconds=output.latency_ms)
            timed[output.arm].append((began, output.finished_at))
    own = timed[option]
    if not own:
        return None
    spans = [span for found in timed.values() for span in found]
    in_flight = _seconds(spans) / _busy_s(spans)
    return Decimal(str(round(in_flight * _HOUR_S * len(own) / _seconds(own), 1)))


def _seconds(spans: Iterable[tuple[datetime, datetime]]) -> float:
    return sum((end - began).total_seconds() for began, end in spans)


def _busy_s(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """Seconds in which at least one was in flight."""
    busy, until = 0.0, None
    for began, end in sorted(spans):
        since = began if until is None else max(began, until)
        busy += max(0.0, (end - since).total_seconds())
        until = end if until is None else max(until, end)
    return busy
