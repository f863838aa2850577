"""One line of a training file: an example, or what is wrong with it in a sentence.

Sources: OpenAI, "Fine-tuning: data preparation" (roles, weight 0 or 1, at least one answer of the
assistant), and its cookbook, "Data preparation and analysis for chat model fine-tuning".
"""

import json
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any

from advisor.training.model import Example

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_KEYS = {"role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call"}
_KEYS |= {"refusal", "audio", "thinking"}
_PER_MESSAGE, _PER_NAME, _PER_REPLY = 3, 1, 3
"""Tokens around a message, by the cookbook's count."""


class WrongLine(Exception):
    """Why a line is no example: a kind, and a sentence that says what to do."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind, self.words = kind, words


def parse_line(raw: bytes, number: int, most_bytes: int) -> dict[str, Any]:
    """The JSON object of one line.

    Raises:
        WrongLine: too long, not UTF-8, binary, not JSON, or not an object.
    """
    if len(raw) > most_bytes:
        raise WrongLine(
            "too large",
            f"Line {number} has {len(raw) / 1024 / 1024:,.0f} MB; write one example on each line.",
        )
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise WrongLine(
            "not UTF-8", f"Line {number} is not UTF-8 text; save the file as UTF-8."
        ) from None
    if "\x00" in text:
        raise WrongLine("binary", f"Line {number} holds binary data (NUL); write it again as text.")
    try:
        row = json.loads(text)
    except RecursionError:
        raise WrongLine("not JSON", f"Line {number} is nested too deeply; flatten it.") from None
    except ValueError as error:
        where = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        raise WrongLine(
            "not JSON",
            f"Line {number} is not valid JSON{where}; write one whole JSON object on each line.",
        ) from None
    if not isinstance(row, dict):
        raise WrongLine(
            "not an object",
            f'Line {number} is JSON but no object; write it as {{"messages": […]}}.',
        )
    return row


def read_example(row: dict[str, Any], number: int, count: Callable[[str], int]) -> Example:
    """The example of a line's object.

    Args:
        row: the object.
        number: of the line, from 1.
        count: tokens of a text.

    Raises:
        WrongLine: it keeps to neither format.
    """
    if "messages" in row:
        return _chat(row, number, count)
    if "prompt" in row or "completion" in row:
        return _pair(row, number, count)
    found = ", ".join(str(key)[:30] for key in list(row)[:5]) or "nothing"
    raise WrongLine(
        "unknown format",
        f'Line {number} has neither "messages" nor "prompt" and "completion" (found: {found}); '
        "name the fields so.",
    )


def remarks(row: dict[str, Any], example: Example) -> Iterator[tuple[str, str]]:
    """(kind, sentence) for what some vendors refuse in an example that keeps to the format."""
    if example.form != "chat":
        return
    line = f"Line {example.line}"
    if example.roles[-1] != "assistant":
        yield (
            "ends elsewhere",
            f"{line} does not end with the assistant's answer, which some vendors refuse; "
            "end it there.",
        )
    extra = sorted({str(key) for message in row["messages"] for key in message.keys() - _KEYS})
    if extra:
        yield (
            "unknown key",
            f"{line} has a key that is not in the format ({', '.join(extra)[:60]}), which some "
            "vendors refuse; leave it out.",
        )
    tools = _tool_names(row)
    unknown = sorted({name for name in _called(row) if name not in tools})
    if unknown:
        yield (
            "unknown tool",
            f"{line} calls {', '.join(unknown)[:60]}, which is not among its tools; add it there.",
        )


def _pair(row: dict[str, Any], number: int, count: Callable[[str], int]) -> Example:
    for key in ("prompt", "completion"):
        if not isinstance(row.get(key), str):
            raise WrongLine(
                f"no {key}", f'Line {number} has no text under "{key}"; put it there, in quotes.'
            )
    prompt, answer = _whole(row["prompt"]), _whole(row["completion"])
    return Example(
        line=number,
        form="prompt and completion",
        system="",
        asked=(prompt,),
        between=(),
        input_key=_digest(prompt),
        answer=answer,
        roles=("prompt", "completion"),
        tokens=count(prompt) + count(answer),
    )


def _chat(row: dict[str, Any], number: int, count: Callable[[str], int]) -> Example:
    messages = row["messages"]
    if not isinstance(messages, list) or not messages:
        raise WrongLine(
            "no messages", f'Line {number} has no list under "messages"; give its messages there.'
        )
    said = [_message(message, number, at) for at, message in enumerate(messages, start=1)]
    learned = [at for at, m in enumerate(messages) if m["role"] == "assistant" and _counts(m)]
    if not learned:
        has = any(message["role"] == "assistant" for message in messages)
        raise WrongLine(
            "no answer to learn" if has else "no assistant message",
            f"Line {number} has only assistant messages of weight 0, so nothing is learned from "
            "it; give one weight 1."
            if has
            else f"Line {number} has no assistant message, so there is nothing to learn; add one.",
        )
    last = learned[-1]
    tools = _tools_text(row)
    before = [f"{m['role']}: {text}" for m, text in zip(messages[:last], said[:last], strict=True)]
    overhead = sum(_PER_MESSAGE + (_PER_NAME if "name" in m else 0) + 1 for m in messages)
    return Example(
        line=number,
        form="chat",
        system="\n".join(_of(("system", "developer"), messages, said)),
        asked=_of(("user",), messages, said),
        between=_of(("assistant", "tool", "function"), messages[:last], said[:last]),
        input_key=_digest("\n".join([tools, *before])),
        answer=said[last],
        roles=tuple(message["role"] for message in messages),
        tokens=_PER_REPLY + overhead + sum(map(count, said)) + (count(tools) if tools else 0),
    )


def _message(message: Any, number: int, at: int) -> str:
    """What a message says: its text, or its calls of tools as JSON."""
    where = f"Line {number}, message {at}"
    if not isinstance(message, dict):
        raise WrongLine("no object", f'{where} is no object; write {{"role": …, "content": …}}.')
    role = message.get("role")
    if role not in ROLES:
        raise WrongLine(
            "unknown role",
            f"{where} has the role {str(role)[:30]!r}; use one of {', '.join(ROLES)}.",
        )
    weight = message.get("weight")
    if weight is not None:
        if role != "assistant":
            raise WrongLine(
                "weight elsewhere",
                f"{where} has a weight, which only assistant messages take; leave it out.",
            )
        if isinstance(weight, bool) or weight not in (0, 1):
            raise WrongLine("wrong weight", f"{where} has the weight {weight!r}; use 0 or 1.")
    calls = _calls_text(message, where)
    content = message.get("content")
    if content is None and (calls or (role == "assistant" and message.get("refusal"))):
        return calls or _whole(str(message["refusal"]))
    text = _text(content, where)
    return f"{text}\n{calls}" if calls and text else calls or text


def _text(content: Any, where: str) -> str:
    if isinstance(content, str):
        return _whole(content)
    if isinstance(content, list):
        parts = [part for part in content if isinstance(part, dict)]
        if len(parts) == len(content):
            texts = [part.get("text") for part in parts if part.get("type", "text") == "text"]
            if all(isinstance(text, str) for text in texts):
                return _whole("\n".join(str(text) for text in texts))
    raise WrongLine("no content", f'{where} has no text under "content"; put it there, in quotes.')


def _calls_text(message: dict[str, Any], where: str) -> str:
    """A message's calls of tools as JSON without their ids, which differ by chance."""
    given = message.get("tool_calls")
    functions = [message["function_call"]] if message.get("function_call") else []
    if given is not None:
        if not isinstance(given, list) or not all(isinstance(call, dict) for call in given):
            raise WrongLine("wrong call", f"{where}: tool_calls is no list of calls; make it one.")
        functions += [call.get("function") for call in given]
    if functions and message["role"] != "assistant":
        raise WrongLine("wrong call", f"{where} calls a tool, which only the assistant does.")
    for function in functions:
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            raise WrongLine("wrong call", f"{where} calls a tool without a name; give its name.")
        arguments = function.get("arguments", "{}")
        try:
            json.loads(arguments)
        except (TypeError, ValueError, RecursionError):
            raise WrongLine(
                "wrong call",
                f"{where} calls {function['name'][:30]} with arguments that are not JSON in "
                "quotes; write them so.",
            ) from None
    return _dump([[f["name"], f.get("arguments", "{}")] for f in functions]) if functions else ""


