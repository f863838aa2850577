"""Formats of texts only: pairs, Alpaca, ShareGPT, Cohere's roles, plain text.

Sources: LLaMA-Factory, data/README (Alpaca and ShareGPT, their system, history and tools); Cohere,
"Preparing the chat fine-tuning data" (roles System, User, Chatbot); Together AI, "Data preparation"
(prompt and completion, text).
"""

import json
from typing import Any

from advisor.training.formats.model import TrainingRow, call, wrong

_SHAREGPT = {
    "system": "system",
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "chatgpt": "assistant",
    "bard": "assistant",
    "function_call": "call",
    "observation": "tool",
    "tool": "tool",
    "function_response": "tool",
}
_COHERE = {"system": "system", "user": "user", "chatbot": "assistant", "tool": "tool"}


def read_pair(row: dict[str, Any], line: int) -> TrainingRow:
    """A prompt and its completion: texts, or each a list of messages."""
    for key in ("prompt", "completion"):
        if not isinstance(row.get(key), str | list):
            raise wrong(f"no {key}", line, f'has no text under "{key}"; put it there, in quotes.')
    more = {key: row[key] for key in row if key not in ("prompt", "completion", "tools")}
    if isinstance(row["prompt"], str) and isinstance(row["completion"], str):
        said = [
            {"role": "user", "content": row["prompt"]},
            {"role": "assistant", "content": row["completion"]},
        ]
        return TrainingRow("prompt and completion", "examples", said, None, more)
    messages = [*as_messages(row["prompt"], "user"), *as_messages(row["completion"], "assistant")]
    tools = row.get("tools") if isinstance(row.get("tools"), list) else None
    return TrainingRow("prompt and completion", "examples", messages, tools, more)


def as_messages(given: Any, role: str) -> list[dict[str, Any]]:
    """A text as a message of its role; messages as they are."""
    if isinstance(given, str):
        return [{"role": role, "content": given}]
    return list(given) if isinstance(given, list) else [given]


def read_alpaca(row: dict[str, Any], line: int) -> TrainingRow:
    """An instruction, perhaps with an input and earlier turns, and its output."""
    answer = row.get("output", row.get("response"))
    asked = row["instruction"]
    beside = row.get("input", row.get("context")) or ""
    if not isinstance(asked, str) or not isinstance(beside, str) or not isinstance(answer, str):
        raise wrong(
            "no answer",
            line,
            'has no text under "instruction" and "output"; put them there, in quotes.',
        )
    messages = [{"role": "system", "content": row["system"]}] if row.get("system") else []
    history = row.get("history") or []
    if not isinstance(history, list) or not all(_is_turn(turn) for turn in history):
        raise wrong(
            "wrong history", line, 'has a "history" that is no list of question and answer pairs.'
        )
    for question, reply in history:
        messages += [
            {"role": "user", "content": question},
            {"role": "assistant", "content": reply},
        ]
    messages += [
        {"role": "user", "content": f"{asked}\n{beside}" if beside else asked},
        {"role": "assistant", "content": answer},
    ]
    known = ("instruction", "input", "context", "output", "response", "system", "history")
    return TrainingRow(
        "Alpaca", "examples", messages, None, {k: v for k, v in row.items() if k not in known}
    )


def _is_turn(turn: Any) -> bool:
    return isinstance(turn, list) and len(turn) == 2 and all(isinstance(t, str) for t in turn)


