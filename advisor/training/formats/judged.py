"""Preference pairs and graded prompts, told apart from examples.

Sources: OpenAI, "Direct preference optimization" (input, preferred_output, non_preferred_output) and
"Reinforcement fine-tuning" (messages that end with the user, and fields for the grader); TRL,
"Dataset formats" (prompt, chosen, rejected); Amazon Bedrock, "Prepare data for reinforcement
fine-tuning" (reference_answer).
"""

from typing import Any

from advisor.training.formats.model import TrainingRow, wrong
from advisor.training.formats.plain import as_messages, read_sharegpt

_SETTINGS = {"messages", "prompt", "tools", "functions", "parallel_tool_calls", "tool_choice"}
_SETTINGS |= {"weight", "temperature", "top_p", "max_tokens", "response_format"}
LABELS = {"id", "metadata", "meta", "source", "name", "model", "created", "data_source", "index"}
LABELS |= {"split", "tags", "extra_info", "user"}
"""Fields that name a line or say where it is from: nothing is learned from them."""


def read_openai_pair(row: dict[str, Any], line: int) -> TrainingRow:
    """A preference in OpenAI's format, which Azure, Together and Fireworks take too."""
    given = row.get("input")
    asked = given.get("messages") if isinstance(given, dict) else None
    if not isinstance(asked, list) or not asked:
        raise wrong("no messages", line, 'has no "messages" under "input"; give them there.')
    tools = given.get("tools") if isinstance(given, dict) else None
    beside = given if isinstance(given, dict) else {}
    more = {k: v for k, v in beside.items() if k not in ("messages", "tools")}
    return _pair(
        asked,
        _answer(row.get("preferred_output"), line, "preferred_output"),
        _answer(row.get("non_preferred_output"), line, "non_preferred_output"),
        tools if isinstance(tools, list) else None,
        more,
    )


def read_trl_pair(row: dict[str, Any], line: int) -> TrainingRow:
    """A preference in TRL's format: texts or messages, the prompt apart or within both answers."""
    preferred = _answer(row.get("chosen"), line, "chosen")
    rejected = _answer(row.get("rejected"), line, "rejected")
    if "conversations" in row:
        asked = read_sharegpt(row, line).messages
    elif "prompt" in row:
        asked = as_messages(row["prompt"], "user")
    elif "instruction" in row:
        beside = row.get("input") or ""
        asked = as_messages("\n".join(filter(None, (str(row["instruction"]), str(beside)))), "user")
    else:
        same = 0
        while same < min(len(preferred), len(rejected)) and preferred[same] == rejected[same]:
            same += 1
        asked, preferred, rejected = preferred[:same], preferred[same:], rejected[same:]
    if not asked or not preferred or not rejected:
        raise wrong(
            "no pair", line, 'needs what was asked and two answers: "prompt", "chosen", "rejected".'
        )
    known = ("prompt", "chosen", "rejected", "tools", "conversations", "instruction", "input")
    tools = row.get("tools") if isinstance(row.get("tools"), list) else None
    more = {k: v for k, v in row.items() if k not in (*known, "system")}
    if isinstance(row.get("system"), str) and "conversations" not in row:
        asked = [{"role": "system", "content": row["system"]}, *asked]
    return _pair(asked, preferred, rejected, tools, more)


def read_rejected(row: dict[str, Any], line: int) -> TrainingRow:
    """A conversation whose last answer is the preferred one, with a rejected one beside it."""
    given = row.get("messages")
    messages = given if isinstance(given, list) else []
    last = messages[-1] if messages else None
    if not isinstance(last, dict) or last.get("role") != "assistant":
        raise wrong(
            "no pair",
            line,
            "has a rejected answer and no preferred one; end its messages with that.",
        )
    key = "rejected_response" if "rejected_response" in row else "rejected_messages"
    more = {k: v for k, v in row.items() if k not in ("messages", "tools", key)}
    tools = row.get("tools") if isinstance(row.get("tools"), list) else None
    return _pair(messages[:-1], [last], _answer(row[key], line, key), tools, more)


def _pair(
    asked: list[Any],
    preferred: list[Any],
    rejected: list[Any],
    tools: list[Any] | None,
    more: dict[str, Any],
) -> TrainingRow:
    return TrainingRow("preference pair", "preferences", asked, tools, more, preferred, rejected)


def _answer(given: Any, line: int, key: str) -> list[Any]:
    if isinstance(given, dict) and "value" in given:
        given = given["value"]
    if isinstance(given, str):
        return [{"role": "assistant", "content": given}]
    if isinstance(given, dict):
        given = [given]
    if not isinstance(given, list) or not given:
        raise wrong("no pair", line, f'has no answer under "{key}"; give it there.')
    return given


def is_graded(row: dict[str, Any]) -> bool:
    """Whether nothing is answered, and something stands beside the prompt for a grader."""
    asked = row.get("messages", row.get("prompt"))
    if not isinstance(asked, list) or not asked:
        return False
    if any(isinstance(m, dict) and m.get("role") in _ANSWERS for m in asked[-1:]):
        return False
    return bool(_for_grader(row))


_ANSWERS = ("assistant", "Chatbot", "CHATBOT", "model")


def _for_grader(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k not in _SETTINGS | LABELS and v not in (None, "")}


def read_graded(row: dict[str, Any], line: int) -> TrainingRow:
    """A prompt, and what a grader scores an answer by."""
    key = "messages" if "messages" in row else "prompt"
    more = {k: v for k, v in row.items() if k not in (key, "tools")}
    tools = row.get("tools") if isinstance(row.get("tools"), list) else None
    return TrainingRow("graded prompt", "graded", list(row[key]), tools, more)


def for_grader(row: TrainingRow) -> dict[str, Any]:
    """What a grader is handed beside the prompt."""
    return _for_grader(row.more)
