"""Start, where `make live` serves a base model and its LoRA, and where it does not."""

import re
from pathlib import Path

import pytest

from advisor.case.live_sample import MODELS, live_sample
from advisor.host.settings import exposure
from tests.chat_server import ChatHandler, ChatServer

from .reader import Reader

ROOT = Path(__file__).parents[2]


class Queues(ChatHandler):
    """Says "workshop" as tuned; as base, a sentence."""

    def respond(self, asked, model, text):
        self.answer(model, "workshop" if model == MODELS["tuned"] else "I am sorry to hear that.")


@pytest.fixture
def served(monkeypatch):
    with ChatServer(Queues).running() as base, ChatServer(Queues).running() as tuned:
        monkeypatch.setenv("WORTH_TUNING_LIVE", f"{base.url}, {tuned.url}")
        exposure.cache_clear()
        yield base, tuned
    exposure.cache_clear()


def test_without_it_one_sentence_says_what_the_command_brings():
    reader = Reader()
    assert "make live" in reader.says
    assert "Run it live here" not in {button.label for button in reader.at.button}


def test_a_message_of_ones_own_is_answered_by_both(served):
    base, tuned = served
    reader = Reader()
    reader.at.text_input(key="live_text").set_value("My saddle is loose.")
    next(b for b in reader.at.button if b.label == "Ask both models").click()
    reader.at.run()
    assert not reader.at.exception
    said = [text.value for text in reader.at.text]
    assert said == ["I am sorry to hear that.", "workshop"]
    # The base gets its 16 examples first, the LoRA its short instruction.
    assert [len(asked["messages"]) for asked in base.asked] == [34]
    assert [m["content"] for m in tuned.asked[0]["messages"]] == [
        "Name the queue.",
        "My saddle is loose.",
    ]


def test_a_blank_message_is_asked_of_nobody(served):
    base, tuned = served
    reader = Reader()
    reader.at.text_input(key="live_text").set_value("  ")
    next(b for b in reader.at.button if b.label == "Ask both models").click()
    reader.at.run()
    assert "Type a message first." in reader.says
    assert (base.asked, tuned.asked) == ([], [])


def test_the_sample_is_asked_for_real_and_opens_on_compare(served):
    base, tuned = served
    reader = Reader()
    next(b for b in reader.at.button if b.label == "Run it live here").click()
    reader.at.run()
    reader.finish()
    assert not reader.at.exception
    assert (len(base.asked), len(tuned.asked)) == (96, 48)


def test_a_server_that_is_gone_is_one_sentence(monkeypatch):
    monkeypatch.setenv("WORTH_TUNING_LIVE", "http://127.0.0.1:9/v1,http://127.0.0.1:9/v1")
    exposure.cache_clear()
    reader = Reader()
    next(b for b in reader.at.button if b.label == "Ask both models").click()
    reader.at.run()
    exposure.cache_clear()
    assert not reader.at.exception
    sentence = "Nothing answers at 127.0.0.1:9; check the address and the port."
    assert [text.value for text in reader.at.text] == [sentence, sentence]


def test_the_models_are_called_what_they_are_served_as():
    served = re.findall(r'"(smollm2[\w-]+)"', (ROOT / "deploy/live.py").read_text("utf-8"))
    assert served == list(MODELS.values())
    arms = live_sample("http://a/v1", "http://b/v1").arms
    assert {(arm.endpoint, arm.model) for arm in arms.values()} == {
        ("http://a/v1", MODELS["base"]),
        ("http://b/v1", MODELS["tuned"]),
    }
