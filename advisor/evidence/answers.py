"""Answers: the run's outputs by prompt and arm, with their scores and lengths."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from advisor.case.case import Case, Judgment
from advisor.case.options import BASE_ARMS, ArmName
from advisor.evidence.metrics import Metric
from advisor.evidence.model import Output
from advisor.evidence.scores import score_table


@dataclass(frozen=True, slots=True)
class Answers:
    """What the arms answered; a refusal or a failure is an output, never an answer."""

    outputs: tuple[Output, ...]
    texts: Mapping[ArmName, Mapping[str, tuple[str, ...]]]
    """By arm and prompt, one text per answered sample; an empty answer is an answer."""
    scores: Mapping[ArmName, Mapping[str, float]]
    """By arm and prompt: the primary metric, averaged over samples; only with a reference."""

    @classmethod
    def of(
        cls, case: Case, outputs: Iterable[Output], metric: Metric, left_out: frozenset[str]
    ) -> "Answers":
        """Sort the outputs; prompts left out, or not of this case, are dropped."""
        asked = {p.id for p in case.prompts} - left_out
        kept = tuple(output for output in outputs if output.prompt_id in asked)
        found: dict[ArmName, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for output in sorted(kept, key=lambda o: o.sample):
            if output.outcome == "answered" and output.arm != "judge":
                found[output.arm][output.prompt_id].append(output.text)
        scored = score_table(case, kept, [metric.key])[metric.key]
        scores = {arm: scored.get(arm, {}) for arm in found}
        texts = {arm: {p: tuple(t) for p, t in by.items()} for arm, by in found.items()}
        return cls(kept, texts, scores)

    @property
    def base_arms(self) -> tuple[ArmName, ...]:
        """Base arms that answered anything."""
        return tuple(arm for arm in BASE_ARMS if arm in self.texts)

    def has(self, prompt_id: str, *arms: ArmName) -> bool:
        """All these arms answered the prompt."""
        return all(prompt_id in self.texts.get(arm, {}) for arm in arms)

    def shown_to(self, judgment: Judgment) -> bool:
        """The judged answers are the stored ones."""
        judged = {
            judgment.base_arm: judgment.base_sha256,
            judgment.challenger: judgment.tuned_sha256,
        }
        return all(
            digest in map(answer_sha256, self.texts.get(arm, {}).get(judgment.prompt_id, ()))
            for arm, digest in judged.items()
        )

    def chars(self, prompt_id: str, arm: ArmName) -> float:
        """Mean length over samples, in characters."""
        return fmean(len(text) for text in self.texts[arm][prompt_id])

    def refused_only_by(self, arm: ArmName, other: ArmName) -> int:
        """Prompts that `arm` refused, in every sample, and `other` answered."""
        refused = {o.prompt_id for o in self.outputs if o.arm == arm and o.outcome == "refused"}
        return sum(self.has(p, other) and not self.has(p, arm) for p in refused)


def answer_sha256(text: str) -> str:
    """What a judgment knows an answer by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
