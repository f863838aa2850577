"""Texts: the reader's own, and reading them from a paste or a file."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from advisor.case.brief import Frozen
from advisor.case.conversation import ChatMessage, ToolCall, transcript
from advisor.errors import BadImport
from advisor.words import listed

MAX_BYTES = 50 * 1024 * 1024
MAX_PROMPTS = 10_000
MAX_CHARS = 200_000
"""Of one text: about 50,000 tokens, more than most context windows of tuned models take."""
MAX_ROWS = 1_000_000
"""Lines or rows, empty ones and repeats included: each takes time, whatever is in it."""
MAX_LINE = 4_000_000
"""Characters of one line of a file: a text, its answer and its passages, all of them escaped."""
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"

_COLUMNS: dict[str, tuple[str, ...]] = {
    "text": ("prompt", "text", "input", "question", "message"),
    "reference": ("reference", "approved_answer", "answer", "expected", "ideal", "output"),
    "id": ("id", "key"),
    "cluster": ("cluster", "group", "case", "category", "document"),
    "passages": ("passages", "context", "retrieved"),
}


class Prompt(Frozen):
    """One of the reader's texts."""

    id: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1)
    """Of a conversation: the whole of it, see `transcript`."""
    reference: str | None = None
    """An answer an expert approved."""
    cluster: str | None = None
    """Prompts of the same case, document or category share a cluster."""
    passages: str | None = None
    """What a look-up found for it; only the arm with retrieval gets it."""
    other_references: tuple[str, ...] = ()
    """Further approved answers: any of them is right."""
    messages: tuple[ChatMessage, ...] = ()
    """A conversation, up to the message to be answered; () = the text is a single message."""
    tools: str | None = None
    """Tools the model may call, a JSON list as an OpenAI-compatible endpoint takes it."""
    calls: tuple[ToolCall, ...] | None = None
    """The approved calls, () = none is to be made; None = the answer is no call."""
    segment: str | None = None
    """The kind of text it stands for, such as a product or a language."""
    weight: float | None = Field(default=None, ge=0)
    """Its share of the traffic, beside those of the other texts; None = like any other."""

    @model_validator(mode="before")
    @classmethod
    def _text_of_messages(cls, given: Any) -> Any:
        """The text of a conversation is the conversation."""
        if isinstance(given, dict) and given.get("messages") and not given.get("text"):
            said = [ChatMessage.model_validate(one) for one in given["messages"]]
            return {**given, "messages": tuple(said), "text": transcript(said)}
        return given

    @property
    def references(self) -> tuple[str, ...]:
        """Every approved answer, the first one first."""
        return (self.reference, *self.other_references) if self.reference is not None else ()


def with_passages(text: str, passages: str | None) -> str:
    """A prompt as a model with retrieval gets it: what was looked up, then the text."""
    return f"Passages:\n{passages}\n\nText:\n{text}" if passages else text


@dataclass(frozen=True, slots=True)
class Imported:
    """What was understood of a paste or a file."""

    prompts: tuple[Prompt, ...]
    empty_skipped: int = 0
    repeats_skipped: int = 0

    @property
    def references(self) -> int:
        """Prompts that come with an approved answer."""
        return sum(prompt.reference is not None for prompt in self.prompts)

    @property
    def clusters(self) -> int:
        """Different clusters among the prompts."""
        return len({prompt.cluster for prompt in self.prompts if prompt.cluster})


def from_paste(text: str) -> Imported:
    """Read one prompt a line; where a line is only `---`, such lines part prompts of several lines.

    Raises:
        BadImport: nothing but white space, or over a limit.
    """
    if (size := len(text.encode("utf-8", "surrogatepass"))) > MAX_BYTES:
        raise BadImport(_too_large(size))
    if sum(map(text.count, _LINE_ENDS)) > MAX_ROWS:
        raise BadImport(_too_many_rows())
    lines = text.splitlines()
    if any(line.strip() == "---" for line in lines):
        blocks = "\n".join("---" if line.strip() == "---" else line for line in lines)
        parts = [part.strip("\n") for part in re.split(r"(?m)^---$", blocks)]
    else:
        parts = lines
    return _collect({"text": part} for part in parts)


def from_file(content: bytes, name: str) -> Imported:
    """Read a file by the ending of its name, one of `FORMATS`.

    Raises:
        BadImport: in one sentence, with the line, what is wrong and what to do.
    """
    if len(content) > MAX_BYTES:
        raise BadImport(_too_large(len(content)))
    text = _decode(content, name)
    ending = name.rsplit(".", 1)[-1].lower()
    for form in FORMATS:
        if ending in form.endings:
            return form.read(text, name)
    raise BadImport(f"{name} can't be read: bring your texts as {ENDINGS}.")


def from_jsonl(text: str, name: str) -> Imported:
    """Read one JSON object a line: `prompt`, and if you have them `reference`, `id`, `cluster`."""
    return _collect(_json_rows(text, name))


