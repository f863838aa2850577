"""Tokens: the words and sentences of a text, in any script."""

import re
from functools import cache, lru_cache

# A run of letters and digits; Chinese and Japanese have no spaces, so each sign is a word.
_WORD = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]|[^\W_぀-ヿ㐀-鿿豈-﫿]+")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+|[。！？]|\n+")


@lru_cache(maxsize=4_000)
def words(text: str) -> tuple[str, ...]:
    """Words in lower case, without punctuation."""
    return tuple(_WORD.findall(text.lower()))


@lru_cache(maxsize=4_000)
def stems(text: str) -> tuple[str, ...]:
    """Porter stems of words of more than three letters: the tokens of rouge-score, in any script.

    rouge-score itself drops every letter outside a to z; on plain English both give the same.
    """
    return tuple(_stem(word) if len(word) > 3 else word for word in words(text))


def sentences(text: str) -> list[str]:
    """Sentences that hold a word; a line ends one too. An abbreviation's full stop ends one."""
    return [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]


def holds(text: str, term: str) -> bool:
    """The text has the term's words in a row, whatever their case and ending.

    A bar in the term parts other ways to say it.
    """
    found = " ".join(("", *stems(text), ""))
    ways = (stems(way) for way in term.split("|"))
    return any(" ".join(("", *way, "")) in found for way in ways if way)


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(_stemmer().stem(word))


@cache
def _stemmer():  # type: ignore[no-untyped-def]  # nltk has no types
    from nltk.stem.porter import PorterStemmer  # type: ignore[import-untyped]

    return PorterStemmer()
