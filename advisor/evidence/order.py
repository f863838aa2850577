"""The random order in which prompts are asked, voted on and looked at."""

import hashlib
from collections.abc import Iterable


def random_order(prompt_ids: Iterable[str], seed: int) -> list[str]:
    """The prompts in a random order that depends on ids and seed alone.

    A prompt added later does not reshuffle the others. Show prompts to voters in this order: then
    what is scored so far is always the beginning of it, and every early look is covered.
    """
    return sorted(prompt_ids, key=lambda p: hashlib.sha256(f"{seed}:{p}".encode()).digest())
