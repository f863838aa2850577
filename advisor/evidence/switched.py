"""Switched: the texts on which two options part, as a list."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.case.options import OptionId


@dataclass(frozen=True, slots=True)
class Switched:
    """The texts that one option gets right and the other wrong."""

    one: OptionId
    other: OptionId
    only_one: tuple[str, ...]
    """Right by `one`, wrong by `other`; ids in the order of the case."""
    only_other: tuple[str, ...]
    both: int
    neither: int
    segments_of_one: tuple[tuple[str, int], ...] = ()
    """Segments of `only_one`, the commonest first, with how many of them."""
    segments_of_other: tuple[tuple[str, int], ...] = ()

    @property
    def texts(self) -> int:
        """That both answered."""
        return len(self.only_one) + len(self.only_other) + self.both + self.neither


def switched(
    one: OptionId,
    other: OptionId,
    right: Mapping[OptionId, Mapping[str, bool]],
    segment_of: Mapping[str, str],
) -> Switched | None:
    """Which texts turn from right to wrong between two options; None: none has both answers.

    Args:
        one: an option.
        other: the option it is held against.
        right: by option and text, whether the answer is right; in the order of the case.
        segment_of: of the texts that have one.
    """
    mine, theirs = right.get(one, {}), right.get(other, {})
    common = [p for p in mine if p in theirs]
    if not common:
        return None
    lost = tuple(p for p in common if mine[p] and not theirs[p])
    won = tuple(p for p in common if theirs[p] and not mine[p])
    return Switched(
        one,
        other,
        lost,
        won,
        sum(mine[p] and theirs[p] for p in common),
        sum(not mine[p] and not theirs[p] for p in common),
        _commonest(lost, segment_of),
        _commonest(won, segment_of),
    )


def _commonest(ids: tuple[str, ...], segment_of: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    found = Counter(segment_of[p] for p in ids if p in segment_of)
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
