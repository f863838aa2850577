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
    by_source: Mapping[PreferenceSource, Mapping[str, Preference]],
    scored: int,
    *,
    checked: bool = False,
) -> PreferenceSource:
    """The first with enough prompts, else the one with most; votes before judge before metric.

    Where people have checked a judge and agree with it, the judge stands in for them as soon as it
    has scored more.
    """
    if checked and len(by_source["judge"]) > len(by_source["votes"]):
        return "judge"
    for source, given in by_source.items():
        if len(given) >= scored:
            return source
    return max(by_source, key=lambda source: len(by_source[source]))