def _counts(message: dict[str, Any]) -> bool:
    return message.get("weight") != 0


def _of(roles: tuple[str, ...], messages: list[Any], said: list[str]) -> tuple[str, ...]:
    return tuple(
        text for message, text in zip(messages, said, strict=True) if message["role"] in roles
    )


def _tools_text(row: dict[str, Any]) -> str:
    tools = row.get("tools") or row.get("functions")
    return _dump(tools) if tools else ""


def _tool_names(row: dict[str, Any]) -> set[str]:
    found = set()
    for key in ("tools", "functions"):
        for tool in row[key] if isinstance(row.get(key), list) else ():
            function = tool.get("function", tool) if isinstance(tool, dict) else {}
            if isinstance(function, dict):
                found.add(str(function.get("name")))
    return found


def _called(row: dict[str, Any]) -> Iterator[str]:
    for message in row["messages"]:
        for call in message.get("tool_calls") or ():
            yield str(call["function"]["name"])
        if message.get("function_call"):
            yield str(message["function_call"]["name"])


def _dump(value: Any) -> str:
    return _whole(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _digest(text: str) -> bytes:
    """Of a text, whatever its case and blanks."""
    return blake2b(" ".join(text.casefold().split()).encode(), digest_size=16).digest()


def _whole(text: str) -> str:
    """Half of a surrogate pair, as broken JSON may hold one, can't be counted or hashed."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()
