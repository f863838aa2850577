"""Texts: the reader's own, and reading them from a paste."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import Field, model_validator

from advisor.case.brief import Frozen
from advisor.case.conversation import ChatMessage, ToolCall, as_read, transcript
from advisor.errors import BadImport
from advisor.words import listed

MAX_BYTES = 50 * 1024 * 1024
MAX_PROMPTS = 10_000
MAX_CHARS = 200_000
"""Of one text: about 50,000 tokens, more than most context windows of tuned models take."""
MAX_ROWS = 250_000
"""Lines or rows, empty ones and repeats included: each takes time, whatever is in it."""
MAX_LINE = 4_000_000
"""Characters of one line of a file: a text, its answer and its passages, all of them escaped."""
_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
_LINE_END = re.compile("\r\n|[\n\r\f\x85\u2029]")


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

    @property
    def approved_words(self) -> str:
        """All that is approved, as people read it: answers, and calls one a line; "" = nothing."""
        said = [*map(as_read, self.references)]
        if self.calls is not None:
            said.append("\n".join(call.words for call in self.calls) or "No call.")
        return "\n\nor\n\n".join(said)


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
        raise BadImport(too_large(size))
    if sum(map(text.count, _LINE_ENDS)) > MAX_ROWS:
        raise BadImport(too_many_rows())
    # A soft break, as Word has it, is a break within a text.
    lines = [re.sub("[\v\u2028]", "\n", line) for line in _LINE_END.split(text)]
    if any(line.strip() == "---" for line in lines):
        blocks = "\n".join("---" if line.strip() == "---" else line for line in lines)
        parts = [part.strip("\n") for part in re.split(r"(?m)^---$", blocks)]
    else:
        parts = lines
    return _collect(parts[:-1] if not parts[-1].strip() else parts)  # a file ends with a line end


def _collect(parts: Iterable[str]) -> Imported:
    """Number, trim and check texts; leave out empty ones and repeats."""
    found: dict[str, None] = {}
    empty = repeats = 0
    for part in parts:
        text = part.encode("utf-8", "replace").decode().strip()
        if not text:
            empty += 1
        elif text in found:  # the same text twice is no second piece of evidence
            repeats += 1
        elif len(text) > MAX_CHARS:
            raise BadImport(
                f"Text {len(found) + 1} has {len(text):,} characters; the most one text may have "
                f"is {MAX_CHARS:,}. Split it or leave it out."
            )
        elif len(found) == MAX_PROMPTS:
            raise BadImport(too_many_texts())
        else:
            found[text] = None
    if not found:
        raise BadImport(nothing_found())
    prompts = tuple(Prompt(id=str(n), text=text) for n, text in enumerate(found, start=1))
    return Imported(prompts, empty, repeats)


def free_id(wanted: str, taken: dict[str, int]) -> str:
    """An id that no other has; `taken` knows the last number given to each."""
    name = wanted
    while name in taken:
        taken[wanted] += 1
        name = f"{wanted}-{taken[wanted]}"
    taken[name] = 1
    return name


def too_large(size: int) -> str:
    """More bytes than are taken."""
    return (
        f"{size / 1024 / 1024:,.1f} MB is more than the {MAX_BYTES // 1024 // 1024} MB taken at "
        "once; about 100 texts settle most questions, so bring a part of it."
    )


def too_many_texts() -> str:
    """More texts than are compared."""
    return f"More than {MAX_PROMPTS:,} texts; about 100 settle most questions, so bring fewer."


def nothing_found() -> str:
    """Nothing but white space."""
    return f"No text found; paste one text a line, or upload a {ENDINGS}."


def too_many_rows() -> str:
    """More lines than are read."""
    return f"More than {MAX_ROWS:,} lines; about 100 texts settle most questions, so bring fewer."


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that texts are read from."""

    endings: tuple[str, ...]
    """Of its name, the usual one first."""
    words: str
    """What it holds, for people who bring one."""


FORMATS = (
    Format(("xlsx", "xlsm"), "an Excel file"),
    Format(("csv", "tsv", "tab"), "a .csv"),
    Format(("ods",), "an OpenDocument sheet"),
    Format(("jsonl", "ndjson"), "a .jsonl with one object a line"),
    Format(("json",), "a .json or the export of a tool"),
    Format(("txt",), "a .txt with one text a line"),
)
"""All that can be read: the page, the command line and the refusals draw on it."""
ENDINGS = listed([f".{form.endings[0]}" for form in FORMATS], "or")
"""".xlsx, .csv, .ods, .jsonl, .json or .txt"."""
