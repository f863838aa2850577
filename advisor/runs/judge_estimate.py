"""What a judge will take before it is asked: calls, money, time, and who receives the texts."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from math import ceil
from urllib.parse import urlsplit

from advisor.case.case import Case
from advisor.case.endpoints import at_once
from advisor.case.options import Judge, Role
from advisor.case.run_spec import Price
from advisor.evidence.judge.plan import JudgingPlan
from advisor.evidence.judge.prompt import ORDERS, instruction
from advisor.evidence.pairs import judged_pairs
from advisor.evidence.run_estimate import JudgeEstimate
from advisor.host.endpoints import address_of
from advisor.runs.outputs import ESTIMATE_MARGIN
from advisor.verdict.tokens import prompt_tokens
from pricing.tokens import count_chat_tokens, count_tokens, encoding_for

_FORM_TOKENS = 40
"""Of the JSON around the texts."""
_SHORT, _USUAL = 30, 60
"""Of a reply, tokens: a choice with a word of reason, and with a sentence."""
_LATENCY_S = 2.0
"""A guess where nothing was measured."""

Sizes = tuple[int, int, int]
"""Tokens, low, expected and high."""


def estimate_judge(
    case: Case,
    answers: Mapping[Role, Sizes],
    earlier: Sequence[tuple[int, int, float | None]],
    price: Price,
) -> JudgeEstimate | None:
    """What the case's judge will take, before there are answers; None = there is no judge.

    Args:
        case: what is compared.
        answers: how long the options' answers will be; options without an entry are not judged.
        earlier: of the judge's earlier replies: output tokens, how many, mean latency in ms.
        price: of one request, USD.
    """
    judge = case.judge
    if judge is None or not judge.answers:
        return None
    fixed = _fixed(case, judge)
    references = [sum(count_tokens(one, judge.model) for one in p.references) for p in case.prompts]
    texts = prompt_tokens(case.prompts, judge.model)
    inputs: Counter[Sizes] = Counter()
    for base, other in judged_pairs(case, answers):
        both = [one + two for one, two in zip(answers[base], answers[other], strict=True)]
        for text, reference in zip(texts, references, strict=True):
            low, expected, high = (fixed + text + reference + size for size in both)
            inputs[low, expected, high] += len(ORDERS)
    return _estimate(case, judge, inputs, 0, earlier, price)


def estimate_planned(
    case: Case,
    plan: JudgingPlan,
    bought: Collection[str],
    earlier: Sequence[tuple[int, int, float | None]],
    price: Price,
) -> JudgeEstimate:
    """The same once there are answers: counted on what the judge is to read.

    Args:
        case: what is compared.
        plan: what the judge is asked.
        bought: hashes of calls whose reply is there already.
        earlier: of the judge's earlier replies: output tokens, how many, mean latency in ms.
        price: of one request, USD.
    """
    judge = case.judge
    if judge is None:
        raise ValueError("a case without a judge has no plan")
    calls = list(plan.spec.calls())
    missing = [call for call in calls if call.call_hash not in bought]
    fixed, counted = _fixed(case, judge), dict[tuple[str, object], int]()
    inputs: Counter[Sizes] = Counter()
    for call in missing:
        question = plan.questions[call.prompt_id]
        key = (question.prompt_id, question.pair)  # both orders hold the same words
        if key not in counted:
            counted[key] = fixed + count_tokens(call.text, judge.model)
        inputs[counted[key], counted[key], counted[key]] += 1
    return _estimate(case, judge, inputs, len(calls) - len(missing), earlier, price)


def _estimate(
    case: Case,
    judge: Judge,
    inputs: Counter[Sizes],
    reused: int,
    earlier: Sequence[tuple[int, int, float | None]],
    price: Price,
) -> JudgeEstimate:
    replied = sum(n for _, n, _ in earlier)
    usual = round(sum(size * n for size, n, _ in earlier) / replied) if replied else _USUAL
    timed = [(latency, n) for _, n, latency in earlier if latency is not None]
    latency_s = _LATENCY_S
    if timed:
        latency_s = sum(ms * n for ms, n in timed) / sum(n for _, n in timed) / 1000
    margin = 1.0 if encoding_for(judge.model).exact else ESTIMATE_MARGIN
    calls = inputs.total()

    def total(which: int, output: int, times: float = 1.0) -> Decimal | None:
        whole = Decimal(0)
        for size, n in inputs.items():
            one = price("judge", ceil(size[which] * times), output)
            if one is None:
                return None
            whole += n * one
        return whole

    return JudgeEstimate(
        calls=calls,
        reused=reused,
        low=total(0, min(_SHORT, usual)),
        expected=total(1, usual),
        high=total(2, judge.max_output_tokens, margin),
        seconds=calls
        * latency_s
        / min(at_once(judge.endpoint, case.run.concurrency), max(1, calls)),
        host=urlsplit(address_of(judge.endpoint.strip())).hostname,
    )


def _fixed(case: Case, judge: Judge) -> int:
    return count_chat_tokens(instruction(case), "", judge.model) + _FORM_TOKENS
