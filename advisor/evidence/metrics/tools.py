"""Calls of tools: the same calls as the approved ones, or none where none is right."""

from advisor.case.conversation import calls_in_text, same_call
from advisor.evidence.metrics.registry import metric


@metric(
    "Same calls",
    "Whether the answer makes the approved calls: the same tools with the same arguments.",
    needs=("calls",),
    primary=True,
    words="the right calls",
)
def same_calls(answer: str, calls: str) -> float:
    """1 where every approved call is made and no other, else 0; the order of calls is free.

    Calls of one answer are made at once, so none of them waits for another. An answer in words
    makes no call.
    """
    approved = list(calls_in_text(calls) or ())
    for made in calls_in_text(answer) or ():
        at = next((i for i, one in enumerate(approved) if same_call(one, made)), None)
        if at is None:
            return 0.0
        del approved[at]
    return 0.0 if approved else 1.0
