"""A pilot: what a first fine-tuned model would take, at the cheapest place open to the reader."""

from datetime import date

from advisor.case import Case
from advisor.money import Money
from advisor.report.words import count
from advisor.where_to_tune import Place, where_to_tune
from pricing.charges import USUAL_EPOCHS


def pilot(case: Case, money: Money, today: date) -> str:
    """What to train where, on how many pairs, for how much, in a sentence or two."""
    pairs = case.brief.training_pairs
    if pairs is None:
        return "Say how many approved answers you have: then a pilot of fine-tuning can be priced."
    priced = [
        (place.pilot_usd, place)
        for place in where_to_tune(case, money, today)
        if place.standing == "open" and place.pilot_usd is not None
    ]
    if not priced:
        return "Price a pilot of fine-tuning at one of the places on Models and volume."
    usd, place = min(priced, key=lambda found: found[0])
    texts = f" and your {count(len(case.prompts), 'text')} run once" if case.prompts else ""
    return (
        f"Run a pilot of fine-tuning: about {money.currency.show(usd)} at the cheapest place open "
        f"to you, {_name(place)}: {count(pairs, 'approved pair')} learned {_epochs(case)} times, "
        f"a day of hosting{texts}."
    )


def _epochs(case: Case) -> int:
    tuned = case.arms.get("tuned")
    return (tuned.price.epochs if tuned else None) or USUAL_EPOCHS


def _name(place: Place) -> str:
    return f"{place.model} at {place.provider}"
