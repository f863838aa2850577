"""Preferences: what is chosen between the answers of two options, by an option's id."""

from collections.abc import Sequence
from typing import Any, Literal

from advisor.case.options import OptionId

Pair = tuple[OptionId, OptionId]
"""The option that another is held against, and that other: its challenger."""

Preference = Literal["base", "tuned", "tie", "both_bad"]
"""A preference by side: of the option held against, or of its challenger."""

_LEVEL: dict[str, Literal["tie", "both_bad"]] = {"tie": "tie", "both_bad": "both_bad"}


def chosen(said: str, pair: Pair) -> str:
    """What was chosen, as the id of an option of the pair, `tie` or `both_bad`.

    What was kept before there were many options names sides: "base" is then the option held
    against, "tuned" its challenger. No pair of that time had an option "base" as its challenger,
    or "tuned" held against, so that a word that names an option of the pair is always its id.

    Raises:
        ValueError: it is none of these.
    """
    if said in pair or said in _LEVEL:
        return said
    if said in ("base", "tuned"):
        return pair[said == "tuned"]
    raise ValueError(f"preference has to be “{pair[0]}”, “{pair[1]}”, “tie” or “both_bad”")


def side_of(preferred: str, pair: Pair) -> Preference:
    """The side a preference is for.

    Raises:
        ValueError: it names neither option of the pair.
    """
    if (level := _LEVEL.get(preferred)) is not None:
        return level
    if preferred not in pair:
        raise ValueError(f"{preferred} is neither {pair[0]} nor {pair[1]}")
    return "base" if preferred == pair[0] else "tuned"


def with_pair(row: object) -> Any:
    """A row of a file, its `pair` as the two options it names."""
    if not isinstance(row, dict) or "pair" not in row:
        return row
    pair = row["pair"]
    if not (isinstance(pair, Sequence) and not isinstance(pair, str) and len(pair) == 2):
        raise ValueError("pair has to name two options")
    if row.keys() & {"base_arm", "challenger"} or pair[0] == pair[1]:
        raise ValueError("pair has to name two options, once")
    rest = {name: value for name, value in row.items() if name != "pair"}
    return rest | {"base_arm": pair[0], "challenger": pair[1]}
