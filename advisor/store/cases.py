"""Cases and their prompts, as the store keeps them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from pydantic import ValidationError
from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from advisor.case.case import LONGEST_TITLE, Case
from advisor.case.texts import Prompt
from advisor.errors import BadCase, UnknownCase
from advisor.report.summary import DecisionSummary
from advisor.store.connected import Connected, utc_now
from advisor.store.tables import cases, new_id, prompts, runs


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the history."""

    id: str
    title: str
    updated_at: datetime
    decided_by: str | None = None
    review_on: date | None = None
    recorded: str | None = None
    """For a sample: when its answers were recorded."""
    standing: DecisionSummary | None = None
    """How it was last decided; None = it was not yet, or by a version with other fields."""


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as it was read or written, and which writing of it that was."""

    id: str
    case: Case
    updated_at: datetime
    revision: str | None
    """None: it was last written by a version that knew of none."""


class CaseStore(Connected):
    """The cases of one owner."""

    def save_case(self, case: Case, case_id: str | None = None) -> str:
        """Write a case, new or over the one with this id, and give its id.

        Raises:
            UnknownCase: the id belongs to another owner.
        """
        case_id = case_id or new_id()
        now = utc_now()
        row = {
            "title": case.title,
            "body": case.model_dump(mode="json", exclude={"prompts"}),
            "updated_at": now,
            "deleted_at": None,
            "revision": new_id(),
        }
        upsert = (
            self._insert(cases)
            .values(id=case_id, owner=self.owner, created_at=now, **row)
            .on_conflict_do_update(
                index_elements=["id"], set_=row, where=cases.c.owner == self.owner
            )
            .returning(cases.c.id)
        )
        with self._write() as connection:
            if connection.execute(upsert).first() is None:
                raise _unknown(case_id)
            self._write_texts(connection, case_id, case)
        return case_id

    def edit_case(
        self, case_id: str, edit: Callable[[Case], Case], read: StoredCase | None = None
    ) -> StoredCase:
        """Change a case as it stands now, with nobody else's change in between.

        Args:
            case_id: its id.
            edit: what becomes of it; it runs while others wait for the case.
            read: the case as it was read before; where nobody has written it since, it is not read
                again.

        Returns:
            The case from now on.

        Raises:
            UnknownCase: this owner has no such case, or it was deleted.
            BadCase: the case was saved by a version of the app with other fields.
        """
        with self._write() as connection:
            now = self._stored(connection, case_id, read)
            case = edit(now.case)
            if case == now.case:
                return now
            made = StoredCase(case_id, case, utc_now(), new_id())
            connection.execute(
                update(cases)
                .where(cases.c.id == case_id, cases.c.owner == self.owner)
                .values(
                    title=case.title,
                    body=case.model_dump(mode="json", exclude={"prompts"}),
                    updated_at=made.updated_at,
                    revision=made.revision,
                )
            )
            if case.prompts != now.case.prompts:
                self._write_texts(connection, case_id, case)
        return made

    def revision(self, case_id: str) -> str | None:
        """Which writing of a case is the last one.

        Raises:
            UnknownCase: this owner has no such case, or it was deleted.
        """
        with self._read() as connection:
            found = connection.execute(self._of_one(case_id, cases.c.revision)).first()
        if found is None:
            raise _unknown(case_id)
        return cast("str | None", found.revision)

    def stored_case(self, case_id: str) -> StoredCase:
        """The case as it was last saved, and which writing of it that was.

        Raises:
            UnknownCase: this owner has no such case, or it was deleted.
            BadCase: the case was saved by a version of the app with other fields.
        """
        with self._read() as connection:
            return self._stored(connection, case_id)

    def load_case(self, case_id: str) -> Case:
        """The case as it was last saved.

        Raises:
            UnknownCase: this owner has no such case, or it was deleted.
            BadCase: the case was saved by a version of the app with other fields.
        """
        return self.stored_case(case_id).case

    def _of_one(self, case_id: str, *columns: Any) -> Select[Any]:
        return select(*columns).where(
            cases.c.id == case_id, cases.c.owner == self.owner, cases.c.deleted_at.is_(None)
        )

    def _write_texts(self, connection: Connection, case_id: str, case: Case) -> None:
        """Put the case's texts in the place of those it had."""
        batches = self._batches(connection, case_id)
        late = max(batches.values(), default=-1) + 1 if batches else 0
        texts = [
            {
                "case_id": case_id,
                "position": i,
                "owner": self.owner,
                "batch": batches.get((prompt.id, prompt.text), late),
                **_columns(prompt),
            }
            for i, prompt in enumerate(case.prompts)
        ]
        connection.execute(delete(prompts).where(prompts.c.case_id == case_id))
        if texts:
            connection.execute(insert(prompts), texts)

    def _batches(self, connection: Connection, case_id: str) -> dict[tuple[str, str], int]:
        """How late each text came, by id and text; {} while no run has been started.

        Until then all texts are of one batch, and none goes before another.
        """
        begun = select(runs.c.id).where(
            runs.c.case_id == case_id, runs.c.owner == self.owner, runs.c.search.is_(None)
        )
        if connection.execute(begun.limit(1)).first() is None:
            return {}
        there = select(prompts.c.id, prompts.c.text, prompts.c.batch).where(
            prompts.c.case_id == case_id, prompts.c.owner == self.owner
        )
        return {(row.id, row.text): row.batch or 0 for row in connection.execute(there)}

    def _stored(
        self, connection: Connection, case_id: str, read: StoredCase | None = None
    ) -> StoredCase:
        """The case as it stands; within a write, nobody else changes it until that has ended."""
        wanted = self._of_one(case_id, cases.c.body, cases.c.revision, cases.c.updated_at)
        texts = (
            select(*(prompts.c[name] for name in (*_OWN_COLUMN, "more")))
            .where(prompts.c.case_id == case_id, prompts.c.owner == self.owner)
            .order_by(prompts.c.position)
        )
        writing = connection.get_execution_options().get("write", False)
        # SQLite knows no such lock and needs none: its one writer has the whole file.
        found = connection.execute(wanted.with_for_update() if writing else wanted).first()
        if found is None:
            raise _unknown(case_id)
        if read is not None and read.revision == found.revision:
            return read
        rows = connection.execute(texts).mappings().all()
        try:
            case = Case.model_validate(
                {**found.body, "prompts": [prompt_fields(row) for row in rows]}
            )
        except ValidationError as error:
            raise BadCase(
                "This decision was saved by another version of the app and can't be read; "
                "upload it again or start a new one."
            ) from error
        return StoredCase(case_id, case, found.updated_at, found.revision)

    def recent_cases(self, limit: int = 20) -> list[CaseRow]:
        """The owner's cases, the one saved last first."""
        with self._read() as connection:
            return [_row(row) for row in connection.execute(self._newest(*_ROW).limit(limit))]

    def titles(self) -> list[tuple[str, str]]:
        """(id, title) of all the owner's cases, the one saved last first."""
        with self._read() as connection:
            found = connection.execute(self._newest(cases.c.id, cases.c.title))
            return [(row.id, row.title) for row in found]

    def case_rows(self, case_ids: Collection[str]) -> list[CaseRow]:
        """These of the owner's cases, the one saved last first; few at a time."""
        wanted = self._newest(*_ROW).where(cases.c.id.in_(case_ids))
        with self._read() as connection:
            return [_row(row) for row in connection.execute(wanted)]

    def case_row(self, case_id: str) -> CaseRow:
        """One case as the history has it.

        Raises:
            UnknownCase: this owner has no such case, or it was deleted.
        """
        found = self.case_rows([case_id])
        if not found:
            raise _unknown(case_id)
        return found[0]

    def keep_standing(self, case_id: str, standing: DecisionSummary) -> None:
        """Write how a case is decided; the case itself counts as unchanged."""
        kept = (
            update(cases)
            .where(cases.c.id == case_id, cases.c.owner == self.owner)
            .values(standing=standing.model_dump(mode="json"))
        )
        with self._write() as connection:
            connection.execute(kept)

    def decided(self, case_id: str, standing: DecisionSummary) -> None:
        """Keep how a case stands, unless the reader gave nothing new since it was last kept.

        Opening an old decision is no decision: what it stood on then is what today is held against.

        Raises:
            UnknownCase: this owner has no such case, or it was deleted.
        """
        then = self.case_row(case_id).standing
        if then is None or then.digest != standing.digest:
            self.keep_standing(case_id, standing)

    def rename_case(self, case_id: str, title: str) -> None:
        """Give a case another name.

        Raises:
            BadCase: the name is empty or too long.
            UnknownCase: this owner has no such case.
        """
        name = " ".join(title.split())
        if not name:
            raise BadCase("A decision needs a name; enter one.")
        if len(name) > LONGEST_TITLE:
            raise BadCase(
                f"The name has {len(name):,} characters, and {LONGEST_TITLE} fit; shorten it."
            )
        self.edit_case(case_id, lambda case: case.model_copy(update={"title": name}))

    def delete_case(self, case_id: str) -> None:
        """Take a case out of the history; nothing of it is lost, see `restore_case`.

        Raises:
            UnknownCase: this owner has no such case.
        """
        self._mark_deleted(case_id, utc_now())

    def restore_case(self, case_id: str) -> None:
        """Bring a deleted case back to where it stood.

        Raises:
            UnknownCase: this owner has no such case.
        """
        self._mark_deleted(case_id, None)

    def _mark_deleted(self, case_id: str, at: datetime | None) -> None:
        marked = (
            update(cases)
            .where(cases.c.id == case_id, cases.c.owner == self.owner)
            .values(deleted_at=at)
        )
        with self._write() as connection:
            if connection.execute(marked).rowcount == 0:
                raise _unknown(case_id)

    def _newest(self, *columns: Any) -> Select[Any]:
        """The owner's cases that were not deleted, the one saved last first."""
        return (
            select(*columns)
            .where(cases.c.owner == self.owner, cases.c.deleted_at.is_(None))
            .order_by(cases.c.updated_at.desc(), cases.c.id.desc())
        )


