"""What a reader is told can be read aloud: short sentences, in words people use."""

import re

import pytest

from tests.sentences import Said, all_said, sentences, words

LONGEST = 30
"""Words in a sentence."""
ODD = (
    "anew",
    "dearer",
    "for good",
    "leave open",
    "newcomer",
    "would turn it",
    "whoever",
)
"""Words that nobody would say to a colleague."""
NO_SENTENCES = ("advisor/llm/faults.py",)
"""Holds a pattern that servers' own words are searched for."""


@pytest.fixture(scope="module")
def spoken() -> list[Said]:
    return [said for said in all_said() if said.path not in NO_SENTENCES]


def test_there_is_much_to_read(spoken):
    assert len(spoken) > 2_000
    assert any(said.path == "app.py" or said.path.startswith("pages/") for said in spoken)


def test_no_sentence_is_too_long_to_be_read_once(spoken):
    found = [
        (said, sentence)
        for said in spoken
        for sentence in sentences(said.text)
        if words(sentence) > LONGEST and "](#" not in sentence  # a row of links
    ]
    assert found == []


@pytest.mark.parametrize("odd", ODD)
def test_no_odd_word_is_said(spoken, odd):
    word = re.compile(rf"\b{odd}\b", re.IGNORECASE)
    assert [said for said in spoken if word.search(said.text)] == []


def test_a_sentence_is_counted_as_it_is_read():
    said = Said(
        "a.py", 1, "The base model costs $1,200 a month. It stops on {…}, 30 % sooner: {…}."
    )
    assert [words(sentence) for sentence in sentences(said.text)] == [7, 7]
