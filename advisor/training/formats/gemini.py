"""Google's format: `systemInstruction`, `contents` of parts, `tools` of declarations.

Sources: Google Cloud, "Prepare supervised fine-tuning data for Gemini models", "Tune function
calling", "Prepare preference tuning data for Gemini models" (completions with a score of 0 or 1).
"""

import json
from collections.abc import Iterator
from typing import Any

from advisor.training.formats.model import (
    TrainingRow,
    WrongLine,
    call,
    content_of,
    media,
    text_part,
    wrong,
)

RESULT = "output"
"""The key under which a tool's plain text stands in a `functionResponse`."""


def is_gemini(row: dict[str, Any]) -> bool:
    """Whether a line has Google's `contents`."""
    return "contents" in row


def read_gemini(row: dict[str, Any], line: int) -> TrainingRow:
    """A conversation, or one with two completions of which one is preferred."""
    contents = row["contents"]
    if not isinstance(contents, list) or not contents:
        raise wrong("no messages", line, 'has no list under "contents"; give its turns there.')
    messages: list[dict[str, Any]] = []
    instruction = row.get("systemInstruction", row.get("system_instruction"))
    if instruction is not None:
        parts = _parts(instruction, line, "systemInstruction")
        texts = [text_part(part["text"]) for part in parts if isinstance(part.get("text"), str)]
        if texts:
            messages.append({"role": "system", "content": content_of(texts)})
    ids = _Ids()
    for at, content in enumerate(contents, start=1):
        messages += _messages(content, line, f"contents {at}", ids)
    completion = row.get("completion")
    if isinstance(completion, dict):
        messages += _messages({"role": "model", **completion}, line, "completion", ids)
    more = {key: row[key] for key in row if key not in _KNOWN}
    tools = _tools(row.get("tools"))
    if "completions" in row:
        preferred, rejected = _completions(row["completions"], line, ids)
        return TrainingRow(
            "preference pair", "preferences", messages, tools, more, [preferred], [rejected]
        )
    return TrainingRow("Gemini", "examples", messages, tools, more)


_KNOWN = {"contents", "systemInstruction", "system_instruction", "tools", "completions"}
_KNOWN |= {"completion"}


class _Ids:
    """Google's calls have no ids: each gets one, and a result takes that of the call it answers."""

    def __init__(self) -> None:
        self.made = 0
        self.open: list[tuple[str, str]] = []

    def of_call(self, name: str) -> str:
        self.made += 1
        self.open.append((name, f"call_{self.made}"))
        return f"call_{self.made}"

    def of_result(self, name: str) -> str:
        for at, (called, call_id) in enumerate(self.open):
            if called == name:
                del self.open[at]
                return call_id
        return ""


def _messages(content: Any, line: int, where: str, ids: _Ids) -> Iterator[dict[str, Any]]:
    role = content.get("role", "user") if isinstance(content, dict) else None
    if role not in ("user", "model", "function", "tool"):
        raise wrong(
            "unknown role",
            line,
            f'has the role {str(role)[:30]!r} in {where}; use "user" or "model".',
        )
    said: list[dict[str, Any]] = []
    calls: list[dict[str, Any]] = []
    for part in _parts(content, line, where):
        if isinstance(made := part.get("functionCall", part.get("function_call")), dict):
            name = str(made.get("name", ""))
            calls.append(call(name, made.get("args", {}), ids.of_call(name)))
        elif isinstance(
            result := part.get("functionResponse", part.get("function_response")), dict
        ):
            yield _result(result, ids)
        elif part.get("thought") is True:
            continue
        else:
            said.append(_part(part))
    if said or calls:
        more = {"tool_calls": calls} if calls else {}
        yield {
            "role": "assistant" if role == "model" else "user",
            "content": content_of(said),
            **more,
        }


def _parts(content: Any, line: int, where: str) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"text": content}]
    parts = content.get("parts") if isinstance(content, dict) else None
    if isinstance(parts, dict):
        parts = [parts]
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise wrong("no content", line, f'has no list of "parts" in {where}; put its texts there.')
    return parts


def _part(part: dict[str, Any]) -> dict[str, Any]:
    if isinstance(part.get("text"), str):
        return text_part(part["text"])
    inline = part.get("inlineData", part.get("inline_data"))
    if isinstance(inline, dict):
        mime = str(inline.get("mimeType", inline.get("mime_type", "")))
        return media(mime.partition("/")[0], f"data:{mime};base64,{inline.get('data', '')}", mime)
    file = part.get("fileData", part.get("file_data"))
    if isinstance(file, dict):
        mime = str(file.get("mimeType", file.get("mime_type", "")))
        uri = str(file.get("fileUri", file.get("file_uri", "")))
        return media(mime.partition("/")[0] or "file", uri, mime)
    return {"type": "unknown", **part}


def _result(result: dict[str, Any], ids: _Ids) -> dict[str, Any]:
    name, given = str(result.get("name", "")), result.get("response")
    if isinstance(given, dict) and list(given) == [RESULT] and isinstance(given[RESULT], str):
        text = given[RESULT]
    else:
        text = json.dumps(given, ensure_ascii=False)
    return {"role": "tool", "tool_call_id": ids.of_result(name), "content": text}


def _tools(given: Any) -> list[Any] | None:
    if not isinstance(given, list):
        return None
    found: list[Any] = []
    for tool in given:
        declared = (
            tool.get("functionDeclarations", tool.get("function_declarations"))
            if isinstance(tool, dict)
            else None
        )
        if isinstance(declared, list):
            found += [{"type": "function", "function": one} for one in declared]
        else:
            found.append(tool)
    return found


def _completions(given: Any, line: int, ids: _Ids) -> tuple[dict[str, Any], dict[str, Any]]:
    """(preferred, rejected) of a preference."""
    by_score: dict[Any, dict[str, Any]] = {}
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict) and isinstance(one.get("completion"), dict):
            turns = list(
                _messages({"role": "model", **one["completion"]}, line, "a completion", ids)
            )
            if len(turns) == 1:
                by_score[one.get("score")] = turns[0]
    if by_score.keys() != {0, 1}:
        raise WrongLine(
            "no pair",
            f"Line {line} has no two completions with the scores 1 and 0; give one of each.",
        )
    return by_score[1], by_score[0]
