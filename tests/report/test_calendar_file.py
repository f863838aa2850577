"""A calendar file, as RFC 5545 has it."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from advisor.report.calendar_file import review_event

AT = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


def event(title: str = "Review", text: str = "") -> bytes:
    return review_event("abc", title, date(2027, 5, 22), text, AT)


def test_an_event_of_one_day():
    assert event().decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Worth Tuning//EN",
        "BEGIN:VEVENT",
        "UID:abc@worth-tuning",
        "DTSTAMP:20261122T123000Z",
        "DTSTART;VALUE=DATE:20270522",
        "SUMMARY:Review",
        "DESCRIPTION:",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_marks_that_mean_something_are_escaped():
    assert rb"SUMMARY:a\, b\; c\\d\ne" in event("a, b; c\\d\ne")


@given(title=st.text(), text=st.text())
def test_no_text_breaks_a_line(title, text):
    content = event(title, text)
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert content.count(b"\n") == content.count(b"\r") == len(lines) - 1
    unfolded = content.replace(b"\r\n ", b"").decode().split("\r\n")
    assert [line.partition(":")[0].partition(";")[0] for line in unfolded] == [
        "BEGIN", "VERSION", "PRODID", "BEGIN", "UID", "DTSTAMP", "DTSTART", "SUMMARY",
        "DESCRIPTION", "TRANSP", "END", "END", "",
    ]  # fmt: skip
