"""Barriers: what keeps two options from being compared at all, however many texts went to one.

Too many answers missing or cut off, or one model behind both. While there is one, nothing is decided.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.evidence.model import Barrier, Cause, Lacking, OneModel, Output


def barriers(
    case: Case, outputs: Iterable[Output], options: Collection[OptionId], most_missing: float
) -> tuple[Barrier, ...]:
    """What keeps these options from being compared.

    Args:
        case: with the options.
        outputs: finished calls, any order.
        options: those compared.
        most_missing: the largest share of an option's answers that may be missing or cut off.
    """
    of_option: dict[OptionId, list[Output]] = {}
    for output in outputs:
        if output.arm in options:
            of_option.setdefault(output.arm, []).append(output)
    found: list[Barrier] = list(_one_model(case, of_option))
    for option, given in of_option.items():
        causes = Counter(cause for o in given if (cause := _cause(o)) is not None)
        if causes.total() > most_missing * len(given):
            cause = causes.most_common(1)[0][0]
            said = Counter(o.error for o in given if _cause(o) == cause and o.error)
            found.append(
                Lacking(
                    option,
                    causes.total() - causes["cut"],
                    causes["cut"],
                    len(given),
                    cause,
                    said.most_common(1)[0][0] if said else "",
                )
            )
    return tuple(found)


def _cause(output: Output) -> Cause | None:
    """Why this answer is missing, or only a part of one; None = it is whole, or a refusal."""
    if output.outcome == "no_answer":
        return output.why or "empty"
    if output.outcome == "failed":
        return "failed"
    return "cut" if output.truncated else None


def _one_model(case: Case, of_option: Mapping[OptionId, Collection[Output]]) -> Iterator[OneModel]:
    served = {
        option: {o.served_model for o in given if o.served_model is not None}
        for option, given in of_option.items()
    }
    options = [option for option in of_option if len(served[option]) == 1]
    for i, one in enumerate(options):
        for other in options[i + 1 :]:
            if served[one] == served[other] and asked_apart(case, one, other):
                yield OneModel((one, other), next(iter(served[one])))


def asked_apart(case: Case, one: OptionId, other: OptionId) -> bool:
    """Whether two options ask for two models, which then may not be the same.

    At two addresses too: what goes by one name can't be told apart by it.
    """
    first, second = case.arms.get(one), case.arms.get(other)
    if first is None or second is None or first.recorded or second.recorded:
        return False
    return first.model.strip() != second.model.strip()
