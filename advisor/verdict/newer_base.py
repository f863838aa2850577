"""Newer base: today's cheapest base model in the base option's place, on the same texts."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from advisor.case.brief import Frozen
from advisor.case.case import LONGEST_TITLE, Case
from advisor.case.endpoints import profile_of, profiles
from advisor.case.options import Arm
from pricing.entries import PriceCells


class BaseOnList(Frozen):
    """One of the day's base models, in the base option's place; kept with a decision."""

    name: str
    ref: str
    """`provider:model`."""
    usd_per_month: Decimal | None = None
    checked: date | None = None


def best_base(case: Case, bases: Sequence[BaseOnList]) -> BaseOnList | None:
    """The cheapest of today's base models that can be asked here; None = it is compared already.

    A recorded option counts by the model that answered, not by the one whose price stands for it.

    Args:
        case: what was asked.
        bases: today's, the cheapest first.
    """
    mine = case.arms.get("base")
    known = [
        base
        for base in bases
        if base.usd_per_month is not None and mine is not None and _address(mine, base)
    ]
    if not known or mine is None:
        return None
    model = known[0].ref.partition(":")[2]
    compared = model == mine.model or (known[0].ref == mine.offer and not mine.recorded)
    return None if compared else known[0]


def on_base(case: Case, base: BaseOnList) -> Case:
    """The same case with another base model; the tuned option and the texts stay as they are.

    The base option's own figures and its contract are those of the old model, so they go. Where
    the new one answers at no address known here, the address is left open.
    """
    model, old = base.ref.partition(":")[2], case.arms["base"]
    here, address = _sells(old, base), _address(old, base)
    moved = {
        name: arm.model_copy(
            update={
                "endpoint": address,
                "model": model,
                "offer": base.ref,
                "api_key_env": arm.api_key_env if here else None,
                "discount_percent": arm.discount_percent if here else None,
                "price": PriceCells(),
                "where_confirmed": False,
                "reasoning_multiplier": None,
            }
        )
        for name, arm in case.arms.items()
        if name in case.bases and (arm.endpoint, arm.model) == (old.endpoint, old.model)
    }
    name = f", on {base.name}"
    return case.model_copy(
        update={
            "title": case.title[: LONGEST_TITLE - len(name)] + name,
            "arms": case.arms | moved,
            "judgments": (),
            "review_on": None,
        }
    )


def _sells(arm: Arm, base: BaseOnList) -> bool:
    """Whether an option's address is one of the provider that sells the base model."""
    return profile_of(arm.endpoint).id == base.ref.partition(":")[0]


def _address(arm: Arm, base: BaseOnList) -> str:
    """Where a base model can be asked; "" = not known here."""
    if _sells(arm, base):
        return arm.endpoint
    provider = base.ref.partition(":")[0]
    found = next((p.address for p in profiles() if p.id == provider and p.hosts), "")
    # An address with YOUR- in it is a template to be filled in.
    return "" if "YOUR-" in found else found
