"""Stoppers in words: what stands in the way of fine-tuning, and what it takes to lift it."""

from dataclasses import dataclass

from advisor.report.access import access_reason
from advisor.verdict.gates import (
    Gate,
    NotPermitted,
    NowhereToTrain,
    RetrievalFirst,
    StopsSoon,
    TooFewPairs,
)
from advisor.words import count, day


@dataclass(frozen=True, slots=True)
class GateWords:
    """A stopper that fired, for the reader."""

    name: str
    sentence: str
    what_it_takes: str


def gate_words(gate: Gate) -> GateWords:
    """A stopper's name, why it fired, and what lifts it."""
    match gate:
        case TooFewPairs():
            return GateWords(
                "Too few approved pairs",
                f"You have {count(gate.pairs, 'approved pair')}; training takes at least "
                f"{gate.least:,}, as at OpenAI.",
                f"Collect at least {gate.least} inputs with an answer an expert approved; "
                f"{gate.worth_a_pilot} or more are worth a pilot.",
            )
        case NowhereToTrain():
            why = f"{access_reason(gate.chosen_why)} " if gate.chosen_why else ""
            return GateWords(
                "Nowhere to train",
                f"{why}No offer that fits is open to you, and you have no machines of your own "
                "for it.",
                "Get a contract with a vendor that still trains, a wider rule on where the texts "
                "may go, or a machine of your own that can host an open model.",
            )
        case RetrievalFirst():
            return GateWords(
                "Facts change too fast",
                f"The facts change {gate.fact_change} and looking them up was not tried: "
                "training would freeze them.",
                "Try the base model with look-up first; tune later for form if it still falls "
                "short.",
            )
        case NotPermitted():
            return GateWords(
                "No permission to train",
                "Your examples may not be used to train a model.",
                "Get permission from the owner of the texts, or examples with nothing personal in "
                "them.",
            )
        case StopsSoon():
            return _stops_soon(gate)


def _stops_soon(gate: StopsSoon) -> GateWords:
    which = "The tuned model" if gate.exists else "A model tuned there"
    says = "stopped" if gate.over else "stops" if gate.exists else "would stop"
    return GateWords(
        f"{which} {says}" if gate.over else f"{which} {says} soon",
        f"{which} {says} on {day(gate.on)}.",
        f"Keep the tuned model until {day(gate.on)}, and plan the move now."
        if gate.live and not gate.over
        else "Choose a place to tune whose models stay longer.",
    )
