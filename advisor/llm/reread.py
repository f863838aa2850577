"""Parse a stored answer again by the rules of today.

What was stored allows it for reasoning within the text, empty answers and the reason of the end.
Whether an answer with an empty reason was whole can't be told any more, and is said.
"""

from dataclasses import asdict, dataclass
from typing import Any

from advisor.evidence.model import Outcome, Why
from advisor.llm.kinds import is_truncated, kinds, spelt_alike
from advisor.llm.thinking import part, why_none

NO_ANSWER: dict[Why, str] = {
    "thinking": "It spent its tokens thinking; raise the limit.",
    "unclosed": "Its thinking came to no end, so there is no answer.",
    "empty": "It sent an empty answer.",
}


@dataclass(frozen=True, slots=True)
class Reread:
    """An answer of before, as it is read today."""

    outcome: Outcome
    text: str
    reasoning: str
    why: Why | None
    error: str | None
    finish_reason: str | None = None


def reread(text: str, finish_reason: str | None) -> Reread | None:
    """What an answer that was kept turns out to be; None = an answer, as it was."""
    ended = spelt_alike(finish_reason)
    if ended in kinds().finish.refused:
        said = "The model refused to answer this text."
        return Reread("refused", text, "", None, said, finish_reason)
    if ended in kinds().finish.failed:
        said = f"The answer was broken off with “{finish_reason}”."
        return Reread("failed", "", "", None, said, finish_reason)
    said_anew = part(text)
    why = why_none(said_anew, finish_reason)
    in_other_words = is_truncated(finish_reason) and finish_reason != "length"
    if in_other_words:
        finish_reason = "length"
    if why is not None:
        return Reread("no_answer", "", said_anew.reasoning, why, NO_ANSWER[why], finish_reason)
    unknown = finish_reason == ""
    if said_anew.answer == text and not unknown and not in_other_words:
        return None
    return Reread(
        "answered",
        said_anew.answer,
        said_anew.reasoning,
        "end_unknown" if unknown else None,
        None,
        finish_reason,
    )


def reread_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of outputs as a file of before holds it, read anew; one of today as it is."""
    if row["reasoning"] is not None or row["outcome"] != "answered":
        return row
    found = reread(row["text"] or "", row["finish_reason"])
    return row if found is None else row | asdict(found)
