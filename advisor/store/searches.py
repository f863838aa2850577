"""Searches for a better instruction, as the store keeps them: runs with a plan and a finding."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from advisor.case.case import RunSettings
from advisor.case.options import OptionId
from advisor.case.run_spec import RunSpec
from advisor.errors import UnknownRun
from advisor.evidence.instruction_search import InstructionSearch, SearchFinding, SearchPlan
from advisor.evidence.run_state import Progress
from advisor.store.reading import ReadingStore
from advisor.store.runs import RunStore
from advisor.store.tables import runs


class SearchStore(RunStore, ReadingStore):
    """The searches of one owner."""

    def start_search(
        self, case_id: str, spec: RunSpec, plan: SearchPlan, settings: RunSettings
    ) -> str:
        """The case's search with this spec, made where there is none; its plan is this one now.

        What it has found so far stays, as long as it is scored in the same way.
        """
        run_id = self.start_run(case_id, spec, settings)
        mine = (runs.c.id == run_id) & (runs.c.owner == self.owner)
        with self._write() as connection:
            kept = connection.scalar(select(runs.c.search).where(mine).with_for_update())
            found = SearchFinding()
            if kept is not None:
                before = SearchPlan.model_validate(kept["plan"])
                found = SearchFinding.model_validate(kept["found"])
                if before.scored_by != plan.scored_by:
                    found = SearchFinding(asked_twice=found.asked_twice)
            connection.execute(update(runs).where(mine).values(search=_row(plan, found)))
        return run_id

    def keep_finding(self, run_id: str, plan: SearchPlan, found: SearchFinding) -> None:
        """Write how far a search has come."""
        mine = (runs.c.id == run_id) & (runs.c.owner == self.owner)
        with self._write() as connection:
            connection.execute(update(runs).where(mine).values(search=_row(plan, found)))

    def finding(self, run_id: str) -> SearchFinding:
        """How far a search has come.

        Raises:
            UnknownRun: there is no such search.
        """
        wanted = select(runs.c.search).where(runs.c.id == run_id, runs.c.owner == self.owner)
        with self._read() as connection:
            kept = connection.scalar(wanted)
        if kept is None:
            raise UnknownRun("There is no such search here.")
        return SearchFinding.model_validate(kept["found"])

    def searches(self, case_id: str) -> list[InstructionSearch]:
        """The case's searches, the one started last first."""
        wanted = (
            select(runs.c.id, runs.c.search, runs.c.spec, runs.c.status, runs.c.stop_reason)
            .where(
                runs.c.case_id == case_id, runs.c.owner == self.owner, runs.c.search.is_not(None)
            )
            .order_by(runs.c.created_at.desc(), runs.c.id.desc())
        )
        with self._read() as connection:
            rows = connection.execute(wanted).mappings().all()
        return [_search(row, self.progress(row["id"])) for row in rows]

    def search_of(self, case_id: str, option: OptionId) -> InstructionSearch | None:
        """The last search for an option's instruction; None = there was none."""
        found = (one for one in self.searches(case_id) if one.plan.option == option)
        return next(found, None)


def _row(plan: SearchPlan, found: SearchFinding) -> dict[str, Any]:
    return {"plan": plan.model_dump(mode="json"), "found": found.model_dump(mode="json")}


def _search(row: Mapping[Any, Any], progress: Progress) -> InstructionSearch:
    plan = SearchPlan.model_validate(row["search"]["plan"])
    found = SearchFinding.model_validate(row["search"]["found"])
    begun = progress.answered + progress.refused + progress.no_answer + progress.failed
    return InstructionSearch(
        run_id=row["id"],
        plan=plan,
        first=row["spec"]["arms"][plan.option]["system_prompt"],
        found=found,
        status=row["status"],
        stop_reason=row["stop_reason"],
        calls=begun + progress.in_flight - progress.reused + found.asked_twice,
        cost_usd=progress.cost_usd,
    )
