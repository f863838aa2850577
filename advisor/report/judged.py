"""Who preferred, as a noun: readers, a judge or a measure."""

from advisor.case.case import Case
from advisor.evidence.metrics import METRICS
from advisor.evidence.model import Evidence
from advisor.words import listed


def measure_words(key: str) -> str:
    """A measure within a sentence, in the reader's words: "overlap of words"."""
    return (METRICS[key].words or METRICS[key].title).removesuffix(" with the approved answer")


def judged_by(evidence: Evidence, case: Case) -> str:
    """Who preferred: readers, a judge or a measure."""
    if evidence.source == "votes":
        return "readers who did not know which was which"
    if evidence.source == "judge":
        return f"the judge {listed(evidence.judges)}" if evidence.judges else "a judge"
    metric = METRICS[evidence.primary_metric or case.run.primary_metric]
    return f"the main measure ({metric.words or metric.title})"
