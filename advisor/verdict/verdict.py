"""Verdict: base or fine-tuned, how firmly, and by which rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from advisor.case.brief import Brief
from advisor.case.options import OptionId
from advisor.case.use_cases import UseCase, use_case
from advisor.evidence.model import Evidence
from advisor.verdict.bounds import RuledOut, Sites, ruled_out
from advisor.verdict.gates import DAYS_PER_MONTH, BaseStops, Gate, TuningAccess, fired_gates
from advisor.verdict.lean import CostGap, Lean, Signal, cost_gap, lean
from advisor.verdict.likelihood import Likelihood, likelihood
from advisor.verdict.rules import Rules
from advisor.verdict.seen import clear_side, seen_by
from advisor.verdict.try_first import TryFirst, what_to_try_first
from pricing.cost import Cost, Volume

Recommendation = Literal["base", "tuned"]
Firmness = Literal["decided", "likely", "leaning", "open", "try_first", "rule_of_thumb", "blocked"]
"""How firm a recommendation is: one scale, the same on screen, in the PDF and in the JSON."""
LEAST_FIRM_FIRST: tuple[Firmness, ...] = ("rule_of_thumb", "open", "leaning", "likely", "decided")
"""Those that are steps of one scale; the others are reasons of their own."""
By = Literal["test", "cost"]
"""What decided."""
Rule = Literal[
    "blocked",
    "none_fits",
    "base_wins",
    "too_dear",
    "tuned_wins",
    "level",
    "try_first",
    "likely",
    "open",
    "what_is_left",
]
"""What gave the verdict; the first of these that applies, in this order.

A gate fires; no option is left, or none is right more often than a constant answer; the evidence,
or no room left, says base; fine-tuned wins and does not pay; fine-tuned wins; no difference, so the
cost decides; fine-tuning is likely right, and something cheaper was not tried; the chance is far
enough from even; none of these. In the place of the others, where the texts may not go to what they
give: what_is_left.
"""
Found = tuple[Recommendation, Firmness, Rule]

__all__ = ["Gate", "Lean", "Signal", "TuningAccess", "Verdict", "decide"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do, and all that it rests on."""

    recommendation: Recommendation
    firmness: Firmness
    rule: Rule
    likelihood: Likelihood
    """The chance that fine-tuning is the right call."""
    overrules_matrix: bool
    """The reader's own test says otherwise than the use case's default."""
    answered: int
    """Questions answered, of 12."""
    use_case: UseCase
    lean: Lean
    gates: tuple[Gate, ...]
    evidence: Evidence
    access: TuningAccess | None
    rules: Rules
    """By which it was taken: its sentences say these thresholds, whichever ship."""
    ruled_out: Mapping[OptionId, RuledOut] = field(default_factory=dict)
    """Options that the texts may not go to, or nobody knows whether they may; or that are too slow."""
    keep_until: date | None = None
    """A tuned model that is live stops soon: keep it until this day, and plan the move now."""
    base_stops: tuple[BaseStops, ...] = ()
    """Base options whose model stops soon, or has stopped."""
    try_first: tuple[TryFirst, ...] = ()
    """What to try before tuning, where that is the verdict."""
    much_dearer: CostGap | None = None
    """Fine-tuned costs so much more that no chance alone speaks for it."""

    @property
    def by(self) -> By | None:
        """What decided; None = nothing did."""
        if self.firmness != "decided":
            return None
        return "cost" if self.rule in ("too_dear", "level") else "test"

    @property
    def texts_to_read(self) -> int:
        """Texts that both options have answered and that wait for people's votes."""
        evidence = self.evidence
        if evidence.needs_readers:
            return evidence.tally.scored
        begun = evidence.source == "votes" and evidence.tally.scored < self.rules.evidence.scored
        if evidence.word != "not_enough" or not (begun or evidence.source is None):
            return 0
        lost = evidence.refused + evidence.failed
        return max(0, evidence.prompts - evidence.tally.scored - lost) if evidence.complete else 0

    @property
    def chance_counts(self) -> bool:
        """Whether to name the chance: the verdict rests on which answers are better."""
        if self.rule == "base_wins":
            return self.evidence.favours == "base"
        if self.evidence.word == "no_difference" and not self.evidence.decides_unread:
            return False
        return self.rule in ("tuned_wins", "try_first", "likely", "open")


