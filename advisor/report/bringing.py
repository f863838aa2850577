"""What was understood of a file somebody brought, in words."""

from advisor.case.reading.read import Reading
from advisor.words import count, listed

_MOST_NAMED = 6


def understood(found: Reading) -> str:
    """One sentence on what was read and what was left out."""
    if found.kind == "training":
        return (
            f"This is a training file ({found.format}), not texts for the comparison; have it "
            "checked as a training file."
        )
    if found.kind == "judgments":
        return "This file holds what a judge preferred."
    unread = f"; left out: {_some(found.unread)}" if found.unread else ""
    if found.kind == "votes":
        voters = len({vote.voter for vote in found.votes})
        return f"{count(len(found.votes), 'vote')} by {count(voters, 'reader')}{unread}."
    if found.kind == "answers":
        options = sorted({answer.arm for answer in found.answers})
        of = f" of {listed(options)}" if options else ""
        return f"{count(len(found.answers), 'answer')}{of}{unread}."
    parts = [f"{count(len(found.prompts), 'text')} from {found.format}"]
    n = len(found.prompts)
    if found.empty_skipped:
        parts.append(f"{found.empty_skipped:,} empty skipped")
    if found.repeats_skipped:
        parts.append(f"{found.repeats_skipped:,} repeated left out")
    parts.append(_approved(found, n))
    chats = sum(bool(prompt.messages) for prompt in found.prompts)
    if chats:
        parts.append(count(chats, "conversation"))
    own = sum(bool(p.messages) and p.messages[0].role == "system" for p in found.prompts)
    if own:
        parts.append(f"{own:,} with an instruction of {'its' if own == 1 else 'their'} own")
    looked_up = sum(prompt.passages is not None for prompt in found.prompts)
    if looked_up:
        parts.append("passages for each" if looked_up == n else f"passages for {looked_up:,}")
    for option in dict.fromkeys(answer.arm for answer in found.answers):
        answered = sum(answer.arm == option for answer in found.answers)
        parts.append(f"{count(answered, 'answer')} of {option}")
    return f"{', '.join(parts)}{unread}."


def _approved(found: Reading, n: int) -> str:
    """How many texts come with an approved answer, or with approved calls."""
    known = sum(p.reference is not None or p.calls is not None for p in found.prompts)
    if known == n:
        return "each with an approved answer" if n > 1 else "with an approved answer"
    return f"{known:,} with an approved answer" if known else "no approved answers"


def _some(columns: tuple[str, ...]) -> str:
    few = [column[:40] for column in columns[:_MOST_NAMED]]
    more = len(columns) - len(few)
    return ", ".join(few) + (f" and {more} more" if more else "")
