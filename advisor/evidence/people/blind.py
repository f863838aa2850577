"""Blind votes: an answer stands left or right by chance, and a vote names a side until it is kept."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from advisor.case.options import OptionId
from advisor.evidence.model import Quality, Vote
from advisor.evidence.pairs import Pair

BlindChoice = Literal["left", "right", "tie", "both_bad"]
"""What a voter says who knows no option."""
Sides = tuple[OptionId, OptionId]
"""The arms on the left and on the right."""

USUAL: Pair = ("base", "tuned")
"""The pair people vote on unless there are others."""
OWNER = "me"
"""The voter who owns the run."""


@dataclass(frozen=True, slots=True)
class Said:
    """A vote by side, and whether each answer could go out."""

    choice: BlindChoice
    left_quality: Quality | None = None
    right_quality: Quality | None = None


def sides_of(run_id: str, prompt_id: str, voter: str = OWNER, pair: Pair = USUAL) -> Sides:
    """Which arm stands left: by chance for each prompt and voter, and the same after a reload.

    Each voter meets another draw, so a habit of picking one side favours no arm. The run's id is
    the secret of it: whoever reads a page without it can't tell the sides.
    """
    of_voter = "" if voter == OWNER else f":{voter}"
    # The same sides as ever for the owner's votes, which came before other voters and pairs.
    of_pair = "" if pair == USUAL else f":{pair[0]}:{pair[1]}"
    swap = Random(f"{run_id}:{prompt_id}{of_voter}{of_pair}")  # noqa: S311 - the seed is secret
    sides = list(pair)
    swap.shuffle(sides)
    return sides[0], sides[1]


def vote_of(
    said: Said, sides: Sides, prompt_id: str, voter: str = OWNER, pair: Pair = USUAL
) -> Vote:
    """A vote by side as one by arm."""
    base_left = sides[0] == pair[0]
    preference: str
    if said.choice == "tie" or said.choice == "both_bad":
        preference = said.choice
    else:
        preference = sides[said.choice == "right"]
    left, right = said.left_quality, said.right_quality
    return Vote(
        prompt_id,
        preference,
        voter,
        *pair,
        base_quality=left if base_left else right,
        tuned_quality=right if base_left else left,
    )


def said_of(vote: Vote, sides: Sides) -> Said:
    """A vote by arm as the voter gave it, by side."""
    base_left = sides[0] == vote.base_arm
    choice: BlindChoice
    side = vote.side
    if side == "tie" or side == "both_bad":
        choice = side
    else:
        choice = "left" if vote.preference == sides[0] else "right"
    quality = (vote.base_quality, vote.tuned_quality)
    return Said(choice, *(quality if base_left else quality[::-1]))
