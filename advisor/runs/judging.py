"""Judging: a judge's calls as a run of their own, beside the run whose answers they judge.

So they have the same checkpoint, retries, limits and cap as the answers; an answer that has changed
is another call, and one that has not is never bought again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import httpx2

from advisor.case import Case, Judgment, Role, RunSettings
from advisor.errors import NothingToRun, UnpricedCap
from advisor.evidence.addressed import talks_to_the_judge
from advisor.evidence.answers import answer_sha256
from advisor.evidence.judge import (
    MOST_TOKENS,
    ORDERS,
    REPLY_FORMAT,
    Asked,
    Order,
    ask_about,
    instruction,
    read_reply,
    told,
)
from advisor.evidence.model import Output
from advisor.evidence.pairs import Pair, pairs_of
from advisor.llm.client import check_address
from advisor.llm.limits import EndpointLimit
from advisor.runs.live import StopSignal
from advisor.runs.runner import Execution, RunResult, unknown_price
from advisor.runs.spec import Price, RunSpec, SpecArm, SpecPrompt
from advisor.store.repository import Progress, RunState, Store


@dataclass(frozen=True, slots=True)
class Question:
    """One call of a judge: two answers to a prompt, in one order."""

    prompt_id: str
    pair: Pair
    order: Order
    asked: Asked
    base_sha256: str
    challenger_sha256: str
    told_sha256: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a judge is asked about a run."""

    judge: str
    spec: RunSpec
    spec_hash: str
    """Worked out once, as there may be many texts."""
    questions: Mapping[str, Question]
    """By the prompt id of their call."""
    left_to_people: tuple[str, ...]
    """Prompts of which an answer talks to the judge: no judge is asked about them."""


def plan_judging(case: Case, outputs: Iterable[Output], seed: int = 0) -> Plan:
    """What the case's judge is asked about these answers: the first samples, in both orders.

    Args:
        case: with a judge.
        outputs: of the run judged, any order; only what both arms answered is judged.
        seed: of the names the answers go by.
    """
    judge = case.judge
    if judge is None:
        raise ValueError("a case without a judge has nothing to plan")
    answers: dict[Role, dict[str, str]] = {}
    for output in outputs:
        if output.sample == 0 and output.outcome == "answered":
            answers.setdefault(output.arm, {})[output.prompt_id] = output.text
    prompts: list[SpecPrompt] = []
    questions: dict[str, Question] = {}
    left_to_people: dict[str, None] = {}
    told_of = told(case)
    leaked = case.leaked  # they stand in the training file, and count for nothing
    for prompt in (prompt for prompt in case.prompts if prompt.id not in leaked):
        for base, challenger in pairs_of(answers):
            one, other = answers[base].get(prompt.id), answers[challenger].get(prompt.id)
            if one is None or other is None:
                continue
            if talks_to_the_judge(one) or talks_to_the_judge(other):
                left_to_people[prompt.id] = None
                continue
            digests = answer_sha256(one), answer_sha256(other)
            for order in ORDERS:
                first, second = (one, other) if order == "base_first" else (other, one)
                asked = ask_about(prompt, first, second, seed)
                call = f"{base}/{challenger}/{order}/{prompt.id}"
                questions[call] = Question(
                    prompt.id, (base, challenger), order, asked, *digests, told_of[prompt.id]
                )
                prompts.append(SpecPrompt(id=call, text=asked.text, group=prompt.id))
    side = SpecArm(
        endpoint=judge.endpoint.strip().rstrip("/"),
        model=judge.model.strip(),
        system_prompt=instruction(case),
        reply=REPLY_FORMAT,
    )
    spec = RunSpec(
        prompts=tuple(prompts),
        arms={"judge": side},
        samples=1,
        max_output_tokens=MOST_TOKENS,
        temperature=0.0,
    )
    return Plan(side.model, spec, spec.spec_hash, questions, tuple(left_to_people))


def judgments_of(plan: Plan, replies: Iterable[Output]) -> Iterator[Judgment]:
    """The verdicts that can be read, one per order; a reply that can't be gives none."""
    for reply in replies:
        question = plan.questions.get(reply.prompt_id)
        if question is None or reply.outcome != "answered":
            continue
        verdict = read_reply(reply.text, reply.finish_reason, question.asked)
        if verdict is None:
            continue
        preferred: Literal["base", "tuned", "tie", "both_bad"]
        if verdict == "tie" or verdict == "both_bad":
            preferred = verdict
        else:
            preferred = (
                "base" if (verdict == "first") == (question.order == "base_first") else "tuned"
            )
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


