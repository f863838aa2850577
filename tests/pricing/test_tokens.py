"""Counting tokens: which vocabulary, how many, and how fast."""

import hashlib
import os
import time

import pytest

from pricing.tokens import (
    LONGEST_PIECE,
    VOCABULARIES,
    Encoding,
    base_of,
    count_chat_tokens,
    count_tokens,
    encoding_for,
)

O200K, CL100K = Encoding("o200k_base", True), Encoding("cl100k_base", True)


@pytest.mark.parametrize(
    ("file", "sha256"),
    [
        pytest.param(
            "fb374d419588a4632f3f557e76b4b70aebbca790",
            "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
            id="o200k_base",
        ),
        pytest.param(
            "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
            "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
            id="cl100k_base",
        ),
    ],
)
def test_the_vocabularies_are_those_that_tiktoken_expects(file, sha256):
    # On a mismatch tiktoken would delete the file and download it.
    assert hashlib.sha256((VOCABULARIES / file).read_bytes()).hexdigest() == sha256


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-4o-2024-08-06", O200K),
        ("gpt-4.1-mini", O200K),
        ("gpt-5", O200K),
        ("gpt-6-luna", O200K),
        ("o4-mini-2025-04-16", O200K),
        ("openai/gpt-oss-20b", O200K),
        ("ft:gpt-4.1-mini-2025-04-14:acme:legal:9AbC1dEf", O200K),
        ("ft:gpt-4.1-nano-2025-04-14:openai::BTz2REMH:ckpt-step-88", O200K),
        ("gpt-4.1-2025-04-14.ft-0123456789abcdef", O200K),
        ("gpt-4", CL100K),
        ("gpt-4-0613", CL100K),
        ("gpt-3.5-turbo", CL100K),
        ("gpt-35-turbo", CL100K),
        ("ft:gpt-3.5-turbo-0125:acme::abc", CL100K),
        ("gpt-9", Encoding("o200k_base", False)),
        ("gemini-3.5-flash", Encoding("o200k_base", False)),
        ("Qwen/Qwen3.5-9B", Encoding("o200k_base", False)),
    ],
)
def test_a_model_is_counted_with_its_own_vocabulary_or_said_to_be_estimated(model, encoding):
    assert encoding_for(model) == encoding


@pytest.mark.parametrize(
    ("model", "base"),
    [
        ("ft:gpt-4o-2024-08-06:acme:legal:9AbC1dEf", "gpt-4o-2024-08-06"),
        ("gpt-4.1-2025-04-14.ft-0123", "gpt-4.1-2025-04-14"),
        ("amazon.nova-micro-v1:0", "amazon.nova-micro-v1:0"),
    ],
)
def test_the_base_is_read_from_a_tuned_models_id(model, base):
    assert base_of(model) == base


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("", 0, id="nothing"),
        # The example of OpenAI's cookbook, "How to count tokens with tiktoken".
        pytest.param("tiktoken is great!", 6, id="words"),
        # Were it a special token it would be 1, or an error.
        pytest.param("<|endoftext|>", 7, id="a special token in a prompt is text"),
    ],
)
def test_tokens_of_a_text(text, tokens):
    assert count_tokens(text, "gpt-4") == tokens


def test_a_chat_request_counts_its_wrapping():
    # "tiktoken is great!" 6, "Be brief." 3; a role is 1 token, a message 3, the reply 3.
    assert count_chat_tokens("Be brief.", "tiktoken is great!", "gpt-4") == 3 + (4 + 3) + (4 + 6)
    assert count_chat_tokens("", "tiktoken is great!", "gpt-4") == 3 + (4 + 6)


def test_a_text_counted_in_pieces_has_as_many_tokens_as_in_one():
    line = "The quick brown fox jumps over 13 lazy dogs; naïve café, 字 and emoji 🦊.\n"
    lines = LONGEST_PIECE // len(line) * 4
    # A line ends in a break, and the next begins a new token: lines add up.
    assert count_tokens(line * lines, "gpt-6-luna") == lines * count_tokens(line, "gpt-6-luna")


@pytest.mark.parametrize("run", ["a", " ", "\n", "\t ", "字", "\ud800"])
def test_a_long_run_of_one_character_is_counted_at_once(run):
    started = time.process_time()
    assert count_tokens(run * 1_000_000, "gpt-6-luna") > 1_000
    assert time.process_time() - started < 5  # 0.2 s on an idle core


def test_counting_needs_no_network_and_no_cache_of_the_machine(monkeypatch):
    count_tokens("x", "gpt-4")
    assert os.environ["TIKTOKEN_CACHE_DIR"] == str(VOCABULARIES)
