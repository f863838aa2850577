"""Write a row in another vendor's format, nothing lost, or say what that format can't carry."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any, Literal, get_args

from advisor.training.formats.carry import (
    CannotCarry,
    arguments_of,
    functions_of,
    refuse,
    refuse_settings,
    refuse_two_in_a_row,
    system_and_rest,
    text_of,
)
from advisor.training.formats.judged import LABELS
from advisor.training.formats.model import TrainingRow
from advisor.training.formats.write_turns import write_bedrock, write_gemini

Target = Literal[
    "openai", "gemini", "bedrock", "together", "alpaca", "sharegpt", "prompt_completion"
]
TARGETS: tuple[Target, ...] = get_args(Target)

_NAMES: dict[Target, str] = {
    "openai": "OpenAI's format",
    "gemini": "Gemini's format",
    "bedrock": "Bedrock's format",
    "together": "Together's format",
    "alpaca": "Alpaca",
    "sharegpt": "ShareGPT",
    "prompt_completion": "a prompt and its completion",
}


def write_row(row: TrainingRow, to: Target) -> dict[str, Any]:
    """A line of another format.

    Raises:
        CannotCarry: that format has no place for something in it.
    """
    # An id or a source is not trained on, and vendors refuse fields they don't know.
    more = {key: value for key, value in row.more.items() if key not in LABELS}
    try:
        return _WRITERS[to](replace(row, more=more))
    except CannotCarry as lost:
        raise CannotCarry(f"{_NAMES[to]} has no place for {lost}") from None


def _openai(row: TrainingRow) -> dict[str, Any]:
    tools = {} if row.tools is None else {"tools": row.tools}
    if row.kind == "texts":
        raise CannotCarry("a plain text, with nothing asked")
    _only_openai_media([*row.messages, *(row.preferred or ()), *(row.rejected or ())])
    if row.kind == "examples":
        refuse_settings(row, "functions", "parallel_tool_calls")
    if row.kind == "preferences":
        return {
            "input": {"messages": row.messages, **tools, **row.more},
            "preferred_output": row.preferred,
            "non_preferred_output": row.rejected,
        }
    return row.as_chat()


def _together(row: TrainingRow) -> dict[str, Any]:
    if row.kind == "texts":
        return {"text": row.messages[0]["content"], **row.more}
    if row.kind == "graded":
        raise CannotCarry("a prompt for a grader")
    for message in row.messages:
        if message["role"] == "developer":
            raise CannotCarry('the role "developer": call it "system"')
        refuse(message, "name", "refusal", "audio", "function_call")
    return _openai(row)


def _only_openai_media(messages: list[dict[str, Any]]) -> None:
    for message in messages:
        for part in message["content"] if isinstance(message.get("content"), list) else ():
            if part.get("type") == "media":
                raise CannotCarry(f"{part['kind']} ({part['mime'] or 'of no known type'})")
            if part.get("type") == "unknown":
                raise CannotCarry("a part that is neither text nor media")


def _texts_only(row: TrainingRow) -> tuple[str, list[dict[str, Any]]]:
    """The instruction and the turns of a conversation of texts."""
    if row.kind != "examples":
        raise CannotCarry("a line that is no example with an answer")
    refuse_settings(row)
    system, rest = system_and_rest(row.messages)
    if row.tools is not None or any(m.get("tool_calls") or m["role"] == "tool" for m in rest):
        raise CannotCarry("tools and calls")
    turns = [{"role": m["role"], "text": text_of(m.get("content"), "a message")} for m in rest]
    refuse_two_in_a_row(turns)
    if turns[0]["role"] != "user" or turns[-1]["role"] != "assistant":
        raise CannotCarry("a conversation that does not go from the user's to the assistant's")
    return text_of(system, "an instruction"), turns


def _alpaca(row: TrainingRow) -> dict[str, Any]:
    system, turns = _texts_only(row)
    found = {"instruction": turns[-2]["text"], "input": "", "output": turns[-1]["text"]}
    if system:
        found["system"] = system
    before = turns[:-2]
    if before:
        pairs = zip(before[::2], before[1::2], strict=True)
        found["history"] = [[one["text"], other["text"]] for one, other in pairs]
    return found


def _prompt_completion(row: TrainingRow) -> dict[str, Any]:
    system, turns = _texts_only(row)
    if system:
        raise CannotCarry("an instruction (system message)")
    if len(turns) != 2:
        raise CannotCarry("more than one question and one answer")
    return {"prompt": turns[0]["text"], "completion": turns[1]["text"]}


def _sharegpt(row: TrainingRow) -> dict[str, Any]:
    if row.kind != "examples":
        raise CannotCarry("a line that is no example with an answer")
    refuse_settings(row)
    system, rest = system_and_rest(row.messages)
    turns: list[dict[str, Any]] = []
    if instruction := text_of(system, "an instruction"):
        turns.append({"from": "system", "value": instruction})
    for message in rest:
        text, calls = text_of(message.get("content"), "a message"), message.get("tool_calls")
        if calls:
            if text or len(calls) > 1:
                raise CannotCarry("a call beside a text" if text else "several calls at once")
            made = {"name": calls[0]["function"]["name"], "arguments": arguments_of(calls[0])}
            value = json.dumps(made, ensure_ascii=False)
            turns.append({"from": "function_call", "value": value})
        else:
            speaker = {"user": "human", "assistant": "gpt", "tool": "observation"}[message["role"]]
            turns.append({"from": speaker, "value": text})
    sides = [turn["from"] in ("human", "observation") for turn in turns if turn["from"] != "system"]
    if any(one == other for one, other in pairwise(sides)):
        raise CannotCarry("two messages in a row of one side")
    found: dict[str, Any] = {"conversations": turns}
    if row.tools is not None:
        found["tools"] = json.dumps(
            functions_of(row, "name", "description", "parameters", "strict"), ensure_ascii=False
        )
    return found


_WRITERS: dict[Target, Callable[[TrainingRow], dict[str, Any]]] = {
    "openai": _openai,
    "gemini": write_gemini,
    "bedrock": write_bedrock,
    "together": _together,
    "alpaca": _alpaca,
    "sharegpt": _sharegpt,
    "prompt_completion": _prompt_completion,
}
