"""Calls: what an endpoint did, whatever the answer says."""

from advisor.evidence.metrics.registry import metric
from advisor.evidence.model import Output


@metric(
    "Refusals",
    "How often the model would not answer.",
    better="lower",
    needs=("call",),
)
def refusals(call: Output) -> float | None:
    """0 or 1; None for a call that failed or came to nothing, which is no refusal and no answer."""
    known = call.outcome in ("answered", "refused")
    return float(call.outcome == "refused") if known else None


@metric(
    "Time to answer",
    "How long the whole answer took.",
    better="lower",
    needs=("call",),
    unit="ms",
)
def latency(call: Output) -> float | None:
    """Milliseconds; None for a replayed answer, a refusal or a failure."""
    return call.latency_ms if call.outcome == "answered" else None


@metric(
    "Units billed for the answer",
    "How many units of text the answer is billed for, the thinking before it included.",
    better="lower",
    needs=("call",),
    unit="tokens",
)
def output_tokens(call: Output) -> float | None:
    """Tokens; None where they are not known, and for a refusal or a failure."""
    known = call.outcome == "answered" and call.output_tokens is not None
    return float(call.output_tokens or 0) if known else None
