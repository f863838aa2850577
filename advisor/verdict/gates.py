"""Gates: what makes tuning impossible or pointless today, whatever the answers would be."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from advisor.case.brief import Brief
from advisor.verdict.rules import Rules
from pricing import lifecycle
from pricing.offers import find_offer

DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class TuningAccess:
    """Where this reader may still train today, by standing, dates and where the data may go."""

    chosen_open: bool | None
    """The chosen offer; None = unknown, or none is chosen."""
    chosen_reason: str = ""
    """Why the chosen offer is closed, as a sentence."""
    open_elsewhere: tuple[str, ...] = ()
    """Other offers that fit and are open, by name."""
    nowhere: bool = False
    """No offer at all is open to this reader, or may be; own machines apart."""


def find_access(brief: Brief, chosen: str | None, today: date) -> TuningAccess:
    """Where this reader may train: at the chosen offer, and at the others that fit.

    Args:
        brief: standings, where the texts may go, own machines.
        chosen: the tuned option's offer; None = the reader's own figures, or no option.
        today: the day of the question.

    Raises:
        PricingError: the offer is unknown or ambiguous.
    """
    regions = brief.regions or ()
    possible = lifecycle.open_offers(
        today, brief.customer_of, brief.data_may_go, brief.can_host, regions=regions
    )
    others = dict.fromkeys(
        f"{found.offer.base_model} at {found.offer.provider_name}"
        for found in sorted(possible, key=lambda f: f.offer.provider not in brief.customer_of)
        if found.offer.ref != chosen and found.can_train
    )
    if brief.data_may_go == "own_machines" and brief.can_host:  # no price sheet has an owned one
        others["an open model on your own machines"] = None
    if chosen is None:
        return TuningAccess(None, open_elsewhere=tuple(others), nowhere=not possible)
    offer = find_offer(chosen)
    standing = brief.customer_of.get(offer.provider)
    found = lifecycle.access(offer, today, standing, brief.data_may_go, regions)
    return TuningAccess(found.can_train, found.reason, tuple(others), nowhere=not possible)


@dataclass(frozen=True, slots=True)
class Gate:
    """A stopper that fired."""

    key: Literal["G1", "G2", "G3", "G4", "G5"]
    name: str
    sentence: str
    what_it_takes: str


def fired_gates(
    brief: Brief,
    access: TuningAccess | None,
    today: date,
    tuned_stops_on: date | None,
    rules: Rules,
) -> tuple[Gate, ...]:
    """All gates that fire, in order; an unknown fires none."""
    gates = (
        _too_few_pairs(brief, rules),
        _nowhere_to_train(brief, access),
        _retrieval_first(brief, rules),
        _not_permitted(brief),
        _stops_soon(brief, today, tuned_stops_on, rules),
    )
    return tuple(gate for gate in gates if gate)


def _too_few_pairs(brief: Brief, rules: Rules) -> Gate | None:
    least = rules.gates.pairs
    if brief.tuned_exists or brief.training_pairs is None or brief.training_pairs >= least:
        return None
    return Gate(
        "G1",
        "Too few approved pairs",
        f"You have {_pairs(brief.training_pairs)}; training takes at least {least:,}, as at OpenAI.",
        f"Collect at least {least} inputs with an answer an expert approved; "
        f"{rules.lean.pairs_below} or more are worth a pilot.",
    )


def _pairs(n: int) -> str:
    return f"{n:,} approved pair{'' if n == 1 else 's'}"


def _nowhere_to_train(brief: Brief, access: TuningAccess | None) -> Gate | None:
    # A tuned model that exists needs no more training. Own machines not ruled out are no "no".
    if brief.tuned_exists or access is None or brief.can_host is not False or not access.nowhere:
        return None
    why = f"{access.chosen_reason} " if access.chosen_open is False else ""
    return Gate(
        "G2",
        "Nowhere to train",
        f"{why}No offer that fits is open to you, and you have no machines of your own for it.",
        "Get a contract with a vendor that still trains, a wider rule on where the texts may go, "
        "or a machine of your own that can host an open model.",
    )


def _retrieval_first(brief: Brief, rules: Rules) -> Gate | None:
    if brief.fact_change not in rules.gates.fact_change:
        return None
    if brief.tried is None or "retrieval" in brief.tried:
        return None
    return Gate(
        "G3",
        "Facts change too fast",
        f"The facts change {brief.fact_change} and looking them up was not tried: "
        "training would freeze them.",
        "Try the base model with look-up first; tune later for form if it still falls short.",
    )


def _not_permitted(brief: Brief) -> Gate | None:
    if brief.training_permission != "no":
        return None
    return Gate(
        "G4",
        "No permission to train",
        "Your examples may not be used to train a model.",
        "Get permission from whoever owns the texts, or examples with nothing personal in them.",
    )


def _stops_soon(
    brief: Brief, today: date, tuned_stops_on: date | None, rules: Rules
) -> Gate | None:
    if tuned_stops_on is None:
        return None
    if (tuned_stops_on - today).days >= rules.gates.stop_months * DAYS_PER_MONTH:
        return None
    day = f"{tuned_stops_on.day} {tuned_stops_on:%b %Y}"
    over = tuned_stops_on <= today
    which = "The tuned model" if brief.tuned_exists else "A model tuned there"
    says = "stopped" if over else "stops" if brief.tuned_exists else "would stop"
    return Gate(
        "G5",
        f"{which} {says}" if over else f"{which} {says} soon",
        f"{which} {says} on {day}.",
        f"Keep it until {day}, and plan the move now."
        if brief.stage == "tuned_live" and not over
        else "Choose a place to tune whose models stay longer.",
    )
