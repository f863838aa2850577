"""Events as servers really send them, cut into pieces anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.llm.events import Events, TooLong

SENT = "data: one\n\nevent: error\ndata: two\ndata: and ½\n\n: a comment\n\ndata:three\n\n".encode()
HEARD = [("", "one"), ("error", "two\nand ½"), ("", "three")]


def heard(*pieces: bytes, most: int = 100, by_line: bool = False):
    events = Events(most, by_line=by_line)
    return [one for piece in pieces for one in events.feed(piece)] + list(events.end())


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(SENT, id="as specified"),
        pytest.param(SENT.replace(b"\n", b"\r\n"), id="lines of Windows"),
        pytest.param(SENT.replace(b"\n", b"\r"), id="lines of old Macs"),
        pytest.param(b"\xef\xbb\xbf" + SENT, id="a byte order mark"),
        pytest.param(SENT.removesuffix(b"\n"), id="no blank line at the end"),
        pytest.param(SENT.removesuffix(b"\n\n"), id="no line's end either"),
        pytest.param(b"id: 7\nretry: 10\n\n" + SENT, id="fields without data"),
    ],
)
@given(cuts=st.lists(st.integers(1, 9), max_size=40))
def test_events_are_the_same_however_they_are_cut_into_pieces(sent, cuts):
    pieces, rest = [], sent
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    assert heard(*pieces, rest) == HEARD


def test_a_line_an_event():
    assert heard(b'{"a": 1}\r\n\n{"b"', b": 2}", by_line=True) == [
        ("", '{"a": 1}'),
        ("", '{"b": 2}'),
    ]


@pytest.mark.parametrize("by_line", [False, True])
def test_an_event_without_an_end_is_left(by_line):
    with pytest.raises(TooLong):
        heard(b"data: ", *[b"x" * 10] * 10, by_line=by_line)


def test_many_lines_of_one_event_count_together():
    with pytest.raises(TooLong):
        heard(*[b"data: xxxxx\n"] * 10)
