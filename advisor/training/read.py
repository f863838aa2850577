"""Read a training file line by line: every line is an example, or has its fault in a sentence."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache

from advisor.errors import BadTrainingFile
from advisor.training.formats.detect import NOT_READ, UNKNOWN, read_row
from advisor.training.formats.model import WrongLine
from advisor.training.lines import example_of, parse_line
from advisor.training.model import Example, LineFault
from advisor.training.remarks import remarks
from advisor.training.rules import Limits
from pricing.tokens import count_tokens

_MB = 1024 * 1024
MAX_LINES = 250_000
"""Each takes time, whatever is in it; vendors take fewer."""
_SHOWN_ONCE = 2_000
"""Texts up to this many characters are counted once: instructions and tools repeat."""


_READERS = 2


@dataclass(slots=True)
class _Part:
    """What was read of a part of a file."""

    examples: list[Example] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)
    lines: int = 0
    objects: int = 0


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The lines of a file that are not blank, each in one of the two."""

    examples: tuple[Example, ...]
    faults: tuple[LineFault, ...]
    lines: int


def read_training_file(content: bytes, name: str, model: str, limits: Limits) -> ReadFile:
    """The examples of a JSONL file, and what is wrong with the other lines.

    Args:
        content: the file.
        name: of the file, for sentences.
        model: whose vocabulary counts the tokens.
        limits: of the file and of a line.

    Raises:
        BadTrainingFile: in one sentence, why this is no JSONL at all and what to do.
    """
    refuse_others(content, name, limits)
    count = _counter(model)
    examples: list[Example] = []
    faults: list[LineFault] = []
    lines = objects = 0
    with ThreadPoolExecutor(_READERS) as readers:  # counting tokens lets other threads go on
        parts = readers.map(lambda at: _read_part(content, at, count, limits), _parts(content))
        for part in parts:
            examples += part.examples
            faults += part.faults
            lines += part.lines
            objects += part.objects
    if not objects and {fault.kind for fault in faults} <= {"not JSON", "not an object"}:
        raise BadTrainingFile(_not_jsonl(content, name, lines))
    if not examples and {fault.kind for fault in faults} <= {NOT_READ, UNKNOWN}:
        raise BadTrainingFile(
            f"No line of {name} is a training example we can read. {faults[0].words} Formats that "
            "are read: chat messages, prompt and completion, Gemini, Bedrock, Claude, ShareGPT, "
            "Alpaca, Cohere, plain text, preference pairs and graded prompts."
        )
    return ReadFile(tuple(examples), tuple(faults), lines)


def require_jsonl(name: str) -> None:
    """Refuse a file by the ending of its name.

    Raises:
        BadTrainingFile: it is not `.jsonl`.
    """
    if not name.lower().endswith((".jsonl", ".ndjson")):
        raise BadTrainingFile(f"{name} is no .jsonl file; bring your examples as JSONL.")


def _read_part(
    content: bytes, at: tuple[int, int, int], count: Callable[[str], int], limits: Limits
) -> "_Part":
    """The lines of one part of a file."""
    part = _Part()
    for number, raw in lines_of(content, *at):
        part.lines += 1
        try:
            given = parse_line(raw, number, limits.line_mb * _MB)
            part.objects += 1
            row = read_row(given, number)
            example = example_of(row, number, count)
        except WrongLine as wrong:
            part.faults.append(LineFault(number, wrong.kind, wrong.words))
            continue
        part.examples.append(example)
        part.faults += (
            LineFault(number, kind, words, False) for kind, words in remarks(row, example)
        )
    return part


def _parts(content: bytes) -> Iterator[tuple[int, int, int]]:
    """(start, end, number of the first line) of parts of about a megabyte, whole lines each."""
    start, number = 0, 1
    while start < len(content):
        end = content.find(b"\n", min(start + _MB, len(content)))
        end = len(content) if end < 0 else end + 1
        yield start, end, number
        number += content.count(b"\n", start, end)
        start = end


def _counter(model: str) -> Callable[[str], int]:
    @lru_cache(maxsize=1_000)
    def repeated(text: str) -> int:
        return count_tokens(text, model)

    def count(text: str) -> int:
        return repeated(text) if len(text) <= _SHOWN_ONCE else count_tokens(text, model)

    return count


def lines_of(content: bytes, start: int, stop: int, number: int = 1) -> Iterator[tuple[int, bytes]]:
    """(line number, line) for each that is not blank, without a second copy of the file."""
    while start < stop:
        end = content.find(b"\n", start, stop)
        end = stop if end < 0 else end
        raw = content[start:end].strip()
        if raw and raw != b"\xef\xbb\xbf":
            yield number, raw
        start, number = end + 1, number + 1


def refuse_others(content: bytes, name: str, limits: Limits) -> None:
    """Raise for what is known at the first bytes to be no JSONL."""
    size = len(content)
    if size > limits.file_mb * _MB:
        raise BadTrainingFile(
            f"{name} has {size / _MB:,.0f} MB, and at most {limits.file_mb} MB are read; "
            "bring a part of it."
        )
    if (lines := content.count(b"\n")) > MAX_LINES:
        raise BadTrainingFile(
            f"{name} has {lines:,} lines, and at most {MAX_LINES:,} are read; bring a part of it."
        )
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").strip()
    if not head and not content.removeprefix(b"\xef\xbb\xbf").strip():
        raise BadTrainingFile(
            f'{name} is empty; write one example a line, such as {{"messages": […]}}.'
        )
    if head[:2] in (b"PK", b"\x1f\x8b"):
        raise BadTrainingFile(
            f"{name} is a zip or spreadsheet file; unpack it, or save it as JSONL."
        )
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadTrainingFile(f"{name} is UTF-16 text; save it as UTF-8 and bring it again.")
    if head[:1] == b"[" and content[-4096:].rstrip()[-1:] == b"]":
        raise BadTrainingFile(
            f"{name} is one JSON list; write each of its examples on a line of its own, without "
            "the brackets around them and the commas between."
        )


def _not_jsonl(content: bytes, name: str, lines: int) -> str:
    """Why no line at all is a JSON object."""
    first = next((raw for _, raw in lines_of(content, 0, len(content))), b"").decode(
        "utf-8", "replace"
    )
    if first.startswith("{") and _is_one_object(content):
        return f"{name} spreads one JSON object over {lines:,} lines; write it on one line."
    for delimiter, word in ((",", "CSV"), (";", "CSV"), ("\t", "tab-separated")):
        if not first.startswith("{") and first.count(delimiter) >= 1:
            return (
                f"{name} looks like a {word} table, not JSONL; write each row as a line "
                '{"prompt": "…", "completion": "…"}.'
            )
    return (
        f"{name} holds no JSON; write one example a line, as "
        '{"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}.'
    )


def _is_one_object(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):
        return False
