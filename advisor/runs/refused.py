"""What an option's address did not take in runs before, so that the next run asks otherwise."""

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.case.refusals import Refusals
from advisor.store.refusals import Refused


def named(endpoint: str, model: str) -> tuple[str, str]:
    """An address and a model as runs keep them."""
    return endpoint.strip().rstrip("/"), model.strip()


def not_taken(case: Case, option: OptionId, refused: Refused) -> Refusals:
    """Parameters of an option that the next run will send otherwise, or not at all.

    Args:
        case: whose option it is.
        option: its id.
        refused: what is known of addresses and their models.
    """
    arm = case.arms[option]
    known = refused.get(named(arm.endpoint, arm.model), Refusals())
    own = arm.parameters
    heat = case.run.temperature if own.temperature is None else own.temperature
    most = own.max_output_tokens or case.run.max_output_tokens
    return Refusals(
        parameters=known.parameters & {*own.sent, *(() if heat is None else ("temperature",))},
        above=known.above if known.above is not None and known.above < most else None,
        instruction=known.instruction and bool(arm.system_prompt.strip()),
        lacks=known.lacks or None,
    )