def check_judge(case: Case, settings: RunSettings, price: Price = unknown_price) -> None:
    """Refuse before anything is bought what would be refused once the answers are in.

    Raises:
        BadEndpoint, UnpricedCap: the message says what to mend.
    """
    judge = case.judge
    if judge is None or not judge.answers or judge.recorded:
        return
    check_address(judge.endpoint)
    if settings.cap_usd is not None and price("judge", 1, 1) is None:
        raise UnpricedCap(
            f"A run can't be held to a cap while the price of the judge “{judge.model}” is not "
            "known; enter its price, take the cap off, or let people judge only."
        )


def judging_run(
    store: Store, case: Case, run_id: str, settings: RunSettings, price: Price
) -> tuple[str, Plan]:
    """The run that judges a run, made where there is none, and what it asks.

    Raises:
        NothingToRun, BadEndpoint, UnpricedCap: nothing was made.
    """
    if case.judge is None or not case.judge.answers:
        raise NothingToRun("There is no judge: choose its model address and its model first.")
    check_judge(case, settings, price)
    plan = plan_judging(case, store.outputs(run_id))
    if not plan.questions:
        raise NothingToRun("There is nothing to judge: no text has the answers of two options.")
    case_id = store.run_state(run_id).case_id
    return store.start_run(case_id, plan.spec, settings, judges=run_id), plan


def write_judgments(store: Store, judging_id: str, judged_id: str, plan: Plan) -> None:
    """Write the verdicts that can be read so far beside the run judged."""
    replies = store.outputs(judging_id)
    store.add_judgments(judged_id, list(judgments_of(plan, replies)))


class Judging:
    """One runner's work on judging one run. Making it claims the judging run; `run` does the work.

    The cap covers answers and judge together: what the run judged has cost is spent already.
    """

    def __init__(
        self,
        store: Store,
        case: Case,
        run_id: str,
        *,
        keys: Mapping[Role, str] | None = None,
        settings: RunSettings | None = None,
        price: Price = unknown_price,
        stop: StopSignal | None = None,
        transports: Mapping[Role, httpx2.AsyncBaseTransport] | None = None,
    ) -> None:
        """Plan, check and claim.

        Args:
            store: where the run is.
            case: with the judge.
            run_id: the run whose answers are judged.
            keys: the judge's key under "judge"; held in memory only.
            settings: concurrency, time-out and cap; the case's own where not given.
            price: of one request, USD.
            stop: pauses or cancels it, from any thread.
            transports: stand in for the network.

        Raises:
            RunIsLive, NothingToRun, BadEndpoint, UnpricedCap: nothing was sent.
        """
        settings = settings or case.run
        self._store = store
        self._judged = run_id
        self.run_id, self._plan = judging_run(store, case, run_id, settings, price)
        self._execution = Execution(
            store,
            self.run_id,
            keys,
            settings,
            price,
            stop,
            transports=transports,
            before_end=self._write,
        )

    @property
    def limits(self) -> list[EndpointLimit]:
        """How fast the judge is asked."""
        return self._execution.limits

    async def run(self) -> RunResult:
        """Ask what is missing; the verdicts are written however this ends."""
        return await self._execution.run()

    def _write(self) -> None:
        write_judgments(self._store, self.run_id, self._judged, self._plan)


@dataclass(frozen=True, slots=True)
class Judged:
    """How the judging of a run stands."""

    plan: Plan
    run: RunState | None
    """None = nothing was asked yet."""
    progress: Progress | None
    unreadable: int
    """Replies that give no verdict; counted once it does not go on any more."""


def how_it_stands(store: Store, case: Case, run_id: str, plan: Plan | None = None) -> Judged | None:
    """Where the case's judge stands on the answers of a run; None = the case has no judge.

    Args:
        store: where the run is.
        case: with the judge.
        run_id: the run judged.
        plan: what the judge is asked, where the caller has it.
    """
    if case.judge is None or not case.judge.answers:
        return None
    plan = plan or plan_judging(case, store.outputs(run_id))
    run = store.find_state(plan.spec_hash, store.run_state(run_id).case_id)
    if run is None:
        return Judged(plan, None, None, 0)
    if run.status == "running":
        return Judged(plan, run, store.progress(run.id), 0)
    replies = store.outputs(run.id)
    answered = sum(reply.outcome == "answered" for reply in replies)
    unreadable = answered - sum(1 for _ in judgments_of(plan, replies))
    return Judged(plan, run, store.progress(run.id), unreadable)
