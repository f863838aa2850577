"""Every text of a test as one row: who preferred what, the measure, lengths, costs, what went wrong."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean
from typing import Literal, TypeVar, get_args

from advisor.case.case import Judgment
from advisor.evidence.judge.judged import heard
from advisor.evidence.metrics import METRICS
from advisor.evidence.model import Output, Preference
from advisor.report.tested import PREFERENCE_WORDS
from advisor.verdict.costing import answer_usd
from advisor.verdict.decision import Decision

N = TypeVar("N", int, float)
ResultOrder = Literal[
    "As brought", "Most disagreement", "Worst for fine-tuned", "Largest length gap"
]
ORDERS: tuple[ResultOrder, ...] = get_args(ResultOrder)

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
    """"chose fine-tuned", "chose base", "no difference", "neither" or "not compared"."""
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


def result_rows(decision: Decision) -> tuple[ResultRow, ...]:
    """One row a text, in the order of the case; samples of a text are averaged."""
    case, pair = decision.case, (decision.evidence.base_arm, decision.evidence.tuned_arm)
    metric = METRICS[case.run.primary_metric]
    scores = decision.scores
    outputs: dict[tuple[str, str], list[Output]] = defaultdict(list)
    for output in sorted(decision.record.outputs, key=lambda o: o.sample):
        outputs[output.prompt_id, output.arm].append(output)
    preferred = dict(decision.evidence.preferences)
    votes: dict[str, list[Preference]] = defaultdict(list)
    for vote in decision.record.votes:
        if (vote.base_arm, vote.challenger) == pair:
            votes[vote.prompt_id].append(vote.side)
    judged = _judged(decision, outputs)
    rows = []
    for prompt in case.prompts:
        by_base, by_tuned = (outputs[prompt.id, arm] for arm in pair)
        base, tuned = (scores.get(arm, {}).get(prompt.id) for arm in pair)
        said = [*votes[prompt.id], *judged.get(prompt.id, ())]
        if base is not None and tuned is not None:
            said.append(metric.preference(base, tuned))
        base_words, tuned_words = _words(by_base), _words(by_tuned)
        rows.append(
            ResultRow(
                prompt_id=prompt.id,
                text=prompt.text[:200],
                preferred=PREFERENCE_WORDS.get(preferred.get(prompt.id, ""), "not compared"),
                judge=_judge(judged.get(prompt.id, ())),
                votes=_votes(votes[prompt.id]),
                base_score=base,
                tuned_score=tuned,
                gap=_gap(base, tuned),
                base_words=base_words,
                tuned_words=tuned_words,
                words_gap=_gap(base_words, tuned_words),
                base_usd=_usd(decision, by_base),
                tuned_usd=_usd(decision, by_tuned),
                marks=", ".join((*_marks("base", by_base), *_marks("fine-tuned", by_tuned))),
                disagreement=disagreement(said),
                regressed=_has_answer(by_base) and bool(by_tuned) and not _has_answer(by_tuned),
            )
        )
    return tuple(rows)


def in_order(rows: Sequence[ResultRow], order: ResultOrder) -> tuple[ResultRow, ...]:
    """The rows, what is looked for first; rows that are level stay as brought."""
    keys: dict[ResultOrder, Callable[[ResultRow], tuple[float, float]]] = {
        "As brought": lambda row: (0, 0),
        "Most disagreement": lambda row: (-row.disagreement, row.judge != CHANGED),
        "Worst for fine-tuned": lambda row: (
            not row.regressed,
            float("inf") if row.gap is None else row.gap,
        ),
        "Largest length gap": lambda row: (row.words_gap is None, -abs(row.words_gap or 0)),
    }
    return tuple(sorted(rows, key=keys[order]))


def in_one_line(row: ResultRow, measure: str) -> str:
    """Who preferred what, and the measure: "Votes: 2 fine-tuned, 1 base. ROUGE-1: base 0.418, …"."""
    said = [f"The test says: {row.preferred}"]
    said += [f"Votes: {row.votes}"] if row.votes else []
    said += [f"The judge: {row.judge}"] if row.judge else []
    if row.base_score is not None and row.tuned_score is not None:
        said.append(f"{measure}: base {row.base_score:.3f}, fine-tuned {row.tuned_score:.3f}")
    said += [f"Went wrong: {row.marks}"] if row.marks else []
    return ". ".join(said) + "."


def disagreement(said: Sequence[Preference]) -> float:
    """Share not of the largest camp, 0 to under 1; 0 where one or nobody spoke."""
    camps = Counter("tie" if word == "both_bad" else word for word in said)
    return 1 - max(camps.values()) / len(said) if said else 0.0


def _judged(
    decision: Decision, outputs: Mapping[tuple[str, str], Sequence[Output]]
) -> dict[str, tuple[Preference, ...]]:
    """By text: what a judge said of the stored answers, once for each order and judge.

    The live judge is heard once it has said anything, else the one that was recorded.
    """
    found: dict[str, list[Preference]] = defaultdict(list)
    pair = (decision.evidence.base_arm, decision.evidence.tuned_arm)
    live = heard(decision.case, decision.record.judgments)
    for judgment in live or decision.case.judgments:
        if (judgment.base_arm, judgment.challenger) == pair and _of_these(judgment, outputs):
            found[judgment.prompt_id].append(judgment.side)
    return {prompt_id: tuple(said) for prompt_id, said in found.items()}


def _of_these(judgment: Judgment, outputs: Mapping[tuple[str, str], Sequence[Output]]) -> bool:
    """The judged answers are the stored ones."""
    shown = {
        judgment.base_arm: judgment.base_sha256,
        judgment.challenger: judgment.tuned_sha256,
    }
    return all(
        any(
            hashlib.sha256(o.text.encode()).hexdigest() == digest
            for o in outputs.get((judgment.prompt_id, arm), ())
            if o.outcome == "answered"
        )
        for arm, digest in shown.items()
    )


def _judge(said: Sequence[Preference]) -> str:
    if not said:
        return ""
    return SIDE_WORDS[said[0]] if len(set(said)) == 1 else CHANGED


def _votes(said: Sequence[Preference]) -> str:
    counted = Counter(said)
    return ", ".join(f"{counted[key]} {word}" for key, word in SIDE_WORDS.items() if counted[key])  # type: ignore[index]


def _gap(base: N | None, tuned: N | None) -> N | None:
    return None if base is None or tuned is None else tuned - base


def _words(outputs: Sequence[Output]) -> int | None:
    answered = [o for o in outputs if o.outcome == "answered"]
    return len(answered[0].text.split()) if answered else None


def _usd(decision: Decision, outputs: Sequence[Output]) -> float | None:
    """Mean over the answers; None where tokens or a price are not known."""
    known = [answer_usd(decision.money, o) for o in outputs if o.outcome == "answered"]
    if not known or None in known:
        return None
    return fmean(float(cost or Decimal(0)) for cost in known)


def _marks(option: str, outputs: Sequence[Output]) -> list[str]:
    met = {o.outcome.replace("_", " ") for o in outputs} - {"answered"}
    cut = ["cut off"] if any(o.truncated for o in outputs) else []
    return [f"{option} {word}" for word in (*sorted(met), *cut)]


def _has_answer(outputs: Sequence[Output]) -> bool:
    return any(o.outcome == "answered" for o in outputs)
