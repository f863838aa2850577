"""Parse server-sent events as they arrive, malformed ones included."""

from collections.abc import Iterator

_BOM = b"\xef\xbb\xbf"


class TooLong(Exception):
    """An event, or a line, without an end."""


class Events:
    """Takes a body in pieces and gives its events, each as (kind, data); "" = no kind is said.

    More patient than the specification: a last event without a blank line behind it is one, and a
    byte order mark before the first is none of it. With `by_line` each line is an event (NDJSON).
    """

    def __init__(self, most: int, *, by_line: bool = False) -> None:
        self._most = most
        """Bytes of one event."""
        self._by_line = by_line
        self._first = True
        self._rest: list[bytes] = []
        """A line that has no end yet, in pieces."""
        self._rest_size = 0
        self._kind = ""
        self._data: list[bytes] = []
        self._size = 0
        self._unread_size = 0
        self.unread: list[bytes] = []
        """Lines that are no part of any event: of a body that was only said to hold events."""

    def feed(self, piece: bytes) -> Iterator[tuple[str, str]]:
        """Take the next piece in; gives the events that are whole with it.

        Raises:
            TooLong: an event is longer than it may be.
        """
        self._rest.append(piece)
        self._rest_size += len(piece)
        if b"\n" in piece or b"\r" in piece:
            for line in self._lines():
                yield from self._line(line)
        if self._size + self._rest_size > self._most:
            raise TooLong

    def end(self) -> Iterator[tuple[str, str]]:
        """What the body ended with, without an end of its own."""
        self._rest.append(b"\n")
        for line in self._lines():
            yield from self._line(line)
        yield from self._line(b"")

    def _lines(self) -> list[bytes]:
        """The lines that have an end by now."""
        text = b"".join(self._rest)
        if self._first:
            text, self._first = text.removeprefix(_BOM), False
        # What ends a line may be cut in two: \r here, \n in the next piece.
        text, held = (text[:-1], b"\r") if text.endswith(b"\r") else (text, b"")
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, rest = text.split(b"\n")
        self._rest = [rest + held]
        self._rest_size = len(self._rest[0])
        return lines

    def _line(self, line: bytes) -> Iterator[tuple[str, str]]:
        if self._by_line:
            if line.strip():
                yield "", line.decode("utf-8", "replace")
            return
        if not line:
            if self._data:
                yield self._kind, b"\n".join(self._data).decode("utf-8", "replace")
            self._kind, self._data, self._size = "", [], 0
            return
        self._size += len(line)
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
        elif name == b"event":
            self._kind = value.strip().decode("utf-8", "replace")
        elif name not in (b"", b"id", b"retry"):
            self._unread_size += len(line)
            if self._unread_size > self._most:
                raise TooLong
            self.unread.append(line)
