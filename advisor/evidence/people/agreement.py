"""Agreement: how far every two of those who preferred agree, people and the judge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from advisor.evidence.model import Interval, Preference, Vote
from advisor.evidence.pairs import Pair
from advisor.evidence.people.votes import agreement

JUDGE = "the judge"
"""The judge's name among the voters'; no voter may take it."""


@dataclass(frozen=True, slots=True)
class RaterPair:
    """Two raters, over the prompts that both have scored."""

    one: str
    other: str
    same: int
    """Prompts on which both said the same."""
    of: int
    """Prompts both have scored; at least 1."""
    kappa: Interval | None
    """Cohen's, -1 to 1, with its 95 % interval; None = too few prompts, or one of the two always
    says the same thing, so that nothing is left to agree on beyond chance."""


def agreements(
    votes: Iterable[Vote],
    judgments_by_prompt: Mapping[str, Preference],
    least: int = 6,
    pair: Pair = ("base", "tuned"),
) -> tuple[RaterPair, ...]:
    """Every two raters with a prompt in common, those with most in common first.

    Args:
        votes: of any voters; those on another pair are left out.
        judgments_by_prompt: the judge's preference by prompt; empty = no judge.
        least: below so many prompts in common only the counts are given.
        pair: the two options compared.
    """
    said: dict[str, dict[str, Preference]] = {}
    for vote in votes:
        if (vote.base_arm, vote.challenger) == pair:
            said.setdefault(vote.voter, {})[vote.prompt_id] = vote.side
    if judgments_by_prompt:
        said[JUDGE] = dict(judgments_by_prompt)
    pairs = []
    for (one, by_one), (other, by_other) in combinations(said.items(), 2):
        common = by_one.keys() & by_other.keys()
        if not common:
            continue
        found = agreement(by_one, by_other, least)
        same = sum(by_one[prompt_id] == by_other[prompt_id] for prompt_id in common)
        pairs.append(RaterPair(one, other, same, len(common), found.kappa if found else None))
    return tuple(sorted(pairs, key=lambda pair: -pair.of))
