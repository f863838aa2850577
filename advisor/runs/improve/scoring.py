"""What an answer is worth in a search, and what its instruction may learn from that."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

from advisor.case.case import Case
from advisor.case.texts import Prompt
from advisor.evidence.instruction_search import ScoredBy
from advisor.evidence.metrics import METRICS
from advisor.evidence.model import Output
from advisor.evidence.scores import asked_of

CHECKS = ("must_haves", "glossary_use", "style_rules", "schema_match", "pattern_match")
"""Measures that hold an answer against the reader's own rules, each a share of 1."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one answer is worth."""

    score: float
    """0 to 1."""
    feedback: str
    """For the model that proposes instructions."""


Marker = Callable[[Prompt, Output], Mark]


def marker(case: Case, way: ScoredBy) -> Marker:
    """The function that marks an answer by the case's measure or by its checks."""
    keys = CHECKS if way == "checks" else (case.run.primary_metric,)

    def mark(prompt: Prompt, output: Output) -> Mark:
        if output.outcome != "answered":
            return Mark(0.0, f"There was no answer: {output.error or output.outcome}.")
        asked = asked_of(prompt, case)
        scores = {
            k: METRICS[k].of(output.text, asked) or 0.0 for k in keys if METRICS[k].fits(asked)
        }
        score = fmean(scores.values()) if scores else 0.0
        return Mark(score, _feedback(prompt, scores, score))

    return mark


def _feedback(prompt: Prompt, scores: dict[str, float], score: float) -> str:
    if score >= 1:
        return "This answer is right."
    short = ", ".join(f"{METRICS[k].title}: {s:.2f} of 1" for k, s in scores.items() if s < 1)
    said = f"This answer is not right ({short})."
    if prompt.reference is None:
        return said
    return f"{said} An expert approved this answer instead: {prompt.reference}"
