"""From a reply to the output that is stored, its tokens counted where the endpoint is silent."""

from dataclasses import dataclass
from math import ceil

from advisor.case.run_spec import PlannedCall
from advisor.evidence.model import Outcome, Output, Why
from advisor.llm.replies import Reply
from advisor.llm.reread import NO_ANSWER
from pricing.tokens import PER_MESSAGE, PER_REPLY, count_chat_tokens, count_tokens, encoding_for

_LEAST_SENT = 200
_LEAST_READ = 0.7
"""A text of more tokens than the first, of which the server counts less than this share, was cut."""
ESTIMATE_MARGIN = 1.5
"""A model whose vocabulary is not public may need this many times our count."""


def highest_tokens(call: PlannedCall) -> tuple[int, int]:
    """(input, output) tokens a call can use at most, for setting its price aside."""
    counted = _sent_tokens(call)
    margin = 1.0 if encoding_for(call.model).exact else ESTIMATE_MARGIN
    return ceil(counted * margin), call.max_output_tokens


@dataclass(frozen=True, slots=True)
class Used:
    """Tokens that an attempt has used, as reported, else counted."""

    input_tokens: int
    output_tokens: int
    cached_tokens: int
    counted: bool


def used(call: PlannedCall, reply: Reply) -> Used | None:
    """What a reply has used; None = nothing was written, so nobody bills for it."""
    written = reply.reasoning + reply.text
    said_nothing = reply.output_tokens is None or (reply.output_tokens == 0 and written)
    if reply.fault is not None and not written and reply.output_tokens is None:
        return None
    given = _sent_tokens(call) if reply.input_tokens is None else reply.input_tokens
    out = reply.output_tokens or 0
    if said_nothing:
        out = count_tokens(written, call.model)
    counted = bool(said_nothing) or reply.input_tokens is None
    return Used(given, out, reply.cached_tokens or 0, counted)


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
    why, said = (None, None) if fault is not None else _no_answer(call, reply)
    untimed = replayed or fault is not None or why is not None
    tokens = used(call, reply)
    outcome: Outcome = "answered" if why is None else "no_answer"
    if fault is not None:
        outcome = "refused" if refused else "failed"
    return Output(
        prompt_id=call.prompt_id,
        arm=call.arm,
        sample=call.sample,
        outcome=outcome,
        text=reply.text if outcome in ("answered", "refused") else "",
        reasoning=reply.reasoning,
        why=why,
        finish_reason=reply.finish_reason,
        served_model=reply.served_model,
        request_id=reply.request_id,
        error=said if fault is None else fault.sentence,
        input_tokens=reply.input_tokens if tokens is None else tokens.input_tokens,
        cached_tokens=reply.cached_tokens,
        output_tokens=reply.output_tokens if tokens is None else tokens.output_tokens,
        tokens_counted=tokens is not None and tokens.counted,
        reasoning_tokens=reply.reasoning_tokens,
        first_token_ms=None if untimed else reply.first_token_ms,
        latency_ms=None if untimed else reply.latency_ms,
        attempts=attempts,
    )


def _no_answer(call: PlannedCall, reply: Reply) -> tuple[Why | None, str | None]:
    """Why a reply without a fault is no answer, and the same in a sentence."""
    if reply.why is None:
        read = _read_in_part(call, reply)
        return ("window", read) if read else (None, None)
    if reply.why == "thinking":
        most = f"{call.max_output_tokens:,} tokens"
        return "thinking", f"It spent its {most} thinking; raise the limit."
    if reply.why == "empty" and reply.reasoning:
        return "empty", "It thought, and gave no answer."
    return reply.why, NO_ANSWER[reply.why]


def _read_in_part(call: PlannedCall, reply: Reply) -> str | None:
    """That the server did not read the whole text, in a sentence; None = it may well have."""
    read = reply.input_tokens
    if read is None:
        return None
    read_before = reply.cached_tokens or 0  # some count it beside the others
    if (most := _most_tokens(call)) <= _LEAST_SENT or read + read_before >= _LEAST_READ * most:
        return None  # and no vocabulary had to be loaded to see it
    sent = _sent_tokens(call)
    if sent <= _LEAST_SENT or read + read_before >= _LEAST_READ * sent:
        return None
    return (
        f"The server read {read:,} of about {sent:,} tokens: its window is too small (num_ctx, "
        "--ctx-size)."
    )


def _most_tokens(call: PlannedCall) -> int:
    """Tokens of a call at most, known without counting: each holds at least one byte."""
    said = [call.system_prompt, call.text]
    said += [text for example in call.examples for text in (example.text, example.answer)]
    wrapped = len(said) * (PER_MESSAGE + len("assistant"))
    return PER_REPLY + wrapped + sum(len(text.encode()) for text in said)


def _sent_tokens(call: PlannedCall) -> int:
    turns = ((example.text, example.answer) for example in call.examples)
    return count_chat_tokens(call.system_prompt, call.text, call.model, turns)
