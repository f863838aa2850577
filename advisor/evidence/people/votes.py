"""Votes: adding up what people and judges prefer."""

from collections.abc import Iterable, Mapping

import numpy as np

from advisor.case.options import OptionId
from advisor.evidence.model import Agreement, Interval, Preference, Vote
from advisor.evidence.pairs import Pair
from advisor.evidence.statistics import wilson


def one_preference(preferences: Iterable[Preference]) -> Preference:
    """What several voters, judges or orders say together: the majority's side, else a tie."""
    given = list(preferences)
    if all(preference == "both_bad" for preference in given):
        return "both_bad"
    ahead = given.count("tuned") - given.count("base")
    return "tuned" if ahead > 0 else "base" if ahead < 0 else "tie"


def preferences_by_prompt(votes: Iterable[Vote], pair: Pair) -> dict[str, Preference]:
    """One preference per prompt between the two options of a pair, over all voters."""
    given: dict[str, list[Preference]] = {}
    for vote in votes:
        if (vote.base_arm, vote.challenger) == pair:
            given.setdefault(vote.prompt_id, []).append(vote.side)
    return {prompt_id: one_preference(several) for prompt_id, several in given.items()}


def sent_as_is(votes: Iterable[Vote], arm: OptionId, alpha: float) -> Interval | None:
    """Share of prompts whose answer most voters would send as it is; None = nobody was asked."""
    given = sent_by_prompt(votes, arm)
    return wilson(sum(given.values()), len(given), alpha) if given else None


def sent_by_prompt(votes: Iterable[Vote], arm: OptionId) -> dict[str, bool]:
    """By prompt of which somebody said it: whether most would send this arm's answer as it is."""
    given: dict[str, list[bool]] = {}
    for vote in votes:
        quality = vote.tuned_quality if arm == vote.challenger else vote.base_quality
        if quality is not None and arm in (vote.challenger, vote.base_arm):
            given.setdefault(vote.prompt_id, []).append(quality == "as_is")
    return {prompt_id: 2 * sum(said) > len(said) for prompt_id, said in given.items()}


def agreement(
    one: Mapping[str, Preference], other: Mapping[str, Preference], least: int
) -> Agreement | None:
    """How far two raters agree over the prompts both have scored, with Cohen's kappa.

    None: fewer than `least` prompts in common, or one of the two always says the same thing.
    """
    common = sorted(one.keys() & other.keys())
    said = [{rater[p] for p in common} for rater in (one, other)]
    if len(common) < least or min(map(len, said)) < 2:
        return None
    from statsmodels.stats.inter_rater import cohens_kappa

    words = sorted(set.union(*said))
    table = np.zeros((len(words), len(words)))
    for prompt_id in common:
        table[words.index(one[prompt_id]), words.index(other[prompt_id])] += 1
    kappa = cohens_kappa(table)
    return Agreement(
        same=sum(one[p] == other[p] for p in common),
        of=len(common),
        kappa=Interval(float(kappa.kappa), float(kappa.kappa_low), float(kappa.kappa_upp)),
    )
