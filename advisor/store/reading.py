"""What a page asks about a run's outputs: counts, filters, one prompt; never every text at once."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, func, select

from advisor.case.options import Role
from advisor.evidence.model import Outcome, Output
from advisor.evidence.run_state import Progress
from advisor.store.connected import Connected
from advisor.store.outputs import AT_ONCE, OUTPUT_COLUMNS, output_of
from advisor.store.runs import unknown_run
from advisor.store.tables import judgments, outputs, runs, votes

_BLANKS = " \t\r\n"


Stand = tuple[int, datetime | None]
"""How many there are, and when the last of them was written."""


@dataclass(frozen=True, slots=True)
class RunStand:
    """What a run has brought, as far as it takes to see that something has changed."""

    outputs: Stand
    votes: Stand
    judgments: Stand


class ReadingStore(Connected):
    """Questions about the outputs of one owner's runs, each answered by one small query."""

    def progress(self, run_id: str) -> Progress:
        """How far a run is, counted in the table.

        Raises:
            UnknownRun: this owner has no such run.
        """
        planned = select(runs.c.planned).where(runs.c.id == run_id, runs.c.owner == self.owner)
        cut = (outputs.c.finish_reason == "length").label("cut")
        kinds = (outputs.c.outcome, outputs.c.reused, outputs.c.cost_usd, cut)
        counted = (
            select(*kinds, func.count().label("calls"))
            .where(outputs.c.run_id == run_id, outputs.c.owner == self.owner)
            .group_by(*kinds)
        )
        with self._read() as connection:
            whole = connection.scalar(planned)
            rows = connection.execute(counted).all()
        if whole is None:
            raise unknown_run(run_id)
        outcomes: Counter[str | None] = Counter()
        spent: Decimal | None = Decimal(0)
        for row in rows:
            outcomes[row.outcome] += row.calls
            if row.cost_usd is not None:
                spent = None if spent is None else spent + row.calls * Decimal(row.cost_usd)
            elif row.outcome in ("answered", "no_answer"):
                spent = None
        return Progress(
            planned=whole,
            answered=outcomes["answered"],
            refused=outcomes["refused"],
            failed=outcomes["failed"],
            in_flight=outcomes[None],
            reused=sum(row.calls for row in rows if row.reused),
            cost_usd=spent,
            no_answer=outcomes["no_answer"],
            cut=sum(row.calls for row in rows if row.cut and row.outcome == "answered"),
        )

    def stand(self, run_id: str) -> RunStand:
        """How many answers, votes and judgments a run has, and the last of each; one small query."""
        tables = (
            (outputs, outputs.c.finished_at),
            *((t, t.c.created_at) for t in (votes, judgments)),
        )
        counted = [
            select(what).where(table.c.run_id == run_id, table.c.owner == self.owner)
            for table, written in tables
            for what in (func.count(), func.max(written))
        ]
        with self._read() as connection:
            found = connection.execute(select(*(one.scalar_subquery() for one in counted))).one()
        return RunStand(found[0:2], found[2:4], found[4:6])

    def spent(self, run_id: str) -> Decimal:
        """USD spent on a run, on judging it and on what it judges; what is not known is left out."""
        of_runs = select(func.coalesce(runs.c.judges, runs.c.id))
        root = of_runs.where(runs.c.id == run_id, runs.c.owner == self.owner)
        judging = select(runs.c.id).where(
            runs.c.judges == root.scalar_subquery(), runs.c.owner == self.owner
        )
        wanted = (
            select(outputs.c.cost_usd, func.count())
            .where(
                outputs.c.run_id.in_(root.union(judging)),
                outputs.c.owner == self.owner,
                outputs.c.cost_usd.is_not(None),
            )
            .group_by(outputs.c.cost_usd)
        )
        with self._read() as connection:
            rows = connection.execute(wanted).all()
        return sum((n * Decimal(cost) for cost, n in rows), Decimal(0))

    def prompt_outputs(self, run_id: str, prompt_id: str) -> dict[Role, Output]:
        """The finished first samples of one prompt, by arm."""
        wanted = select(*OUTPUT_COLUMNS).where(
            self._first_samples(run_id), outputs.c.prompt_id == prompt_id
        )
        with self._read() as connection:
            found = [output_of(row) for row in connection.execute(wanted)]
        return {output.arm: output for output in found}

    def prompts_with(self, run_id: str, *outcomes: Outcome) -> set[str]:
        """Prompts of which an option came to one of these outcomes."""
        wanted = select(outputs.c.prompt_id).where(
            self._first_samples(run_id), outputs.c.outcome.in_(outcomes)
        )
        return self._ids(wanted.distinct())

    def prompts_answered_by(self, run_id: str, arms: Collection[Role]) -> set[str]:
        """Prompts that all of these arms have answered."""
        wanted = select(outputs.c.prompt_id).where(
            self._first_samples(run_id), outputs.c.outcome == "answered", outputs.c.arm.in_(arms)
        )
        return self._ids(wanted.group_by(outputs.c.prompt_id).having(func.count() == len(arms)))

    def prompts_that_differ(self, run_id: str) -> set[str]:
        """Prompts whose answers are not all the same, blanks around them left out."""
        texts = func.count(func.trim(outputs.c.text, _BLANKS).distinct())
        wanted = select(outputs.c.prompt_id).where(self._first_samples(run_id))
        return self._ids(wanted.group_by(outputs.c.prompt_id).having(texts > 1))

    def prompts_newest_first(self, run_id: str) -> list[str]:
        """Prompts with a finished call, the one that finished last first."""
        last = func.max(outputs.c.finished_at)
        wanted = select(outputs.c.prompt_id).where(self._first_samples(run_id))
        newest = wanted.group_by(outputs.c.prompt_id).order_by(last.desc(), outputs.c.prompt_id)
        with self._read() as connection:
            return list(connection.scalars(newest))

    def finished_since(self, run_id: str, since: datetime) -> tuple[int, datetime | None]:
        """Calls bought and finished after a moment, and when the first of them finished."""
        wanted = select(func.count(), func.min(outputs.c.finished_at)).where(
            outputs.c.run_id == run_id,
            outputs.c.owner == self.owner,
            outputs.c.finished_at > since,
            outputs.c.reused.is_(False),
        )
        with self._read() as connection:
            finished, first = connection.execute(wanted).one()
        return finished, first

    def bought(self, call_hashes: Collection[str]) -> set[str]:
        """Those of the calls whose answer the owner has bought before."""
        wanted = list(call_hashes)
        found: set[str] = set()
        with self._read() as connection:
            for start in range(0, len(wanted), AT_ONCE):
                equal = select(outputs.c.call_hash).where(
                    outputs.c.owner == self.owner,
                    outputs.c.call_hash.in_(wanted[start : start + AT_ONCE]),
                    outputs.c.outcome == "answered",
                )
                found.update(connection.scalars(equal))
        return found

    def answer_sizes(self, case_id: str) -> dict[Role, list[tuple[int, int, float | None]]]:
        """(output tokens, calls, mean latency in ms) of the case's earlier answers, by arm."""
        size, many = outputs.c.output_tokens, cast(func.count(), Integer)
        wanted = (
            select(outputs.c.arm, size, many, func.avg(outputs.c.latency_ms))
            .join(runs, runs.c.id == outputs.c.run_id)
            .where(
                runs.c.case_id == case_id,
                runs.c.owner == self.owner,
                runs.c.search.is_(None),
                outputs.c.owner == self.owner,
                outputs.c.outcome == "answered",
                size.is_not(None),
            )
            .group_by(outputs.c.arm, size)
            .order_by(size)
        )
        found: dict[Role, list[tuple[int, int, float | None]]] = {}
        with self._read() as connection:
            for arm, tokens, calls, latency_ms in connection.execute(wanted):
                found.setdefault(arm, []).append((tokens, calls, latency_ms))
        return found

    def _first_samples(self, run_id: str) -> ColumnElement[bool]:
        return (
            (outputs.c.run_id == run_id)
            & (outputs.c.owner == self.owner)
            & (outputs.c.sample == 0)
            & outputs.c.outcome.is_not(None)
        )

    def _ids(self, wanted: Any) -> set[str]:
        with self._read() as connection:
            return set(connection.scalars(wanted))
