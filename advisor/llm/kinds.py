"""What servers send beside, or in place of, an answer, from `data/replies.toml`."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import Field

from advisor.case.brief import Frozen

FILE = Path(__file__).parent.parent / "data" / "replies.toml"


class Finish(Frozen):
    """Why an answer ended, in lower case, where that is no plain end."""

    truncated: frozenset[str]
    refused: frozenset[str]
    failed: frozenset[str]


class ThinkTag(Frozen):
    """What a block of reasoning within a text begins and ends with, in lower case."""

    open: str = Field(min_length=1)
    close: str = Field(min_length=1)
    ends_alone: bool = False
    """The opening may stand in the prompt, so that a reply holds the end only."""
    must_close: bool = False
    """Without its end it is no reasoning."""


class AnswerMarks(Frozen):
    """Marks around the answer itself, and behind it."""

    marks: tuple[tuple[str, str], ...]
    ends: tuple[str, ...]


class Channels(Frozen):
    """A text in channels, of which one is the answer."""

    begin: str
    message: str
    ends: tuple[str, ...]
    answer: tuple[str, ...]
    called: str
    """What a channel's name holds that calls a tool, before the tool's."""


class ReasoningFields(Frozen):
    """Where in a choice or a message what is to be known stands."""

    finish: tuple[str, ...]
    """Why it ended."""
    reasoning: tuple[str, ...]
    reasoning_parts: frozenset[str]
    within_parts: tuple[str, ...]


class Bare(Frozen):
    """An event that holds the message without choices around it: the names of its fields."""

    done: str
    """By it such an event is known; true = it is the last one."""
    message: str
    text: str
    """Of the message, where there is nothing but its text."""
    reason: str
    usage: dict[str, str]
    """What counts tokens, by its usual name."""


class ErrorShapes(Frozen):
    """How an error is told from an answer, and where in it the reason stands."""

    fields: tuple[str, ...]
    inner: tuple[str, ...]
    reason: tuple[str, ...]
    codes: tuple[str, ...]


class Says(Frozen):
    """Words of a code or a reason, in lower case, by what they mean."""

    refused: tuple[str, ...]
    refused_for: tuple[str, ...]
    no_credit: tuple[str, ...]
    no_quota: tuple[str, ...]
    of_the_day: tuple[str, ...]
    no_model: tuple[str, ...]
    no_offer: tuple[str, ...]
    no_memory: tuple[str, ...]
    loading: tuple[str, ...]
    no_address: tuple[str, ...]
    wants_https: tuple[str, ...]
    no_system_role: tuple[str, ...]
    too_long: tuple[str, ...]
    too_large: tuple[str, ...]
    no_use: tuple[str, ...]


class Kinds(Frozen):
    """The whole table."""

    by_line: frozenset[str]
    bare: Bare
    finish: Finish
    think: tuple[ThinkTag, ...]
    answer: AnswerMarks
    channels: Channels
    fields: ReasoningFields
    errors: ErrorShapes
    says: Says


def spelt_alike(finish_reason: str | None) -> str:
    """Why an answer ended, as the table spells it: "FINISH_REASON_MAX_TOKENS" is "max_tokens"."""
    said = (finish_reason or "").partition(":")[0].strip().lower().replace("-", "_")
    return said.removeprefix("finish_reason_")


@cache
def kinds() -> Kinds:
    """The table, read once."""
    return Kinds.model_validate(tomllib.loads(FILE.read_text("utf-8")))


def is_truncated(finish_reason: str | None) -> bool:
    """Whether an answer ended because it met its limit."""
    return spelt_alike(finish_reason) in kinds().finish.truncated
