"""Judging: a judge's calls as a run of their own, beside the run whose answers they judge.

So they have the same checkpoint, retries, limits and cap as the answers; an answer that has changed
is another call, and one that has not is never bought again.
"""

from collections import Counter
from dataclasses import replace

from advisor.case.case import Case, RunSettings
from advisor.case.run_spec import Price
from advisor.errors import NothingToRun, UnpricedCap
from advisor.evidence.judge.plan import JudgingPlan, JudgingState, judgments_of, plan_judging
from advisor.evidence.judge.prompt import Unreadable, why_unreadable
from advisor.evidence.model import Output, Why
from advisor.llm.client import check_address
from advisor.llm.limits import EndpointLimit
from advisor.runs.live import LiveText
from advisor.runs.runner import Execution, Means, RunResult, unknown_price
from advisor.store.repository import Store
from advisor.words import listed


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
) -> tuple[str, JudgingPlan]:
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


def write_judgments(store: Store, judging_id: str, judged_id: str, plan: JudgingPlan) -> None:
    """Write the verdicts that can be read so far beside the run judged."""
    replies = store.outputs(judging_id)
    store.add_judgments(judged_id, list(judgments_of(plan, replies)))


class UnusableReplies:
    """Watches a judge's replies as they come: a few in a row that can't be used, and it is stopped."""

    def __init__(self, plan: JudgingPlan) -> None:
        self._plan = plan
        self._in_a_row: list[Unreadable | Why] = []

    def come(self, reply: Output) -> str | None:
        """Look at a reply; gives why the judge is to be asked no more, None = go on."""
        question = self._plan.questions.get(reply.prompt_id)
        if question is None or reply.outcome not in ("answered", "no_answer"):
            return None
        if reply.outcome == "no_answer":
            why: Unreadable | Why | None = reply.why or "empty"
        else:
            why = why_unreadable(reply.text, reply.finish_reason, question.asked)
        if why is None:
            self._in_a_row.clear()
            return None
        self._in_a_row.append(why)
        if len(self._in_a_row) < UNUSABLE_IN_A_ROW:
            return None
        most = self._plan.spec.max_output_tokens
        said = [
            f"{n} {_UNUSABLE[one].format(most=most)}"
            for one, n in Counter(self._in_a_row).most_common()
        ]
        return (
            f"{UNUSABLE_IN_A_ROW} replies of the judge in a row can't be used: {listed(said)}. Raise "
            "its longest reply, or choose another judge."
        )


UNUSABLE_IN_A_ROW = 5
_UNUSABLE: dict[Unreadable | Why, str] = {
    "cut_off": "cut off at {most:,} tokens",
    "no_choice": "named no choice",
    "two_choices": "named two choices",
    "thinking": "spent {most:,} tokens thinking",
    "unclosed": "thought without an end",
    "empty": "empty",
    "window": "read only a part of what was sent",
    "end_unknown": "without an end",
}


class Judging:
    """One runner's work on judging one run. Making it claims the judging run; `run` does the work.

    The cap covers answers and judge together: what the run judged has cost is spent already.
    """

    def __init__(self, store: Store, case: Case, run_id: str, means: Means) -> None:
        """Plan, check and claim.

        Args:
            store: where the run is.
            case: with the judge.
            run_id: the run whose answers are judged.
            means: those of the run judged; the case's own settings where they name none.

        Raises:
            RunIsLive, NothingToRun, BadEndpoint, UnpricedCap: nothing was sent.
        """
        settings = means.settings or case.run
        self._store = store
        self._judged = run_id
        self.run_id, self._plan = judging_run(store, case, run_id, settings, means.price)
        self._execution = Execution(
            store,
            self.run_id,
            replace(means, settings=settings, live=LiveText()),
            before_end=self._write,
            came=UnusableReplies(self._plan).come,
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


def how_it_stands(
    store: Store, case: Case, run_id: str, plan: JudgingPlan | None = None
) -> JudgingState | None:
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
        return JudgingState(plan, None, None, 0)
    if run.status == "running":
        return JudgingState(plan, run, store.progress(run.id), 0)
    replies = store.outputs(run.id)
    answered = sum(reply.outcome == "answered" for reply in replies)
    unreadable = answered - sum(1 for _ in judgments_of(plan, replies))
    return JudgingState(plan, run, store.progress(run.id), unreadable)
