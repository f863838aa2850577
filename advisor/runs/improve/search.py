"""One runner's work on one search: gepa decides what to ask, the run's own machinery asks it.

Every answer is a row of the search's run, under the digest of its call. Going on takes the same way
over the answers that are there, and asks from where it stopped.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from advisor.case.case import Case
from advisor.case.run_spec import PlannedCall, RunSpec, SpecArm, SpecPrompt
from advisor.case.texts import Prompt
from advisor.evidence.instruction_search import SearchFinding, SearchPlan
from advisor.evidence.model import Output
from advisor.evidence.run_state import Status
from advisor.llm.limits import EndpointLimit
from advisor.runs.budget import Budget
from advisor.runs.endpoints import open_sides
from advisor.runs.improve.adapter import Adapter, SearchEnds, digest, search
from advisor.runs.improve.by_judge import Preferred
from advisor.runs.improve.plan import REFLECTS
from advisor.runs.improve.scoring import Mark, marker
from advisor.runs.process import is_dead, new_runner_id
from advisor.runs.runner import Means, RunResult, require_prices
from advisor.runs.work import Work
from advisor.store.repository import Store

T = TypeVar("T")
_LONGEST_PROPOSAL = 4_096
"""Tokens of a reply that proposes an instruction, thinking included."""
_BUDGET_ENDS = "The budget is used up."
Key = tuple[str, str, int]


class Search:
    """Making it claims the run; `run` does the work."""

    def __init__(
        self, store: Store, run_id: str, case: Case, plan: SearchPlan, means: Means
    ) -> None:
        """Check and claim; nothing is sent yet.

        Args:
            store: where the run is.
            run_id: from `store.start_search`.
            case: how answers are scored, and its judge.
            plan: what is searched on, and within what.
            means: keys, prices (of the option, and of `REFLECTS`) and a way to stop it.

        Raises:
            UnknownRun, RunIsLive, BadEndpoint, UnpricedCap: nothing was sent.
        """
        run = store.run(run_id)
        settings = run.settings
        self._store, self._run, self._plan = store, run, plan
        sides = open_sides(
            run.spec,
            settings,
            means.keys,
            means.transports,
            store.server_url,
            store.refused(),
        )
        require_prices(run, settings, sides, means.price)
        self._runner = new_runner_id()
        store.claim_run(run_id, self._runner, is_dead)
        beat = partial(store.beat, run_id, self._runner)
        self._work = Work(
            store, run, sides, means.price, beat, means.stop, means.live, self._come, apart=False
        )
        self._first = run.spec.arms[plan.option].system_prompt
        self._mark = marker(case, plan.scored_by)
        self._preferred = Preferred(case, plan) if plan.scored_by == "judge" else None
        self._texts = {prompt.id: prompt for prompt in run.spec.prompts}
        self._known: dict[Key, Output] = {}
        self._unsettled: set[Key] = set()
        """Begun by an earlier process, or failed: asked for again where they are still wanted."""
        self._seen: set[Key] = set()
        self._failed: str | None = None
        """What was said of the last call that failed."""
        self._calls = 0

    @property
    def limits(self) -> list[EndpointLimit]:
        """How fast each endpoint is asked."""
        return [side.endpoint.limit for side in self._work.sides.values()]

    async def run(self) -> RunResult:
        """Search; the run's status is written however this ends."""
        work, run_id = self._work, self._run.id
        status: Status = "interrupted"
        reason: str | None = "The program stopped while this search was going on."
        try:
            before = await work.in_thread(self._look_up)
            spent = await work.in_thread(partial(self._store.spent, run_id))
            cap = self._plan.usd
            self._budget = Budget(cap, spent, self._work.begin)
            self._loop = asyncio.get_running_loop()
            self._adapter = Adapter(self, self._keep, before)
            status, reason = await asyncio.to_thread(self._search)
        except asyncio.CancelledError:
            work.hurry()
            raise
        finally:
            await work.in_thread(
                partial(self._store.set_status, run_id, status, reason, self._runner)
            )
            await work.close()
        progress = await asyncio.to_thread(self._store.progress, run_id)
        return RunResult(run_id, status, reason, progress)

    # What the search asks, called in its thread.

    def marks(self, instruction: str, texts: Sequence[Prompt]) -> list[tuple[str, Mark]]:
        """Each text's answer under an instruction, and what it is worth."""
        answers = self._answers(instruction, texts)
        if self._preferred is None:
            marked = [self._mark(t, o) for t, o in zip(texts, answers, strict=True)]
        elif instruction == self._first:
            marked = [self._preferred.itself(t, o) for t, o in zip(texts, answers, strict=True)]
        else:
            earlier = self._answers(self._first, texts)
            plan = self._preferred.plan(texts, earlier, answers)
            number = digest(instruction)
            calls = [replace(call, sample=number) for call in plan.spec.calls()]
            marked = self._preferred.marks(texts, answers, plan, self._ask(calls))
        return [(o.text, mark) for o, mark in zip(answers, marked, strict=True)]

    def reflect(self, message: str) -> str | None:
        """What the proposing model says; None = nothing that can be used."""
        number = digest(message)
        side = self._run.spec.arms[REFLECTS]
        spec = RunSpec(
            prompts=(),
            arms={REFLECTS: side},
            samples=1,
            max_output_tokens=_LONGEST_PROPOSAL,
            temperature=None,
        )
        call = spec.call(SpecPrompt(id=f"proposal-{number}", text=message), REFLECTS, 0)
        (reply,) = self._ask([call])
        return reply.text if reply.outcome == "answered" and not reply.truncated else None

    @property
    def questions(self) -> int:
        """Different questions so far, answered before or not."""
        return len(self._seen)

    def _answers(self, instruction: str, texts: Sequence[Prompt]) -> list[Output]:
        option = self._plan.option
        arm = self._run.spec.arms[option].model_copy(update={"system_prompt": instruction})
        arms: dict[str, SpecArm] = {option: arm}
        spec = self._run.spec.model_copy(update={"arms": arms})
        # The call is as in a comparison, so an answer bought there is not bought again.
        calls = (spec.call(self._texts[text.id], option, 0) for text in texts)
        return self._ask([replace(call, sample=digest(instruction)) for call in calls])

    def _ask(self, calls: Sequence[PlannedCall]) -> list[Output]:
        self._in_loop(self._make({call.key: call for call in calls}.values()))
        return [self._known[call.key] for call in calls]

    def _keep(self) -> None:
        self._in_loop(self._work.in_thread(self._write))

    def _write(self) -> None:
        self._store.keep_finding(self._run.id, self._plan, self._adapter.found)

    def _in_loop(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the run's loop; the end of that loop ends the search."""
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except (CancelledError, RuntimeError) as error:
            raise SearchEnds from error

    def _search(self) -> tuple[Status, str | None]:
        """Search in this thread; gives how it ended."""
        try:
            search(self._plan, self._first, self._adapter)
        except SearchEnds as ended:
            if self._work.end is not None:
                status, reason = self._work.end
                return status, _BUDGET_ENDS if status == "capped" else reason
            stopped = [side.stopped for side in self._work.sides.values() if side.stopped]
            if stopped:
                return "partial", stopped[0]
            if ended.args == (_BUDGET_ENDS,):
                return "capped", _BUDGET_ENDS
            return "partial", self._failed or "A call has no answer; go on to ask again."
        return "done", None

    # What the loop does.

    async def _make(self, wanted: Iterable[PlannedCall]) -> None:
        """Ask what was not answered yet.

        Raises:
            SearchEnds: the budget has no room for all of them, or an answer is lacking.
        """
        calls = list(wanted)
        self._seen |= {call.key for call in calls}
        missing = [call for call in calls if call.key not in self._known]
        if not missing:
            return
        if self._work.end is not None:
            raise SearchEnds
        missing = await self._work.in_thread(partial(self._reuse, missing))
        if self._calls + len(missing) > self._plan.calls:
            raise SearchEnds(_BUDGET_ENDS)
        again = [call for call in missing if call.key in self._unsettled]
        if again:
            self._unsettled -= {call.key for call in again}
            await self._work.in_thread(partial(self._count_again, len(again)))
        self._calls += len(missing)
        at_once = min(self._run.settings.concurrency, len(missing))
        await self._work.make(missing, at_once, self._budget)
        if any(call.key not in self._known for call in missing):
            raise SearchEnds

    def _reuse(self, missing: list[PlannedCall]) -> list[PlannedCall]:
        """Take over what another run has bought; gives the calls still to be made."""
        found = self._store.reusable([call.call_hash for call in missing])
        bought = [(call, found[call.call_hash]) for call in missing if call.call_hash in found]
        self._store.reuse(self._run.id, bought)
        for call, output in bought:
            self._come(replace(output, prompt_id=call.prompt_id, arm=call.arm, sample=call.sample))
        return [call for call in missing if call.key not in self._known]

    def _look_up(self) -> SearchFinding:
        """Load what the search has asked before; returns its finding."""
        run_id = self._run.id
        for output in self._store.outputs(run_id):
            self._come(output)
        begun, reused = self._store.begun(run_id), self._store.progress(run_id).reused
        self._unsettled = begun - self._known.keys()
        before = self._store.finding(run_id)
        self._calls = len(begun) - reused + before.asked_twice
        return before

    def _count_again(self, calls: int) -> None:
        """Write that calls are asked for again, before they are."""
        before, now = self._store.finding(self._run.id), self._adapter.found
        twice = {"asked_twice": now.asked_twice + calls}
        self._adapter.found = now.model_copy(update=twice)
        self._store.keep_finding(self._run.id, self._plan, before.model_copy(update=twice))

    def _come(self, output: Output) -> None:
        """Remember an answer; a failed call is asked for again."""
        if output.outcome == "failed":
            self._failed = output.error
        else:
            self._known[(output.prompt_id, output.arm, output.sample)] = output
