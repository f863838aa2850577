"""A list of messages as a conversation, and calls and definitions of tools."""

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.case.conversation import ChatMessage, Speaker, ToolCall, canonical_json
from advisor.case.reading.objects import kind_of, loads
from advisor.errors import BadImport

_SPEAKERS: dict[str, Speaker] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "ai": "assistant",
    "gpt": "assistant",
    "model": "assistant",
    "chatbot": "assistant",
    "tool": "tool",
    "function": "tool",
}
_TYPES = ("human", "ai", "system", "tool", "function")
"""What LangChain calls the messages of a conversation."""


def clean(text: str) -> str:
    """Without half a surrogate pair, as broken JSON may hold: it can't be stored or sent."""
    return text.encode("utf-8", "replace").decode()


def parsed(value: object) -> object:
    """A cell that holds JSON as what it holds; anything else as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return loads(value)
        except ValueError:
            return value
    return value


def is_conversation(value: object) -> bool:
    """A list of messages: each one says who said it."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(one, dict)
            and ("role" in one or ("from" in one and "value" in one) or _by_type(one) is not None)
            for one in value
        )
    )


def _by_type(one: dict[str, Any]) -> dict[str, Any] | None:
    """A message that LangChain or ragas wrote: its type says who said it; None = it is none."""
    inside = one.get("kwargs", one.get("data"))
    if isinstance(inside, dict) and "content" in inside:
        kind = str(inside.get("type") or one.get("type", ""))
        if isinstance(one.get("id"), list) and one["id"]:  # its class: …, "HumanMessage"
            kind = str(one["id"][-1]).removesuffix("Chunk").removesuffix("Message").lower()
        one = {**inside, "type": kind}
    if one.get("type") in _TYPES and "content" in one:
        return {**one, "role": one["type"]}
    return None


def _without_blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    """A message of Claude's with calls and results among its blocks, as several of a chat."""
    content = message.get("content")
    blocks = content if isinstance(content, list) else []
    kinds = {one.get("type") if isinstance(one, dict) else None for one in blocks}
    if None in kinds or not kinds & {"tool_use", "tool_result"}:
        return [message]
    made = [
        {"role": "tool", "tool_call_id": one.get("tool_use_id"), "content": one.get("content")}
        for one in blocks
        if one.get("type") == "tool_result"
    ]
    calls = [
        {"name": one.get("name"), "arguments": one.get("input") or {}}
        for one in blocks
        if one.get("type") == "tool_use"
    ]
    rest = [one for one in blocks if one.get("type") not in ("tool_use", "tool_result")]
    if rest or calls:
        made.append({**message, "content": rest or None, "tool_calls": calls})
    return made


def messages_of(value: Sequence[Any], where: str) -> tuple[ChatMessage, ...]:
    """A list of messages as a conversation.

    Raises:
        BadImport: nobody known said one of them, or it holds more than text.
    """
    found = []
    for given in (part for one in value for part in _without_blocks(one)):
        one = given if "role" in given else _by_type(given) or given
        said = str(one.get("role", one.get("from", ""))).lower()
        speaker = _SPEAKERS.get(said)
        if speaker is None:
            raise BadImport(
                f"{where}: a message is by “{said[:40]}”; write system, user, assistant or tool."
            )
        content = one.get("content", one.get("value"))
        calls = calls_of(one.get("tool_calls") or [], where) or ()
        found.append(
            ChatMessage(
                role=speaker,
                content=content_of(content, where),
                calls=calls,
                call_id=str(one["tool_call_id"])[:200] if one.get("tool_call_id") else None,
            )
        )
    return tuple(message for message in found if message.content.strip() or message.calls)


_THOUGHT = ("reasoning", "thinking", "redacted_thinking")
"""Parts of a message that a model thought first: no words of its answer."""


