"""Near-duplicates and leakage by MinHash: which texts are nearly the same, without comparing each pair.

MinHash and locality-sensitive hashing by rensa (Rust; datasketch needs about 30 times as long),
then the exact share of common groups for every candidate. A text is the set of its groups of three
words; a short one that of three letters.

Source: Broder, "On the resemblance and containment of documents", 1997.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from advisor.training.rules import SimilarRules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Groups = NDArray[np.uint32]
    Keys = NDArray[np.uint64]

# A run of letters and digits; Chinese, Japanese and Thai have no spaces, so each sign is a word.
_WORD = re.compile(r"[\u0e00-\u0e7f぀-ヿ㐀-鿿豈-﫿]|[^\W_\u0e00-\u0e7f぀-ヿ㐀-鿿豈-﫿]+")
_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}
_NEIGHBOURS = 5
"""Candidates of one bucket that a wanted text is held against."""
_DOUBT = 0.12
"""How far a MinHash of 64 may be off: its standard error at 0.8 is 0.05."""
_SEED = 1
_ODD = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
"""The multipliers of splitmix64, which spread the bits of a number."""
_AT_ONCE, _CHARS_AT_ONCE = 2_000, 2_000_000
_LONG_WORD = 40
"""Few words of more letters each, on average, are no short text."""


def plain(text: str) -> str:
    """A text in lower case, its words parted by one blank: what is equal so is the same text."""
    lower = text.lower()
    words = lower.translate(_BLANKS).split() if lower.isascii() else _WORD.findall(lower)
    return " ".join(words) or text.strip()


def groups_of(texts: Iterable[str], rules: SimilarRules) -> "list[Groups]":
    """The set of word groups of each plain text, of letter groups where it is short; sorted."""
    import numpy as np

    sets: list[Groups] = []
    for part in _parts(texts):
        owners, groups = _grouped([_tokens(text, rules.short_words) for text in part])
        sets += np.split(groups, np.searchsorted(owners, np.arange(1, len(part))))
    return sets


def near_pairs(sets: "Sequence[Groups]", rules: SimilarRules) -> Iterator[tuple[int, int]]:
    """Pairs of texts, by position, that have at least `rules.near` of their groups in common.

    Each text is held against its neighbour and the first one in each of its buckets, so that a
    crowd comes out joined, and the time grows with the texts and not with their square.
    """
    import numpy as np

    signed = _signatures(sets, rules)
    found: list[NDArray[np.int64]] = []
    for keys in _bands(signed, rules):
        order = np.argsort(keys, kind="stable")
        fresh = np.concatenate(([True], keys[order][1:] != keys[order][:-1]))
        first = order[np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))]
        inside = np.flatnonzero(~fresh)
        for others in (order[inside - 1], first[inside]):
            found.append(np.stack([others, order[inside]], axis=1))
    if not found:
        return
    # As one number each, and by sorting: `np.unique` takes fifty times as long, over rows or not.
    low, high = np.sort(np.concatenate(found), axis=1).T
    joined = np.sort(low * len(sets) + high)
    joined = joined[np.diff(joined, prepend=-1) > 0]
    pairs = np.stack(np.divmod(joined, len(sets)), axis=1)
    for start in range(0, len(pairs), _AT_ONCE):
        part = pairs[start : start + _AT_ONCE]
        alike = (signed[part[:, 0]] == signed[part[:, 1]]).mean(axis=1)
        for one, other in part[alike >= rules.near - _DOUBT].tolist():
            if _in_common(sets[one], sets[other]) >= rules.near:
                yield one, other


def near_ones(
    wanted: "Sequence[Groups]", among: "Sequence[Groups]", rules: SimilarRules
) -> dict[int, int]:
    """For a wanted text, by position, a text among others that is nearly the same."""
    import numpy as np

    if not wanted or not among:
        return {}
    found: dict[int, int] = {}
    bands = zip(
        _bands(_signatures(wanted, rules), rules),
        _bands(_signatures(among, rules), rules),
        strict=True,
    )
    for asked, keys in bands:
        order = np.argsort(keys, kind="stable")
        begins = np.searchsorted(keys[order], asked, "left")
        ends = np.minimum(np.searchsorted(keys[order], asked, "right"), begins + _NEIGHBOURS)
        for at in np.flatnonzero(ends > begins).tolist():
            for other in order[begins[at] : ends[at]].tolist():
                if at not in found and _in_common(wanted[at], among[other]) >= rules.near:
                    found[at] = other
    return found


def holders(wanted: Sequence[str], among: Sequence[str], rules: SimilarRules) -> dict[int, int]:
    """For a wanted plain text, by position, the first longer text that holds nearly all of it.

    A group of words that many texts share is boilerplate and points to none of them.
    """
    import numpy as np

    long = [at for at, text in enumerate(wanted) if text.count(" ") + 1 >= rules.held_words]
    if not long:
        return {}
    owners, groups = _grouped([wanted[at].split(" ") for at in long])
    sizes = np.bincount(owners, minlength=len(long))
    wants: dict[int, set[int]] = defaultdict(set)
    for owner, group in zip(owners.tolist(), groups.tolist(), strict=True):
        wants[group].add(owner)
    every = np.unique(groups)
    met: list[tuple[NDArray[np.int64], Groups]] = []
    start = 0
    for part in _parts(among):
        others, groups = _grouped([text.split(" ") for text in part])
        at = np.minimum(np.searchsorted(every, groups), len(every) - 1)
        hit = every[at] == groups
        met.append((others[hit] + start, groups[hit]))
        start += len(part)
    others, groups = (np.concatenate(column) for column in zip(*met, strict=True))
    values, times = np.unique(groups, return_counts=True)
    telling = set(values[times <= rules.common].tolist())
    pointed = {
        (owner, other)
        for other, group in zip(others.tolist(), groups.tolist(), strict=True)
        if group in telling and len(wants[group]) <= rules.common
        for owner in wants[group]
    }
    found: dict[int, int] = {}
    for owner, other in sorted(pointed, key=lambda pair: pair[1]):
        if long[owner] not in found:
            begin, end = np.searchsorted(others, [other, other + 1])
            common = sum(owner in wants[group] for group in groups[begin:end].tolist())
            if common >= rules.held * sizes[owner]:
                found[long[owner]] = other
    return found


def crowds(pairs: Iterable[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Pairs joined: what is near to one is in its crowd. Positions rise."""
    leader: dict[int, int] = {}

    def lead(at: int) -> int:
        while leader.setdefault(at, at) != at:
            leader[at] = at = leader[leader[at]]
        return at

    for first, second in pairs:
        low, high = sorted((lead(first), lead(second)))
        leader[high] = low
    members: dict[int, list[int]] = defaultdict(list)
    for at in sorted(leader):
        members[lead(at)].append(at)
    return tuple(tuple(crowd) for _, crowd in sorted(members.items()))


