"""What is said of a frozen copy: on its own page, and in its owner's list of links."""

from datetime import datetime

from advisor.report.snapshot import SharedRow
from advisor.words import count, day

CLOSED = (
    "This link opens no report. It may be cut short, its time may be over, or its owner has closed "
    "it. Ask the sender for a new one."
)
"""Said alike of a wrong, an expired and a revoked link."""
OLDER = "The shared version is older than what you see here. Share again to pass on today's."


def stamp(created_at: datetime, expires_at: datetime) -> str:
    """From when a frozen copy is, and until when its link works."""
    return f"Frozen on {day(created_at)}; shared until {day(expires_at)}"


def link_state(row: SharedRow, now: datetime) -> str:
    """One link in its owner's list: its dates, what was let in, whether it still works."""
    frozen = f"Frozen on {day(row.created_at)}, {row.created_at:%H:%M} UTC"
    let_in = [
        words
        for words, chosen in (("with texts", row.with_texts), ("may be started from", row.may_copy))
        if chosen
    ]
    if row.revoked_at is not None:
        state = f"revoked on {day(row.revoked_at)}"
    elif not row.works(now):
        state = f"ran out on {day(row.expires_at)}"
    else:
        state = f"works until {day(row.expires_at)}"
    return ", ".join([frozen, *let_in, state])


def what_goes_in(texts: int, quoted: int, *, with_texts: bool, may_copy: bool) -> str:
    """What whoever has the link will see, before the link is made.

    Args:
        texts: the owner's own texts; a sample has none.
        quoted: of those, how many the report would quote: none before both options have answered.
        with_texts: whether they are let in.
        may_copy: whether others may start from the case.
    """
    said = ["The link shows this report as it stands now, to anyone who has it."]
    if with_texts and texts:
        said.append(
            f"It quotes {count(quoted, 'of your texts', 'of your texts')} with both answers."
            if quoted
            else "It quotes no text, as none has both answers yet."
        )
    elif texts:
        said.append("No text and no answer is in it.")
    if may_copy:
        passed_on = "your twelve answers, the models and their prices, and the volume"
        if with_texts and texts:
            passed_on += f", your instructions, and {count(texts, 'text')} with approved answers"
        said.append(f"People who start from it get {passed_on}.")
    said.append("Keys and model addresses are never in it.")
    return " ".join(said)
