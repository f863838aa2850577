"""One value of a row as what it is meant for: a text, a conversation, passages, calls, a share."""

import ast
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from advisor.case.conversation import (
    ChatMessage,
    Speaker,
    ToolCall,
    calls_as_text,
    canonical_json,
)
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
_LONGEST_LITERAL = 100_000
_SOLE_TEXT = ("input", "question", "query", "prompt", "text", "message", "user_input")
_SOLE_ANSWER = (
    "answer",
    "output",
    "expected",
    "response",
    "text",
    "result",
    "reference",
    "content",
)


def plain(value: object, where: str) -> str:
    """A value that is a single text; "" where there is none.

    Raises:
        BadImport: it is a list or an object.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return clean(str(value)).strip()
    raise BadImport(f"{where}: expected plain text, found {kind_of(value)}.")


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


def listed_in(value: object) -> object:
    """A cell that holds a list, in JSON or as Python prints it, as that list."""
    found = parsed(value)
    if not isinstance(found, str) or found.lstrip()[:1] != "[" or len(found) > _LONGEST_LITERAL:
        return found
    # numpy prints no comma between two texts, which Python would read as one.
    if re.search(r"""['"]\s+['"]""", found):
        return found
    try:
        literal = ast.literal_eval(found.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return found
    return literal if isinstance(literal, list) else found


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


def messages_of(value: Sequence[Any], where: str) -> tuple[ChatMessage, ...]:
    """A list of messages as a conversation.

    Raises:
        BadImport: nobody known said one of them, or it holds more than text.
    """
    found = []
    for given in value:
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
                content=_content(content, where),
                calls=calls,
                call_id=str(one["tool_call_id"])[:200] if one.get("tool_call_id") else None,
            )
        )
    return tuple(message for message in found if message.content.strip() or message.calls)


_THOUGHT = ("reasoning", "thinking", "redacted_thinking")
"""Parts of a message that a model thought first: no words of its answer."""


def _content(content: object, where: str) -> str:
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


def text_in(value: object, where: str) -> str | tuple[ChatMessage, ...]:
    """A text, or the conversation it is.

    Raises:
        BadImport: it is neither.
    """
    found = parsed(value)
    if isinstance(found, dict):
        if is_conversation(found.get("messages")):
            found = found["messages"]
        elif (one := _sole(found, _SOLE_TEXT)) is not None:
            return plain(one, where)
        elif isinstance(value, str):
            return plain(value, where)
        elif found and all(
            isinstance(one, str | int | float) or one is None for one in found.values()
        ):
            return variables(found, where)
    if isinstance(found, list) and is_conversation(found):
        return messages_of(found, where)
    return plain(value, where)


def variables(found: Mapping[str, Any], where: str) -> str:
    """The variables of a template as a text, one a line: nobody brought the template."""
    said = ((name, plain(one, where)) for name, one in found.items())
    return "\n".join(f"{name}: {words}" for name, words in said if words)


def references_in(value: object, where: str, several: bool) -> tuple[str, ...]:
    """The approved answers of a value; a list is several of them.

    Args:
        value: as it was read.
        where: the place it stands at.
        several: a cell of such a column may hold a list.
    """
    found = listed_in(value) if several else value
    if isinstance(found, list) and is_conversation(found):
        said = messages_of(found, where)
        return tuple(message.words for message in said[-1:])
    if isinstance(found, dict):
        one = _sole(found, _SOLE_ANSWER)
        if is_conversation(found.get("messages")):
            return references_in(found["messages"], where, several)
        found = canonical_json(found) if one is None else one
    if isinstance(found, list):
        return tuple(dict.fromkeys(filter(None, (plain(one, where) for one in found))))
    return tuple(filter(None, [plain(found, where)]))


def answer_in(value: object, where: str) -> str:
    """What a model answered: words, the last message of a conversation, or the calls it made."""
    found = parsed(value)
    if isinstance(found, list) and found and all(map(_is_call, found)):
        return calls_as_text(calls_of(found, where) or ())
    if (
        isinstance(found, list)
        and found
        and all(isinstance(p, dict) and "type" in p for p in found)
    ):
        return _content(found, where).strip()
    return next(iter(references_in(value, where, several=False)), "")


def _is_call(one: object) -> bool:
    if not isinstance(one, dict) or "role" in one:
        return False
    return "function" in one or (
        "name" in one and bool({"arguments", "args", "input"} & one.keys())
    )


def passages_in(value: object, where: str) -> tuple[str, ...]:
    """Passages: a text, or a list of them."""
    found = listed_in(value)
    if not isinstance(found, list):
        found = [found]
    passages: list[str] = []
    for one in found:
        if isinstance(one, dict):
            one = next((one[k] for k in ("content", "text", "page_content") if one.get(k)), None)
        if isinstance(one, list):
            passages.extend(passages_in(one, where))
        else:
            passages.append(plain(one, where))
    return tuple(filter(None, passages))


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


def weight_in(value: object, where: str) -> float | None:
    """A share of traffic: 0.2, 20 or "20 %".

    Raises:
        BadImport: it is no number, or below 0.
    """
    if value is None or value == "":
        return None
    words = str(value).strip()
    number = number_in(words.removesuffix("%"))
    found = -1.0 if number is None else number
    if not 0 <= found < 1e12:
        raise BadImport(f"{where}: the share of traffic is “{words[:40]}”; write a number like 20.")
    return found


_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_DOTTED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+|[1-9]\d{0,2}(?:\.\d{3}){2,}")


def number_in(value: object) -> float | None:
    """A number as people write it: 1,234.5, 1.234,5 or 0,5; None = it is none."""
    words = re.sub(r"\s", "", str(value))
    if _THOUSANDS.fullmatch(words):
        words = words.replace(",", "")
    elif _DOTTED.fullmatch(words):
        words = words.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d+,\d+", words):
        words = words.replace(",", ".")
    try:
        return float(words)
    except ValueError:
        return None


def _sole(found: dict[str, Any], names: Iterable[str]) -> Any:
    """The one text of an object, or the one that goes by a known name; None = there is none."""
    texts = {key: one for key, one in found.items() if isinstance(one, str | int | float)}
    if len(found) == 1 and len(texts) == 1:
        return next(iter(texts.values()))
    return next((texts[name] for name in names if name in texts), None)


def json_words(value: object) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False)
