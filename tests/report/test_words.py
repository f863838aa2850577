"""Figures of a cost are named as a reader names them, who has never heard of a token."""

import re
from pathlib import Path

import pytest

import pricing.charges
from advisor.report.labels import FIGURE_WORDS, figure_names


def test_figures_go_by_the_readers_words_and_the_others_by_their_own():
    assert figure_names(["training tokens", "output price"]) == (
        "units billed in the training file, output price"
    )


def test_every_figure_that_names_tokens_has_other_words():
    named = re.findall(
        r'"([a-z ]*token[a-z ]*)"', Path(pricing.charges.__file__).read_text("utf-8")
    )
    assert set(named) == {
        "input tokens per request",
        "output tokens per request",
        "training tokens",
    }
    assert set(named) <= set(FIGURE_WORDS)


@pytest.mark.parametrize("words", FIGURE_WORDS.values())
def test_no_word_of_a_reader_is_a_token(words):
    assert "token" not in words
