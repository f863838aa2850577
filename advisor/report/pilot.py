"""A pilot in words: what to train where, on how many pairs, for how much."""

from advisor.verdict.decision import Decision
from advisor.verdict.pilot import Pilot
from advisor.words import count, listed

NOT_PRICED = "A pilot of fine-tuning can't be priced: no place open to you publishes every price."


def pilot(found: Decision) -> str:
    """What to do for a first model, in a sentence or two."""
    if found.case.known.training_pairs is None:
        return "Say how many approved answers you have: then a pilot of fine-tuning can be priced."
    return (
        f"Run a pilot of fine-tuning: {_price(found, found.pilot)}." if found.pilot else NOT_PRICED
    )


def would_cost(found: Decision, step: str) -> str:
    """The price of a pilot where no model was trained yet; "" where the next step has it already."""
    case, arm = found.case, found.case.arms.get(found.money.cost.challenger)
    no_pairs = case.known.training_pairs is None
    if no_pairs or case.brief.tuned_exists or (arm is not None and arm.answers):
        return ""
    if found.pilot is None:
        return NOT_PRICED
    price = _price(found, found.pilot)
    return "" if price in step else f"A pilot of fine-tuning would cost {price}."


def _price(found: Decision, first: Pilot) -> str:
    """As a clause, with what is in it."""
    parts = [_training(first)]
    parts += ["a day of hosting"] if first.hosted else []
    parts += (
        [f"your {count(len(found.case.prompts), 'text')} run once"] if found.case.prompts else []
    )
    where = f"at the cheapest place open to you, {first.place.model} {first.place.where}"
    return f"about {found.money.currency.show(first.usd)} {where}: {listed(parts)}"


def _training(first: Pilot) -> str:
    """What is learned, and how often: the pairs, or the file whose units the reader gave."""
    given = first.given_units
    what = (
        count(first.pairs, "approved pair")
        if given is None
        else f"{given:,} units of training text"
    )
    return f"{what} learned {'once' if first.epochs == 1 else f'{first.epochs} times'}"
