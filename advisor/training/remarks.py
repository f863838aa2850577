"""What some vendors refuse in an example that keeps to its format: a remark on its line."""

from collections.abc import Iterator
from typing import Any

from advisor.training.formats.model import TrainingRow
from advisor.training.model import Example

_KEYS = {"role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call"}
_KEYS |= {"refusal", "audio", "thinking"}
_OF_CALLS = {"tool_calls", "function_call"}


def remarks(row: TrainingRow, example: Example) -> Iterator[tuple[str, str]]:
    """(kind, sentence) for what some vendors refuse in an example that keeps to the format."""
    line = f"Line {example.line}"
    if example.kind == "examples" and example.roles[-1] not in ("assistant", "completion"):
        yield (
            "ends elsewhere",
            f"{line} does not end with the assistant's answer, which some vendors refuse; "
            "end it there.",
        )
    extra = sorted({str(key) for message in row.messages for key in message.keys() - _KEYS})
    if extra and row.form == "chat":
        yield (
            "unknown key",
            f"{line} has a key that is not in the format ({', '.join(extra)[:60]}), which some "
            "vendors refuse; leave it out.",
        )
    if not any(message.keys() & _OF_CALLS or message["role"] == "tool" for message in row.messages):
        return
    tools = _tool_names(row.as_chat())
    unknown = sorted({name for name in _called(row.messages) if name not in tools})
    if unknown:
        yield (
            "unknown tool",
            f"{line} calls {', '.join(unknown)[:60]}, which is not among its tools; add it there.",
        )
    yield from _unanswered(row.messages, line)


def _unanswered(messages: list[dict[str, Any]], line: str) -> Iterator[tuple[str, str]]:
    """Calls whose result is not there, though the conversation goes on; and results of no call."""
    for at, message in enumerate(messages[:-1]):
        made = [str(call.get("id", "")) for call in message.get("tool_calls") or ()]
        made += ["function_call"] * bool(message.get("function_call"))
        following = []
        for later in messages[at + 1 :]:
            if later["role"] not in ("tool", "function"):
                break
            following.append(str(later.get("tool_call_id", "function_call")))
        names = [*_called([message])]
        lacking = [
            name for name, call_id in zip(names, made, strict=False) if call_id not in following
        ]
        if lacking:
            yield (
                "no result",
                f"{line}, message {at + 1} calls {', '.join(lacking)[:60]}, and no result of it "
                "follows, which vendors refuse; add it.",
            )
    calls: set[str] = set()
    for at, message in enumerate(messages):
        calls |= {str(call.get("id", "")) for call in message.get("tool_calls") or ()}
        if message["role"] == "tool" and str(message.get("tool_call_id", "")) not in calls:
            yield (
                "no call",
                f"{line}, message {at + 1} is the result of a call that is not there, which "
                "vendors refuse; add the call.",
            )


def _tool_names(row: dict[str, Any]) -> set[str]:
    found = set()
    for key in ("tools", "functions"):
        for tool in row[key] if isinstance(row.get(key), list) else ():
            function = tool.get("function", tool) if isinstance(tool, dict) else {}
            if isinstance(function, dict):
                found.add(str(function.get("name")))
    return found


def _called(messages: list[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        for call in message.get("tool_calls") or ():
            yield str(call["function"]["name"])
        if message.get("function_call"):
            yield str(message["function_call"]["name"])
