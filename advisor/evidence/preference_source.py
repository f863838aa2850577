"""What votes, a judge and the main measure say of each prompt, and which of them counts."""

from collections.abc import Mapping, Sequence

from advisor.evidence.answers import Answers
from advisor.evidence.metrics import Metric
from advisor.evidence.model import Preference, PreferenceSource, Vote
from advisor.evidence.pairs import Pair
from advisor.evidence.people.votes import preferences_by_prompt


def preferences_by_source(
    answers: Answers,
    metric: Metric,
    votes: Sequence[Vote],
    judged: Mapping[str, Preference],
    pair: Pair,
) -> dict[PreferenceSource, dict[str, Preference]]:
    """By source: one preference per prompt that both arms answered. Sources are never pooled."""
    base, other = (answers.scores.get(arm, {}) for arm in pair)
    by_source: dict[PreferenceSource, dict[str, Preference]] = {
        "votes": preferences_by_prompt(votes, pair),
        "judge": dict(judged),
        "metric": {p: metric.preference(base[p], other[p]) for p in base.keys() & other.keys()},
    }
    one, two = (answers.texts.get(arm, {}) for arm in pair)
    both = one.keys() & two.keys()
    return {
        source: {p: said for p, said in given.items() if p in both}
        for source, given in by_source.items()
    }


def choose_source(
    by_source: Mapping[PreferenceSource, Mapping[str, Preference]], clear_choices: int
) -> PreferenceSource:
    """Readers first, then a judge; the main measure only where neither has said anything.

    Args:
        by_source: preferences of each.
        clear_choices: from so many on votes are the source, whatever else there is.
    """
    votes, judged = by_source["votes"], by_source["judge"]
    if clear(votes) >= clear_choices:
        return "votes"
    if judged:
        return "judge"
    return "votes" if votes else "metric"


def clear(preferences: Mapping[str, Preference]) -> int:
    """Clear choices among preferences."""
    return sum(said in ("base", "tuned") for said in preferences.values())
