"""A comparison: a run's missing answers are made, then its judge is asked, wherever that goes on."""

import asyncio
from contextlib import suppress
from functools import partial

from advisor.case.case import Case
from advisor.errors import AdvisorError
from advisor.runs.judging import Judging, check_judge
from advisor.runs.retry import patiently
from advisor.runs.runner import Execution, Means, RunResult
from advisor.runs.scoring import Scoring
from advisor.store.repository import Store


class Comparison:
    """Answer, then judge. Making it claims the run; `run` does the work."""

    def __init__(
        self,
        store: Store,
        run_id: str,
        case: Case,
        means: Means,
        *,
        score: bool,
        lets_go: type[AdvisorError],
    ) -> None:
        """Check and claim the run.

        Args:
            store: where the run is.
            run_id: from `store.start_run`.
            case: whose run it is; its judge, where it has one, is asked once the answers are there.
            means: with what it is gone on with.
            score: score the answers as they come in, so that no page has to.
            lets_go: errors of the judge that leave the answers as they are, and are not raised.

        Raises:
            UnknownRun, RunIsLive, NothingToRun, BadEndpoint, UnpricedCap: nothing was sent.
        """
        check_judge(case, means.settings or case.run, means.price)
        scoring = Scoring(case, means.stop) if score else None
        self._execution = Execution(
            store,
            run_id,
            means,
            before_end=scoring.finish if scoring else None,
            came=scoring.add if scoring else None,
        )
        self._judging = partial(Judging, store, case, run_id, means)
        self._has_judge = case.judge is not None and case.judge.answers
        self._stop = means.stop
        self._lets_go = lets_go
        self.limits = self._execution.limits
        """How fast each address is asked; the judge's joins when it is asked."""

    async def run(self) -> RunResult:
        """Make the missing calls, then the judge's; gives how the run itself stands."""
        result = await self._execution.run()
        if result.status == "done" and self._has_judge:
            with suppress(self._lets_go):
                judging = await asyncio.to_thread(patiently, self._judging, self._stop)
                self.limits.extend(judging.limits)
                await judging.run()
        return result
