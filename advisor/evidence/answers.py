"""Answers: the run's outputs by prompt and option, with their scores and lengths."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean

from advisor.case.case import Case, Judgment
from advisor.case.options import OptionId
from advisor.evidence.metrics import Metric
from advisor.evidence.model import Output
from advisor.evidence.scores import AHEAD, Scores, score_table


@dataclass(frozen=True, slots=True)
class Answers:
    """What the options answered; a refusal or a failure is an output, never an answer."""

    outputs: tuple[Output, ...]
    texts: Mapping[OptionId, Mapping[str, tuple[str, ...]]]
    """By option and prompt, one text per answered sample; an empty answer is an answer."""
    table: Scores
    """By the main measure, and by those that count what speaks against an option."""
    scores: Mapping[OptionId, Mapping[str, float]]
    """By option and prompt: the main measure, averaged over samples; only with a reference."""
    chars: Mapping[OptionId, Mapping[str, float]]
    """By option and prompt: mean length over samples, in characters."""
    refused: Mapping[OptionId, frozenset[str]]
    """By option: prompts that it refused at least once."""
    by_option: Mapping[OptionId, tuple[Output, ...]]
    """Every output, whatever came of its call."""
    base_arms: tuple[OptionId, ...]
    """Base options that answered anything, in the order of the case."""
    tuned_arms: tuple[OptionId, ...]
    """Tuned options that were asked anything, in the order of the case."""
    _digests: dict[tuple[OptionId, str], frozenset[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, case: Case, outputs: Iterable[Output], metric: Metric, left_out: frozenset[str]
    ) -> "Answers":
        """Sort the outputs; prompts left out, or not of this case, are dropped."""
        asked = {p.id for p in case.prompts} - left_out
        kept = tuple(output for output in outputs if output.prompt_id in asked)
        found: dict[OptionId, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        refused: dict[OptionId, set[str]] = defaultdict(set)
        for output in sorted(kept, key=lambda o: o.sample):
            if output.outcome == "answered" and output.arm != "judge":
                found[output.arm][output.prompt_id].append(output.text)
            elif output.outcome == "refused":
                refused[output.arm].add(output.prompt_id)
        table = score_table(case, kept, list(dict.fromkeys([metric.key, *AHEAD])))
        by_option: dict[OptionId, list[Output]] = defaultdict(list)
        for output in kept:
            by_option[output.arm].append(output)
        there = case.in_order({output.arm for output in kept} - {"judge"})
        return cls(
            outputs=kept,
            texts={arm: {p: tuple(t) for p, t in by.items()} for arm, by in found.items()},
            table=table,
            scores={arm: table[metric.key].get(arm, {}) for arm in found},
            chars={
                arm: {p: _mean_length(texts) for p, texts in by.items()}
                for arm, by in found.items()
            },
            refused={arm: frozenset(prompts) for arm, prompts in refused.items()},
            by_option={arm: tuple(given) for arm, given in by_option.items()},
            base_arms=tuple(a for a in there if case.kind_of(a) == "base" and a in found),
            tuned_arms=tuple(a for a in there if case.kind_of(a) == "tuned"),
        )

    def has(self, prompt_id: str, *arms: OptionId) -> bool:
        """All these options answered the prompt."""
        return all(prompt_id in self.texts.get(arm, {}) for arm in arms)

    def shown_to(self, judgment: Judgment) -> bool:
        """The judged answers are the stored ones."""
        judged = {
            judgment.base_arm: judgment.base_sha256,
            judgment.challenger: judgment.tuned_sha256,
        }
        return all(
            digest in self._digests_of(arm, judgment.prompt_id) for arm, digest in judged.items()
        )

    def _digests_of(self, arm: OptionId, prompt_id: str) -> frozenset[str]:
        if (arm, prompt_id) not in self._digests:
            texts = self.texts.get(arm, {}).get(prompt_id, ())
            self._digests[arm, prompt_id] = frozenset(map(answer_sha256, texts))
        return self._digests[arm, prompt_id]

    def refused_only_by(self, arm: OptionId, other: OptionId) -> int:
        """Prompts that `arm` refused, in every sample, and `other` answered."""
        refused = self.refused.get(arm, frozenset())
        return sum(self.has(p, other) and not self.has(p, arm) for p in refused)


def _mean_length(texts: list[str]) -> float:
    return float(len(texts[0])) if len(texts) == 1 else fmean(map(len, texts))


def answer_sha256(text: str) -> str:
    """What a judgment knows an answer by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