_ROW = (
    cases.c.id,
    cases.c.title,
    cases.c.updated_at,
    cases.c.standing,
    *(
        cases.c.body[name].as_string().label(name)
        for name in ("decided_by", "review_on", "recorded")
    ),
)
"""What a list shows of a case: never its whole body."""


def _row(row: Row[Any]) -> CaseRow:
    return CaseRow(
        id=row.id,
        title=row.title,
        updated_at=row.updated_at,
        decided_by=row.decided_by,
        review_on=date.fromisoformat(row.review_on) if row.review_on else None,
        recorded=row.recorded,
        standing=_standing(row.standing),
    )


_OWN_COLUMN = ("id", "text", "reference", "cluster", "passages")
"""Fields of a text that have a column; what few texts have beside them stands in `more`."""


def _columns(prompt: Prompt) -> dict[str, Any]:
    """A text as a row."""
    more = prompt.model_dump(mode="json", exclude=set(_OWN_COLUMN), exclude_defaults=True)
    return {**{name: getattr(prompt, name) for name in _OWN_COLUMN}, "more": more or None}


def prompt_fields(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row as the fields of a text."""
    return {**{name: row[name] for name in _OWN_COLUMN}, **(row["more"] or {})}


def _standing(kept: Any) -> DecisionSummary | None:
    """None where there is none, or one that another version of the app wrote."""
    try:
        return None if kept is None else DecisionSummary.model_validate(kept)
    except ValidationError:
        return None


def _unknown(case_id: str) -> UnknownCase:
    return UnknownCase(f"There is no decision with the id {case_id}; open one from My decisions.")
