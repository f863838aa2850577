"""A blind vote on one run, the owner's own and that of whoever holds a ballot."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update

from advisor.case.texts import Prompt
from advisor.errors import BallotClosed
from advisor.evidence.pairs import Pair
from advisor.evidence.people.ballots import Told
from advisor.evidence.people.blind import Said, Sides, said_of, sides_of, vote_of
from advisor.store.cases import prompt_fields
from advisor.store.reading import ReadingStore
from advisor.store.runs import RunStore
from advisor.store.tables import ballots, prompts
from advisor.store.votes import VoteStore

CLOSED = "This link takes no votes. Ask the sender for a new one."
"""Said alike of a wrong, an expired and a revoked link."""


@dataclass(frozen=True, slots=True)
class Item:
    """One text with its two answers, as a voter may see them: no arm, no model."""

    text: str
    left: str
    right: str
    approved: str
    """All that is approved, "" = nothing."""
    left_cut: bool
    """It ends where the longest answer allowed ends."""
    right_cut: bool


class OneRun(RunStore, ReadingStore, VoteStore):
    """The owner's side of a ballot: what it reads and writes on behalf of a voter."""

    def approved(self, case_id: str, prompt_id: str, text: str) -> str:
        """All that is approved for a text, while the case still has that very text."""
        wanted = select(prompts).where(
            prompts.c.case_id == case_id,
            prompts.c.owner == self.owner,
            prompts.c.id == prompt_id,
            prompts.c.text == text,
        )
        with self._read() as connection:
            row = connection.execute(wanted).mappings().one_or_none()
        return Prompt.model_validate(prompt_fields(row)).approved_words if row else ""

    def revealed_at(self, ballot_id: str, now: datetime) -> datetime | None:
        """When the voter was told; None = not yet.

        Raises:
            BallotClosed: the link has been revoked or has expired.
        """
        wanted = select(ballots.c.revealed_at).where(ballots.c.id == ballot_id, works(now))
        with self._read() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            raise BallotClosed(CLOSED)
        moment: datetime | None = row[0]
        return moment

    def reveal(self, ballot_id: str, now: datetime) -> None:
        """Write that the voter is told."""
        told = update(ballots).where(ballots.c.id == ballot_id, ballots.c.revealed_at.is_(None))
        with self._write() as connection:
            connection.execute(told.values(revealed_at=now))


