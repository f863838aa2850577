"""What happens, as lines of the log and as numbers: runs, calls, errors by kind, spend, reruns.

Numbers are kept only where the host has set a token for /metrics, and are of this process alone:
the app's are read from the app, a worker's from that worker.
"""

import hmac
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from time import perf_counter

from advisor.host.settings import hosting

_RUNS = logging.getLogger("advisor.runs")
_PAGES = logging.getLogger("pages")
_BOUNDS_S = (0.01, 0.025, 0.05, 0.075, 0.12, 0.25, 0.5, 1.0, 2.5)


class Meters:
    """The numbers, in Prometheus' own types."""

    def __init__(self) -> None:
        # Imported late: only a host that scrapes needs it.
        from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

        self.registry = CollectorRegistry()
        name, registry = "worth_tuning", self.registry
        ProcessCollector(registry=registry)
        self.runs = Counter(f"{name}_runs", "Runs by status.", ["status"], registry=registry)
        self.calls = Counter(f"{name}_calls", "Calls by outcome.", ["outcome"], registry=registry)
        self.errors = Counter(f"{name}_errors", "Errors by kind.", ["kind"], registry=registry)
        self.spend = Counter(f"{name}_spend_usd", "Spent on calls, USD.", registry=registry)
        self.attempts = Counter(f"{name}_attempts", "Requests made for calls.", registry=registry)
        self.reruns = Histogram(
            f"{name}_rerun_seconds",
            "Drawing a page.",
            ["page"],
            registry=registry,
            buckets=_BOUNDS_S,
        )


@lru_cache(maxsize=1)
def meters() -> Meters | None:
    """This process's numbers; None = the host reads none."""
    return Meters() if hosting().metrics_token else None


def may_read(authorization: str) -> bool:
    """Whether whoever sends this header may read the numbers: the host's token, as a bearer's."""
    token = hosting().metrics_token
    return bool(token) and hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())


def exposition() -> tuple[bytes, str]:
    """All numbers as Prometheus reads them, and the type of that text."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    found = meters()
    return (generate_latest(found.registry) if found else b""), CONTENT_TYPE_LATEST


def run_is(run_id: str, status: str) -> None:
    """A run stands otherwise than before."""
    _RUNS.info("run", extra={"run": run_id, "status": status})
    if (found := meters()) is not None:
        found.runs.labels(status).inc()


def call_ended(
    run_id: str,
    arm: str,
    outcome: str,
    attempts: int,
    latency_ms: float | None,
    cost: Decimal | None,
) -> None:
    """A call is stored; its prompt is not named, as an id may be a text."""
    told = {"run": run_id, "arm": arm, "outcome": outcome, "attempts": attempts}
    times = {"latency_ms": latency_ms, "cost_usd": None if cost is None else str(cost)}
    _RUNS.debug("call", extra=told | times)
    if (found := meters()) is not None:
        found.calls.labels(outcome).inc()
        found.attempts.inc(attempts)
        found.spend.inc(float(cost or 0))
        if outcome != "answered":
            found.errors.labels(outcome).inc()


def script_failed(error: Exception) -> None:
    """A page ended in an error that nobody expected; the page itself says so."""
    _PAGES.error("page failed", extra={"kind": type(error).__name__}, exc_info=error)
    if (found := meters()) is not None:
        found.errors.labels(type(error).__name__).inc()


@contextmanager
def rerun(page: str, began: float) -> Iterator[None]:
    """Measures one drawing of a page, begun at this moment of `perf_counter`."""
    try:
        yield
    finally:
        took = perf_counter() - began
        _PAGES.debug("rerun", extra={"page": page, "ms": round(took * 1000, 1)})
        if (found := meters()) is not None:
            found.reruns.labels(page).observe(took)