def read_sharegpt(row: dict[str, Any], line: int) -> TrainingRow:
    """A conversation of from and value, perhaps with a system prompt and tools beside it."""
    key = "conversations" if "conversations" in row else "conversation"
    turns = row[key]
    if not isinstance(turns, list) or not turns:
        raise wrong("no messages", line, f'has no list under "{key}"; give its turns there.')
    messages = [{"role": "system", "content": row["system"]}] if row.get("system") else []
    open_ids: list[str] = []
    made = 0
    for at, turn in enumerate(turns, start=1):
        role, value = _turn(turn, line, at)
        if role == "call":
            calls = []
            for name, arguments in _calls(value, line, at):
                made += 1
                open_ids.append(f"call_{made}")
                calls.append(call(name, arguments, f"call_{made}"))
            messages.append({"role": "assistant", "content": None, "tool_calls": calls})
        elif role == "tool":
            call_id = open_ids.pop(0) if open_ids else ""
            messages.append({"role": "tool", "tool_call_id": call_id, "content": value})
        else:
            messages.append({"role": role, "content": value})
    more = {k: v for k, v in row.items() if k not in (key, "system", "tools")}
    return TrainingRow(
        "ShareGPT", "examples", messages, _sharegpt_tools(row.get("tools"), line), more
    )


def _turn(turn: Any, line: int, at: int) -> tuple[str, str]:
    if not isinstance(turn, dict):
        raise wrong(
            "no object", line, f'has a turn {at} that is no object; give "from" and "value".'
        )
    who, value = turn.get("from", turn.get("role")), turn.get("value", turn.get("content"))
    role = _SHAREGPT.get(str(who).lower())
    if role is None:
        raise wrong(
            "unknown role",
            line,
            f'has the speaker {str(who)[:30]!r} in turn {at}; use "human" or "gpt".',
        )
    if not isinstance(value, str):
        raise wrong("no content", line, f'has no text in turn {at}; put it under "value".')
    return role, value


def _calls(value: str, line: int, at: int) -> list[tuple[Any, Any]]:
    try:
        given = json.loads(value)
    except (ValueError, RecursionError):
        given = None
    calls = given if isinstance(given, list) else [given]
    if not all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in calls):
        raise wrong(
            "wrong call", line, f'has a call in turn {at} that is no {{"name", "arguments"}}.'
        )
    return [(one["name"], one.get("arguments", {})) for one in calls]


def _sharegpt_tools(given: Any, line: int) -> list[Any] | None:
    if not given:
        return None
    try:
        tools = json.loads(given) if isinstance(given, str) else given
    except (ValueError, RecursionError):
        tools = None
    if not isinstance(tools, list):
        raise wrong("wrong tools", line, 'has "tools" that are no list; write them as JSON.')
    return [
        {"type": "function", "function": tool}
        if isinstance(tool, dict) and "function" not in tool
        else tool
        for tool in tools
    ]


def is_cohere(row: dict[str, Any]) -> bool:
    """Whether the speakers are Cohere's: System, User and Chatbot."""
    messages = row.get("messages")
    roles = [m.get("role") for m in messages if isinstance(m, dict)] if messages else []
    return any(role in ("Chatbot", "CHATBOT", "System", "User", "SYSTEM", "USER") for role in roles)


def read_cohere(row: dict[str, Any], line: int) -> TrainingRow:
    """A conversation with Cohere's roles."""
    messages = []
    for message in row["messages"]:
        role = str(message.get("role")).lower() if isinstance(message, dict) else ""
        if role not in _COHERE:
            raise wrong(
                "unknown role",
                line,
                f"has the role {role[:30]!r}; use System, User or Chatbot throughout.",
            )
        said = message.get("content", message.get("message"))
        rest = {k: v for k, v in message.items() if k not in ("role", "content", "message")}
        messages.append({**rest, "role": _COHERE[role], "content": said})
    more = {k: v for k, v in row.items() if k != "messages"}
    return TrainingRow("Cohere chat", "examples", messages, None, more)


def read_text(row: dict[str, Any], line: int) -> TrainingRow:
    """A text with nothing asked and nothing answered."""
    if not isinstance(row["text"], str):
        raise wrong("no content", line, 'has no text under "text"; put it there, in quotes.')
    said = [{"role": "assistant", "content": row["text"]}]
    return TrainingRow(
        "plain text", "texts", said, None, {k: v for k, v in row.items() if k != "text"}
    )
