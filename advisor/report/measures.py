"""The measures beside the main one, as rows a reader can follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.evidence.metrics import METRICS
from advisor.evidence.scores import Secondary


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure over the texts both options answered, as text."""

    measure: str
    explains: str
    texts: int
    base: str
    tuned: str
    difference: str
    """Fine-tuned less base with its likely range; "one text" where there is no range."""
    chance: str
    """Holm-corrected p: how often chance alone would show as much, all rows together."""


def measure_rows(found: Sequence[Secondary]) -> tuple[MeasureRow, ...]:
    """Each secondary measure in words; none of them decides."""
    return tuple(_row(one) for one in found)


def _row(one: Secondary) -> MeasureRow:
    metric, gap = METRICS[one.key], one.difference
    digits = 3 if metric.unit == "share" else 1
    return MeasureRow(
        measure=metric.title,
        explains=metric.explains,
        texts=one.prompts,
        base=f"{one.base_mean:.{digits}f}",
        tuned=f"{one.tuned_mean:.{digits}f}",
        difference="one text"
        if gap is None
        else f"{gap.value:+.{digits}f} ({gap.low:+.{digits}f} to {gap.high:+.{digits}f})",
        chance=f"{one.p_holm:.3f}" if one.p_holm >= 0.001 else "under 0.001",
    )
