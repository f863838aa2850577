"""One line of a training file: an example, or what is wrong with it in a sentence.

Sources: OpenAI, "Fine-tuning: data preparation" (roles, weight 0 or 1, at least one answer of the
assistant), and its cookbook, "Data preparation and analysis for chat model fine-tuning".
"""

import json
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from advisor.training.formats.judged import for_grader
from advisor.training.formats.model import TrainingRow, WrongLine
from advisor.training.model import Example

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_MEDIA = {
    "image_url": "image",
    "input_image": "image",
    "input_audio": "audio",
    "video_url": "video",
    "file": "file",
    "media": "",
}
"""FileKind of a part that is no text, by its type; of `media` the part says it itself."""
_PER_MESSAGE, _PER_NAME, _PER_REPLY = 3, 1, 3
"""Tokens around a message, by the cookbook's count."""


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


def example_of(row: TrainingRow, number: int, count: Callable[[str], int]) -> Example:
    """The example of a row.

    Raises:
        WrongLine: a message in it is wrong, or nothing is learned from it.
    """
    if row.kind == "preferences":
        return _preference(row, number, count)
    if row.kind == "graded":
        return _graded(row, number, count)
    if row.kind == "texts":
        return _plain(row, number, count)
    if row.form == "prompt and completion" and len(row.messages) == 2 and row.tools is None:
        prompt, answer = (message.get("content") for message in row.messages)
        if isinstance(prompt, str) and isinstance(answer, str):
            return _pair(_whole(prompt), _whole(answer), number, count)
    return _chat(row, number, count)


def _pair(prompt: str, answer: str, number: int, count: Callable[[str], int]) -> Example:
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


def _chat(row: TrainingRow, number: int, count: Callable[[str], int]) -> Example:
    messages = row.messages
    said, media = _said(messages, number, "messages")
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
    return Example(
        line=number,
        form=row.form,
        system="\n".join(_of(("system", "developer"), messages, said)),
        asked=_of(("user",), messages, said),
        between=_of(("assistant", "tool", "function"), messages[:last], said[:last]),
        input_key=_digest("\n".join([tools, *_turns(messages[:last], said[:last], media[:last])])),
        answer=said[last],
        roles=tuple(message["role"] for message in messages),
        tokens=_tokens(messages, said, count) + (count(tools) if tools else 0),
        media=_all_of(media),
    )


def _preference(row: TrainingRow, number: int, count: Callable[[str], int]) -> Example:
    """What was asked, and two answers: the same two the other way round contradict each other."""
    asked, media = _said(row.messages, number, "messages")
    both: list[str] = []
    tokens = _tokens(row.messages, asked, count)
    for given, key in ((row.preferred, "preferred answer"), (row.rejected, "rejected answer")):
        said, _ = _said(given or [], number, key)
        both.append("\n".join(said))
        tokens += _tokens(given or [], said, count)
    before = [_tools_text(row), *_turns(row.messages, asked, media)]
    return Example(
        line=number,
        form=row.form,
        system="\n".join(_of(("system", "developer"), row.messages, asked)),
        asked=_of(("user",), row.messages, asked),
        between=_of(("assistant", "tool", "function"), row.messages, asked),
        input_key=_digest("\n".join([*before, *sorted(both)])),
        answer=both[0],
        roles=(*(message["role"] for message in row.messages), "preferred", "rejected"),
        tokens=tokens + (count(before[0]) if before[0] else 0),
        kind="preferences",
        media=_all_of(media),
        rejected=both[1],
    )


def _graded(row: TrainingRow, number: int, count: Callable[[str], int]) -> Example:
    said, media = _said(row.messages, number, "messages")
    tools = _tools_text(row)
    return Example(
        line=number,
        form=row.form,
        system="\n".join(_of(("system", "developer"), row.messages, said)),
        asked=_of(("user",), row.messages, said),
        between=_of(("assistant", "tool", "function"), row.messages, said),
        input_key=_digest("\n".join([tools, *_turns(row.messages, said, media)])),
        answer=_dump(for_grader(row)),
        roles=tuple(message["role"] for message in row.messages),
        tokens=_tokens(row.messages, said, count) + (count(tools) if tools else 0),
        kind="graded",
        media=_all_of(media),
    )


def _plain(row: TrainingRow, number: int, count: Callable[[str], int]) -> Example:
    text = _whole(str(row.messages[0]["content"]))
    return Example(
        line=number,
        form=row.form,
        system="",
        asked=(),
        between=(),
        input_key=_digest(text),
        answer=text,
        roles=("text",),
        tokens=count(text),
        kind="texts",
    )


def _tokens(messages: list[Any], said: list[str], count: Callable[[str], int]) -> int:
    """By the cookbook's count: of the texts, and around each message."""
    overhead = sum(_PER_MESSAGE + (_PER_NAME if "name" in m else 0) + 1 for m in messages)
    return _PER_REPLY + overhead + sum(map(count, said))


def _all_of(media: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The media of all messages, sorted."""
    return tuple(sorted(one for of_one in media for one in of_one)) if any(media) else ()


def _turns(messages: list[Any], said: list[str], media: list[tuple[str, ...]]) -> list[str]:
    """Who said what, for telling two inputs apart: an image is part of what was asked."""
    return [
        "\t".join((f"{message['role']}: {text}", *shown)) if shown else f"{message['role']}: {text}"
        for message, text, shown in zip(messages, said, media, strict=True)
    ]


def _said(messages: Any, number: int, key: str) -> tuple[list[str], list[tuple[str, ...]]]:
    """What each message says, and the media in it."""
    if not isinstance(messages, list) or not messages:
        raise WrongLine(
            "no messages", f'Line {number} has no list under "{key}"; give its messages there.'
        )
    found = [_message(message, number, at) for at, message in enumerate(messages, start=1)]
    return [text for text, _ in found], [media for _, media in found]


def _message(message: Any, number: int, at: int) -> tuple[str, tuple[str, ...]]:
    """What a message says, its calls of tools as JSON; and the media in it."""
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
        return calls or _whole(str(message["refusal"])), ()
    text, media = _content(content, where)
    return f"{text}\n{calls}" if calls and text else calls or text, media


def _content(content: Any, where: str) -> tuple[str, tuple[str, ...]]:
    """The text of a message, and its media as kind and digest."""
    if isinstance(content, str):
        return _whole(content), ()
    if isinstance(content, list):
        texts, media = [], []
        for part in content:
            kind = part.get("type", "text") if isinstance(part, dict) else None
            if kind in ("text", "input_text", "output_text") and isinstance(part.get("text"), str):
                texts.append(part["text"])
            elif kind == "refusal" and isinstance(part.get("refusal"), str):
                texts.append(part["refusal"])
            elif kind in _MEDIA:
                shown = str(part.get("kind")) if kind == "media" else _MEDIA[kind]
                media.append(f"{shown}:{_digest(_dump(part)).hex()}")
            else:
                break
        else:
            return _whole("\n".join(texts)), tuple(media)
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


def _tools_text(row: TrainingRow) -> str:
    tools = row.tools or row.more.get("functions")
    return _dump(tools) if tools else ""


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