def read_objects(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) for each line that is not blank.

    Raises:
        BadImport: a line is not a JSON object.
    """
    for number, line in enumerate(_lines(text, name), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        except RecursionError:
            row = None
        if not isinstance(row, dict):
            raise BadImport(
                f"Line {number} of {name} is not a JSON object; write one like "
                '{"prompt": "your text"} on each line.'
            )
        yield number, row


def _json_rows(text: str, name: str) -> Iterator[dict[str, str | None]]:
    for number, row in read_objects(text, name):
        fields = {field: _pick(row, names) for field, names in _COLUMNS.items()}
        if fields["text"] is None and not any(key in row for key in _COLUMNS["text"]):
            raise BadImport(
                f'Line {number} of {name} has no "prompt"; name the field with your text "prompt".'
            )
        for field, value in fields.items():
            if value is not None and not isinstance(value, str | int | float):
                raise BadImport(
                    f'In line {number} of {name} the {field} is not a text; put it in "quotes".'
                )
        yield {field: None if value is None else str(value) for field, value in fields.items()}


def _pick(row: dict[str, Any], names: Iterable[str]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)


def _from_csv(text: str, name: str) -> Imported:
    csv.field_size_limit(MAX_BYTES)
    sample = text[:4096].splitlines()[0] if text[:4096].strip() else ""
    delimiter = max(",;\t", key=sample.count)
    reader = csv.reader(_lines(text, name), delimiter=delimiter, strict=True)
    try:
        header = next(reader, [])
        named = {column.strip().lower().replace(" ", "_"): i for i, column in enumerate(header)}
        columns = {
            field: next((named[alias] for alias in aliases if alias in named), None)
            for field, aliases in _COLUMNS.items()
        }
        if columns["text"] is None:
            found = ", ".join(column.strip() for column in header[:8] if column.strip())
            raise BadImport(
                f"{name} has no column called prompt (found: {found[:200] or 'nothing'}); "
                "call the column with your texts prompt."
            )
        return _collect(
            {
                field: row[at] if at is not None and at < len(row) else None
                for field, at in columns.items()
            }
            for row in reader
        )
    except csv.Error as error:
        raise BadImport(
            f"{name} stops making sense as CSV at line {reader.line_num} ({error}); "
            "save it again as CSV with quoted cells."
        ) from error


def _lines(text: str, name: str) -> Iterator[str]:
    """Each line with its end, in whichever way it ends.

    Raises:
        BadImport: a line, or their number, is beyond what is read.
    """
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if number > MAX_ROWS:
            raise BadImport(_too_many_rows())
        if len(line) > MAX_LINE:
            raise BadImport(
                f"Line {number} of {name} has {len(line):,} characters; the most one line may have "
                f"is {MAX_LINE:,}. Write one text on each line."
            )
        yield line


def _collect(rows: Iterable[dict[str, str | None]]) -> Imported:
    """Number, trim and check rows; leave out empty texts and repeats of a text."""
    prompts: list[Prompt] = []
    ids: dict[str, int] = {}
    texts: set[str] = set()
    empty = repeats = 0
    for given in rows:
        # Half of a surrogate pair, as broken JSON may hold one, can't be stored or sent.
        row = {k: v and v.encode("utf-8", "replace").decode() for k, v in given.items()}
        text = (row.get("text") or "").strip()
        if not text:
            empty += 1
            continue
        for field, whole in row.items():
            if whole and len(whole) > MAX_CHARS and len(whole.strip()) > MAX_CHARS:
                what = f"{'Text' if field == 'text' else f'The {field} of text'} {len(prompts) + 1}"
                raise BadImport(
                    f"{what} has {len(whole.strip()):,} characters; the most one text may have "
                    f"is {MAX_CHARS:,}. Split it or leave it out."
                )
        # The same text twice is no second piece of evidence.
        if text in texts:
            repeats += 1
            continue
        if len(prompts) == MAX_PROMPTS:
            raise BadImport(
                f"More than {MAX_PROMPTS:,} texts; about 100 settle most questions, so bring fewer."
            )
        texts.add(text)
        prompts.append(
            Prompt(
                id=_free_id((row.get("id") or "").strip()[:150] or str(len(prompts) + 1), ids),
                text=text,
                reference=(row.get("reference") or "").strip() or None,
                cluster=(row.get("cluster") or "").strip() or None,
                passages=(row.get("passages") or "").strip() or None,
            )
        )
    if not prompts:
        raise BadImport(f"No text found; paste one text a line, or upload a {ENDINGS}.")
    return Imported(tuple(prompts), empty, repeats)


def _free_id(wanted: str, taken: dict[str, int]) -> str:
    """An id that no other has; `taken` knows the last number given to each."""
    name = wanted
    while name in taken:
        taken[wanted] += 1
        name = f"{wanted}-{taken[wanted]}"
    taken[name] = 1
    return name


def _decode(content: bytes, name: str) -> str:
    if content[:2] == b"PK":
        raise BadImport(
            f"{name} is a zip or spreadsheet file; save the sheet as CSV and upload that."
        )
    encoding: Literal["utf-16", "utf-8-sig"] = (
        "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    )
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadImport(
            f"Line {line} of {name} is not UTF-8 text; save the file as UTF-8 and upload it again."
        ) from error
    if "\x00" in text:
        raise BadImport(f"{name} holds binary data, not text; save it as UTF-8 .csv or .jsonl.")
    return text


def _too_large(size: int) -> str:
    return (
        f"{size / 1024 / 1024:,.1f} MB is more than the {MAX_BYTES // 1024 // 1024} MB taken at "
        "once; about 100 texts settle most questions, so bring a part of it."
    )


def _too_many_rows() -> str:
    return f"More than {MAX_ROWS:,} lines; about 100 texts settle most questions, so bring fewer."


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that texts are read from."""

    endings: tuple[str, ...]
    """Of its name, the usual one first."""
    read: Callable[[str, str], Imported]
    """From the file's text and its name."""
    words: str
    """What it holds, for whoever brings one."""


FORMATS = (
    Format(
        ("csv",),
        _from_csv,
        "a .csv with a column prompt (and, if you have them, reference and cluster)",
    ),
    Format(("jsonl", "ndjson"), from_jsonl, "a .jsonl with the same fields"),
    Format(("txt",), lambda text, name: from_paste(text), "a .txt with one text a line"),
)
"""All that can be read: the page, the command line and the refusals draw on it."""
ENDINGS = listed([f".{form.endings[0]}" for form in FORMATS], "or")
"""".csv, .jsonl or .txt"."""
