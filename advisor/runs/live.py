"""What a page shares with a run that goes on: a way to stop it, and the text in flight."""

import threading
import time
from typing import Literal

LiveKey = tuple[str, str, int]
"""Prompt, arm, sample."""


class StopSignal:
    """Asks a run to stop; any thread may set it.

    Paused, or ended as settled: calls in flight are finished and kept. Cancelled: they are
    dropped at once, though they may have been paid for.
    """

    def __init__(self) -> None:
        self.requested: Literal["pause", "interrupt", "settle", "cancel"] | None = None
        self.ends_since: float | None = None
        """When the process was told to end, monotonic seconds."""
        self.drops = False
        """The process ends now: calls in flight are dropped."""

    def pause(self) -> None:
        """Make no further call."""
        self.requested = self.requested or "pause"

    def interrupt(self) -> None:
        """Make no further call: the process is about to end."""
        self.requested = self.requested or "interrupt"
        self.ends_since = self.ends_since or time.monotonic()

    def drop(self) -> None:
        """Wait no longer for calls in flight: the process ends now."""
        self.interrupt()
        self.drops = True

    def settle(self) -> None:
        """Make no further call: what is there decides."""
        if self.requested != "cancel":
            self.requested = "settle"

    def cancel(self) -> None:
        """Drop everything."""
        self.requested = "cancel"


class LiveText:
    """The ends of the answers that are being written, for the screen only; never stored."""

    def __init__(self, characters: int = 4_000, answers: int = 200) -> None:
        """Keep so many characters of so many answers."""
        self._characters = characters
        self._answers = answers
        self._texts: dict[LiveKey, str] = {}
        self._lock = threading.Lock()

    def add(self, key: LiveKey, piece: str) -> None:
        """Append a piece to an answer in flight."""
        with self._lock:
            if key in self._texts or len(self._texts) < self._answers:
                self._texts[key] = (self._texts.get(key, "") + piece)[-self._characters :]

    def drop(self, key: LiveKey) -> None:
        """Forget an answer: it is finished, or begins anew."""
        with self._lock:
            self._texts.pop(key, None)

    def texts(self) -> dict[LiveKey, str]:
        """The answers in flight now."""
        with self._lock:
            return dict(self._texts)
