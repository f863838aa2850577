"""The option recommended and the next best one, from the table of all options."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from advisor.evidence.model import Evidence, PairResult
from advisor.verdict.all_options import OptionRow
from advisor.verdict.verdict import Verdict


@dataclass(frozen=True, slots=True)
class FirstTwo:
    """Two options, and what a direct comparison of them shows."""

    first: OptionRow
    second: OptionRow
    pair: PairResult | None
    """None = readers and judges did not choose between these two."""

    @property
    def ranges_overlap(self) -> bool:
        """Whether the likely ranges of their quality overlap; False also where one has none."""
        two = (self.first.quality, self.second.quality)
        mine, theirs = (quality.likely if quality else None for quality in two)
        if mine is None or theirs is None:
            return False
        return mine.low <= theirs.high and theirs.low <= mine.high


def find_first_two(rows: Sequence[OptionRow], verdict: Verdict) -> FirstTwo | None:
    """The option that the verdict recommends, and the one that comes next.

    The next one loses to no other that was held against it, and has the highest quality of those
    left, the cheaper one of two that are alike. One that is ruled out, or not measured, is neither.

    Returns:
        None where no option is recommended, or none is measured beside it.
    """
    evidence = verdict.evidence
    if verdict.rule == "none_fits":
        return None
    named = evidence.tuned_arm if verdict.recommendation == "tuned" else evidence.base_arm
    fit = [row for row in rows if row.quality is not None and not row.ruled_out]
    first = next((row for row in fit if row.option == named), None)
    rest = [row for row in fit if row.option != named]
    if first is None or not rest:
        return None
    beaten = {row.option for row in rest if any(_loses(row, to, evidence) for to in rest)}
    left = [row for row in rest if row.option not in beaten] or rest
    second = max(left, key=lambda row: _rank(row, first, evidence))
    return FirstTwo(first, second, _pair(first, second, evidence))


def _loses(row: OptionRow, to: OptionRow, evidence: Evidence) -> bool:
    """Whether readers or a judge chose between two options, and more often the other one."""
    pair = _pair(row, to, evidence)
    if pair is None:
        return False
    lead = pair.tally.wins - pair.tally.losses
    return (lead if row.option == pair.tuned_arm else -lead) < 0


def _rank(row: OptionRow, first: OptionRow, evidence: Evidence) -> tuple[bool, float, Decimal]:
    """Sort key: what a test showed against the first one, then what it showed against others."""
    quality = row.quality.value if row.quality is not None else 0.0
    cheap = Decimal("-Infinity") if row.usd_per_month is None else -row.usd_per_month
    return _pair(row, first, evidence) is not None, quality, cheap


def _pair(one: OptionRow, other: OptionRow, evidence: Evidence) -> PairResult | None:
    if evidence.source in (None, "metric"):
        return None
    two = {one.option, other.option}
    return next((p for p in evidence.pairs if {p.base_arm, p.tuned_arm} == two), None)
