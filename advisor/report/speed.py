"""How long answers take beside the time that was asked for, in sentences."""

from dataclasses import replace

from advisor.evidence.speed import Speed
from advisor.report.model import EvidenceBlock
from advisor.verdict.decision import Decision
from advisor.words import count

_SAID = {
    "met": "meets it",
    "out": "is too slow and ruled out",
    "open": "can't be told yet",
}


def with_speeds(block: EvidenceBlock, decision: Decision) -> EvidenceBlock:
    """The test's sentences with how each option stands beside the time asked for."""
    said = speed_sentences(decision)
    return replace(block, sentences=(*block.sentences, *said)) if said else block


def speed_sentences(decision: Decision) -> tuple[str, ...]:
    """The condition, then each option: met, ruled out, or can't be told; () = none was asked."""
    speeds, case = decision.speeds, decision.case
    if not speeds:
        return ()
    limit = f"{next(iter(speeds.values())).limit_s:g} s"
    asked = f"An answer must come within {limit} for 95 of 100 texts."
    return (asked, *(_of(case.name_of(option), found) for option, found in speeds.items()))


def _of(name: str, found: Speed) -> str:
    if found.p95_s is None:
        return f"{name}: {_SAID['open']}, as its answers were not timed here."
    over = f"{found.over:,} of {count(found.of, 'answer')} took longer"
    return (
        f"{name} {_SAID[found.word]}: {over}. 95 of 100 took at most {_p95(found)}, measured with "
        f"up to {found.at_once:,} at once."
    )


def _p95(found: Speed) -> str:
    """The 95th percentile and its likely range: "1.4 s (1.2 to 1.9 s)"."""
    low = "" if found.low_s is None else f"{found.low_s:.2g}"
    high = "" if found.high_s is None else f"{found.high_s:.2g} s"
    within = f" ({low} to {high})" if low and high else f" ({low} s or more)" if low else ""
    return f"{found.p95_s:.2g} s{within}"
