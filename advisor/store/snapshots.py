"""Snapshots: frozen reports, and a link for each that needs no account.

A token has 256 bits and stands in no table: only its SHA-256 does. A wrong one, an expired and a
revoked one are answered alike, by one and the same question.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from advisor.errors import UnknownCase
from advisor.report.snapshot import SharedRow
from advisor.store.connected import Connected
from advisor.store.tables import cases, new_id, snapshots

SHARE_DAYS = 30
"""How long a link works unless said otherwise, days."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the holder of a link gets: the snapshot, and its two dates. Not whose it is."""

    body: str
    created_at: datetime
    expires_at: datetime


class SnapshotStore(Connected):
    """The frozen reports of one owner, and the door through which a stranger comes."""

    def share(
        self,
        case_id: str,
        body: str,
        now: datetime,
        *,
        title: str,
        report_sha256: str,
        with_texts: bool = False,
        may_copy: bool = False,
        days: int = SHARE_DAYS,
    ) -> str:
        """Keep a snapshot for good, and give the token that opens it.

        Args:
            case_id: the case it was taken of.
            body: the snapshot as JSON.
            now: this moment, UTC.
            title: what the owner reads in the list of links.
            report_sha256: of what the report says, to see when another says something else.
            with_texts: whether the owner let texts in.
            may_copy: whether the owner lets others start from it.
            days: for how long the link works.

        Raises:
            UnknownCase: this owner has no such case, or it was deleted.
        """
        token = secrets.token_urlsafe(32)
        mine = select(cases.c.id).where(
            cases.c.id == case_id, cases.c.owner == self.owner, cases.c.deleted_at.is_(None)
        )
        with self._write() as connection:
            if connection.scalar(mine) is None:
                raise UnknownCase(
                    f"There is no decision with the id {case_id} to share; "
                    "open one from My decisions."
                )
            connection.execute(
                self._insert(snapshots).values(
                    id=new_id(),
                    owner=self.owner,
                    case_id=case_id,
                    token_sha256=_digest(token),
                    title=title,
                    body=body,
                    report_sha256=report_sha256,
                    with_texts=with_texts,
                    may_copy=may_copy,
                    created_at=now,
                    expires_at=now + timedelta(days=days),
                )
            )
        return token

    def shared(self, case_id: str) -> list[SharedRow]:
        """All links to frozen copies of a case, the newest first."""
        wanted = (
            select(*(snapshots.c[name] for name in SharedRow.__dataclass_fields__))
            .where(snapshots.c.case_id == case_id, snapshots.c.owner == self.owner)
            .order_by(snapshots.c.id.desc())
        )
        with self._read() as connection:
            return [SharedRow(*row) for row in connection.execute(wanted)]

    def revoke_share(self, snapshot_id: str, now: datetime) -> None:
        """Close a link for good; one that is closed, or another owner's, stays as it is."""
        closed = (
            update(snapshots)
            .where(
                snapshots.c.id == snapshot_id,
                snapshots.c.owner == self.owner,
                snapshots.c.revoked_at.is_(None),
            )
            .values(revoked_at=now)
        )
        with self._write() as connection:
            connection.execute(closed)

    def open_share(self, token: str, now: datetime) -> Shared | None:
        """What a token opens, whoever shared it; None = nothing.

        Not held to this store's owner: a stranger has none.
        """
        wanted = (
            select(snapshots.c.body, snapshots.c.created_at, snapshots.c.expires_at)
            .join(cases, (cases.c.id == snapshots.c.case_id) & (cases.c.owner == snapshots.c.owner))
            .where(
                snapshots.c.token_sha256 == _digest(token),
                snapshots.c.revoked_at.is_(None),
                snapshots.c.expires_at > now,
                cases.c.deleted_at.is_(None),
            )
        )
        with self._read() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else Shared(*row)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
