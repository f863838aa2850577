"""Files of examples to train on, told from texts to compare by their keys."""

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
    return next((name for name, shape in _SHAPES if shape <= keys), None)
