"""Texts: the reader's own, and reading them from a paste."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import Field, model_validator

from advisor.case.brief import Frozen
from advisor.case.conversation import ChatMessage, ToolCall, as_read, transcript
from advisor.case.limits import (
    MAX_BYTES,
    MAX_CHARS,
    MAX_PROMPTS,
    MAX_ROWS,
    too_large,
    too_many_rows,
    too_many_texts,
)
from advisor.case.reading.formats import ENDINGS
from advisor.errors import BadImport

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


def nothing_found() -> str:
    """Nothing but white space."""
    return f"No text found; paste one text a line, or upload a {ENDINGS}."
