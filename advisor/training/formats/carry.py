"""What any format of another shape can't carry, and the parts that several of them write."""

import json
from itertools import pairwise
from typing import Any

from advisor.training.formats.model import TrainingRow


class CannotCarry(Exception):
    """What a format has no place for, as the end of a sentence."""


def refuse_settings(row: TrainingRow, *known: str) -> None:
    """Refuse a field beside the messages that is not known there."""
    for key, value in row.more.items():
        if key not in known and not (key == "parallel_tool_calls" and value is True):
            raise CannotCarry(f'the field "{key}"')


def refuse(message: dict[str, Any], *keys: str) -> None:
    """Refuse what stands under these keys of a message."""
    for key in keys:
        if message.get(key):
            raise CannotCarry(f'a message with "{key}"')


def system_and_rest(messages: list[dict[str, Any]]) -> tuple[Any, list[dict[str, Any]]]:
    """The instruction, where it is the first message, and what follows it."""
    system, rest = None, messages
    if messages and messages[0]["role"] in ("system", "developer"):
        system, rest = messages[0]["content"], messages[1:]
        refuse(messages[0], "name")
    for message in rest:
        if message["role"] in ("system", "developer"):
            raise CannotCarry("an instruction that is not the first message")
        if message["role"] == "function" or message.get("function_call"):
            raise CannotCarry('"function_call": write it as "tool_calls"')
        if message.get("weight") == 0:
            raise CannotCarry("an answer of weight 0, which is not to be learned")
        refuse(message, "name", "refusal", "audio", "thinking", "reasoning_content")
    if not rest:
        raise CannotCarry("a line with nothing but an instruction")
    return system, rest


def parts_of(content: Any) -> list[dict[str, Any]]:
    """A message's content as parts; none where it is empty."""
    if content is None or content == "":
        return []
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content)


def text_of(content: Any, what: str) -> str:
    """A content that has to be a text; `what` it belongs to."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    raise CannotCarry(f"{what} in parts")


def arguments_of(call: dict[str, Any]) -> dict[str, Any]:
    """What a call hands over, as an object."""
    value = json.loads(call["function"].get("arguments") or "{}")
    if not isinstance(value, dict):
        raise CannotCarry("a call whose arguments are no object")
    return value


def functions_of(row: TrainingRow, *known: str) -> list[dict[str, Any]]:
    """The tools' own descriptions; a format takes some of their fields."""
    found = []
    for tool in row.tools or ():
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or tool.get("type", "function") != "function":
            raise CannotCarry("a tool that is no function")
        for key in function:
            if key not in known:
                raise CannotCarry(f'"{key}" of a tool')
        found.append(function)
    return found


def refuse_two_in_a_row(turns: list[dict[str, Any]]) -> None:
    """Refuse two turns of one speaker, which a format that alternates would join."""
    for one, next_one in pairwise(turns):
        if one["role"] == next_one["role"]:
            raise CannotCarry("two messages in a row of one speaker")


def data_url(url: str) -> tuple[str, str] | None:
    """(mime, data) of an address that holds the data itself."""
    head, comma, body = url.partition(",")
    if not comma or not head.startswith("data:") or not head.endswith(";base64"):
        return None
    return head.removeprefix("data:").removesuffix(";base64"), body


def media_of(part: dict[str, Any]) -> tuple[str, str, str]:
    """(kind, mime, address) of a part that is no text."""
    match part.get("type"):
        case "image_url":
            given = part["image_url"]
            if isinstance(given, dict) and given.keys() - {"url"}:
                raise CannotCarry('the "detail" of an image')
            return "image", "", str(given["url"] if isinstance(given, dict) else given)
        case "input_audio":
            sound = part["input_audio"]
            mime = f"audio/{sound['format']}"
            return "audio", mime, f"data:{mime};base64,{sound['data']}"
        case "media":
            return part["kind"], part["mime"], part["url"]
    raise CannotCarry(f"a part of the type {str(part.get('type'))[:30]!r}")
