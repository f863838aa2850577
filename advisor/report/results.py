"""Every text of a test as one row: who was preferred, the main measure, how long each answer is."""

from dataclasses import dataclass

from advisor.decision import Decision
from advisor.evidence.metrics import METRICS
from advisor.evidence.scores import score_table
from advisor.report.tested import PREFERENCE_WORDS


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One text, both answers in figures; None = not answered, or no approved answer to measure by."""

    prompt_id: str
    text: str
    """Its beginning."""
    preferred: str
    """"chose fine-tuned", "chose base", "no difference", "neither" or "not compared"."""
    base_score: float | None
    tuned_score: float | None
    gap: float | None
    """Fine-tuned less base on the main measure."""
    base_words: int | None
    tuned_words: int | None


def main_measure(decision: Decision) -> str:
    """The title of the measure the rows hold."""
    return METRICS[decision.case.run.primary_metric].title


def result_rows(decision: Decision) -> tuple[ResultRow, ...]:
    """One row a text, in the order of the case; samples of a text are averaged for the measure."""
    case, base_arm = decision.case, decision.evidence.base_arm
    key = case.run.primary_metric
    scores = score_table(case, decision.record.outputs, [key])[key]
    preferred = dict(decision.evidence.preferences)
    words = {
        (o.prompt_id, o.arm): len(o.text.split())
        for o in decision.record.outputs
        if o.sample == 0 and o.outcome == "answered"
    }
    rows = []
    for prompt in case.prompts:
        base = scores.get(base_arm, {}).get(prompt.id)
        tuned = scores.get("tuned", {}).get(prompt.id)
        rows.append(
            ResultRow(
                prompt_id=prompt.id,
                text=prompt.text[:200],
                preferred=PREFERENCE_WORDS.get(preferred.get(prompt.id, ""), "not compared"),
                base_score=base,
                tuned_score=tuned,
                gap=None if base is None or tuned is None else tuned - base,
                base_words=words.get((prompt.id, base_arm)),
                tuned_words=words.get((prompt.id, "tuned")),
            )
        )
    return tuple(rows)
