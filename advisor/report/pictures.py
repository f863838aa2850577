"""Pictures: what the charts of a test are drawn from, and the same in words beside each."""

from collections.abc import Iterable, Sequence

from advisor.case.case import Case
from advisor.case.endpoints import at_once
from advisor.case.options import OptionId
from advisor.evidence.model import Evidence, Interval, Output
from advisor.report.claims import WITH_A_WINNER, taken_claim
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
from advisor.verdict.charts import Charts, Gaps, MeanQuality, OptionTimes
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.words import count, listed, share

MOST_GAPS, MOST_TIMES = 400, 100
LEAST_FOR_TENTHS = 10


def build_pictures(found: Decision) -> Pictures:
    """The charts of a test; none before a run."""
    charts = found.charts
    if charts is None:
        return Pictures()
    return Pictures(
        share=_share(found.evidence),
        texts=_texts(measure_words(found.case.run.primary_metric), charts.gaps),
        speed=_speed(found.case, found.record.outputs, charts.times),
        value=_value(found.case, found.money, charts),
    )


def _share(evidence: Evidence) -> SharePicture | None:
    tally, rate = evidence.tally, evidence.win_rate
    if not tally.scored:
        return None
    measured = evidence.source == "metric"
    if rate is None:
        one, many = ("text with a winner", WITH_A_WINNER) if measured else ("clear choice", None)
        few = count(tally.decisive, one, many) if tally.decisive else f"No {one}"
        return SharePicture(
            tally.wins, tally.decisive, None, f"{few}: too few texts for a likely range."
        )
    even = (
        "which includes an even split"
        if rate.low <= 0.5 <= rate.high
        else "which lies clear of an even split"
    )
    said = f"Fine-tuned {taken_claim(tally, rate, measured=measured)}, {even}."
    return SharePicture(tally.wins, tally.decisive, _range(rate), said)


def _texts(measure: str, gaps: Gaps | None) -> TextsPicture | None:
    if gaps is None:
        return None
    n, likely = len(gaps.by_size), gaps.likely
    of_mean = (
        f"{gaps.mean:+.3f} (likely range {likely.low:+.3f} to {likely.high:+.3f})"
        if likely
        else f"{gaps.mean:+.3f}, with too few texts for a likely range"
    )
    return TextsPicture(
        measure=measure,
        texts=n,
        gaps=tuple(round(gap, 4) for gap in evenly(gaps.by_size, MOST_GAPS)),
        level=gaps.level,
        mean=gaps.mean,
        likely=_range(likely) if likely else None,
        said=f"By {measure} fine-tuned scores higher on {gaps.higher:,}, lower on {gaps.lower:,} "
        f"and level on {n - gaps.higher - gaps.lower:,} of {count(n, 'text')}; on average "
        f"{of_mean}."
        + (f" {MOST_GAPS:,} of them are drawn, taken evenly." if n > MOST_GAPS else ""),
    )


def _speed(case: Case, outputs: Sequence[Output], times: Iterable[OptionTimes]) -> SpeedPicture:
    rows = [_speed_row(case, timed) for timed in times]
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


def _speed_row(case: Case, timed: OptionTimes) -> SpeedRow:
    cuts = timed.twentieths
    return SpeedRow(
        arm=timed.option,
        option=case.name_of(timed.option),
        what=timed.what,
        answers=len(timed.seconds),
        seconds=tuple(round(s, 3) for s in evenly(timed.seconds, MOST_TIMES)),
        tenth=cuts[1],
        quarter=cuts[4],
        median=cuts[9],
        three_quarters=cuts[14],
        nine_tenths=cuts[17],
    )


def _value(case: Case, money: Costs, charts: Charts) -> ValuePicture | None:
    """By the share that would be sent as it is where two options were asked about, else by measure."""
    is_share = charts.as_sent
    if len(charts.qualities) < 2:
        return None
    name = "sent as it is" if is_share else measure_words(case.run.primary_metric)
    marks = tuple(_mark(arm, found, is_share, money) for arm, found in charts.qualities.items())
    told = "; ".join(
        f"{in_a_sentence(m.option)} {_with_range(m, is_share)} at {m.cost}" for m in marks
    )
    what = "Answers sent as they are" if is_share else f"Mean {name}"
    said = f"{what}, and cost a month, {scope(money)}: {told}."
    said += " Higher is better, further left is cheaper."
    unasked = [in_a_sentence(money.names[arm]) for arm in charts.unasked]
    said += f" Nobody was asked about {listed(unasked)}." if unasked else ""
    return ValuePicture(name, is_share, money.currency.code, marks, said)


def _mark(arm: OptionId, found: MeanQuality, is_share: bool, money: Costs) -> ValueMark:
    usd, value = money.cost.arms[arm].usd_per_month_all_in, found.at.value
    return ValueMark(
        arm=arm,
        option=money.names[arm],
        amount=float((usd or 0) * money.currency.per_usd),
        cost=money.currency.show(usd),
        quality=_range(found.at),
        shown=share(round(value * found.of), found.of) if is_share else f"{value:.3f}",
        ranged=found.ranged,
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
