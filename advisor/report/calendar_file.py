"""A day to look at a decision again, as a calendar file (RFC 5545)."""

from datetime import UTC, date, datetime

_LINE = 75
"""Octets in a line at most; a longer one is folded (RFC 5545, 3.1)."""


def review_event(uid: str, title: str, on: date, text: str, made_at: datetime) -> bytes:
    """An all-day event.

    Args:
        uid: the same for the same decision, so that a second file moves the event.
        title: what the calendar shows.
        on: the day.
        text: what to do then.
        made_at: this moment.
    """
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Worth Tuning//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}@worth-tuning",
        f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(text)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _escaped(text: str) -> str:
    """As a value of type TEXT (3.3.11); control characters have no place in one."""
    kept = "".join(c for c in "\n".join(text.splitlines()) if c == "\n" or c.isprintable())
    for mark in ("\\", ";", ","):
        kept = kept.replace(mark, "\\" + mark)
    return kept.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Lines of at most 75 octets, no character parted; those that follow begin with a blank."""
    parts, part = [], b""
    for char in line:
        if len(part) + len(char.encode()) > _LINE:
            parts.append(part)
            part = b" "
        part += char.encode()
    return b"\r\n".join([*parts, part])
