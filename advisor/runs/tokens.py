"""Tokens of a call: the most it can use, and the count where the endpoint reports none."""

from dataclasses import replace
from math import ceil

from advisor.evidence.model import Output
from advisor.runs.spec import PlannedCall
from pricing.tokens import count_chat_tokens, count_tokens, encoding_for

_ESTIMATE_MARGIN = 1.5
"""A model whose vocabulary is not public may need this many times our count."""


def highest_tokens(call: PlannedCall) -> tuple[int, int]:
    """(input, output) tokens a call can use at most, for setting its price aside."""
    counted = count_chat_tokens(call.system_prompt, call.text, call.model)
    margin = 1.0 if encoding_for(call.model).exact else _ESTIMATE_MARGIN
    return ceil(counted * margin), call.max_output_tokens


def with_tokens(output: Output, call: PlannedCall) -> Output:
    """The output with its tokens counted, where it is an answer without them."""
    said_nothing = output.output_tokens is None or (output.output_tokens == 0 and output.text)
    if output.outcome != "answered" or not (said_nothing or output.input_tokens is None):
        return output
    return replace(
        output,
        input_tokens=(
            count_chat_tokens(call.system_prompt, call.text, call.model)
            if output.input_tokens is None
            else output.input_tokens
        ),
        output_tokens=(
            count_tokens(output.text, call.model) if said_nothing else output.output_tokens
        ),
        tokens_counted=True,
    )
