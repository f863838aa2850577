"""From a reply to the output that is stored, its tokens counted where the endpoint is silent."""

from dataclasses import replace
from math import ceil

from advisor.case.run_spec import PlannedCall
from advisor.evidence.model import Output
from advisor.llm.replies import Reply
from pricing.tokens import count_chat_tokens, count_tokens, encoding_for

ESTIMATE_MARGIN = 1.5
"""A model whose vocabulary is not public may need this many times our count."""


def highest_tokens(call: PlannedCall) -> tuple[int, int]:
    """(input, output) tokens a call can use at most, for setting its price aside."""
    counted = _sent_tokens(call)
    margin = 1.0 if encoding_for(call.model).exact else ESTIMATE_MARGIN
    return ceil(counted * margin), call.max_output_tokens


def output_of(call: PlannedCall, reply: Reply, attempts: int, *, replayed: bool) -> Output:
    """What is stored of a call.

    Args:
        call: what was asked.
        reply: the last of its replies.
        attempts: requests made for it.
        replayed: the answer was recorded, so its time says nothing.
    """
    fault = reply.fault
    refused = fault is not None and fault.severity == "refused"
    untimed = replayed or fault is not None
    output = Output(
        prompt_id=call.prompt_id,
        arm=call.arm,
        sample=call.sample,
        outcome="answered" if fault is None else "refused" if refused else "failed",
        text=reply.text if fault is None or refused else "",
        finish_reason=reply.finish_reason,
        served_model=reply.served_model,
        request_id=reply.request_id,
        error=None if fault is None else fault.sentence,
        input_tokens=reply.input_tokens,
        cached_tokens=reply.cached_tokens,
        output_tokens=reply.output_tokens,
        reasoning_tokens=reply.reasoning_tokens,
        first_token_ms=None if untimed else reply.first_token_ms,
        latency_ms=None if untimed else reply.latency_ms,
        attempts=attempts,
    )
    return _with_tokens(output, call)


def _with_tokens(output: Output, call: PlannedCall) -> Output:
    """The output with its tokens counted, where it is an answer without them."""
    said_nothing = output.output_tokens is None or (output.output_tokens == 0 and output.text)
    if output.outcome != "answered" or not (said_nothing or output.input_tokens is None):
        return output
    return replace(
        output,
        input_tokens=(_sent_tokens(call) if output.input_tokens is None else output.input_tokens),
        output_tokens=(
            count_tokens(output.text, call.model) if said_nothing else output.output_tokens
        ),
        tokens_counted=True,
    )


def _sent_tokens(call: PlannedCall) -> int:
    turns = ((example.text, example.answer) for example in call.examples)
    return count_chat_tokens(call.system_prompt, call.text, call.model, turns)
