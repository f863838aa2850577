"""Gates: what makes tuning impossible or pointless today, however good its answers would be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from advisor.case.brief import Brief, FactChange
from advisor.case.options import OptionId
from advisor.verdict.rules import Rules
from pricing import lifecycle
from pricing.entries import PriceCells
from pricing.offers import find_offer
from pricing.successors import Handover

DAYS_PER_MONTH = 30.4375

GateKey = Literal["G1", "G2", "G3", "G4", "G5"]


@dataclass(frozen=True, slots=True)
class TuningAccess:
    """Where this reader may still train today, by standing, dates and where the data may go."""

    chosen_open: bool | None
    """The chosen offer; None = unknown, or none is chosen."""
    chosen_why: lifecycle.AccessReason | None = None
    """Why the chosen offer is open or closed; None = none is chosen."""
    open_elsewhere: tuple[str, ...] = ()
    """Other offers that fit and are open, by name."""
    own_machines: bool = False
    """A model on machines of one's own is open as well, and no price sheet has it."""
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
        f"{found.offer.base_model} {found.offer.where}"
        for found in sorted(possible, key=lambda f: f.offer.provider not in brief.customer_of)
        if found.offer.ref != chosen and found.can_train
    )
    own = brief.data_may_go == "own_machines" and brief.can_host is True
    if chosen is None:
        return TuningAccess(None, None, tuple(others), own, nowhere=not possible)
    offer = find_offer(chosen)
    standing = brief.customer_of.get(offer.provider)
    found = lifecycle.access(offer, today, standing, brief.data_may_go, regions)
    return TuningAccess(found.can_train, found.why, tuple(others), own, nowhere=not possible)


@dataclass(frozen=True, slots=True)
class TooFewPairs:
    """Fewer approved pairs than training takes."""

    pairs: int
    least: int
    """That training takes."""
    worth_a_pilot: int
    """From which a pilot is worth its money."""
    key: ClassVar[GateKey] = "G1"


@dataclass(frozen=True, slots=True)
class NowhereToTrain:
    """No offer that fits is open, and there are no machines of one's own."""

    chosen_why: lifecycle.AccessReason | None
    """Why the chosen offer is closed; None where it is not known to be."""
    key: ClassVar[GateKey] = "G2"


@dataclass(frozen=True, slots=True)
class RetrievalFirst:
    """Facts change faster than a model can be trained again, and look-up was not tried."""

    fact_change: FactChange
    key: ClassVar[GateKey] = "G3"


@dataclass(frozen=True, slots=True)
class NotPermitted:
    """The examples may not be used to train."""

    key: ClassVar[GateKey] = "G4"


@dataclass(frozen=True, slots=True)
class StopsSoon:
    """The tuned model stops soon, or has stopped."""

    on: date
    over: bool
    """It has."""
    exists: bool
    """It is a model the reader has, and not one still to be trained."""
    live: bool
    """It answers in production."""
    key: ClassVar[GateKey] = "G5"


@dataclass(frozen=True, slots=True)
class BaseStops:
    """A base option whose model has stopped, or stops sooner than a tuned one may.

    Nothing is blocked by it: something takes the model's place, and that is what gets compared.
    """

    arm: OptionId
    model: str
    on: date
    over: bool
    """It has."""
    successor: str | None
    """What the provider names in its place; None = nothing."""
    cells: PriceCells | None
    """What the successor costs; None = not known."""
    key: ClassVar[GateKey] = "G5"


def base_stops(
    handovers: Mapping[OptionId, tuple[Handover, ...]], today: date, rules: Rules
) -> tuple[BaseStops, ...]:
    """The base options whose model stops soon, in the order of the options."""
    return tuple(
        BaseStops(arm, stop.model, stop.on, stop.on <= today, stop.successor, stop.cells)
        for arm, stops in handovers.items()
        for stop in stops[:1]
        if _is_soon(stop.on, today, rules)
    )


Gate = TooFewPairs | NowhereToTrain | RetrievalFirst | NotPermitted | StopsSoon
"""A stopper that fired, and its figures."""


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
        NotPermitted() if brief.training_permission == "no" else None,
        _stops_soon(brief, today, tuned_stops_on, rules),
    )
    return tuple(gate for gate in gates if gate)


def _too_few_pairs(brief: Brief, rules: Rules) -> TooFewPairs | None:
    least = rules.gates.pairs
    if brief.tuned_exists or brief.training_pairs is None or brief.training_pairs >= least:
        return None
    return TooFewPairs(brief.training_pairs, least, rules.try_first.pairs_below)


def _nowhere_to_train(brief: Brief, access: TuningAccess | None) -> NowhereToTrain | None:
    # A tuned model that exists needs no training, and who may have own machines can train there.
    if brief.tuned_exists or access is None or brief.can_host is not False or not access.nowhere:
        return None
    return NowhereToTrain(access.chosen_why if access.chosen_open is False else None)


def _retrieval_first(brief: Brief, rules: Rules) -> RetrievalFirst | None:
    if brief.fact_change is None or brief.fact_change not in rules.gates.fact_change:
        return None
    if brief.tried is None or "retrieval" in brief.tried:
        return None
    return RetrievalFirst(brief.fact_change)


def _is_soon(on: date, today: date, rules: Rules) -> bool:
    """Whether a model stops sooner than is worth beginning with."""
    return (on - today).days < rules.gates.stop_months * DAYS_PER_MONTH


def _stops_soon(
    brief: Brief, today: date, tuned_stops_on: date | None, rules: Rules
) -> StopsSoon | None:
    if tuned_stops_on is None:
        return None
    if not _is_soon(tuned_stops_on, today, rules):
        return None
    return StopsSoon(
        tuned_stops_on, tuned_stops_on <= today, brief.tuned_exists, brief.stage == "tuned_live"
    )
