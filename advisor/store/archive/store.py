"""Export a whole decision from the store, and import one as a new case."""

from typing import Any, cast

from sqlalchemy import Connection, RowMapping, Table, insert, select

from advisor.case.case import RunSettings
from advisor.case.run_spec import RunSpec
from advisor.errors import UnknownCase
from advisor.llm.reread import reread_row
from advisor.store.archive.model import (
    Archive,
    ArchivedJudgment,
    ArchivedOutput,
    ArchivedRun,
    ArchivedVote,
    Ended,
    KeptNames,
)
from advisor.store.cases import CaseStore
from advisor.store.connected import utc_now
from advisor.store.tables import (
    cases,
    judgments,
    names_shown,
    new_id,
    outputs,
    prompts,
    runs,
    votes,
)


class ArchiveStore(CaseStore):
    """Decisions of one owner, each with all that belongs to it."""

    def take_out(self, case_id: str) -> Archive:
        """A case with its runs, their answers, votes and judgments; calls in flight are left out.

        Searches for an instruction stay: what was found is an option of the case.

        Raises:
            UnknownCase: this owner has no such case, or it was deleted.
            BadCase: the case was saved by a version of the app with other fields.
        """
        case, row = self.load_case(case_id), self.case_row(case_id)
        of_case = select(runs).where(
            runs.c.case_id == case_id, runs.c.owner == self.owner, runs.c.search.is_(None)
        )
        made = select(cases.c.created_at).where(cases.c.id == case_id)
        with self._read() as connection:
            created_at = connection.scalar(made)
            found = connection.execute(
                of_case.order_by(runs.c.created_at, runs.c.spec_hash)
            ).mappings()
            places = {run["id"]: (place, run) for place, run in enumerate(found.all())}
            kept = [self._run(connection, run, places) for _, run in places.values()]
        if created_at is None:
            raise UnknownCase("This decision is no longer there.")
        return Archive(case=case, created_at=created_at, standing=row.standing, runs=tuple(kept))

    def put_in(self, kept: Archive, title: str | None = None) -> str:
        """Keep a decision as a new one, all of it or nothing, and give its id.

        Args:
            kept: as taken out, or read from a file.
            title: another name than it had.
        """
        case = kept.case if title is None else kept.case.model_copy(update={"title": title})
        case_id, owner = new_id(), self.owner
        run_ids = [new_id() for _ in kept.runs]
        with self._write() as connection:
            connection.execute(
                insert(cases).values(
                    id=case_id,
                    owner=owner,
                    title=case.title,
                    body=case.model_dump(mode="json", exclude={"prompts"}),
                    created_at=kept.created_at,
                    updated_at=utc_now(),
                    standing=kept.standing and kept.standing.model_dump(mode="json"),
                )
            )
            texts = [
                {"case_id": case_id, "position": i, "owner": owner, **prompt.model_dump()}
                for i, prompt in enumerate(case.prompts)
            ]
            _insert_all(connection, prompts, texts)
            for run_id, run in zip(run_ids, kept.runs, strict=True):
                judged = None if run.judges is None else run_ids[run.judges]
                row = _run_row(run) | {"id": run_id, "case_id": case_id, "judges": judged}
                connection.execute(insert(runs).values(owner=owner, **row))
                mine = {"run_id": run_id, "owner": owner}
                answers = [
                    {**mine, **reread_row(output.model_dump()), "call_hash": call.call_hash}
                    for call, output in zip(run.planned_calls(), run.outputs, strict=True)
                ]
                _insert_all(connection, outputs, answers)
                _insert_all(connection, votes, [{**mine, **v.model_dump()} for v in run.votes])
                told = [{**mine, **n.model_dump()} for n in run.names_told()]
                _insert_all(connection, names_shown, told)
                given = [{**mine, **j.model_dump()} for j in run.judgments]
                _insert_all(connection, judgments, given)
        return case_id

    def _run(
        self, connection: Connection, run: RowMapping, places: dict[str, tuple[int, RowMapping]]
    ) -> ArchivedRun:
        """One run with what it has brought, each in an order of its own and always the same."""
        spec = RunSpec.model_validate(run["spec"])
        place = {prompt.id: at for at, prompt in enumerate(spec.prompts)}
        arms = list(spec.arms)

        def rows(table: Table, model: type[Any], *order: str) -> list[Any]:
            wanted = select(*(table.c[name] for name in model.model_fields)).where(
                table.c.run_id == run["id"], table.c.owner == self.owner
            )
            if table is outputs:
                wanted = wanted.where(outputs.c.outcome.is_not(None))
            found = connection.execute(wanted.order_by(*(table.c[name] for name in order)))
            return [model.model_validate(dict(row)) for row in found.mappings()]

        answers: list[ArchivedOutput] = rows(outputs, ArchivedOutput)
        answers.sort(key=lambda o: (place[o.prompt_id], o.sample, arms.index(o.arm)))
        by_pair = ("base_arm", "challenger")
        judges = places.get(run["judges"])
        going_on = run["status"] == "running"
        return ArchivedRun(
            judges=judges[0] if judges else None,
            spec=spec,
            settings=RunSettings.model_validate(run["settings"]),
            status="interrupted" if going_on else cast("Ended", run["status"]),
            stop_reason=run["stop_reason"],
            created_at=run["created_at"],
            started_at=run["started_at"],
            ended_at=run["ended_at"],
            outputs=tuple(answers),
            votes=tuple(rows(votes, ArchivedVote, "created_at", "prompt_id", "voter", *by_pair)),
            judgments=tuple(
                rows(
                    judgments,
                    ArchivedJudgment,
                    "created_at",
                    "prompt_id",
                    "judge",
                    *by_pair,
                    "order",
                )
            ),
            names_shown=tuple(rows(names_shown, KeptNames, "shown_at", "prompt_id", "voter")),
            receipt=run["receipt"],
        )


def _run_row(run: ArchivedRun) -> dict[str, Any]:
    return {
        "spec": run.spec.model_dump(mode="json"),
        "spec_hash": run.spec.spec_hash,
        "planned": run.spec.planned,
        "settings": run.settings.model_dump(mode="json"),
        "status": run.status,
        "stop_reason": run.stop_reason,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "receipt": run.receipt and run.receipt.model_dump(mode="json"),
    }


def _insert_all(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
