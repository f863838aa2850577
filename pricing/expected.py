"""Expected: the words, or the path in a feed, that should stand at the source of a figure."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, model_validator

_MARKED = re.compile(r"\{([^{}]+)\}")
_BETWEEN = re.compile(r"\{[^{}]*\}|…")


class ExpectedFact(BaseModel):
    """What stands at a source today, for one or more figures or dates of an entry.

    Words of a page, in their order, with the figures in braces and `…` for what may stand between:
    "gpt-4.1-mini-2025-04-14 {$5.00} {$0.80}". Or, for a feed in JSON, a path and the value there:
    "Items[meterName=gpt-4.1 FT Training global Tokens].retailPrice".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: tuple[str, ...] = Field(min_length=1)
    """Keys of the entry it is about."""
    words: str = ""
    path: str = ""
    value: str = ""
    """What the path leads to, in the unit of the feed."""
    at: HttpUrl | None = None
    """Where it stands, if not at the source of the entry: another page, or its twin in Markdown."""
    checked: date | None = None
    """When that other page was read; None = it renews the day of the entry."""

    @model_validator(mode="after")
    def _words_or_a_path(self) -> Self:
        if bool(self.words) == bool(self.path) or bool(self.path) != bool(self.value):
            raise ValueError("give either words, or a path and its value")
        if self.words and not _MARKED.search(self.words):
            raise ValueError(f"mark the figures in braces: {self.words}")
        if self.words and not anchor(self.words):
            raise ValueError(f"give the words that the figures stand by: {self.words}")
        if self.checked is not None and self.at is None:
            raise ValueError("checked goes with at")
        return self

    @property
    def plain(self) -> str:
        """The expectation as a person would look for it: without braces, or the path and its value."""
        return self.words.replace("{", "").replace("}", "") or f"{self.path} = {self.value}"


def anchor(words: str) -> str:
    """The longest run of words between figures, by which the place is found again."""
    return max((piece.strip() for piece in _BETWEEN.split(words)), key=len)


def _each_once(expected: tuple[ExpectedFact, ...]) -> tuple[ExpectedFact, ...]:
    named = [name for one in expected for name in one.of]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise ValueError(f"a figure has one place: {', '.join(twice)}")
    return expected


ExpectedFacts = Annotated[tuple[ExpectedFact, ...], AfterValidator(_each_once)]
"""A figure is looked for in one place."""
