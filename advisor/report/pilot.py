"""A pilot: what a first fine-tuned model would take, at the cheapest place open to the reader."""

from datetime import date

from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.verdict.costs import Costs
from advisor.verdict.tokens import lesson_of
from advisor.verdict.where_to_tune import Place, where_to_tune
from advisor.words import count, listed
from pricing.charges import USUAL_EPOCHS
from pricing.offers import find_offer

NOT_PRICED = "A pilot of fine-tuning can't be priced: no place open to you publishes every price."


def pilot(case: Case, money: Costs, today: date) -> str:
    """What to train where, on how many pairs, for how much, in a sentence or two."""
    pairs = case.known.training_pairs
    if pairs is None:
        return "Say how many approved answers you have: then a pilot of fine-tuning can be priced."
    price = _price(case, pairs, money, today)
    return f"Run a pilot of fine-tuning: {price}." if price else NOT_PRICED


def would_cost(case: Case, money: Costs, today: date, step: str) -> str:
    """The price of a pilot where no model was trained yet; "" where the next step has it already."""
    pairs, arm = case.known.training_pairs, case.arms.get(money.cost.challenger)
    if pairs is None or case.brief.tuned_exists or (arm is not None and arm.answers):
        return ""
    price = _price(case, pairs, money, today)
    if not price:
        return NOT_PRICED
    return "" if price in step else f"A pilot of fine-tuning would cost {price}."


def _price(case: Case, pairs: int, money: Costs, today: date) -> str:
    """At the cheapest place open to the reader, as a clause; "" where none has every price."""
    priced = [
        (place.pilot_usd, place)
        for place in where_to_tune(case, money, today)
        if place.standing == "open" and place.pilot_usd is not None
    ]
    if not priced:
        return ""
    usd, place = min(priced, key=lambda found: found[0])
    parts = [_training(case, pairs, case.arms.get(money.cost.challenger, Arm()))]
    parts += ["a day of hosting"] if find_offer(place.ref).entry(today).hosting_per_hour else []
    parts += [f"your {count(len(case.prompts), 'text')} run once"] if case.prompts else []
    where = f"at the cheapest place open to you, {_name(place)}"
    return f"about {money.currency.show(usd)} {where}: {listed(parts)}"


def _training(case: Case, pairs: int, tuned: Arm) -> str:
    """What is learned, and how often: the pairs, or the file whose units the reader gave."""
    lesson = lesson_of(case, tuned)
    epochs = tuned.price.epochs or lesson.epochs or USUAL_EPOCHS
    given = None if lesson.measured else tuned.price.training_tokens
    what = count(pairs, "approved pair") if given is None else f"{given:,} units of training text"
    return f"{what} learned {'once' if epochs == 1 else f'{epochs} times'}"


def _name(place: Place) -> str:
    return f"{place.model} at {place.provider}"
