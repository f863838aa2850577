"""Every text of a test: who preferred what, the measure, lengths, costs, what went wrong."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean
from typing import Literal, TypeVar

from advisor.case.case import Case, Judgment
from advisor.case.texts import Prompt
from advisor.evidence.judge.judged import heard
from advisor.evidence.metrics import METRICS
from advisor.evidence.model import Evidence, Outcome, Output, Preference
from advisor.evidence.record import Record
from advisor.verdict.costing import answer_usd
from advisor.verdict.costs import Costs

N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """One option's answers to a text, in figures; None = not answered, or not known."""

    score: float | None
    """On the main measure, samples averaged; None also where there is no approved answer."""
    words: int | None
    usd: float | None
    """Mean of the answers, from their tokens; a recorded one at the prices stated for its option."""
    went_wrong: tuple[Outcome, ...]
    """In place of answers: "refused", "failed", …"""
    is_cut_off: bool
    is_asked: bool
    is_answered: bool


@dataclass(frozen=True, slots=True)
class TextResult:
    """One text, both answers in figures."""

    prompt: Prompt
    preferred: Preference | None
    """None = not compared."""
    judged: tuple[Preference, ...]
    """What the judge said, once for each order."""
    votes: tuple[Preference, ...]
    base: AnswerFigures
    tuned: AnswerFigures
    disagreement: float
    """Share of all who spoke on this text (voters, judge, measure) that are not of the largest
    camp, 0 to under 1."""

    @property
    def is_regressed(self) -> bool:
        """Whether base answered and fine-tuned did not."""
        return self.base.is_answered and self.tuned.is_asked and not self.tuned.is_answered

    @property
    def judge_flipped(self) -> bool:
        """Whether the judge changed its mind when the order was swapped."""
        return len(set(self.judged)) > 1

    @property
    def gap(self) -> float | None:
        """Fine-tuned less base on the main measure."""
        return _gap(self.base.score, self.tuned.score)

    @property
    def words_gap(self) -> int | None:
        """Fine-tuned less base."""
        return _gap(self.base.words, self.tuned.words)


TextOrder = Literal["as_brought", "disagreement", "worst_for_tuned", "length_gap"]


def in_order(results: Iterable[TextResult], order: TextOrder) -> tuple[TextResult, ...]:
    """The texts, what is looked for first; texts that are level stay in the order of the case."""
    keys: dict[TextOrder, Callable[[TextResult], tuple[float, float]]] = {
        "as_brought": lambda one: (0, 0),
        "disagreement": lambda one: (-one.disagreement, not one.judge_flipped),
        "worst_for_tuned": lambda one: (
            not one.is_regressed,
            float("inf") if one.gap is None else one.gap,
        ),
        "length_gap": lambda one: (one.words_gap is None, -abs(one.words_gap or 0)),
    }
    return tuple(sorted(results, key=keys[order]))


def text_results(
    case: Case,
    evidence: Evidence,
    money: Costs,
    record: Record,
    scores: Mapping[str, Mapping[str, float]],
) -> tuple[TextResult, ...]:
    """One result a text, in the order of the case.

    Args:
        case: what was asked.
        evidence: which pair is compared, and what was preferred.
        money: prices of the options.
        record: outputs, votes and judgments.
        scores: by the main measure, by option and text.
    """
    pair, metric = (evidence.base_arm, evidence.tuned_arm), METRICS[case.run.primary_metric]
    outputs: dict[tuple[str, str], list[Output]] = defaultdict(list)
    for output in sorted(record.outputs, key=lambda o: o.sample):
        outputs[output.prompt_id, output.arm].append(output)
    preferred = dict(evidence.preferences)
    votes: dict[str, list[Preference]] = defaultdict(list)
    for vote in record.votes:
        if (vote.base_arm, vote.challenger) == pair:
            votes[vote.prompt_id].append(vote.side)
    judged = _judged(case, record, pair, outputs)
    found = []
    for prompt in case.prompts:
        base, tuned = (
            _figures(money, outputs[prompt.id, arm], scores.get(arm, {}).get(prompt.id))
            for arm in pair
        )
        said = [*votes[prompt.id], *judged.get(prompt.id, ())]
        if base.score is not None and tuned.score is not None:
            said.append(metric.preference(base.score, tuned.score))
        found.append(
            TextResult(
                prompt=prompt,
                preferred=preferred.get(prompt.id),
                judged=judged.get(prompt.id, ()),
                votes=tuple(votes[prompt.id]),
                base=base,
                tuned=tuned,
                disagreement=disagreement(said),
            )
        )
    return tuple(found)


def disagreement(said: Sequence[Preference]) -> float:
    """Share of those who spoke outside the largest camp, 0 to under 1; 0 where one or nobody spoke."""
    camps = Counter("tie" if word == "both_bad" else word for word in said)
    return 1 - max(camps.values()) / len(said) if said else 0.0


def _gap(base: N | None, tuned: N | None) -> N | None:
    return None if base is None or tuned is None else tuned - base


def _figures(money: Costs, outputs: Sequence[Output], score: float | None) -> AnswerFigures:
    answered = [o for o in outputs if o.outcome == "answered"]
    return AnswerFigures(
        score=score,
        words=len(answered[0].text.split()) if answered else None,
        usd=_usd(money, answered),
        went_wrong=tuple(sorted({o.outcome for o in outputs} - {"answered"})),
        is_cut_off=any(o.truncated for o in outputs),
        is_asked=bool(outputs),
        is_answered=bool(answered),
    )


def _usd(money: Costs, answered: Sequence[Output]) -> float | None:
    """Mean over the answers; None where tokens or a price are not known."""
    known = [answer_usd(money, output) for output in answered]
    if not known or None in known:
        return None
    return fmean(float(cost or Decimal(0)) for cost in known)


def _judged(
    case: Case,
    record: Record,
    pair: tuple[str, str],
    outputs: Mapping[tuple[str, str], Sequence[Output]],
) -> dict[str, tuple[Preference, ...]]:
    """By text: what a judge said of the stored answers, once for each order and judge.

    The live judge is heard once it has said anything, else the one that was recorded.
    """
    found: dict[str, list[Preference]] = defaultdict(list)
    for judgment in heard(case, record.judgments) or case.judgments:
        if (judgment.base_arm, judgment.challenger) == pair and _of_these(judgment, outputs):
            found[judgment.prompt_id].append(judgment.side)
    return {prompt_id: tuple(said) for prompt_id, said in found.items()}


def _of_these(judgment: Judgment, outputs: Mapping[tuple[str, str], Sequence[Output]]) -> bool:
    """Whether the judged answers are the stored ones."""
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
