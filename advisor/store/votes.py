"""Votes of people and judgments of judges, as the store keeps them."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Select, exists, func, literal, or_, select

from advisor.case.case import Judgment
from advisor.case.preferences import chosen
from advisor.errors import NamesShown
from advisor.evidence.model import Vote
from advisor.store.connected import Connected, utc_now
from advisor.store.tables import judgments, names_shown, outputs, runs, votes

STANDS = (
    "You have been shown which answer was whose, so this text takes no vote from you any more; "
    "a vote you gave before stands."
)


class VoteStore(Connected):
    """The votes and judgments on one owner's runs."""

    def add_vote(self, run_id: str, vote: Vote) -> None:
        """Write a vote; the same voter's earlier one on this prompt and pair is replaced.

        Raises:
            NamesShown: this voter was told the names of this text; such a vote is not blind, and
                nothing is written.
        """
        given = asdict(vote) | {"created_at": utc_now()}
        upsert = (
            self._insert(votes)
            .values(run_id=run_id, owner=self.owner, **given)
            .on_conflict_do_update(
                index_elements=["run_id", "prompt_id", "voter", "base_arm", "challenger"],
                set_=given,
                where=votes.c.owner == self.owner,
            )
        )
        with self._write() as connection:
            if connection.scalar(self._told(run_id, vote.voter, vote.prompt_id)) is not None:
                raise NamesShown(STANDS)
            connection.execute(upsert)

    def show_names(
        self, run_id: str, prompt_ids: Collection[str], voter: str, now: datetime
    ) -> None:
        """Write that a voter is told which answer is whose: it ends the blind vote on these texts."""
        rows = [
            {"run_id": run_id, "prompt_id": each, "voter": voter, "owner": self.owner}
            for each in prompt_ids
        ]
        mine = select(runs.c.id).where(runs.c.id == run_id, runs.c.owner == self.owner)
        told = self._insert(names_shown).values(shown_at=now).on_conflict_do_nothing()
        with self._write() as connection:
            if rows and connection.scalar(mine) is not None:
                connection.execute(told, rows)

    def names_told(self, run_id: str, voter: str) -> set[str]:
        """Texts of which a voter has been told which answer is whose, in this run or before.

        Another text, option or setting makes another run: who knows two answers of a text by name
        knows them there too, where they are the same.
        """
        with self._read() as connection:
            return set(connection.scalars(self._told(run_id, voter)))

    def still_blind(self, run_id: str, voter: str) -> set[str]:
        """Texts with two answers or more of which a voter has been told no name."""
        two = (
            select(outputs.c.prompt_id)
            .where(
                outputs.c.run_id == run_id,
                outputs.c.owner == self.owner,
                outputs.c.sample == 0,
                outputs.c.outcome == "answered",
            )
            .group_by(outputs.c.prompt_id)
            .having(func.count() >= 2)
        )
        with self._read() as connection:
            return set(connection.scalars(two)) - set(connection.scalars(self._told(run_id, voter)))

    def _told(self, run_id: str, voter: str, prompt_id: str | None = None) -> Select[tuple[str]]:
        here, there = runs.alias(), runs.alias()
        old, new = outputs.alias(), outputs.alias()
        same_answers = (
            select(func.count())
            .select_from(old)
            .join(new, (new.c.arm == old.c.arm) & (new.c.text == old.c.text))
            .where(
                old.c.run_id == names_shown.c.run_id,
                new.c.run_id == run_id,
                *(row.c.prompt_id == names_shown.c.prompt_id for row in (old, new)),
                *(row.c.sample == 0 for row in (old, new)),
                *(row.c.outcome == "answered" for row in (old, new)),
            )
            .correlate(names_shown)
            .scalar_subquery()
        )
        wanted = (
            select(names_shown.c.prompt_id)
            .distinct()
            .join(there, there.c.id == names_shown.c.run_id)
            .join(here, (here.c.case_id == there.c.case_id) & (here.c.owner == there.c.owner))
            .where(
                here.c.id == run_id,
                here.c.owner == self.owner,
                names_shown.c.voter == voter,
                or_(there.c.id == run_id, same_answers >= 2),
            )
        )
        return wanted if prompt_id is None else wanted.where(names_shown.c.prompt_id == prompt_id)

    def votes(self, run_id: str) -> list[Vote]:
        """The run's votes, the earliest first."""
        wanted = (
            select(
                votes.c.prompt_id,
                votes.c.preference,
                votes.c.voter,
                votes.c.base_arm,
                votes.c.challenger,
                votes.c.base_quality,
                votes.c.tuned_quality,
            )
            .where(votes.c.run_id == run_id, votes.c.owner == self.owner)
            .order_by(votes.c.created_at, votes.c.prompt_id)
        )
        with self._read() as connection:
            rows = [dict(row) for row in connection.execute(wanted).mappings()]
        for row in rows:  # a process of an older version may still write sides beside this one
            row["preference"] = chosen(row["preference"], (row["base_arm"], row["challenger"]))
        return [Vote(**row) for row in rows]

    def carry_votes(self, run_id: str) -> None:
        """Copy votes from the case's other runs where both answers they were given for are equal.

        Another text, option or setting makes another run; what people said of answers that are
        still the same is not asked of them again. A vote given in this run stays.
        """
        here, there = runs.alias(), runs.alias()
        same_case = (
            (there.c.owner == self.owner)
            & (there.c.case_id == here.c.case_id)
            & (there.c.id != here.c.id)
        )
        found = select(
            *(literal(run_id) if c.name == "run_id" else votes.c[c.name] for c in votes.c)
        ).select_from(
            votes.join(there, there.c.id == votes.c.run_id).join(
                here, same_case & (here.c.id == run_id) & (here.c.owner == self.owner)
            )
        )
        for arm in (votes.c.base_arm, votes.c.challenger):
            old, new = outputs.alias(), outputs.alias()
            found = found.where(
                exists().where(
                    *(
                        (row.c.run_id == of)
                        & (row.c.prompt_id == votes.c.prompt_id)
                        & (row.c.arm == arm)
                        & (row.c.sample == 0)
                        & (row.c.outcome == "answered")
                        for row, of in ((old, votes.c.run_id), (new, run_id))
                    ),
                    old.c.text == new.c.text,
                )
            )
        found = found.where(votes.c.owner == self.owner).order_by(votes.c.created_at.desc())
        copy = self._insert(votes).from_select([c.name for c in votes.c], found)
        with self._write() as connection:
            connection.execute(copy.on_conflict_do_nothing())

    def add_judgments(self, run_id: str, given: Collection[Judgment]) -> None:
        """Write a judge's preferences; one in the same order, told the same, is replaced."""
        upsert = self._insert(judgments)
        replaced = ("preference", "base_sha256", "tuned_sha256", "created_at")
        upsert = upsert.on_conflict_do_update(
            index_elements=[column.name for column in judgments.primary_key],
            set_={name: upsert.excluded[name] for name in replaced},
            where=judgments.c.owner == self.owner,
        )
        rows = [
            {"run_id": run_id, "owner": self.owner, "created_at": utc_now(), **one.model_dump()}
            for one in given
        ]
        if rows:
            with self._write() as connection:
                connection.execute(upsert, rows)

    def judgments(self, run_id: str) -> list[Judgment]:
        """The run's judgments, the earliest first."""
        columns = [judgments.c[name] for name in Judgment.model_fields]
        wanted = (
            select(*columns)
            .where(judgments.c.run_id == run_id, judgments.c.owner == self.owner)
            .order_by(judgments.c.created_at, judgments.c.prompt_id)
        )
        with self._read() as connection:
            rows = connection.execute(wanted).mappings().all()
        return [Judgment.model_validate(dict(row)) for row in rows]
