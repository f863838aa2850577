"""Pairs: which option is held against which, and a preference as a side of its pair."""

from collections.abc import Iterable

from advisor.case.case import Case
from advisor.case.options import Role
from advisor.case.preferences import Pair as Pair


def pairs_of(case: Case, options: Iterable[Role]) -> tuple[Pair, ...]:
    """Every base option against every tuned one; without a tuned one, the first against each other.

    Args:
        case: whose options they are.
        options: those that count, such as the ones that answered.
    """
    there = case.in_order(set(options) - {"judge"})
    bases = [option for option in there if case.kind_of(option) == "base"]
    tuned = [option for option in there if case.kind_of(option) == "tuned"]
    if tuned and bases:
        return tuple((base, one) for one in tuned for base in bases)
    alone = bases or tuned
    return tuple((alone[0], other) for other in alone[1:])
