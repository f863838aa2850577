"""Limits: how much is read at once, and what is said where there is more."""

MAX_BYTES = 50 * 1024 * 1024
MAX_PROMPTS = 10_000
MAX_CHARS = 200_000
"""Of one text: about 50,000 tokens, more than most context windows of tuned models take."""
MAX_ROWS = 250_000
"""Lines or rows, empty ones and repeats included: each takes time, whatever is in it."""
MAX_LINE = 4_000_000
"""Characters of one line of a file: a text, its answer and its passages, all of them escaped."""


def too_large(size: int) -> str:
    """More bytes than are taken."""
    return (
        f"{size / 1024 / 1024:,.1f} MB is more than the {MAX_BYTES // 1024 // 1024} MB taken at "
        "once; about 100 texts settle most questions, so bring a part of it."
    )


def too_many_texts() -> str:
    """More texts than are compared."""
    return f"More than {MAX_PROMPTS:,} texts; about 100 settle most questions, so bring fewer."


def too_many_rows() -> str:
    """More lines than are read."""
    return f"More than {MAX_ROWS:,} lines; about 100 texts settle most questions, so bring fewer."