def content_of(content: object, where: str) -> str:
    """The words of a message; parts are put together.

    Raises:
        BadImport: it holds a picture, a sound or a file.
    """
    if content is None:
        return ""
    if isinstance(content, str | int | float):
        return clean(str(content))
    parts = []
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, str):
            parts.append(part)
            continue
        if isinstance(part, dict) and part.get("type") in _THOUGHT:
            continue
        words = part.get("text", part.get("content")) if isinstance(part, dict) else None
        if isinstance(words, dict):
            words = words.get("value")
        if not isinstance(words, str):
            raise BadImport(
                f"{where}: a message holds {_held(part)}, and only texts can be compared. Leave it "
                "out, or have the file checked as a training file."
            )
        parts.append(words)
    return clean("\n".join(parts))


_MEDIA = (
    ("image", "image"),
    ("audio", "audio"),
    ("video", "video"),
    ("file", "file"),
    ("document", "file"),
)


def medium(part: Mapping[str, Any]) -> tuple[str, str] | None:
    """What a part of a message is that is no text: ("an image", "image"); None = it is text.

    By the names that OpenAI, Claude, Gemini and Bedrock give their parts: image_url, input_audio,
    inlineData, {"image": …} and so on.
    """
    source = part.get("inlineData", part.get("inline_data", part.get("fileData")))
    mime = (
        source.get("mimeType", source.get("mime_type", "file")) if isinstance(source, dict) else ""
    )
    names = (
        str(part.get("type", "")),
        str(mime),
        *(key for key in part if isinstance(part[key], dict)),
    )
    for name in names:
        for word, kind in _MEDIA:
            if word in name.lower():
                return f"{'an' if kind in ('image', 'audio') else 'a'} {kind}", kind
    return None


def _held(part: object) -> str:
    """What a part is, in words."""
    if not isinstance(part, dict):
        return kind_of(part)
    known = medium(part)
    if known is None:
        return f"“{str(part.get('type', 'an object'))[:40]}”"
    return "a sound recording" if known[1] == "audio" else known[0]


def calls_of(value: object, where: str) -> tuple[ToolCall, ...] | None:
    """Calls of tools; None = nothing is said about calls, () = none is to be made.

    Raises:
        BadImport: a call has no name, or it is no call at all.
    """
    found = parsed(value)
    if found is None or found == "":
        return None
    if isinstance(found, str):
        if found.strip().lower() in ("no call", "none", "no calls"):
            return ()
        raise BadImport(f"{where}: expected calls as a JSON list, or “no call”.")
    made = []
    for one in found if isinstance(found, list) else [found]:
        call = one.get("function", one) if isinstance(one, dict) else one
        if isinstance(call, str) and isinstance(one, dict):
            call = {**one, "name": call}
        name = call.get("name") if isinstance(call, dict) else call
        if not isinstance(name, str) or not name.strip():
            raise BadImport(f'{where}: a call has no name; write one like {{"name": "look_up"}}.')
        arguments: Any = {}
        if isinstance(call, dict):
            keys = ("arguments", "args", "input", "inputParameters", "input_parameters")
            arguments = next((call[key] for key in keys if call.get(key) is not None), {})
        made.append(ToolCall(name=name.strip()[:200], arguments=_as_json(arguments)))
    return tuple(made)


def _as_json(arguments: object) -> str:
    return arguments if isinstance(arguments, str) else canonical_json(arguments)


def tools_in(value: object, where: str) -> str | None:
    """Definitions of tools, as an OpenAI-compatible endpoint takes them.

    Raises:
        BadImport: they are no list of definitions with a name each.
    """
    found = parsed(value)
    if found is None or found in ("", []):
        return None
    tools = []
    for one in found if isinstance(found, list) else [found]:
        tool = one.get("function", one) if isinstance(one, dict) else None
        if not isinstance(tool, dict) or not isinstance(tool.get("name"), str):
            raise BadImport(
                f"{where}: a tool has no name; bring tools as a JSON list of definitions."
            )
        kept = {key: tool[key] for key in tool if key not in ("type", "input_schema")}
        if "input_schema" in tool:
            kept["parameters"] = tool["input_schema"]
        tools.append({"type": "function", "function": kept})
    return canonical_json(tools)
