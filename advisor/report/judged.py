"""Who preferred, as a noun: readers, a judge or a measure."""

from advisor.case.case import Case
from advisor.evidence.metrics import METRICS
from advisor.evidence.model import Evidence
from advisor.words import listed

METRIC_WORDS = {
    "rouge1": "overlap of words with the approved answer",
    "rouge2": "overlap of pairs of words with the approved answer",
    "rouge_l": "words in the order of the approved answer",
    "rouge_lsum": "words in the order of the approved answer, line by line",
    "token_f1": "overlap of words with the approved answer, but for articles",
    "exact_match": "same words as the approved answer",
    "normalised_match": "same words as the approved answer, but for articles and punctuation",
    "field_accuracy": "fields with the approved value",
    "label_accuracy": "the approved label",
}


def measure_words(key: str) -> str:
    """A measure within a sentence, in the reader's words: "overlap of words"."""
    return METRIC_WORDS.get(key, METRICS[key].title).removesuffix(" with the approved answer")


def judged_by(evidence: Evidence, case: Case) -> str:
    """Who preferred: readers, a judge or a measure."""
    if evidence.source == "votes":
        return "readers who did not know which was which"
    if evidence.source == "judge":
        return f"the judge {listed(evidence.judges)}" if evidence.judges else "a judge"
    metric = evidence.primary_metric or case.run.primary_metric
    return f"the main measure ({METRIC_WORDS.get(metric, metric)})"
