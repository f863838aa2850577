"""`system` beside `messages`, their contents in blocks: Bedrock's conversations, and Claude's.

Sources: Amazon Bedrock, "Fine-tuning Amazon Nova: preparing data" (schemaVersion
bedrock-conversation-2024, the Converse API's content blocks), and "Prepare data for fine-tuning
text-to-text models" (system, messages); Anthropic, Messages API (typed content blocks).
"""

import json
from collections.abc import Iterator
from typing import Any

from advisor.training.formats.model import TrainingRow, call, content_of, media, text_part, wrong

SCHEMA = "bedrock-conversation-2024"
_MEDIA = ("image", "video", "document", "audio")


def is_blocks(row: dict[str, Any]) -> bool:
    """Whether the line has its instruction beside its messages, or blocks of the Converse API."""
    if "system" in row or "schemaVersion" in row or "toolConfig" in row:
        return True
    messages = row.get("messages")
    for message in messages if isinstance(messages, list) else ():
        content = message.get("content") if isinstance(message, dict) else None
        for block in content if isinstance(content, list) else ():
            if isinstance(block, dict) and ("type" not in block or block["type"] in _TYPED):
                return True
    return False


_TYPED = {"tool_use", "tool_result", "thinking"}


def read_blocks(row: dict[str, Any], line: int) -> TrainingRow:
    """A conversation with its system prompt beside it."""
    if not isinstance(row.get("messages"), list) or not row["messages"]:
        raise wrong("no messages", line, 'has no list under "messages"; give its messages there.')
    messages: list[dict[str, Any]] = []
    system = _system(row.get("system"), line)
    if system:
        messages.append({"role": "system", "content": system})
    for at, message in enumerate(row["messages"], start=1):
        where = f"Line {line}, message {at}"
        if not isinstance(message, dict):
            raise wrong(
                "no object", line, f'has a message {at} that is no object; give it "role" too.'
            )
        messages += _messages(message, line, where)
    converse = "schemaVersion" in row or "toolConfig" in row or isinstance(row.get("system"), list)
    more = {
        key: value
        for key, value in row.items()
        if key not in ("system", "messages", "schemaVersion", "toolConfig", "tools")
    }
    return TrainingRow(
        form="Bedrock conversation" if converse else "system beside messages",
        kind="examples",
        messages=messages,
        tools=_tools(row),
        more=more,
    )


def _system(given: Any, line: int) -> Any:
    if given is None or isinstance(given, str):
        return given or None
    blocks = given if isinstance(given, list) else []
    texts = [block.get("text") for block in blocks if isinstance(block, dict)]
    if not texts or len(texts) != len(blocks) or not all(isinstance(t, str) for t in texts):
        raise wrong("no content", line, 'has no text under "system"; put it there, in quotes.')
    return content_of([text_part(str(text)) for text in texts])


def _tools(row: dict[str, Any]) -> list[Any] | None:
    config = row.get("toolConfig")
    if isinstance(config, dict) and isinstance(config.get("tools"), list):
        return [_tool(tool) for tool in config["tools"]]
    given = row.get("tools")
    return [_tool(tool) for tool in given] if isinstance(given, list) else None


def _tool(tool: Any) -> Any:
    """A tool in OpenAI's shape; what is none of the two known shapes stays as it is."""
    if isinstance(tool, dict) and isinstance(spec := tool.get("toolSpec"), dict):
        function = {key: spec[key] for key in ("name", "description") if key in spec}
        schema = spec.get("inputSchema")
        if isinstance(schema, dict) and "json" in schema:
            function["parameters"] = schema["json"]
        return {"type": "function", "function": function}
    if isinstance(tool, dict) and "input_schema" in tool:
        function = {key: tool[key] for key in ("name", "description") if key in tool}
        return {"type": "function", "function": function | {"parameters": tool["input_schema"]}}
    return tool


def _messages(message: dict[str, Any], line: int, where: str) -> Iterator[dict[str, Any]]:
    """A message as one or several of OpenAI's: the results of tools are messages of their own."""
    content = message.get("content")
    if not isinstance(content, list):
        yield message
        return
    parts: list[dict[str, Any]] = []
    calls: list[dict[str, Any]] = []
    for block in content:
        if not isinstance(block, dict):
            raise wrong("no content", line, f'has a part that is no object in "{where}".')
        if (result := _result(block)) is not None:
            yield result
        elif (made := _call(block)) is not None:
            calls.append(made)
        else:
            parts.append(_part(block, where))
    if parts or calls:
        rest = {key: value for key, value in message.items() if key != "content"}
        made_calls = {"tool_calls": calls} if calls else {}
        yield {**rest, "content": content_of(parts), **made_calls}


def _result(block: dict[str, Any]) -> dict[str, Any] | None:
    if isinstance(given := block.get("toolResult"), dict):
        return _tool_message(given.get("toolUseId"), given.get("content"))
    if block.get("type") == "tool_result":
        return _tool_message(block.get("tool_use_id"), block.get("content"))
    return None


def _tool_message(call_id: Any, content: Any) -> dict[str, Any]:
    parts = content if isinstance(content, list) else [content]
    texts = [
        part
        if isinstance(part, str)
        else part["text"]
        if isinstance(part, dict) and isinstance(part.get("text"), str)
        else json.dumps(
            part.get("json", part) if isinstance(part, dict) else part, ensure_ascii=False
        )
        for part in parts
    ]
    return {"role": "tool", "tool_call_id": str(call_id or ""), "content": "\n".join(texts)}


def _call(block: dict[str, Any]) -> dict[str, Any] | None:
    if isinstance(use := block.get("toolUse"), dict):
        return call(use.get("name"), use.get("input", {}), str(use.get("toolUseId", "")))
    if block.get("type") == "tool_use":
        return call(block.get("name"), block.get("input", {}), str(block.get("id", "")))
    return None


def _part(block: dict[str, Any], where: str) -> dict[str, Any]:
    if isinstance(block.get("text"), str) and block.get("type", "text") == "text":
        return text_part(block["text"])
    for kind in _MEDIA:
        given = block.get(kind)
        if isinstance(given, dict) and isinstance(given.get("source"), dict):
            return _media(kind, given.get("format"), given["source"])
    if block.get("type") in _MEDIA and isinstance(source := block.get("source"), dict):
        mime = str(source.get("media_type", ""))
        if source.get("type") == "base64":
            return media(str(block["type"]), f"data:{mime};base64,{source.get('data', '')}", mime)
        return media(str(block["type"]), str(source.get("url", "")), mime)
    return dict(block) if "type" in block else {"type": "unknown", **block}


def _media(kind: str, form: Any, source: dict[str, Any]) -> dict[str, Any]:
    mime = f"{kind}/{form}" if kind in ("image", "video", "audio") else f"application/{form}"
    if isinstance(source.get("bytes"), str):
        return media(kind, f"data:{mime};base64,{source['bytes']}", mime)
    place = source.get("s3Location")
    uri = place.get("uri", "") if isinstance(place, dict) else source.get("uri", "")
    return media(kind, str(uri), mime)