class BlindVote:
    """One voter's blind vote on one run: texts go by number, answers by side.

    No arm and no model is handed out before the names of a text were asked for, and after that the
    text takes no vote of this voter.
    """

    def __init__(self, run: OneRun, run_id: str, case_id: str, voter: str, pair: Pair) -> None:
        self.voter = voter
        self._run = run
        self._pair = pair
        self._run_id = run_id
        self._case_id = case_id
        asked = run.run(run_id)
        self._texts = {prompt.id: prompt.text for prompt in asked.spec.prompts}
        self._order = run.kept_order(asked, self._texts)

    @property
    def texts(self) -> int:
        """Texts of the whole run."""
        return len(self._order)

    def ready(self) -> list[int]:
        """Numbers of the texts that both have answered, in the order to vote in."""
        there = self._run.prompts_answered_by(self._run_id, self._pair)
        return [number for number, prompt_id in enumerate(self._order, 1) if prompt_id in there]

    def number(self, prompt_id: str) -> int:
        """The number of a text."""
        return self._order.index(prompt_id) + 1

    def key(self, number: int) -> str:
        """Of a text's widgets: another in each run, and it tells nothing of the options."""
        place = f"{self._run_id}:{self.voter}:{'/'.join(self._pair)}:{number}"
        return hashlib.sha256(place.encode()).hexdigest()[:16]

    def item(self, number: int) -> Item:
        """One of the texts that are ready."""
        prompt_id = self._order[number - 1]
        text = self._texts[prompt_id]
        found = self._run.prompt_outputs(self._run_id, prompt_id)
        left, right = (found[arm] for arm in self._sides(prompt_id))
        approved = self._run.approved(self._case_id, prompt_id, text)
        return Item(text, left.text, right.text, approved, left.truncated, right.truncated)

    def said(self) -> dict[int, Said]:
        """The voter's votes so far, by number."""
        at = {prompt_id: number for number, prompt_id in enumerate(self._order, 1)}
        return {
            at[vote.prompt_id]: said_of(vote, self._sides(vote.prompt_id))
            for vote in self._run.votes(self._run_id)
            if vote.voter == self.voter
            and vote.prompt_id in at
            and (vote.base_arm, vote.challenger) == self._pair
        }

    def say(self, number: int, said: Said, now: datetime) -> None:
        """Keep a vote; it may be changed until the voter is told the names.

        Raises:
            NamesShown: the voter knows which answer is whose.
            BallotClosed: no vote is taken any more.
        """
        self.check_open(now)
        prompt_id = self._order[number - 1]
        vote = vote_of(said, self._sides(prompt_id), prompt_id, self.voter, self._pair)
        self._run.add_vote(self._run_id, vote)

    def check_open(self, now: datetime) -> None:
        """Raise where no vote is taken any more; the owner's own vote has no end but the names."""

    def names(self) -> dict[int, Sides]:
        """Whose the left and the right answer are, of each text of which the voter was told."""
        told = self._run.names_told(self._run_id, self.voter)
        return {
            number: self._sides(prompt_id)
            for number, prompt_id in enumerate(self._order, 1)
            if prompt_id in told
        }

    def called(self, sides: Sides) -> Sides:
        """What the options of two sides are called; for those whose names were told."""
        left, right = self._run.called(self._case_id, sides)
        return left, right

    def show_names(self, numbers: Iterable[int], now: datetime) -> None:
        """Tell the voter whose answers these are: it ends the blind vote on these texts."""
        asked = [self._order[number - 1] for number in numbers]
        self._run.show_names(self._run_id, asked, self.voter, now)

    def _sides(self, prompt_id: str) -> Sides:
        return sides_of(self._run_id, prompt_id, self.voter, self._pair)


class OpenBallot(BlindVote):
    """All that the holder of a link may do: vote blind as one voter, and be told when done."""

    def __init__(
        self,
        run: OneRun,
        ballot_id: str,
        run_id: str,
        case_id: str,
        voter: str,
        asked_by: str,
        pair: Pair,
    ) -> None:
        super().__init__(run, run_id, case_id, voter, pair)
        self.id = ballot_id
        self.asked_by = asked_by
        """Who asks, as the owner signed; "" = not said."""

    def check_open(self, now: datetime) -> None:
        """Raise where no vote is taken any more.

        Raises:
            BallotClosed: the voter is done and has been told, or the link works no more.
        """
        if self.is_revealed(now):
            raise BallotClosed("You have been told which answer was whose, so your votes stand.")

    def works(self, now: datetime) -> bool:
        """Whether the link has neither been revoked nor run out since it was opened."""
        try:
            self.is_revealed(now)
        except BallotClosed:
            return False
        return True

    def is_revealed(self, now: datetime) -> bool:
        """Whether the voter is done and has been told.

        Raises:
            BallotClosed: the link works no more.
        """
        return self._run.revealed_at(self.id, now) is not None

    def reveal(self, now: datetime) -> None:
        """The voter is done: from now on nothing can be voted, and the sides are told."""
        if not self.is_revealed(now):
            self.show_names(self.said(), now)
            self._run.reveal(self.id, now)

    def told(self, now: datetime) -> list[Told]:
        """Which answer was whose, of each text the voter voted on.

        Raises:
            BallotClosed: the voter is not done yet.
        """
        if not self.is_revealed(now):
            raise BallotClosed("Which answer is whose is told when you are done.")
        rows = []
        for number, said in sorted(self.said().items()):
            prompt_id = self._order[number - 1]
            rows.append(Told(self._texts[prompt_id], said, *self._sides(prompt_id)))
        return rows


def works(now: datetime) -> ColumnElement[bool]:
    """A ballot that is neither revoked nor expired."""
    in_time = or_(ballots.c.expires_at.is_(None), ballots.c.expires_at > now)
    return ballots.c.revoked_at.is_(None) & in_time
