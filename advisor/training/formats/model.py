"""The values formats share: a line's row in OpenAI's chat shape, and why a line is none."""

from dataclasses import dataclass, field
from typing import Any, Literal

Form = Literal[
    "chat",
    "prompt and completion",
    "system beside messages",
    "Bedrock conversation",
    "Gemini",
    "ShareGPT",
    "Alpaca",
    "Cohere chat",
    "plain text",
    "preference pair",
    "graded prompt",
]
"""The shape a line has, as the reader knows it."""

FileKind = Literal["examples", "preferences", "graded", "texts"]
"""What is learned from a line: an answer, which of two is preferred, what scores well, or wording."""


class WrongLine(Exception):
    """Why a line is no example: a kind, and a sentence that says what to do."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind, self.words = kind, words


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One line, whatever its format, in OpenAI's chat shape.

    Media of other vendors stand as parts `{"type": "media", "kind": …, "mime": …, "url": …}`, where
    the address may hold the data itself.
    """

    form: Form
    kind: FileKind
    messages: list[dict[str, Any]]
    tools: list[Any] | None = None
    more: dict[str, Any] = field(default_factory=dict)
    """Other fields of the line: settings, and what a grader is handed."""
    preferred: list[dict[str, Any]] | None = None
    """Of a preference: the answer that is liked better."""
    rejected: list[dict[str, Any]] | None = None

    def as_chat(self) -> dict[str, Any]:
        """The object that OpenAI's chat format has for it, without what a preference adds."""
        tools = {} if self.tools is None else {"tools": self.tools}
        return {"messages": self.messages, **tools, **self.more}


def wrong(kind: str, line: int, what: str) -> WrongLine:
    """A line that does not keep to its format; `what` follows the line's number."""
    return WrongLine(kind, f"Line {line} {what}")


def media(kind: str, url: str, mime: str = "") -> dict[str, Any]:
    """A part that is no text: an image in OpenAI's shape, anything else as it is."""
    if kind == "image":
        return {"type": "image_url", "image_url": {"url": url}}
    return {"type": "media", "kind": kind, "mime": mime, "url": url}


def content_of(parts: list[dict[str, Any]]) -> Any:
    """A message's content: a text where it is only that."""
    if not parts:
        return None
    if len(parts) == 1 and parts[0]["type"] == "text":
        return parts[0]["text"]
    return parts


def text_part(text: str) -> dict[str, Any]:
    """A part that is a text."""
    return {"type": "text", "text": text}


def call(name: Any, arguments: Any, call_id: str) -> dict[str, Any]:
    """A call of a tool, its arguments as JSON in quotes."""
    from json import dumps

    quoted = arguments if isinstance(arguments, str) else dumps(arguments, ensure_ascii=False)
    return {
        "id": call_id,
        "type": "function",
        "function": {"name": name, "arguments": quoted},
    }
