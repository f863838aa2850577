"""One value of a row as what it is meant for: a text, an answer, passages, a share."""

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any

from advisor.case.conversation import ChatMessage, calls_as_text, canonical_json
from advisor.case.reading.messages import (
    calls_of,
    clean,
    content_of,
    is_conversation,
    messages_of,
    parsed,
)
from advisor.case.reading.objects import kind_of
from advisor.errors import BadImport

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


def text_in(value: object, where: str) -> str | tuple[ChatMessage, ...]:
    """A text, or the conversation it is.

    Raises:
        BadImport: it is neither.
    """
    found = parsed(value)
    if isinstance(found, dict):
        if is_conversation(found.get("messages")):
            found = found["messages"]
        elif "user" in found and found.keys() <= {"system", "user", "assistant"}:
            found = [{"role": role, "content": words} for role, words in found.items()]
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
        return content_of(found, where).strip()
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
    words = "".join(str(value).split())
    if words.replace(".", "", 1).isdecimal():
        return float(words)
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
