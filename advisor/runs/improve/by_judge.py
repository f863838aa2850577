"""Scoring by the case's judge: is an answer preferred to the one under the first instruction?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.case.texts import Prompt
from advisor.evidence.instruction_search import SearchPlan
from advisor.evidence.judge.plan import JudgingPlan, judgments_of, plan_judging
from advisor.evidence.model import Output
from advisor.runs.improve.scoring import Mark

FIRST, OTHER = "base", "tuned"
"""What the two answers go by where a judge is asked; their names say nothing to it."""


@dataclass(frozen=True, slots=True)
class Preferred:
    """Marks answers by preference: 1 = preferred in both orders, 0 = the earlier one, else 1/2."""

    case: Case
    search: SearchPlan

    def itself(self, text: Prompt, answer: Output) -> Mark:
        """The mark of an answer under the first instruction."""
        if answer.outcome != "answered":
            return _none(answer)
        return Mark(0.5, f"This is the answer that is to be improved.{_approved(text)}")

    def plan(
        self, texts: Sequence[Prompt], earlier: Sequence[Output], answers: Sequence[Output]
    ) -> JudgingPlan:
        """What the judge is asked about these answers, in both orders."""
        assert self.case.judge is not None  # noqa: S101 - it scores by judge only with one
        two = self.case.model_copy(
            update={
                "prompts": tuple(texts),
                "arms": {FIRST: Arm(), OTHER: Arm()},
                "judge": self.case.judge.model_copy(update={"pairs": ()}),
                "training": None,
            }
        )
        return plan_judging(two, [*_as(FIRST, earlier), *_as(OTHER, answers)])

    def marks(
        self,
        texts: Sequence[Prompt],
        answers: Sequence[Output],
        plan: JudgingPlan,
        replies: Iterable[Output],
    ) -> list[Mark]:
        """What the replies make of each answer; one that can't be read is no preference."""
        said: dict[str, list[str]] = {}
        for judgment in judgments_of(plan, replies):
            said.setdefault(judgment.prompt_id, []).append(judgment.preference)
        return [
            _mark(text, answer, said.get(text.id, []))
            for text, answer in zip(texts, answers, strict=True)
        ]


def _as(arm: str, outputs: Iterable[Output]) -> list[Output]:
    return [replace(output, arm=arm, sample=0) for output in outputs]


def _mark(text: Prompt, answer: Output, said: Sequence[str]) -> Mark:
    if answer.outcome != "answered":
        return _none(answer)
    if list(said) == [OTHER, OTHER]:
        return Mark(1.0, "A judge prefers this answer to the one under the first instruction.")
    if list(said) == [FIRST, FIRST]:
        return Mark(0.0, f"A judge prefers the first instruction's answer.{_approved(text)}")
    return Mark(0.5, f"A judge sees no clear gain on the first instruction.{_approved(text)}")


def _approved(text: Prompt) -> str:
    return f" An expert approved this answer instead: {text.reference}" if text.reference else ""


def _none(answer: Output) -> Mark:
    return Mark(0.0, f"There was no answer: {answer.error or answer.outcome}.")