def _signatures(sets: "Sequence[Groups]", rules: SimilarRules) -> "NDArray[np.uint32]":
    """The MinHash of each set, a row each."""
    import numpy as np
    from rensa import RMinHash

    made = np.zeros((len(sets), rules.permutations), dtype=np.uint32)
    for start in range(0, len(sets), _AT_ONCE):
        part = sets[start : start + _AT_ONCE]
        ends = np.cumsum([0, *map(len, part)]).astype(np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            np.concatenate(part).astype(np.uint64), ends, rules.permutations, _SEED
        )
        made[start : start + len(part)] = matrix.to_rows()
    return made


def _bands(signed: "NDArray[np.uint32]", rules: SimilarRules) -> "Iterator[Keys]":
    """Per band, the bucket of each text."""
    import numpy as np

    rows = rules.permutations // rules.bands
    with np.errstate(over="ignore"):
        for band in range(rules.bands):
            keys = np.zeros(len(signed), dtype=np.uint64)
            for column in range(band * rows, (band + 1) * rows):
                keys = (keys ^ signed[:, column]) * np.uint64(_ODD[0])
                keys ^= keys >> np.uint64(29)
            yield keys


def _in_common(first: "Groups", second: "Groups") -> float:
    """Jaccard's index of two sorted sets, 0 to 1."""
    import numpy as np

    # Sets that differ much in size can't have that much in common.
    small, large = sorted((len(first), len(second)))
    if not small or small < large / 2:
        return 0.0
    common = len(np.intersect1d(first, second, assume_unique=True))
    return common / (small + large - common)


def _parts(texts: Iterable[str]) -> Iterator[list[str]]:
    """Some texts at a time, so that their words are not all in memory at once."""
    part: list[str] = []
    size = 0
    for text in texts:
        part.append(text)
        size += len(text)
        if len(part) == _AT_ONCE or size > _CHARS_AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part


def _tokens(text: str, short_words: int) -> list[str]:
    """The words of a plain text; the letters of a short one."""
    words = text.split(" ")
    few = len(words) <= short_words and len(text) <= _LONG_WORD * short_words
    return list(text) if few else words


def _grouped(token_lists: list[list[str]]) -> "tuple[NDArray[np.int64], Groups]":
    """The sets of groups of three neighbouring tokens: whose each is, and the group; sorted.

    A group is a number that is the same in every process. A list of fewer than three is filled up.
    """
    import numpy as np
    from rensa import RMinHash

    filled = [row if len(row) >= 3 else [*row, "", "", ""][:3] for row in token_lists]
    (flat,) = RMinHash.hash_token_sets([[token for row in filled for token in row]])
    hashes = np.array(flat, dtype=np.uint64)
    one, two, three = (np.uint64(odd) for odd in _ODD)
    with np.errstate(over="ignore"):
        mixed = hashes[:-2] * one
        mixed ^= (hashes[1:-1] + two) * two
        mixed ^= (hashes[2:] + three) * three
    lengths = [len(row) for row in filled]
    owners = np.repeat(np.arange(len(filled), dtype=np.uint64), lengths)
    inside = owners[:-2] == owners[2:]
    keys = np.sort((owners[:-2][inside] << np.uint64(32)) | (mixed[inside] >> np.uint64(32)))
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
    return (keys >> np.uint64(32)).astype(np.int64), keys.astype(np.uint32)
