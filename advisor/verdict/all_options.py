"""All options beside each other: how good, what a month costs, how fast, until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from statistics import fmean, median
from typing import Literal

from advisor.case.case import Case
from advisor.case.options import Kind, OptionId, Variant
from advisor.evidence.metrics import METRICS
from advisor.evidence.model import Evidence, Interval, Output, PairResult
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.speed import seconds_of
from advisor.evidence.statistics import wilson
from advisor.verdict.charts import ByText, likely_score, on_common_texts
from advisor.verdict.costs import Costs

RIGHT = 1 - 1e-9
"""A score of this or more is a right answer."""
Scale = Literal["share", "measure"]


@dataclass(frozen=True, slots=True)
class OptionQuality:
    """How good an option's answers are."""

    scale: Scale
    """share: of the clear choices between it and `against`; measure: mean of the main measure."""
    value: float
    likely: Interval | None
    """With its range; None = too few texts for one."""
    of: int
    """Clear choices, or texts measured."""
    against: OptionId | None = None


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option of a case; None = not known, or not measured."""

    option: OptionId
    name: str
    kind: Kind
    variant: Variant
    quality: OptionQuality | None
    right: int | None
    """Answers that are right, of `texts`; only by a measure of what is right."""
    texts: int
    """Texts that every measured option has an answer to."""
    usd_per_month: Decimal | None
    seconds: float | None
    """Median of the whole answer."""
    until: date | None
    """The day on which its model stops."""
    ruled_out: bool
    """The texts may not go there, or it is not known whether they may; or it is too slow."""
    beaten_by: OptionId | None = None
    """Another option that is at least as good, costs no more and is no slower, and is ahead in one
    of the three; each as it came out, whatever its range."""


def all_options(
    case: Case,
    evidence: Evidence,
    money: Costs,
    outputs: Sequence[Output],
    scores: ByText,
    ruled_out: Mapping[OptionId, object],
    rules: EvidenceRules,
) -> tuple[OptionRow, ...]:
    """One row an option, in the order of the case.

    Quality is the share of clear choices where readers or a judge chose: a base option's against the
    tuned option named, a tuned one's against the base option it does worst against. Else it is the
    mean of the main measure over the texts that all measured options answered.

    Args:
        case: what was asked.
        evidence: what each pair of options shows.
        money: what each option costs.
        outputs: finished calls, any order; none before a run.
        scores: by the main measure.
        ruled_out: options that can't be recommended.
        rules: from how many clear choices on there is a range.
    """
    measured = on_common_texts({o: scores[o] for o in case.options if scores.get(o)})
    chosen = {} if evidence.source in (None, "metric") else _chosen(evidence, rules)
    key = case.run.primary_metric
    rows = []
    for option in case.options:
        mine, cost, quote = (
            measured.get(option),
            money.cost.arms.get(option),
            money.quotes[option],
        )
        stop = quote.base_stop.on if quote.base_stop else None
        tuned = case.kind_of(option) == "tuned"
        is_right = mine is not None and not METRICS[key].overlap
        rows.append(
            OptionRow(
                option=option,
                name=case.name_of(option),
                kind=case.kind_of(option),
                variant=case.variant_of(option),
                quality=chosen.get(option) if chosen else _mean(mine, rules),
                right=sum(s >= RIGHT for s in mine) if mine and is_right else None,
                texts=len(mine or ()),
                usd_per_month=cost.usd_per_month_all_in if cost else None,
                seconds=_seconds(outputs, option),
                until=quote.tuned_stops_on if tuned else stop,
                ruled_out=option in ruled_out,
            )
        )
    return tuple(replace(row, beaten_by=_beaten_by(row, rows, evidence)) for row in rows)


def _mean(scores: list[float] | None, rules: EvidenceRules) -> OptionQuality | None:
    if not scores:
        return None
    return OptionQuality("measure", fmean(scores), likely_score(scores, rules), len(scores))


def _chosen(evidence: Evidence, rules: EvidenceRules) -> dict[OptionId, OptionQuality]:
    """The share of clear choices that each option took."""
    named: dict[OptionId, PairResult] = {}
    for pair in evidence.pairs:
        if pair.tuned_arm == evidence.tuned_arm:
            named[pair.base_arm] = pair
        worst = named.get(pair.tuned_arm)
        if worst is None or _lead(pair) < _lead(worst):
            named[pair.tuned_arm] = pair
    found = {}
    for option, pair in named.items():
        tally, tuned = pair.tally, option == pair.tuned_arm
        won = tally.wins if tuned else tally.losses
        if not tally.decisive:
            continue
        enough = tally.decisive >= rules.clear_choices
        likely = wilson(won, tally.decisive, rules.alpha) if enough else None
        other = pair.base_arm if tuned else pair.tuned_arm
        found[option] = OptionQuality("share", won / tally.decisive, likely, tally.decisive, other)
    return found


def _lead(pair: PairResult) -> float:
    tally = pair.tally
    return (tally.wins - tally.losses) / tally.scored if tally.scored else 0.0


def _seconds(outputs: Sequence[Output], option: OptionId) -> float | None:
    took = seconds_of(outputs, option)
    return median(took) if took else None


def _beaten_by(row: OptionRow, rows: Sequence[OptionRow], evidence: Evidence) -> OptionId | None:
    for other in rows:
        if other.option != row.option and not other.ruled_out and _beats(other, row, evidence):
            return other.option
    return None


def _beats(one: OptionRow, other: OptionRow, evidence: Evidence) -> bool:
    """At least as good on quality, cost and seconds, and better on one."""
    quality = _better(one, other, evidence)
    if quality is None or one.usd_per_month is None or other.usd_per_month is None:
        return False
    if (one.seconds is None) != (other.seconds is None):
        return False
    cost = other.usd_per_month - one.usd_per_month
    faster = 0.0 if one.seconds is None or other.seconds is None else other.seconds - one.seconds
    ahead = (quality, float(cost), faster)
    return min(ahead) >= 0 and max(ahead) > 0


def _better(one: OptionRow, other: OptionRow, evidence: Evidence) -> float | None:
    """By how much one is the better; None = nothing compares them.

    By shares two options are compared where readers or a judge chose between them, and two of one
    kind also where both were held against the same third one.
    """
    mine, theirs = one.quality, other.quality
    if mine is None or theirs is None:
        return None
    if mine.scale == "measure":
        return mine.value - theirs.value
    for pair in evidence.pairs:
        if {pair.base_arm, pair.tuned_arm} == {one.option, other.option}:
            return _lead(pair) if pair.tuned_arm == one.option else -_lead(pair)
    return mine.value - theirs.value if mine.against == theirs.against else None
