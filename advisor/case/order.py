"""The random order in which texts are asked, voted on and looked at.

Drawn once for a decision and kept: what is in so far is then a fair sample of all texts, whatever
the order of the file, and every early look is covered. Texts of a case go together, as a case
counts once all of it is in; texts added later go last, shuffled among themselves.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

_NONE: Mapping[str, str] = MappingProxyType({})
_FIRST: Mapping[str, int] = MappingProxyType({})


def random_order(
    prompt_ids: Iterable[str],
    seed: int,
    cluster_of: Mapping[str, str] = _NONE,
    batch_of: Mapping[str, int] = _FIRST,
) -> list[str]:
    """The prompts in a random order that depends on ids, cases, batches and seed alone.

    Args:
        prompt_ids: each once.
        seed: of the decision.
        cluster_of: the case of each prompt that has one.
        batch_of: how late each prompt came, 0 with the first; one that is not named came with them.
    """
    keys = tuple((p, cluster_of.get(p), batch_of.get(p, 0)) for p in prompt_ids)
    return list(_ordered(keys, seed))


@lru_cache(maxsize=8)
def _ordered(keys: tuple[tuple[str, str | None, int], ...], seed: int) -> tuple[str, ...]:
    """The same prompts are put in order again and again while a decision is worked out."""

    def place(key: tuple[str, str | None, int]) -> tuple[int, bytes, bytes]:
        prompt_id, cluster, batch = key
        case = prompt_id if cluster is None else f"case {cluster}"
        return batch, _digest(seed, case), _digest(seed, prompt_id)

    return tuple(key[0] for key in sorted(keys, key=place))


def seed_of(case_id: str) -> int:
    """The seed of a decision, from its id: the same for each of its runs."""
    return int.from_bytes(hashlib.sha256(case_id.encode()).digest()[:4], "big")


def _digest(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()
