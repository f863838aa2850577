"""Counting tokens, with OpenAI's two vocabularies shipped beside the code."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

VOCABULARIES = Path(__file__).parent / "data" / "tokenizers"

PER_MESSAGE = 3
PER_REPLY = 3

LONGEST_PIECE = 50_000
"""Characters counted in one go: a run of a million blanks overflows tiktoken's stack."""
_LAST = 2_000
_BETWEEN_WORDS = re.compile(r"(?<=[^\W_]) (?=[^\W_])")


@dataclass(frozen=True, slots=True)
class Encoding:
    """Which vocabulary counts a model's tokens, and whether it is the model's own."""

    name: str
    exact: bool
    """False: the model's own vocabulary is not public or not known; the count is an estimate."""


_FAMILIES = (
    (r"gpt-(4o|4\.1|4\.5|5|6|oss)|chatgpt-4o|o[134](-|$)", "o200k_base"),
    (r"gpt-3\.?5|gpt-4(-|$)|(davinci|babbage)-002", "cl100k_base"),
)


def base_of(model: str) -> str:
    """The base model that a tuned model's id names; any other id unchanged.

    OpenAI: `ft:<base>:<organisation>:<suffix>:<id>`, checkpoints with `:ckpt-step-<n>` behind;
    Azure: `<base>.ft-<job>`.
    """
    if model.startswith("ft:"):
        return model.split(":")[1]
    return re.sub(r"\.ft-.*$|:ckpt-step-\d+$", "", model)


@lru_cache(maxsize=1_000)  # asked for every text that is counted
def encoding_for(model: str) -> Encoding:
    """The vocabulary that counts a model's tokens, by its id at any provider.

    tiktoken's own table takes `ft:gpt-4.1` for GPT-4 and does not know gpt-6.
    """
    name = base_of(model.strip().lower()).rsplit("/", 1)[-1]
    for family, vocabulary in _FAMILIES:
        if re.match(family, name):
            return Encoding(vocabulary, exact=True)
    return Encoding("o200k_base", exact=False)


def count_tokens(text: str, model: str) -> int:
    """Tokens of a plain text; words that look like special tokens count as text."""
    vocabulary = _vocabulary(encoding_for(model).name)
    return sum(len(vocabulary.encode_ordinary(piece)) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """A long text in pieces, cut before a blank between two words, where no token spans the cut.

    A run without such a blank is cut anywhere, which adds at most a token or two per piece.
    """
    start = 0
    while len(text) - start > LONGEST_PIECE:
        end = start + LONGEST_PIECE
        cuts = [found.start() for found in _BETWEEN_WORDS.finditer(text, end - _LAST, end)]
        end = cuts[-1] if cuts else end
        yield text[start:end]
        start = end
    yield text[start:]


def count_chat_tokens(
    system: str, text: str, model: str, turns: Iterable[tuple[str, str]] = ()
) -> int:
    """Tokens of a request with an instruction and a prompt, as OpenAI's chat format wraps them.

    `turns` are pairs of a text and its answer that stand before the prompt.

    Each message costs 3 tokens and one for its role, the start of the reply 3. Source: OpenAI
    cookbook, "How to count tokens with tiktoken",
    https://github.com/openai/openai-cookbook/blob/main/examples/How_to_count_tokens_with_tiktoken.ipynb
    Without an instruction there is one message only.
    """
    messages = [("system", system)] if system else []
    for asked, answered in turns:
        messages += [("user", asked), ("assistant", answered)]
    messages.append(("user", text))
    return PER_REPLY + sum(
        PER_MESSAGE + count_tokens(role, model) + count_tokens(content, model)
        for role, content in messages
    )


@cache
def _vocabulary(name: str) -> "tiktoken.Encoding":
    # tiktoken looks here before it downloads; a test compares the files' hashes with its own.
    os.environ["TIKTOKEN_CACHE_DIR"] = str(VOCABULARIES)
    import tiktoken

    return tiktoken.get_encoding(name)
