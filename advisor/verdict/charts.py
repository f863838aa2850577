"""Charts: the figures of a run that are drawn, worked out once; the report words and thins them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles
from typing import Literal

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.evidence.metrics import METRICS
from advisor.evidence.model import Evidence, Interval, Output, Vote
from advisor.evidence.people.votes import sent_as_is, sent_by_prompt
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.statistics import mean_interval, wilson
from advisor.verdict.costs import Costs

ByText = Mapping[OptionId, Mapping[str, float]]
"""Scores by the main measure, by option and text."""
Timed = Literal["first word", "whole answer"]


@dataclass(frozen=True, slots=True)
class Gaps:
    """The main measure text by text, of the texts that both options answered."""

    by_size: tuple[float, ...]
    """Fine-tuned less base, one a text."""
    level: float
    """A gap no wider than this is no difference."""
    mean: float
    likely: Interval | None
    """The mean with its range; None = too few texts for one."""

    @property
    def higher(self) -> int:
        """Texts on which fine-tuned scores higher."""
        return sum(gap > self.level for gap in self.by_size)

    @property
    def lower(self) -> int:
        """Texts on which it scores lower."""
        return sum(gap < -self.level for gap in self.by_size)


@dataclass(frozen=True, slots=True)
class OptionTimes:
    """How long one option took until its first word, or for the whole answer."""

    option: OptionId
    what: Timed
    seconds: tuple[float, ...]
    """By size."""
    twentieths: tuple[float, ...]
    """19 cuts: 1 of 20 is faster than the first, 10 of 20 than the tenth."""


@dataclass(frozen=True, slots=True)
class MeanQuality:
    """How good an option's answers are on average."""

    at: Interval
    """Low and high are the value where there are too few texts for a range."""
    of: int
    """Texts."""
    ranged: bool
    """False: too few for a range."""


@dataclass(frozen=True, slots=True)
class Charts:
    """What the charts of a run are drawn from."""

    gaps: Gaps | None
    """None = no text was answered by both options."""
    times: tuple[OptionTimes, ...]
    as_sent: bool
    """Quality is the share of answers that people would send as they are, else the main measure."""
    qualities: dict[OptionId, MeanQuality]
    """Of the options whose cost is known."""
    unasked: tuple[OptionId, ...]
    """Measured and priced, and nobody was asked about it where people were."""


def charts_of(
    case: Case,
    evidence: Evidence,
    money: Costs,
    outputs: Sequence[Output],
    votes: Sequence[Vote],
    scores: ByText,
    rules: EvidenceRules,
) -> Charts:
    """The figures of a run's charts.

    Args:
        case: what was asked.
        evidence: what the run shows.
        money: what each option costs.
        outputs: finished calls, any order.
        votes: people's, for the share of answers they would send as they are.
        scores: by the main measure.
        rules: for the levels of ranges, and the fewest texts that have one.
    """
    priced = [arm for arm in money.names if money.cost.arms[arm].usd_per_month_all_in is not None]
    sent = {arm: found for arm in priced if (found := _sent(votes, arm, rules)) is not None}
    as_sent = len(sent) >= 2
    of_measured = {arm: scores[arm] for arm in priced if scores.get(arm)}
    qualities = sent if as_sent else _means(of_measured, rules)
    return Charts(
        gaps=_gaps(case, evidence, scores, rules),
        times=tuple(_times(case, outputs)),
        as_sent=as_sent,
        qualities=qualities,
        unasked=tuple(arm for arm in of_measured if arm not in qualities) if as_sent else (),
    )


def on_common_texts(scores: ByText) -> dict[OptionId, list[float]]:
    """The scores of each option over the texts that all of them answered; {} = there is none."""
    common = sorted(set.intersection(*map(set, scores.values()))) if scores else []
    return {arm: [by[text] for text in common] for arm, by in scores.items()} if common else {}


def likely_mean(values: Sequence[float], rules: EvidenceRules) -> Interval | None:
    """The mean with its likely range; None of too few."""
    return mean_interval(values, rules.alpha) if len(values) >= rules.clear_choices else None


def likely_score(scores: Sequence[float], rules: EvidenceRules) -> Interval | None:
    """One option's mean score, 0 to 1, with its likely range; None of too few.

    Wilson where each answer is either right or wrong: a t interval of few successes begins below
    zero. Any other score is held to 0 to 1 too.
    """
    if len(scores) >= rules.clear_choices and set(scores) <= {0, 1}:
        return wilson(round(sum(scores)), len(scores), rules.alpha)
    mean = likely_mean(scores, rules)
    return mean and Interval(mean.value, max(0.0, mean.low), min(1.0, mean.high))


def _gaps(case: Case, evidence: Evidence, scores: ByText, rules: EvidenceRules) -> Gaps | None:
    base, tuned = scores.get(evidence.base_arm, {}), scores.get(evidence.tuned_arm, {})
    gaps = sorted(tuned[text] - base[text] for text in sorted(base.keys() & tuned.keys()))
    if not gaps:
        return None
    level = METRICS[case.run.primary_metric].win_by
    return Gaps(tuple(gaps), level, fmean(gaps), likely_mean(gaps, rules))


def _times(case: Case, outputs: Sequence[Output]) -> Iterable[OptionTimes]:
    for arm in case.in_order({output.arm for output in outputs} - {"judge"}):
        answered = [o for o in outputs if o.arm == arm and o.outcome == "answered"]
        kinds: dict[Timed, list[float]] = {
            "first word": [o.first_token_ms for o in answered if o.first_token_ms is not None],
            "whole answer": [o.latency_ms for o in answered if o.latency_ms is not None],
        }
        for what, milliseconds in kinds.items():
            if milliseconds:
                times = sorted(ms / 1000 for ms in milliseconds)
                cuts = quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
                yield OptionTimes(arm, what, tuple(times), tuple(cuts))


def _sent(votes: Sequence[Vote], arm: OptionId, rules: EvidenceRules) -> MeanQuality | None:
    found = sent_as_is(votes, arm, rules.alpha)
    return None if found is None else MeanQuality(found, len(sent_by_prompt(votes, arm)), True)


def _means(scores: ByText, rules: EvidenceRules) -> dict[OptionId, MeanQuality]:
    found = {}
    for arm, values in on_common_texts(scores).items():
        likely, mean = likely_score(values, rules), fmean(values)
        at = likely or Interval(mean, mean, mean)
        found[arm] = MeanQuality(at, len(values), likely is not None)
    return found
