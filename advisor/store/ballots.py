"""Ballots: a link for each voter whom the owner of a run invites.

A token has 256 bits and stands in no table: only its SHA-256 does. A wrong one, an expired and a
revoked one are answered alike.
"""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from advisor.errors import BadVoter
from advisor.evidence.pairs import Pair
from advisor.evidence.people.ballots import BallotRow
from advisor.evidence.people.blind import OWNER, USUAL
from advisor.store.connected import Connected
from advisor.store.runs import unknown_run
from advisor.store.tables import ballots, cases, new_id, runs, votes
from advisor.store.voting import BlindVote, OneRun, OpenBallot, works

BALLOT_DAYS = 60
"""How long a link works unless said otherwise, days."""
RESERVED = (OWNER, "the judge")
"""Names that stand for others where raters are listed."""
MOST_BALLOTS = 50
LONGEST_NAME = 60


class BallotStore(Connected):
    """The ballots of one owner's runs, and the door through which a stranger comes."""

    def make_ballots(
        self,
        run_id: str,
        voters: Sequence[str],
        now: datetime,
        *,
        asked_by: str = "",
        pair: Pair = USUAL,
    ) -> dict[str, str]:
        """A link's token for each voter; all are made, or none is.

        A revoked voter asked again gets a new token, and the votes given so far stay.

        Args:
            run_id: the run to be voted on.
            voters: names, unique within the run whatever their case.
            now: this moment, UTC.
            asked_by: the name that the voters read; "" = none.
            pair: the options they are asked about.

        Raises:
            BadVoter: a name is empty, too long, reserved or taken.
            UnknownRun: this owner has no such run.
        """
        names = [" ".join(name.split()) for name in voters]
        mine = (runs.c.id == run_id) & (runs.c.owner == self.owner)
        tokens = {name: secrets.token_urlsafe(32) for name in names}
        with self._write() as connection:
            if connection.scalar(select(runs.c.id).where(mine)) is None:
                raise unknown_run(run_id)
            known = connection.execute(
                select(ballots.c.id, ballots.c.voter, ballots.c.revoked_at).where(
                    ballots.c.run_id == run_id, ballots.c.owner == self.owner
                )
            ).all()
            revoked = {row.voter.casefold(): row for row in known if row.revoked_at is not None}
            _check(names, {row.voter.casefold() for row in known} - revoked.keys(), len(known))
            for name, token in tokens.items():
                values = {
                    "token_sha256": _digest(token),
                    "created_at": now,
                    "expires_at": now + timedelta(days=BALLOT_DAYS),
                    "asked_by": " ".join(asked_by.split())[:LONGEST_NAME] or None,
                    "revoked_at": None,
                    "base_arm": pair[0],
                    "challenger": pair[1],
                }
                if (row := revoked.get(name.casefold())) is not None:
                    again = update(ballots).where(ballots.c.id == row.id).values(**values)
                    connection.execute(again)
                else:
                    new = {"id": new_id(), "run_id": run_id, "owner": self.owner, "voter": name}
                    connection.execute(self._insert(ballots).values(**new, **values))
        return tokens

    def own_vote(self, run_id: str, case_id: str, pair: Pair) -> BlindVote:
        """The owner's own blind vote on a run.

        Raises:
            UnknownRun: this owner has no such run.
        """
        return BlindVote(OneRun(self.engine, self.owner), run_id, case_id, OWNER, pair)

    def ballots(self, run_id: str) -> list[BallotRow]:
        """The run's ballots, the first made first."""
        given = (
            select(votes.c.voter, func.count(votes.c.prompt_id.distinct()).label("votes"))
            .where(votes.c.run_id == run_id, votes.c.owner == self.owner)
            .group_by(votes.c.voter)
            .subquery()
        )
        wanted = (
            select(
                ballots.c.voter,
                func.coalesce(given.c.votes, 0),
                ballots.c.created_at,
                ballots.c.expires_at,
                ballots.c.revoked_at,
                ballots.c.revealed_at,
            )
            .outerjoin(given, given.c.voter == ballots.c.voter)
            .where(ballots.c.run_id == run_id, ballots.c.owner == self.owner)
            .order_by(ballots.c.id)
        )
        with self._read() as connection:
            return [BallotRow(*row) for row in connection.execute(wanted)]

    def revoke_ballot(self, run_id: str, voter: str, now: datetime) -> None:
        """Close a voter's link; the votes given stay."""
        closed = (
            update(ballots)
            .where(
                ballots.c.run_id == run_id,
                ballots.c.owner == self.owner,
                ballots.c.voter == voter,
                ballots.c.revoked_at.is_(None),
            )
            .values(revoked_at=now)
        )
        with self._write() as connection:
            connection.execute(closed)

    def open_ballot(self, token: str, now: datetime) -> OpenBallot | None:
        """What the holder of a token may do, whoever owns the run; None = nothing.

        The one question that is not held to this store's owner: a stranger has none.
        """
        wanted = (
            select(ballots.c.id, ballots.c.run_id, ballots.c.owner, ballots.c.voter)
            .add_columns(
                ballots.c.asked_by, ballots.c.base_arm, ballots.c.challenger, runs.c.case_id
            )
            .join(runs, (runs.c.id == ballots.c.run_id) & (runs.c.owner == ballots.c.owner))
            .join(cases, cases.c.id == runs.c.case_id)
            .where(
                ballots.c.token_sha256 == _digest(token), works(now), cases.c.deleted_at.is_(None)
            )
        )
        with self._read() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            return None
        run = OneRun(self.engine, row.owner)
        return OpenBallot(
            run,
            row.id,
            row.run_id,
            row.case_id,
            row.voter,
            row.asked_by or "",
            (row.base_arm, row.challenger),
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _check(names: Sequence[str], taken: Collection[str], made: int) -> None:
    if not names or not all(names):
        raise BadVoter("Enter a name for each voter, one on a line.")
    seen: set[str] = set()
    for name in names:
        if len(name) > LONGEST_NAME:
            raise BadVoter(f"“{name[:LONGEST_NAME]}…” is too long; {LONGEST_NAME} letters fit.")
        if name.casefold() in RESERVED:
            raise BadVoter(f"“{name}” stands for another here; choose another name.")
        if name.casefold() in taken:
            raise BadVoter(f"{name} has a link already; revoke it first to make a new one.")
        if name.casefold() in seen:
            raise BadVoter(f"{name} is there twice; each voter needs a name of their own.")
        seen.add(name.casefold())
    if made + len(names) > MOST_BALLOTS:
        raise BadVoter(f"A run takes {MOST_BALLOTS} voters at most.")
