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
    return _all_of(case, set(options) - {"judge"})


def judged_pairs(case: Case, options: Iterable[Role]) -> tuple[Pair, ...]:
    """The pairs that the case's judge is asked about: those its owner chose, else all.

    By default none is left out: fine-tuned claims the weakest of its results, and before they are
    in, any of them may be the weakest.
    """
    there = set(options) - {"judge"}
    chosen = case.judge.pairs if case.judge is not None else ()
    if not chosen:
        return _all_of(case, there)
    in_order = dict.fromkeys(case.pair_of(*pair) for pair in chosen)
    return tuple(pair for pair in in_order if there.issuperset(pair))


def _all_of(case: Case, options: set[Role]) -> tuple[Pair, ...]:
    there = case.in_order(options)
    bases = [option for option in there if case.kind_of(option) == "base"]
    tuned = [option for option in there if case.kind_of(option) == "tuned"]
    if tuned and bases:
        return tuple((base, one) for one in tuned for base in bases)
    alone = bases or tuned
    return tuple((alone[0], other) for other in alone[1:])
