"""Every text of a test as a row: who preferred what, the measure, lengths, costs, what went wrong."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.evidence.metrics import METRICS
from advisor.evidence.model import Preference, PreferenceSource
from advisor.report.tested import preference_words
from advisor.verdict.decision import Decision
from advisor.verdict.text_results import AnswerFigures, TextOrder, TextResult

ORDERS: dict[str, TextOrder] = {
    "As brought": "as_brought",
    "Most disagreement": "disagreement",
    "Worst for fine-tuned": "worst_for_tuned",
    "Largest length gap": "length_gap",
}
"""What a reader may look for first."""

SIDE_WORDS: dict[str, str] = {
    "tuned": "fine-tuned",
    "base": "base",
    "tie": "no difference",
    "both_bad": "neither",
}
CHANGED = "changed its mind"
"""A judge that said otherwise when the order was swapped."""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One text, both answers in figures; None = not answered, or no approved answer to measure by."""

    prompt_id: str
    text: str
    """Its beginning."""
    preferred: str
    """"chose fine-tuned", "base ahead", "no difference", "neither" or "not compared"."""
    judge: str
    """What the judge said: "fine-tuned", …, or "changed its mind"; "" = not judged."""
    votes: str
    """People's votes: "2 fine-tuned, 1 base"; "" = none."""
    base_score: float | None
    tuned_score: float | None
    gap: float | None
    """Fine-tuned less base on the main measure."""
    base_words: int | None
    tuned_words: int | None
    words_gap: int | None
    """Fine-tuned less base."""
    base_usd: float | None
    """What the answer costs, from its tokens; a recorded one at the prices stated for its option."""
    tuned_usd: float | None
    marks: str
    """What went wrong: "base refused", "fine-tuned cut off"; "" = nothing."""
    disagreement: float
    """Share of all who spoke on this text (voters, judge, measure) that are not of the largest
    camp, 0 to under 1."""
    regressed: bool
    """Base answered and fine-tuned did not."""


def main_measure(decision: Decision) -> str:
    """The title of the measure the rows hold."""
    return METRICS[decision.case.run.primary_metric].title


def result_rows(decision: Decision, order: TextOrder = "as_brought") -> tuple[ResultRow, ...]:
    """One row a text, in this order; that of the case unless another is asked for."""
    source = decision.evidence.source
    return tuple(_row(found, source) for found in decision.text_results_by(order))


def _row(found: TextResult, source: PreferenceSource | None) -> ResultRow:
    base, tuned = found.base, found.tuned
    return ResultRow(
        prompt_id=found.prompt.id,
        text=found.prompt.text[:200],
        preferred=preference_words(found.preferred, source),
        judge=_judge(found),
        votes=_votes(found.votes),
        base_score=base.score,
        tuned_score=tuned.score,
        gap=found.gap,
        base_words=base.words,
        tuned_words=tuned.words,
        words_gap=found.words_gap,
        base_usd=base.usd,
        tuned_usd=tuned.usd,
        marks=", ".join((*_marks("base", base), *_marks("fine-tuned", tuned))),
        disagreement=found.disagreement,
        regressed=found.is_regressed,
    )


def in_one_line(row: ResultRow, measure: str) -> str:
    """Who preferred what, and the measure: "Votes: 2 fine-tuned, 1 base. ROUGE-1: base 0.418, …"."""
    said = [f"The test says: {row.preferred}"]
    said += [f"Votes: {row.votes}"] if row.votes else []
    said += [f"The judge: {row.judge}"] if row.judge else []
    if row.base_score is not None and row.tuned_score is not None:
        said.append(f"{measure}: base {row.base_score:.3f}, fine-tuned {row.tuned_score:.3f}")
    said += [f"Went wrong: {row.marks}"] if row.marks else []
    return ". ".join(said) + "."


def _judge(found: TextResult) -> str:
    if not found.judged:
        return ""
    return CHANGED if found.judge_flipped else SIDE_WORDS[found.judged[0]]


def _votes(said: Sequence[Preference]) -> str:
    counted = Counter(said)
    return ", ".join(f"{counted[key]} {word}" for key, word in SIDE_WORDS.items() if counted[key])  # type: ignore[index]


def _marks(option: str, found: AnswerFigures) -> list[str]:
    cut = ["cut off"] if found.is_cut_off else []
    return [f"{option} {word.replace('_', ' ')}" for word in (*found.went_wrong, *cut)]
