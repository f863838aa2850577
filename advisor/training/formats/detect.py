"""Detect the format of a line by its fields; a format that is not read is named."""

from collections.abc import Callable
from typing import Any

from advisor.training.formats.blocks import is_blocks, read_blocks
from advisor.training.formats.gemini import is_gemini, read_gemini
from advisor.training.formats.judged import (
    is_graded,
    read_graded,
    read_openai_pair,
    read_rejected,
    read_trl_pair,
)
from advisor.training.formats.model import TrainingRow, WrongLine
from advisor.training.formats.plain import (
    is_cohere,
    read_alpaca,
    read_cohere,
    read_pair,
    read_sharegpt,
    read_text,
)

NOT_READ = "format not read"
UNKNOWN = "unknown format"


def read_row(row: dict[str, Any], line: int) -> TrainingRow:
    """A line's object in OpenAI's chat shape, whatever its format.

    Args:
        row: the object.
        line: its number, from 1.

    Raises:
        WrongLine: it does not keep to its format, or has one that is not read.
    """
    if _is_plain_chat(row):  # most lines are: the others' signs need not be looked for
        return _chat(row)
    for fits, name in _NOT_READ:
        if fits(row):
            raise WrongLine(NOT_READ, f"Line {line} is {name}, which is not read here.")
    for fits, read in _READ:
        if fits(row):
            return read(row, line)
    found = ", ".join(str(key)[:30] for key in list(row)[:5]) or "nothing"
    raise WrongLine(
        UNKNOWN,
        f'Line {line} has neither "messages" nor "prompt" and "completion", nor another format we '
        f"know (found: {found}); name the fields so.",
    )


def _is_plain_chat(row: dict[str, Any]) -> bool:
    """Whether a line is OpenAI's chat of texts alone, which no other format's sign can be in."""
    messages = row.get("messages")
    if not isinstance(messages, list) or not row.keys() <= _OF_CHAT:
        return False
    for message in messages:
        if not isinstance(message, dict) or isinstance(message.get("content"), list):
            return False
        role = message.get("role")
        if not isinstance(role, str) or role not in _ROLES:
            return False
    return True


_OF_CHAT = {"messages", "tools", "parallel_tool_calls"}
_ROLES = {"system", "developer", "user", "assistant", "tool", "function"}


def _has(*keys: str) -> Callable[[dict[str, Any]], bool]:
    return lambda row: all(key in row for key in keys)


def _any(*keys: str) -> Callable[[dict[str, Any]], bool]:
    return lambda row: any(key in row for key in keys)


def _is_batch(row: dict[str, Any]) -> bool:
    return "custom_id" in row and ("body" in row or "params" in row)


def _is_eval(row: dict[str, Any]) -> bool:
    return isinstance(row.get("input"), list) and "ideal" in row


def _is_kto(row: dict[str, Any]) -> bool:
    return isinstance(row.get("label", row.get("kto_tag")), bool) and (
        "completion" in row or "messages" in row or "conversations" in row
    )


def _is_labelled(row: dict[str, Any]) -> bool:
    return "text" in row and ("label" in row or "labels" in row)


_NOT_READ: tuple[tuple[Callable[[dict[str, Any]], bool], str], ...] = (
    (_is_batch, "a request of a batch, not a training example"),
    (_is_eval, "a test of an evaluation (input and ideal), not a training example"),
    (_is_kto, "an answer marked good or bad (KTO)"),
    (_is_labelled, "a text with a label (classification)"),
    (_has("input_ids"), "text cut into tokens already"),
    (_has("anchor", "positive"), "an example for an embedding model"),
    (_has("query", "relevant_passages"), "an example for a reranker"),
    (_has("query", "pos"), "an example for an embedding model"),
)

_READ: tuple[
    tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any], int], TrainingRow]], ...
] = (
    (is_gemini, read_gemini),
    (_any("preferred_output", "non_preferred_output"), read_openai_pair),
    (_has("chosen", "rejected"), read_trl_pair),
    (_any("rejected_response", "rejected_messages"), read_rejected),
    (_any("conversations", "conversation"), read_sharegpt),
    (is_graded, read_graded),
    (lambda row: "messages" in row and is_cohere(row), read_cohere),
    (lambda row: "messages" in row and is_blocks(row), read_blocks),
    (_has("messages"), lambda row, line: _chat(row)),
    (_any("prompt", "completion"), read_pair),
    (lambda row: "instruction" in row and ("output" in row or "response" in row), read_alpaca),
    (_has("text"), read_text),
)


def _chat(row: dict[str, Any]) -> TrainingRow:
    """OpenAI's own: what is wrong with it is said where its messages are looked at."""
    tools = row.get("tools")
    more = {} if len(row) == 1 else {k: row[k] for k in row if k not in ("messages", "tools")}
    if tools is not None and not isinstance(tools, list):
        more["tools"], tools = tools, None
    return TrainingRow("chat", "examples", row["messages"], tools, more)