def decide(
    brief: Brief,
    evidence: Evidence,
    cost: Cost | None,
    access: TuningAccess | None,
    today: date,
    *,
    volume: Volume,
    rules: Rules,
    tuned_stops_on: date | None = None,
    sites: Mapping[OptionId, Sites] | None = None,
    base_stops: tuple[BaseStops, ...] = (),
    too_slow: Mapping[OptionId, RuledOut] = MappingProxyType({}),
) -> Verdict:
    """The first rule that applies.

    Args:
        brief: the reader's answers; None in it is unknown and never fires a gate.
        evidence: what the run shows.
        cost: of all options, people's time included where it is counted; None = not worked out.
        access: where the reader may still train; None = unknown.
        today: the day it is decided.
        volume: requests and retrainings.
        rules: weights, thresholds, margins.
        tuned_stops_on: the day the tuned model stops; None = no date, or unknown.
        sites: where each option's texts go; None = no option is chosen yet.
        base_stops: base options whose model stops soon; they decide nothing.
        too_slow: options that can't be recommended for how long their answers take.

    Raises:
        AdvisorError: the brief names no known use case.
    """
    leaning = lean(brief, row := use_case(brief.use_case), cost, volume, evidence.base_arm, rules)
    gates = fired_gates(brief, access, today, tuned_stops_on, rules)
    money = _Money(cost, evidence.base_arm, evidence.tuned_arm, tuned_stops_on, today)
    barred = {**too_slow, **ruled_out(brief, sites := sites or {})}
    chance = _chance(leaning, evidence, rules)
    first = what_to_try_first(brief, row, evidence, volume, chance.after, rules)
    dear = _much_dearer(cost_gap(cost, evidence.base_arm), rules)
    answered = brief.answered(volume.requests_per_month)
    stands = _Stands(row, evidence, chance, gates, money, answered, first, dear is not None)
    found = _within_bounds(_first_rule(stands, rules), sites, barred, gates)
    side, _, rule = found
    return Verdict(
        *found,
        likelihood=chance,
        overrules_matrix=_overrules(row, side, rule),
        answered=answered,
        use_case=row,
        lean=leaning,
        gates=gates,
        evidence=evidence,
        access=access,
        rules=rules,
        ruled_out=barred,
        keep_until=_keep_until(brief, gates, tuned_stops_on, today),
        base_stops=base_stops,
        try_first=first if rule == "try_first" else (),
        much_dearer=dear,
    )


@dataclass(frozen=True, slots=True)
class _Stands:
    """What the rules ask about."""

    row: UseCase
    evidence: Evidence
    chance: Likelihood
    gates: tuple[Gate, ...]
    money: "_Money"
    answered: int
    try_first: tuple[TryFirst, ...]
    much_dearer: bool


def _chance(leaning: Lean, evidence: Evidence, rules: Rules) -> Likelihood:
    said = rules.likelihood
    return likelihood(leaning.score, seen_by(evidence, rules), said.slope, said.prior)


def _keep_until(
    brief: Brief, gates: Iterable[Gate], tuned_stops_on: date | None, today: date
) -> date | None:
    """Until when a tuned model that is live and stops soon is kept."""
    keeps = brief.stage == "tuned_live" and any(gate.key == "G5" for gate in gates)
    return tuned_stops_on if keeps and tuned_stops_on and tuned_stops_on > today else None


def _much_dearer(gap: CostGap | None, rules: Rules) -> CostGap | None:
    """The gap, where it is so large that no chance alone can decide for fine-tuned."""
    least = rules.likelihood
    if gap is None or gap.times < least.much_dearer_times or gap.usd < least.much_dearer_usd:
        return None
    return gap


def _overrules(row: UseCase, recommendation: Recommendation, rule: Rule) -> bool:
    """The reader's own test says otherwise than the use case's default."""
    default = "tuned" if row.default == "fine_tuned" else row.default
    return rule in ("base_wins", "tuned_wins") and default not in ("mixed", recommendation)


