"""Files of examples to train on, told from texts to compare by their keys and what they hold."""

from typing import Any

from advisor.case.reading.messages import medium
from advisor.case.reading.table import Table

_SHAPES: tuple[tuple[str, frozenset[str]], ...] = (
    ("preference pairs, OpenAI", frozenset({"input", "preferred_output", "non_preferred_output"})),
    ("preference pairs, TRL", frozenset({"chosen", "rejected"})),
    ("Gemini", frozenset({"contents"})),
    ("Bedrock Nova", frozenset({"schemaVersion", "messages"})),
    ("messages with a system text beside them", frozenset({"system", "messages"})),
    ("ShareGPT", frozenset({"conversations"})),
)


def training_format(table: Table) -> str | None:
    """What a training file is called; None = these are texts, or may be.

    A chat that ends with an answer is a text with its approved answer as much as an example to
    train on, so it counts as text here.
    """
    keys = set(table.columns)
    named = next((name for name, shape in _SHAPES if shape <= keys), None)
    if named is None and "messages" in keys:
        held = next((kind for row in table.rows if (kind := _media_in(row.values))), None)
        return f"chat with {held}" if held else None
    return named


def _media_in(row: dict[str, Any]) -> str | None:
    """What an example holds beside text, "images"; None = only text, or no answer to learn."""
    messages = row.get("messages")
    if not isinstance(messages, list) or not messages:
        return None
    last = messages[-1]
    if not isinstance(last, dict) or last.get("role") != "assistant":
        return None
    for message in messages:
        content = message.get("content") if isinstance(message, dict) else None
        for part in content if isinstance(content, list) else ():
            if isinstance(part, dict) and (kind := medium(part)):
                return f"{kind[1]}s" if kind[1] != "audio" else "audio"
    return None
