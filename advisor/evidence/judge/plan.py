"""What a judge is asked about a run's answers, and the judgments in its replies."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from advisor.case.case import Case, Judgment
from advisor.case.options import Parameters, Role
from advisor.case.run_spec import RunSpec, SpecArm, SpecPrompt
from advisor.evidence.answers import answer_sha256
from advisor.evidence.judge.injection import talks_to_the_judge
from advisor.evidence.judge.prompt import (
    ORDERS,
    REPLY_FORMAT,
    JudgeOrder,
    JudgeQuestion,
    ask_about,
    instruction,
    read_reply,
    told,
)
from advisor.evidence.model import Output
from advisor.evidence.pairs import Pair, judged_pairs
from advisor.evidence.run_state import Progress, RunState


@dataclass(frozen=True, slots=True)
class JudgeCall:
    """One call of a judge: two answers to a prompt, in one order."""

    prompt_id: str
    pair: Pair
    order: JudgeOrder
    asked: JudgeQuestion
    base_sha256: str
    challenger_sha256: str
    told_sha256: str


@dataclass(frozen=True, slots=True)
class JudgingPlan:
    """All that a judge is asked about a run."""

    judge: str
    spec: RunSpec
    spec_hash: str
    """Worked out once, as there may be many texts."""
    questions: Mapping[str, JudgeCall]
    """By the prompt id of their call."""
    left_to_people: tuple[str, ...]
    """Prompts of which an answer talks to the judge: no judge is asked about them."""


def plan_judging(case: Case, outputs: Iterable[Output]) -> JudgingPlan:
    """What the case's judge is asked about these answers: the first samples, in both orders.

    Args:
        case: with a judge.
        outputs: of the run judged, any order; only what both arms answered is judged.
    """
    judge = case.judge
    if judge is None:
        raise ValueError("a case without a judge has nothing to plan")
    answers: dict[Role, dict[str, str]] = {}
    for output in outputs:
        if output.sample == 0 and output.outcome == "answered":
            answers.setdefault(output.arm, {})[output.prompt_id] = output.text
    prompts: list[SpecPrompt] = []
    questions: dict[str, JudgeCall] = {}
    left_to_people: dict[str, None] = {}
    told_of = told(case)
    leaked = case.leaked  # they stand in the training file, and count for nothing
    for prompt in (prompt for prompt in case.prompts if prompt.id not in leaked):
        for base, challenger in judged_pairs(case, answers):
            one, other = answers[base].get(prompt.id), answers[challenger].get(prompt.id)
            if one is None or other is None:
                continue
            if talks_to_the_judge(one) or talks_to_the_judge(other):
                left_to_people[prompt.id] = None
                continue
            digests = answer_sha256(one), answer_sha256(other)
            for order in ORDERS:
                first, second = (one, other) if order == "base_first" else (other, one)
                asked = ask_about(prompt, first, second, seed=0)
                call = f"{base}/{challenger}/{order}/{prompt.id}"
                questions[call] = JudgeCall(
                    prompt.id, (base, challenger), order, asked, *digests, told_of[prompt.id]
                )
                prompts.append(SpecPrompt(id=call, text=asked.text, group=prompt.id))
    side = SpecArm(
        endpoint=judge.endpoint.strip().rstrip("/"),
        model=judge.model.strip(),
        system_prompt=instruction(case),
        reply=REPLY_FORMAT,
        parameters=Parameters(reasoning_effort=judge.reasoning_effort),
    )
    spec = RunSpec(
        prompts=tuple(prompts),
        arms={"judge": side},
        samples=1,
        max_output_tokens=judge.max_output_tokens,
        temperature=0.0,
    )
    return JudgingPlan(side.model, spec, spec.spec_hash, questions, tuple(left_to_people))


def judgments_of(plan: JudgingPlan, replies: Iterable[Output]) -> Iterator[Judgment]:
    """The verdicts that can be read, one per order; a reply that can't be gives none."""
    for reply in replies:
        question = plan.questions.get(reply.prompt_id)
        if question is None or reply.outcome != "answered":
            continue
        verdict = read_reply(reply.text, reply.finish_reason, question.asked)
        if verdict is None:
            continue
        if verdict == "tie" or verdict == "both_bad":
            preferred: str = verdict
        else:
            preferred = question.pair[(verdict == "first") != (question.order == "base_first")]
        yield Judgment(
            prompt_id=question.prompt_id,
            preference=preferred,
            judge=plan.judge,
            base_arm=question.pair[0],
            challenger=question.pair[1],
            order=question.order,
            base_sha256=question.base_sha256,
            tuned_sha256=question.challenger_sha256,
            told_sha256=question.told_sha256,
        )


@dataclass(frozen=True, slots=True)
class JudgingState:
    """How the judging of a run stands."""

    plan: JudgingPlan
    run: RunState | None
    """None = nothing was asked yet."""
    progress: Progress | None
    unreadable: int
    """Replies that give no verdict; counted once it does not go on any more."""