def _first_rule(stands: _Stands, rules: Rules) -> Found:
    evidence, row, money = stands.evidence, stands.row, stands.money
    # Shared wording proves nothing about quality, so what it would decide stays open.
    word = "not_enough" if evidence.decides_unread else evidence.word
    decides = evidence.favours if word == "decides" else None
    if stands.gates:
        return "base", "blocked", "blocked"
    if evidence.none_beats_a_constant:
        return "base", "open", "none_fits"
    if decides == "base" or (evidence.nothing_left_to_gain and row.goal == "quality"):
        return "base", "decided", "base_wins"
    if decides == "tuned":
        if (row.goal == "cost" and money.tuned_is_dearer) or money.pays_back_too_late:
            return "base", "decided", "too_dear"
        return "tuned", "decided", "tuned_wins"
    if word == "no_difference" and (cheaper := money.cheaper(rules.money.near)):
        return cheaper, "decided", "level"
    if stands.try_first:
        return "base", "try_first", "try_first"
    if word != "no_difference" and (side := _likely_side(stands, rules)):
        return side, _how_likely(stands, side, rules), "likely"
    return "base", "open", "open"


def _likely_side(stands: _Stands, rules: Rules) -> Recommendation | None:
    """The side of the chance, never against a clear side of the test's own; None = neither."""
    seen, chance = stands.chance.seen, stands.chance.after
    tests = clear_side(seen, rules.evidence.alpha) if seen else None
    side: Recommendation | None = None
    if chance >= rules.likelihood.leaning:
        side = "tuned"
    elif chance <= 1 - rules.likelihood.leaning:
        side = "base"
    side = tests or side
    return None if side == "tuned" and stands.much_dearer else side


def _how_likely(stands: _Stands, side: Recommendation, rules: Rules) -> Firmness:
    evidence, likely = stands.evidence, rules.likelihood.likely
    if evidence.word == "none" and stands.answered < rules.likelihood.thumb_below:
        return "rule_of_thumb"
    few_cases = evidence.clusters is not None and evidence.clusters < rules.evidence.cases
    if evidence.word == "trade_off" or few_cases:
        return "leaning"
    chance = stands.chance.after if side == "tuned" else 1 - stands.chance.after
    return "likely" if chance >= likely else "leaning"


def _within_bounds(
    found: Found,
    sites: Mapping[OptionId, Sites],
    barred: Mapping[OptionId, RuledOut],
    gates: tuple[Gate, ...],
) -> Found:
    """What a rule gives, where the texts may go there; else what is left, never as decided.

    An option that the case does not name yet can't be ruled out.
    """
    recommendation, firmness, _ = found
    bases = [option for option, found in sites.items() if found.kind == "base"]
    tuned = [option for option, found in sites.items() if found.kind == "tuned"]
    no_base = bool(bases) and all(option in barred for option in bases)
    no_tuned = bool(tuned) and all(option in barred for option in tuned)
    if recommendation == "tuned" and not no_tuned:
        # Beating what can't be used decides nothing, and a pilot not chosen yet is not "what is left".
        weaker: Firmness = "leaning" if firmness == "decided" else firmness
        return ("tuned", weaker, "what_is_left") if no_base and tuned else found
    if recommendation == "tuned" and not no_base:
        blocked = all(barred[option].certain for option in tuned)
        return "base", "blocked" if blocked else "open", "what_is_left"
    if recommendation == "base" and not no_base:
        return found
    if tuned and not no_tuned and not gates:
        return "tuned", "open", "what_is_left"
    return "base", "open", "none_fits"


@dataclass(frozen=True, slots=True)
class _Money:
    """What the rules ask about cost; unknown never decides."""

    cost: Cost | None
    base_arm: OptionId
    tuned_arm: OptionId
    tuned_stops_on: date | None
    today: date

    def _total(self, arm: str) -> Decimal | None:
        """USD over the months of use, people's time included where it is counted."""
        option = self.cost.arms.get(arm) if self.cost else None
        return option.total_usd if option else None

    @property
    def tuned_is_dearer(self) -> bool:
        """Cutting cost is what the use case is for."""
        tuned, base = self._total(self.tuned_arm), self._total(self.base_arm)
        return tuned is not None and base is not None and tuned > base

    @property
    def pays_back_too_late(self) -> bool:
        """Whether a finite break-even comes after the tuned model has stopped."""
        break_even = self.cost.break_even if self.cost else None
        if break_even is None or break_even.month is None or self.tuned_stops_on is None:
            return False
        months_left = (self.tuned_stops_on - self.today).days / DAYS_PER_MONTH
        return break_even.late and break_even.month > months_left

    def cheaper(self, near: float) -> Recommendation | None:
        """The cheaper option; base within `near` of it; None = unknown."""
        tuned, base = self._total(self.tuned_arm), self._total(self.base_arm)
        if tuned is None or base is None:
            return None
        return "tuned" if tuned < base * (1 - Decimal(str(near))) else "base"
