"""A real server that answers chat completions from a sample's recorded answers."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from advisor.case.case_file import SAMPLES, load_sample
from tests.chat_server import ChatHandler, ChatServer

Breaks = Callable[[str, str], bool]
"""(model, text): True = this call is answered 400."""


def recorded(sample: str) -> dict[tuple[str, str], str]:
    """Answers by (model, text)."""
    texts = {prompt.id: prompt.text for prompt in load_sample(sample).prompts}
    lines = (SAMPLES / sample / "answers.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return {(row["model"], texts[row["prompt_id"]]): row["text"] for row in rows}


@contextmanager
def replaying(sample: str, breaks: Breaks = lambda model, text: False) -> Iterator["Replaying"]:
    """A server on a free port of this machine, for as long as the block lasts."""
    with Replaying(sample, breaks).running() as server:
        yield server


class Replaying(ChatServer):
    def __init__(self, sample: str, breaks: Breaks) -> None:
        super().__init__(_Handler)
        self.answers = recorded(sample)
        self.breaks = breaks
        self.keys: set[str] = set()


class _Handler(ChatHandler):
    server: Replaying

    def respond(self, asked: dict[str, Any], model: str, text: str) -> None:
        self.server.keys.add(self.headers.get("authorization", ""))
        answer = self.server.answers.get((model, text))
        if self.path != "/v1/chat/completions" or answer is None or not asked.get("stream"):
            self.fail(404, "nothing here")
        elif self.server.breaks(model, text):
            self.fail(400, "this text is too long", "too_long")
        else:
            self.answer(model, answer)
