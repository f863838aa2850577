"""Cases and their prompts, as the store keeps them."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import delete, insert, select, update

from advisor.case import Case
from advisor.errors import BadCase, UnknownCase
from advisor.prompts import Prompt
from advisor.store.connected import Connected, utc_now
from advisor.store.tables import cases, new_id, prompts


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the history."""

    id: str
    title: str
    updated_at: datetime


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
        }
        texts = [
            {"case_id": case_id, "position": i, "owner": self.owner, **prompt.model_dump()}
            for i, prompt in enumerate(case.prompts)
        ]
        upsert = (
            self._insert(cases)
            .values(id=case_id, owner=self.owner, created_at=now, **row)
            .on_conflict_do_update(
                index_elements=["id"], set_=row, where=cases.c.owner == self.owner
            )
        )
        with self._write() as connection:
            if connection.execute(upsert).rowcount == 0:
                raise _unknown(case_id)
            connection.execute(delete(prompts).where(prompts.c.case_id == case_id))
            if texts:
                connection.execute(insert(prompts), texts)
        return case_id

    def load_case(self, case_id: str) -> Case:
        """The case as it was last saved.

        Raises:
            UnknownCase: this owner has no such case, or it was deleted.
            BadCase: the case was saved by a version of the app with other fields.
        """
        wanted = select(cases.c.body).where(
            cases.c.id == case_id, cases.c.owner == self.owner, cases.c.deleted_at.is_(None)
        )
        texts = (
            select(*(prompts.c[name] for name in Prompt.model_fields))
            .where(prompts.c.case_id == case_id, prompts.c.owner == self.owner)
            .order_by(prompts.c.position)
        )
        with self._read() as connection:
            body = connection.scalar(wanted)
            rows = connection.execute(texts).mappings().all()
        if body is None:
            raise _unknown(case_id)
        try:
            return Case.model_validate({**body, "prompts": [dict(row) for row in rows]})
        except ValidationError as error:
            raise BadCase(
                "This decision was saved by another version of the app and can't be read; "
                "upload it again or start a new one."
            ) from error

    def recent_cases(self, limit: int = 20) -> list[CaseRow]:
        """The owner's cases, the one saved last first."""
        wanted = (
            select(cases.c.id, cases.c.title, cases.c.updated_at)
            .where(cases.c.owner == self.owner, cases.c.deleted_at.is_(None))
            .order_by(cases.c.updated_at.desc(), cases.c.id.desc())
            .limit(limit)
        )
        with self._read() as connection:
            return [CaseRow(*row) for row in connection.execute(wanted)]

    def delete_case(self, case_id: str) -> None:
        """Take a case out of the history.

        Raises:
            UnknownCase: this owner has no such case.
        """
        gone = (
            update(cases)
            .where(cases.c.id == case_id, cases.c.owner == self.owner)
            .values(deleted_at=utc_now())
        )
        with self._write() as connection:
            if connection.execute(gone).rowcount == 0:
                raise _unknown(case_id)


def _unknown(case_id: str) -> UnknownCase:
    return UnknownCase(f"There is no decision with the id {case_id}; open one from My decisions.")
