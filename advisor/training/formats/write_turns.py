"""Write Google's and Amazon's formats, whose messages are turns of parts.

Sources: as of `gemini.py` and `blocks.py`.
"""

from collections.abc import Callable
from typing import Any

from advisor.training.formats.carry import (
    CannotCarry,
    arguments_of,
    data_url,
    functions_of,
    media_of,
    parts_of,
    refuse_settings,
    system_and_rest,
    text_of,
)
from advisor.training.formats.gemini import RESULT
from advisor.training.formats.model import TrainingRow


def write_gemini(row: TrainingRow) -> dict[str, Any]:
    """A line of Gemini's format."""
    if row.kind in ("graded", "texts"):
        raise CannotCarry("a prompt for a grader" if row.kind == "graded" else "a plain text")
    refuse_settings(row)
    system, rest = system_and_rest(row.messages)
    found: dict[str, Any] = {}
    if system is not None:
        found["systemInstruction"] = {
            "role": "system",
            "parts": _texts_and_media(system, _gemini_media),
        }
    found["contents"] = _gemini_contents(rest)
    if row.tools is not None:
        functions = functions_of(row, "name", "description", "parameters")
        found["tools"] = [{"functionDeclarations": functions}]
    if row.kind == "preferences":
        scored = ((1, row.preferred or []), (0, row.rejected or []))
        if any(len(said) != 1 for _, said in scored):
            raise CannotCarry("a preferred or rejected answer of several messages")
        found["completions"] = [
            {"score": score, "completion": _gemini_contents(said)[0]} for score, said in scored
        ]
    return found


def _gemini_contents(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    contents: list[dict[str, Any]] = []
    called: dict[str, str] = {}
    for message in messages:
        role = "model" if message["role"] == "assistant" else "user"
        if message["role"] == "tool":
            name = called.get(str(message.get("tool_call_id")))
            if name is None:
                raise CannotCarry("the result of a call that is not there")
            text = text_of(message.get("content"), "a result")
            parts = [{"functionResponse": {"name": name, "response": {RESULT: text}}}]
        else:
            parts = _texts_and_media(message.get("content"), _gemini_media)
            for call in message.get("tool_calls") or ():
                function = call["function"]
                called[str(call.get("id"))] = function["name"]
                parts.append(
                    {"functionCall": {"name": function["name"], "args": arguments_of(call)}}
                )
        _put(contents, role, parts, "parts", "functionResponse")
    return contents


def _put(
    turns: list[dict[str, Any]],
    role: str,
    parts: list[dict[str, Any]],
    key: str,
    result: str,
) -> None:
    """Append a turn; what follows a tool's result joins its turn, as speakers must alternate."""
    if not parts:
        raise CannotCarry("an empty message")
    if turns and turns[-1]["role"] == role:
        if not all(result in part for part in turns[-1][key]):
            raise CannotCarry("two messages in a row of one speaker")
        turns[-1][key] += parts
    else:
        turns.append({"role": role, key: parts})


def _texts_and_media(
    content: Any, write_media: Callable[[str, str, str], dict[str, Any]]
) -> list[dict[str, Any]]:
    """The parts of a message in order; `write_media` gets kind, MIME type and address of one."""
    return [
        {"text": part["text"]}
        if part.get("type", "text") == "text"
        else write_media(*media_of(part))
        for part in parts_of(content)
    ]


def _gemini_media(kind: str, mime: str, url: str) -> dict[str, Any]:
    if (data := data_url(url)) is not None:
        return {"inlineData": {"mimeType": data[0], "data": data[1]}}
    if mime or (kind == "image" and (mime := _mime_of(url))):
        return {"fileData": {"mimeType": mime, "fileUri": url}}
    raise CannotCarry("media at an address that does not say its type")


def _mime_of(url: str) -> str:
    ending = url.partition("?")[0].rpartition(".")[2].lower()
    return {
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "png": "image/png",
        "webp": "image/webp",
    }.get(ending, "")


# -- Bedrock --------------------------------------------------------------------------------------


def write_bedrock(row: TrainingRow) -> dict[str, Any]:
    """A line of Bedrock's conversations; a prompt for a grader stays in OpenAI's shape there."""
    if row.kind == "graded":
        return row.as_chat()
    if row.kind != "examples":
        raise CannotCarry("a preference" if row.kind == "preferences" else "a plain text")
    refuse_settings(row)
    system, rest = system_and_rest(row.messages)
    found: dict[str, Any] = {"schemaVersion": "bedrock-conversation-2024"}
    if system is not None:
        found["system"] = _texts_and_media(system, _bedrock_media)
    turns: list[dict[str, Any]] = []
    for message in rest:
        if message["role"] == "tool":
            text = text_of(message.get("content"), "a result")
            result = {"toolUseId": message.get("tool_call_id"), "content": [{"text": text}]}
            _put(turns, "user", [{"toolResult": result}], "content", "toolResult")
            continue
        blocks = _texts_and_media(message.get("content"), _bedrock_media)
        for call in message.get("tool_calls") or ():
            use = {"toolUseId": call.get("id"), "name": call["function"]["name"]}
            blocks.append({"toolUse": {**use, "input": arguments_of(call)}})
        _put(turns, message["role"], blocks, "content", "toolResult")
    found["messages"] = turns
    if row.tools is not None:
        functions = functions_of(row, "name", "description", "parameters")
        found["toolConfig"] = {"tools": [_tool_spec(function) for function in functions]}
    return found


def _tool_spec(function: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = {
        key: function[key] for key in ("name", "description") if key in function
    }
    if "parameters" in function:
        spec["inputSchema"] = {"json": function["parameters"]}
    return {"toolSpec": spec}


def _bedrock_media(kind: str, mime: str, url: str) -> dict[str, Any]:
    if kind not in ("image", "video"):
        raise CannotCarry(f"{kind} ({mime})")
    source: dict[str, Any]
    if (data := data_url(url)) is not None:
        form, source = data[0].partition("/")[2], {"bytes": data[1]}
    elif url.startswith("s3://"):
        form = mime.partition("/")[2] or _mime_of(url).partition("/")[2]
        source = {"s3Location": {"uri": url}}
    else:
        raise CannotCarry("an image at an address: put it in, or into S3")
    if not form:
        raise CannotCarry("media whose type is not said")
    return {kind: {"format": form, "source": source}}
