"""Prompts: the reader's own texts, and reading them from a paste, CSV or JSONL."""

from pydantic import Field

from advisor.brief import Frozen


class Prompt(Frozen):
    """One of the reader's texts."""

    id: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1)
    reference: str | None = None
    """An answer an expert approved."""
    cluster: str | None = None
    """Prompts of the same case, document or category share a cluster."""
