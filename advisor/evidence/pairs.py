"""Pairs: which option is held against which."""

from collections.abc import Iterable

from advisor.case.options import BASE_ARMS, ArmName, Role

Pair = tuple[ArmName, ArmName]
"""A base arm, and the arm held against it: its challenger."""


def pairs_of(arms: Iterable[Role]) -> tuple[Pair, ...]:
    """Every base arm against the tuned one; without one, the first base arm against each other."""
    there = set(arms)
    bases = [arm for arm in BASE_ARMS if arm in there]
    if "tuned" in there:
        return tuple((base, "tuned") for base in bases)
    return tuple((bases[0], other) for other in bases[1:])
