"""Measures in words: those beside the main one as rows, and all there are with what each says."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.evidence.metrics import METRICS
from advisor.evidence.metrics.registry import Need
from advisor.evidence.scores import Secondary
from advisor.words import listed

_NEEDS: dict[Need, str] = {
    "reference": "an approved answer",
    "sources": "an approved answer",
    "calls": "approved calls",
    "facts": "your must-haves",
    "labels": "your labels",
    "json_schema": "your schema",
    "pattern": "your pattern",
    "glossary": "your terms",
    "style": "your rules of style",
    "call": "the call itself",
}


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


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """One measure there is, in words."""

    measure: str
    explains: str
    needs: str
    """"an approved answer and your labels"; "nothing" where the answer alone will do."""
    may_decide: bool
    """It may be the main measure."""


def every_measure() -> tuple[MeasureWords, ...]:
    """Every measure there is: those that may decide first, else in the order of the registry."""
    found = [
        MeasureWords(
            measure.title,
            measure.explains,
            listed([_NEEDS[need] for need in measure.needs]) if measure.needs else "nothing",
            measure.primary,
        )
        for measure in METRICS.values()
    ]
    return tuple(sorted(found, key=lambda row: not row.may_decide))


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
