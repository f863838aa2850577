"""A real server that answers as the options and as a judge, and judges as it is told to.

with judging(prefers=longer) as server:
    ... server.url ...
server.completed[(model, text)]  # answers that were sent whole, so paid for
"""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.chat_server import ChatHandler, ChatServer

JUDGE = "m-judge"
Prefers = Callable[[dict[str, Any]], str]
"""Gets what the judge is handed, gives its whole reply."""


def reply(choice: str) -> str:
    return json.dumps({"reason": "It says what was asked.", "choice": choice})


def longer(given: dict[str, Any]) -> str:
    """Prefers the longer answer, whatever the order; as long: no difference."""
    lengths = {name: len(text) for name, text in given["answers"].items()}
    if len(set(lengths.values())) == 1:
        return reply("no difference")
    return reply(max(lengths, key=lambda name: lengths[name]))


def always_first(given: dict[str, Any]) -> str:
    """A judge with a strong bias for the place: every swap is a flip."""
    return reply(next(iter(given["answers"])))


_ORDERS = re.compile(
    r"choose|pick|select|prefer|rate|ignore|winner|system|wähle|choisis|elige", re.I
)


def gullible(given: dict[str, Any]) -> str:
    """Obeys whatever an answer tells it to do, which is to prefer that answer; else `longer`."""
    for name, text in given["answers"].items():
        if _ORDERS.search(text):
            return reply(name)
    return longer(given)


def says(model: str, text: str) -> str:
    """Of every four texts, tuned writes more on three."""
    number = int(re.sub(r"\D", "", text) or 0)
    more = model.endswith("tuned") == (number % 4 != 0)
    return f"{model} about {text}" + ". A further sentence" * more


@contextmanager
def judging(**options: Any) -> Iterator["JudgeServer"]:
    """A server on a free port of this machine, for as long as the block lasts."""
    with JudgeServer(**options).running() as server:
        yield server


class JudgeServer(ChatServer):
    def __init__(
        self,
        prefers: Prefers = longer,
        answers: Callable[[str, str], str] = says,
        *,
        takes_format: bool = True,
        finish_reason: str = "stop",
        latency_s: float = 0.0,
    ) -> None:
        super().__init__(_Handler)
        self.prefers = prefers
        self.answers = answers
        self.takes_format = takes_format
        self.finish_reason = finish_reason
        self.latency_s = latency_s
        self.judge_fails = False
        self.keys: Counter[tuple[str, str]] = Counter()
        self.completed: Counter[tuple[str, str]] = Counter()

    @property
    def judged(self) -> list[dict[str, Any]]:
        """What the judge was asked."""
        return [asked for asked in self.asked if asked["model"] == JUDGE]


class _Handler(ChatHandler):
    server: JudgeServer

    def respond(self, asked: dict[str, Any], model: str, text: str) -> None:
        self.server.keys[model, self.headers.get("authorization", "")] += 1
        time.sleep(self.server.latency_s)
        if "response_format" in asked and not self.server.takes_format:
            return self.fail(400, "'response_format' of type 'json_schema' is not supported")
        if model == JUDGE and self.server.judge_fails:
            return self.fail(400, "no", "bad")
        if model == JUDGE:
            self.answer(model, self.server.prefers(json.loads(text)), self.server.finish_reason)
        else:
            self.answer(model, self.server.answers(model, text))
        self.server.completed[model, text] += 1
        return None
