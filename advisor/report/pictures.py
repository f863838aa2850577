"""Pictures: what the charts of a test are drawn from, and the same in words beside each."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, quantiles

from advisor.case.case import Case
from advisor.case.endpoints import at_once
from advisor.case.options import OptionId
from advisor.evidence.metrics import METRICS
from advisor.evidence.model import Evidence, Interval, Output, Vote
from advisor.evidence.people.votes import sent_as_is
from advisor.evidence.scores import score_table
from advisor.evidence.statistics import mean_interval
from advisor.report.claims import share_claim
from advisor.report.judged import measure_words
from advisor.report.labels import in_a_sentence
from advisor.report.money_sentences import scope
from advisor.report.picture_values import (
    Pictures,
    Range,
    SharePicture,
    SpeedPicture,
    SpeedRow,
    TextsPicture,
    ValueMark,
    ValuePicture,
)
from advisor.verdict.costs import Costs
from advisor.verdict.rules import load_rules
from advisor.words import count, listed, share

MOST_GAPS, MOST_TIMES = 400, 100
LEAST_FOR_RANGE = 6
"""Texts below which a mean has no range."""
LEAST_FOR_TENTHS = 10

ByText = Mapping[OptionId, Mapping[str, float]]


def build_pictures(
    case: Case,
    evidence: Evidence,
    money: Costs,
    outputs: Sequence[Output],
    votes: Sequence[Vote] = (),
) -> Pictures:
    """The charts of a test.

    Args:
        case: what was asked.
        evidence: what the run shows.
        money: what each option costs.
        outputs: finished calls, any order; none before a run.
        votes: people's, for the share of answers they would send as they are.
    """
    if not outputs:
        return Pictures()
    key = case.run.primary_metric
    scores: ByText = score_table(case, outputs, [key])[key]
    return Pictures(
        share=_share(evidence),
        texts=_texts(key, scores, evidence),
        speed=_speed(case, outputs),
        value=_value(key, scores, money, votes),
    )


def _share(evidence: Evidence) -> SharePicture | None:
    tally, rate = evidence.tally, evidence.win_rate
    if not tally.scored:
        return None
    if rate is None:
        few = count(tally.decisive, "clear choice") if tally.decisive else "No clear choice"
        return SharePicture(
            tally.wins, tally.decisive, None, f"{few}: too few texts for a likely range."
        )
    even = (
        "which includes an even split"
        if rate.low <= 0.5 <= rate.high
        else "which lies clear of an even split"
    )
    said = f"Fine-tuned took {share_claim(tally.wins, tally.decisive, rate)}, {even}."
    return SharePicture(tally.wins, tally.decisive, _range(rate), said)


def _texts(key: str, scores: ByText, evidence: Evidence) -> TextsPicture | None:
    base, tuned = scores.get(evidence.base_arm, {}), scores.get(evidence.tuned_arm, {})
    common = sorted(base.keys() & tuned.keys())
    if not common:
        return None
    metric = METRICS[key]
    gaps = sorted(tuned[p] - base[p] for p in common)
    likely = _likely(gaps)
    over = sum(gap > metric.win_by for gap in gaps)
    under = sum(gap < -metric.win_by for gap in gaps)
    mean = fmean(gaps)
    of_mean = (
        f"{mean:+.3f} (likely range {likely.low:+.3f} to {likely.high:+.3f})"
        if likely
        else f"{mean:+.3f}, with too few texts for a likely range"
    )
    return TextsPicture(
        measure=measure_words(key),
        texts=len(gaps),
        gaps=tuple(round(gap, 4) for gap in evenly(gaps, MOST_GAPS)),
        level=metric.win_by,
        mean=mean,
        likely=_range(likely) if likely else None,
        said=f"By {measure_words(key)} fine-tuned scores higher on {over:,}, lower on {under:,} "
        f"and level on {len(gaps) - over - under:,} of {count(len(gaps), 'text')}; on average "
        f"{of_mean}."
        + (f" {MOST_GAPS:,} of them are drawn, taken evenly." if len(gaps) > MOST_GAPS else ""),
    )


def _speed(case: Case, outputs: Sequence[Output]) -> SpeedPicture:
    rows = []
    for arm in case.in_order({output.arm for output in outputs} - {"judge"}):
        answered = [o for o in outputs if o.arm == arm and o.outcome == "answered"]
        first = [o.first_token_ms for o in answered if o.first_token_ms is not None]
        whole = [o.latency_ms for o in answered if o.latency_ms is not None]
        rows += [_speed_row(arm, case.name_of(arm), "first word", first)] if first else []
        rows += [_speed_row(arm, case.name_of(arm), "whole answer", whole)] if whole else []
    if not rows:
        recorded = any(arm.recorded for arm in case.arms.values())
        why = "Recorded answers have no times" if recorded else "No times were measured"
        return SpeedPicture((), f"{why}, so nothing here is about speed.")
    parts = []
    for row in rows:
        if row.what == "whole answer":
            most = f", 9 of 10 within {_s(row.nine_tenths)}"
            most = most if row.answers >= LEAST_FOR_TENTHS else ""
            parts.append(f"{row.option}: half within {_s(row.median)}{most}")
    what = "Time for the whole answer" if parts else "Time to the first word"
    said = ". ".join((f"{what}{_at_once(case, rows)}", *parts)) + "."
    asked = {o.arm for o in outputs if o.outcome == "answered"}
    timed = {row.arm for row in rows}
    silent = [case.name_of(a) for a in case.in_order(asked) if a not in timed]
    said += f" Not measured: {listed(list(map(in_a_sentence, silent)))}." if silent else ""
    return SpeedPicture(tuple(rows), said)


def _at_once(case: Case, rows: Iterable[SpeedRow]) -> str:
    """How many answers were asked for at once, as times depend on it: ", at 4 at once"."""
    asked: dict[OptionId, int] = {}
    for row in rows:
        arm = case.arms.get(row.arm)
        if arm is not None and arm.answers and not (arm.given or arm.recorded):
            asked[row.arm] = at_once(arm.endpoint, case.run.concurrency)
    if len(set(asked.values())) > 1:
        each = [
            f"{many:,} at once for {in_a_sentence(case.name_of(a))}" for a, many in asked.items()
        ]
        return f", at {listed(each)}"
    return next((f", at {many:,} at once" for many in asked.values()), "")


def _speed_row(arm: OptionId, name: str, what: str, milliseconds: Sequence[float]) -> SpeedRow:
    times = sorted(ms / 1000 for ms in milliseconds)
    cuts = quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
    return SpeedRow(
        arm=arm,
        option=name,
        what="first word" if what == "first word" else "whole answer",
        answers=len(times),
        seconds=tuple(round(s, 3) for s in evenly(times, MOST_TIMES)),
        tenth=cuts[1],
        quarter=cuts[4],
        median=cuts[9],
        three_quarters=cuts[14],
        nine_tenths=cuts[17],
    )


def _value(key: str, scores: ByText, money: Costs, votes: Sequence[Vote]) -> ValuePicture | None:
    """By the share that would be sent as it is where two options were asked about, else by measure."""
    priced = [arm for arm in money.names if money.cost.arms[arm].usd_per_month_all_in is not None]
    alpha = load_rules().evidence.alpha
    asked = {arm: sent_as_is(votes, arm, alpha) for arm in priced}
    as_is = {arm: found for arm, found in asked.items() if found is not None}
    is_share = len(as_is) >= 2
    if is_share:
        name = "sent as it is"
        qualities = {
            arm: (found, share(round(found.value * n), n), True)
            for arm, found in as_is.items()
            if (n := _asked(votes, arm))
        }
    else:
        name = measure_words(key)
        qualities = _means({arm: scores[arm] for arm in priced if scores.get(arm)})
    if len(qualities) < 2:
        return None
    marks = tuple(
        _mark(arm, quality, shown, ranged, money)
        for arm, (quality, shown, ranged) in qualities.items()
    )
    told = "; ".join(
        f"{in_a_sentence(m.option)} {_with_range(m, is_share)} at {m.cost}" for m in marks
    )
    what = "Answers sent as they are" if is_share else f"Mean {name}"
    said = f"{what}, and cost a month, {scope(money)}: {told}."
    said += " Higher is better, further left is cheaper."
    unasked = [
        in_a_sentence(money.names[a]) for a in priced if a not in qualities and scores.get(a)
    ]
    said += f" Nobody was asked about {listed(unasked)}." if is_share and unasked else ""
    return ValuePicture(name, is_share, money.currency.code, marks, said)


def _means(
    by_arm: Mapping[OptionId, Mapping[str, float]],
) -> dict[OptionId, tuple[Interval, str, bool]]:
    """The mean of each option over the texts that all of them answered."""
    if not by_arm:
        return {}
    common = sorted(set.intersection(*(set(scores) for scores in by_arm.values())))
    found: dict[OptionId, tuple[Interval, str, bool]] = {}
    for arm, scores in by_arm.items() if common else ():
        values = [scores[p] for p in common]
        likely = _likely(values)
        mean = fmean(values)
        found[arm] = (likely or Interval(mean, mean, mean), f"{mean:.3f}", likely is not None)
    return found


def _likely(values: Sequence[float]) -> Interval | None:
    """The mean with its likely range; None of too few."""
    if len(values) < LEAST_FOR_RANGE:
        return None
    return mean_interval(values, alpha=load_rules().evidence.alpha)


def _mark(arm: OptionId, quality: Interval, shown: str, ranged: bool, money: Costs) -> ValueMark:
    usd = money.cost.arms[arm].usd_per_month_all_in
    return ValueMark(
        arm=arm,
        option=money.names[arm],
        amount=float((usd or 0) * money.currency.per_usd),
        cost=money.currency.show(usd),
        quality=_range(quality),
        shown=shown,
        ranged=ranged,
    )


def _with_range(mark: ValueMark, is_share: bool) -> str:
    low, high = mark.quality.low, mark.quality.high
    if not mark.ranged:
        return mark.shown
    if not is_share:
        return f"{mark.shown} ({low:.3f} to {high:.3f})"
    if not mark.shown.endswith("%"):
        whole = int(mark.shown.rpartition(" ")[2])
        return f"{mark.shown} ({round(low * whole)} to {round(high * whole)} of {whole})"
    return f"{mark.shown} ({low * 100:.0f} to {high * 100:.0f} %)"


def _asked(votes: Sequence[Vote], arm: OptionId) -> int:
    """Texts of which somebody said whether this option's answer could be sent as it is."""
    return len(
        {
            vote.prompt_id
            for vote in votes
            if arm in (vote.challenger, vote.base_arm)
            and (vote.tuned_quality if arm == vote.challenger else vote.base_quality) is not None
        }
    )


def evenly(values: Sequence[float], most: int) -> list[float]:
    """At most so many of the values, in order, the first and the last among them."""
    if len(values) <= most:
        return list(values)
    step = (len(values) - 1) / (most - 1)
    return [values[round(i * step)] for i in range(most)]


def _range(found: Interval) -> Range:
    return Range(found.value, found.low, found.high)


def _s(seconds: float) -> str:
    return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
