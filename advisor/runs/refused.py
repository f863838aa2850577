"""What an option's address did not take in runs before, so that the next run leaves it out."""

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.store.runs import Refused


def left_out(case: Case, option: OptionId, refused: Refused) -> tuple[str, ...]:
    """Parameters of an option that the next run will not send.

    Args:
        case: whose option it is.
        option: its id.
        refused: what is known of addresses and their models.
    """
    arm = case.arms[option]
    known = refused.get((arm.endpoint.strip().rstrip("/"), arm.model.strip()), frozenset())
    own = arm.parameters
    heat = case.run.temperature if own.temperature is None else own.temperature
    return tuple(sorted(known & {*own.sent, *(() if heat is None else ("temperature",))}))
