"""The random order in which prompts are asked, voted on and looked at."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache


def random_order(prompt_ids: Iterable[str], seed: int) -> list[str]:
    """The prompts in a random order that depends on ids and seed alone.

    A prompt added later does not reshuffle the others. Show prompts to voters in this order: then
    what is scored so far is always the beginning of it, and every early look is covered.
    """
    return list(_ordered(tuple(prompt_ids), seed))


@lru_cache(maxsize=8)
def _ordered(prompt_ids: tuple[str, ...], seed: int) -> tuple[str, ...]:
    """The same prompts are put in order again and again while a decision is worked out."""
    return tuple(sorted(prompt_ids, key=lambda p: hashlib.sha256(f"{seed}:{p}".encode()).digest()))
