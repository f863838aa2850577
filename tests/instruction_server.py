"""A server whose answers get right by known words in the instruction, and that proposes such words."""

import json
import random
import re
import threading
import time
from collections import Counter
from typing import Any

from advisor.case.brief import Brief
from advisor.case.case import Case, RunSettings
from advisor.case.checks import Checks
from advisor.case.options import Arm, Judge
from advisor.case.texts import Prompt
from pricing.offers import PriceCells
from tests.chat_server import ChatHandler, ChatServer

LABELS = ("refund", "delay", "damage", "login")
SAID = {
    "refund": "I want my money back for order",
    "delay": "Nothing has come yet of order",
    "damage": "The box was open and all was broken in order",
    "login": "Your page takes no password of mine for order",
}
"""What customers write of each; the label stands in none of it."""


class InstructionServer(ChatServer):
    """Knows a label only where the instruction names it; says `other` else."""

    def __init__(self, *, proposes: bool = True, latency_s: float = 0.0) -> None:
        super().__init__(_Handler)
        self.proposes, self.latency_s = proposes, latency_s
        self.dies_after: int | None = None
        """Requests after which nothing but 500 comes; None = it lives."""
        self.lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        """How often each whole request was answered."""

    @property
    def texts(self) -> set[str]:
        """All that was sent as a text, or within a request for a proposal."""
        return {message["content"] for asked in self.asked for message in asked["messages"]}


class _Handler(ChatHandler):
    server: InstructionServer

    def respond(self, asked: dict[str, Any], model: str, text: str) -> None:
        here = self.server
        time.sleep(here.latency_s)
        with here.lock:
            if here.dies_after is not None and sum(here.answers.values()) >= here.dies_after:
                return self.fail(500, "The engine is gone")
            here.answers[repr((model, asked["messages"]))] += 1
        if "Your task is to write a new instruction" in text:
            return self.answer(model, self._proposal(text))
        if text.startswith("{"):
            return self.answer(model, self._choice(text))
        system = asked["messages"][0]
        told = system["content"] if system["role"] == "system" else ""
        meant = next(label for label in LABELS if text.startswith(SAID[label]))
        return self.answer(model, meant if meant in told else "other")

    def _proposal(self, text: str) -> str:
        """The instruction so far, and one label of those that were missed."""
        now = re.search(r"```\n(.*?)\n```", text, re.S)
        assert now is not None
        missed = re.findall(r"approved this answer instead: (\w+)", text)
        more = f" Label {missed[0]}." if missed and self.server.proposes else ""
        return f"Here it is:\n```\n{now[1]}{more}\n```"

    def _choice(self, text: str) -> str:
        """A judge that prefers whatever is the approved answer."""
        given = json.loads(text)
        right = [n for n, said in given["answers"].items() if said == given["approved_answer"]]
        chosen = right[0] if len(right) == 1 else "no difference"
        return json.dumps({"reason": "as approved", "choice": chosen})


def texts(many: int, start: int = 0) -> tuple[Prompt, ...]:
    """Letters of all kinds, with their labels."""
    words = random.Random(start)
    kinds = [LABELS[n % len(LABELS)] for n in range(start, start + many)]
    return tuple(
        Prompt(id=f"t{n}", text=f"{SAID[kind]} {_words(words)}", reference=kind)
        for n, kind in enumerate(kinds, start)
    )


def _words(chance: random.Random) -> str:
    """Fifteen made-up words, so that no two letters are alike."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    return " ".join("".join(chance.choices(syllables, k=3)) for _ in range(15))


def case_of(url: str, *, compared: int = 30, aside: int = 24, judge: bool = False) -> Case:
    """One base option at the server, priced at a cent a thousand tokens."""
    cells = PriceCells(input="10", output="10")
    base = Arm(
        endpoint=url, model="m-base", system_prompt="Say what the letter is about.", price=cells
    )
    return Case(
        title="Letters",
        brief=Brief(use_case="classification"),
        prompts=texts(compared),
        set_aside=texts(aside, start=1000),
        arms={"base": base},
        checks=Checks(labels=(*LABELS, "other")),
        run=RunSettings(primary_metric="label_accuracy", max_output_tokens=50),
        judge=Judge(endpoint=url, model="m-judge", price=cells) if judge else None,
    )
