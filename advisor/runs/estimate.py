"""What a run will take before it starts: money, time, and who receives the texts."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Literal
from urllib.parse import urlsplit

from advisor.case.case import Case
from advisor.case.endpoints import at_once
from advisor.case.options import Arm, OptionId, Role
from advisor.case.run_spec import PlannedCall, Price
from advisor.evidence.run_estimate import EstimateBasis, RunEstimate
from advisor.host.endpoints import address_of
from advisor.runs.judge_estimate import Sizes, estimate_judge
from advisor.runs.outputs import ESTIMATE_MARGIN
from advisor.verdict.tokens import input_tokens
from pricing.tokens import count_tokens, encoding_for

_FIRST_TOKEN_S = 1.0
_TOKENS_A_SECOND = 60.0
"""A guess where nothing was measured: a hosted model of middling speed."""
_SHORT = 0.1
"""Where the answers' lengths are known, a low price takes them at this quantile."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long an option's answers will be, tokens."""

    low: int
    expected: int
    high: int
    """What the run allows at most; an answer can't be longer."""
    basis: EstimateBasis
    latency_s: float
    """Of one answer, measured before or guessed from its length."""


def estimate_run(
    case: Case,
    calls: Sequence[PlannedCall],
    bought: Collection[str],
    earlier: Mapping[Role, Sequence[tuple[int, int, float | None]]],
    price: Price,
) -> RunEstimate:
    """Work out what a run's calls will take.

    Args:
        case: what is compared.
        calls: of the run; those already made may be left out.
        bought: hashes of calls whose answer is there already.
        earlier: of earlier answers by arm, and of the judge's replies: output tokens, how many,
            mean latency in ms.
        price: of one request, USD.
    """
    missing = [call for call in calls if call.call_hash not in bought]
    asked: list[OptionId] = [
        name for name in case.options if any(call.arm == name for call in calls)
    ]
    sizes = {name: _lengths(case, case.arms[name], earlier.get(name, ())) for name in asked}
    many = {name: sum(call.arm == name for call in missing) for name in asked}
    inputs = _inputs(case, missing)
    answers: dict[Role, Sizes] = {n: (s.low, s.expected, s.high) for n, s in sizes.items()}
    judge = estimate_judge(case, answers, earlier.get("judge", ()), price)

    def total(which: Literal["low", "expected", "high"]) -> Decimal | None:
        whole = Decimal(0) if judge is None else getattr(judge, which)
        for (arm, tokens), n in inputs.items():
            exact = which != "high" or encoding_for(case.arms[arm].model).exact
            given = tokens if exact else ceil(tokens * ESTIMATE_MARGIN)
            one = price(arm, given, getattr(sizes[arm], which))
            if one is None or whole is None:
                return None
            whole += n * one
        return whole

    bases = [sizes[name].basis for name, n in many.items() if n]
    return RunEstimate(
        calls=len(missing),
        reused=len(calls) - len(missing),
        low=total("low"),
        expected=total("expected"),
        high=total("high"),
        seconds=_seconds(
            case, {name: n * sizes[name].latency_s for name, n in many.items()}, missing
        )
        + (judge.seconds if judge else 0.0),
        hosts=tuple(sorted(filter(None, map(_host, {call.endpoint for call in missing})))),
        basis=max(bases, key=_BASES.index, default="earlier answers"),
        judge=judge,
    )


def _seconds(case: Case, busy_s: Mapping[OptionId, float], missing: Sequence[PlannedCall]) -> float:
    """How long the calls take: all beside each other, and at no address more at once than it takes.

    Args:
        case: whose run it is.
        busy_s: how long each option's calls take one after the other.
        missing: the calls.
    """
    most = case.run.concurrency
    at = Counter(call.endpoint for call in missing)
    of_address = dict.fromkeys(at, 0.0)
    for option, address in {call.arm: call.endpoint for call in missing}.items():
        of_address[address] += busy_s[option]
    alone = (of_address[one] / min(at_once(one, most), many) for one, many in at.items())
    return max(sum(busy_s.values()) / min(most, max(1, len(missing))), *alone, 0.0)


def _host(endpoint: str) -> str | None:
    return urlsplit(address_of(endpoint)).hostname


_BASES: tuple[EstimateBasis, ...] = (
    "earlier answers",
    "approved answers",
    "half of the longest allowed",
)
"""From the surest to the least sure."""


def _lengths(case: Case, arm: Arm, earlier: Sequence[tuple[int, int, float | None]]) -> Lengths:
    """From earlier answers, else from the approved ones, else from what is allowed."""
    most = arm.parameters.max_output_tokens or case.run.max_output_tokens
    known = Counter({tokens: n for tokens, n, _ in earlier})
    basis: EstimateBasis = "earlier answers"
    if not known:
        approved = (p.reference for p in case.prompts if p.reference)
        known = Counter(count_tokens(reference, arm.model) for reference in approved)
        basis = "approved answers"
    if not known:
        low, expected, basis = ceil(most * _SHORT), ceil(most / 2), "half of the longest allowed"
    else:
        low = _quantile(known, _SHORT)
        expected = round(sum(size * n for size, n in known.items()) / known.total())
    timed = [(latency, n) for _, n, latency in earlier if latency is not None]
    latency_s = 0.0 if arm.recorded else _FIRST_TOKEN_S + min(expected, most) / _TOKENS_A_SECOND
    if timed:
        latency_s = sum(ms * n for ms, n in timed) / sum(n for _, n in timed) / 1000
    return Lengths(min(low, most), min(expected, most), most, basis, latency_s)


def _quantile(known: Counter[int], share: float) -> int:
    passed = 0
    for size in sorted(known):
        passed += known[size]
        if passed >= share * known.total():
            return size
    raise ValueError("a quantile of nothing")


def _inputs(case: Case, calls: Sequence[PlannedCall]) -> Counter[tuple[OptionId, int]]:
    """Calls by arm and input tokens: equal ones cost the same, so each is priced once."""
    many: Counter[tuple[OptionId, int]] = Counter()
    for name in case.options:
        wanted = [call.prompt_id for call in calls if call.arm == name]
        if wanted:
            sent = input_tokens(case, name)
            counted = {p.id: n for p, n in zip(case.prompts, sent, strict=True)}
            many.update((name, counted[prompt_id]) for prompt_id in wanted)
    return many
