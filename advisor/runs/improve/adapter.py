"""The search itself, by gepa: what it asks of models goes through whoever makes the calls.

Reflective search (Agrawal et al. 2025, arXiv 2507.19457): a model reads how answers under one
instruction fell short and proposes another; what does better on a few texts is scored on all texts
held out, and the next proposal starts from one of the best.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from gepa.api import optimize
from gepa.core.adapter import EvaluationBatch, GEPAAdapter
from gepa.core.callbacks import GEPACallback, ValsetEvaluatedEvent
from gepa.strategies.instruction_proposal import InstructionProposalSignature as Proposal

from advisor.case.texts import Prompt
from advisor.evidence.instruction_search import SearchFinding, SearchPlan
from advisor.runs.improve.scoring import Mark

PART = "instruction"
"""The one text that is worked on, as gepa names it."""
_AT_ONCE = 3
"""Texts that a proposal is made on."""
_IDLE = 40
"""Rounds in a row that ask nothing new: the search has come to its end."""


class SearchEnds(BaseException):
    """No further call may be made. No `Exception`: gepa goes on after some of those."""


class Asks(Protocol):
    """Makes the calls of a search; what was answered before is not asked again."""

    def marks(self, instruction: str, texts: Sequence[Prompt]) -> list[tuple[str, Mark]]:
        """Each text's answer under an instruction, and what it is worth.

        Raises:
            SearchEnds: an answer is lacking.
        """

    def reflect(self, message: str) -> str | None:
        """What the proposing model says; None = nothing that can be used."""

    @property
    def questions(self) -> int:
        """Different questions so far, answered before or not."""


@dataclass(frozen=True, slots=True)
class TriedText:
    """One answer, as a proposal is made from it."""

    text: Prompt
    answer: str
    mark: Mark


Batch = EvaluationBatch[TriedText, str]


class Adapter(GEPAAdapter[Prompt, TriedText, str]):
    """What gepa asks for, in the words of this package."""

    propose_new_texts = None

    def __init__(self, asks: Asks, tell: Callable[[], None], before: SearchFinding) -> None:
        """Ask by `asks`; `tell` is called where the search has come further than `before`."""
        self._asks = asks
        self._tell = tell
        self._before = before
        self.found = SearchFinding(asked_twice=before.asked_twice)
        self._idle = self._questions = 0

    def evaluate(
        self, batch: list[Prompt], candidate: dict[str, str], capture_traces: bool = False
    ) -> Batch:
        """Answer texts under an instruction, and score the answers."""
        found = self._asks.marks(candidate[PART], batch)
        tried = [TriedText(text, *one) for text, one in zip(batch, found, strict=True)]
        return EvaluationBatch(
            outputs=[one.answer for one in tried],
            scores=[one.mark.score for one in tried],
            trajectories=tried if capture_traces else None,
        )

    def make_reflective_dataset(
        self, candidate: dict[str, str], eval_batch: Batch, components_to_update: list[str]
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The answers with what is to be learned from each."""
        rows = [
            {
                "Inputs": one.text.text,
                "Generated Outputs": one.answer,
                "Feedback": one.mark.feedback,
            }
            for one in eval_batch.trajectories or ()
        ]
        return {PART: rows}

    def propose(
        self,
        candidate: dict[str, str],
        reflective_dataset: Mapping[str, Sequence[Mapping[str, Any]]],
        components_to_update: list[str],
    ) -> dict[str, str]:
        """The proposed instruction; {} = the reply holds none."""
        asked = Proposal.prompt_renderer(
            {
                "current_instruction_doc": candidate[PART],
                "dataset_with_feedback": reflective_dataset[PART],
            }
        )
        said = self._asks.reflect(str(asked))
        if said is None:
            return {}
        proposed = Proposal.output_extractor(said)["new_instruction"].strip()
        return {PART: proposed} if proposed else {}

    def on_valset_evaluated(self, event: ValsetEvaluatedEvent) -> None:
        """An instruction was scored on all texts held out."""
        score, now = float(event["average_score"]), self.found
        if event["candidate_idx"] == 0:
            now = now.model_copy(update={"before": score, "after": score})
        else:
            now = now.model_copy(update={"tried": now.tried + 1})
            if now.after is None or score > now.after:
                better = {"after": score, "instruction": event["candidate"][PART]}
                now = now.model_copy(update=better)
        self.found = now
        if now.tried >= self._before.tried:  # on the way that it has been before it is behind
            self._tell()

    def is_over(self, gepa_state: object) -> bool:
        """Whether nothing can be gained by going on; looked at before each round."""
        new = self._asks.questions > self._questions
        self._questions = self._asks.questions
        self._idle = 0 if new else self._idle + 1
        return self._idle >= _IDLE or (self.found.after or 0.0) >= 1.0


def search(plan: SearchPlan, first: str, adapter: Adapter) -> None:
    """Look for a better instruction until nothing can be gained.

    Raises:
        SearchEnds: a call may not be made any more.
    """
    optimize(
        seed_candidate={PART: first},
        trainset=list(plan.learn),
        valset=list(plan.held_out),
        adapter=adapter,
        custom_candidate_proposer=adapter.propose,
        reflection_minibatch_size=min(_AT_ONCE, len(plan.learn)),
        perfect_score=1.0,
        stop_callbacks=adapter.is_over,
        callbacks=[cast("GEPACallback", adapter)],
        logger=_Silent(),
        seed=plan.seed,
        display_progress_bar=False,
        raise_on_exception=True,
    )


def digest(text: str) -> int:
    """Of an instruction or a message: a number that tells it from others of its search."""
    return int(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:7], 16)


class _Silent:
    """What gepa logs holds readers' texts, so it is not kept."""

    def log(self, message: str) -> None:
        """Drop it."""
