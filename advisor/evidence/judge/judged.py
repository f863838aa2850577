"""Judged: what a judge's verdicts, asked in both orders, say of each prompt."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from advisor.case.case import Case, Judgment
from advisor.evidence.answers import Answers
from advisor.evidence.judge.injection import talks_to_the_judge
from advisor.evidence.judge.prompt import told
from advisor.evidence.model import FlipRate, Preference
from advisor.evidence.notes import Note
from advisor.evidence.pairs import Pair
from advisor.evidence.people.votes import one_preference
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.statistics import wilson


@dataclass(frozen=True, slots=True)
class Judged:
    """The preferences of one judge, or of those whose verdicts were recorded."""

    preferences: dict[str, Preference] = field(default_factory=dict)
    """One per prompt; empty where the judge is not used."""
    judges: tuple[str, ...] = ()
    flip_rate: FlipRate | None = None
    order_never_swapped: bool = False
    notes: tuple[Note, ...] = ()


def heard(case: Case, live: Sequence[Judgment]) -> list[Judgment]:
    """Of live verdicts those of the case's judge, given on what it would be told today.

    So one by another rubric, approved answer or passages counts for nothing, and two rubrics are
    never mixed. Of verdicts given before this was kept none can tell: they count until one can.
    """
    given = _of_the_judge(case, live)
    if not any(judgment.told_sha256 for judgment in given):
        return given
    today = told(case)
    return [j for j in given if j.told_sha256 == today.get(j.prompt_id)]


def outdated(case: Case, live: Sequence[Judgment]) -> tuple[Note, ...]:
    """That none of the judge's verdicts counts any more; () where some do.

    Once it was asked again, how many texts lack a verdict is said of those.
    """
    given = _of_the_judge(case, live)
    if not given or heard(case, live):
        return ()
    return (Note("outdated_verdicts", (len(given),)),)


def _of_the_judge(case: Case, live: Sequence[Judgment]) -> list[Judgment]:
    name = case.judge.model.strip() if case.judge is not None else None
    return [judgment for judgment in live if judgment.judge == name]


def judged_by_prompt(
    case: Case,
    answers: Answers,
    recorded: Sequence[Judgment],
    live: Sequence[Judgment],
    pair: Pair,
    rules: EvidenceRules,
) -> Judged:
    """One preference per prompt between the two options of a pair.

    A prompt is won only where both orders agree; a flip is a tie. Of a live judge a prompt counts
    only with both orders; recorded verdicts may be of one order, which is then said. Live and
    recorded verdicts are never pooled: the live ones count once they are as many.

    Args:
        case: its judge is the live one.
        answers: those the verdicts are on.
        recorded: verdicts that came with the case.
        live: verdicts the case's judge gave, one per order, see `heard`.
        pair: a base option, and the option held against it.
        rules: above `flip_rate_most` a judge is not used, from `clear_choices` prompts on.
    """
    given = _of_pair(recorded, pair)
    asked = _of_pair(live, pair)
    notes: tuple[Note, ...] = ()
    if case.judge is not None and case.judge.model.strip():
        both = [p.id for p in case.prompts if answers.has(p.id, *pair)]
        spoken_to = {p for p in both if _speaks(answers, p, pair)}
        heard = {
            p: found
            for p, found in asked.items()
            if p not in spoken_to and len({j.order for j in found}) == 2
        }
        lacking = len(both) - len(heard) - len(spoken_to) if asked else 0
        notes = tuple(_left_out(len(spoken_to), lacking))
        if heard and len(heard) >= len(given):
            given = heard
    if not given:
        return Judged(notes=notes)
    flips = flip_rate(given, rules.alpha)
    judges = tuple(sorted({j.judge for found in given.values() for j in found}))
    enough = flips is not None and flips.judged >= rules.clear_choices
    if flips is not None and enough and flips.rate.value > rules.flip_rate_most:
        notes += (Note("judge_flips", (flips.flipped, flips.judged, rules.flip_rate_most)),)
        return Judged(judges=judges, flip_rate=flips, notes=notes)
    return Judged(
        preferences={prompt_id: _one(found, pair) for prompt_id, found in given.items()},
        judges=judges,
        flip_rate=flips,
        order_never_swapped=any(_always_first(found) for found in given.values()),
        notes=notes,
    )


def flip_rate(given: dict[str, list[Judgment]], alpha: float) -> FlipRate | None:
    """How often the two orders of a prompt had two verdicts; None = none was asked in both."""
    pairs = [
        {j.side for j in orders}
        for found in given.values()
        for orders in _by_judge(found)
        if {"base_first", "tuned_first"} <= {j.order for j in orders}
    ]
    if not pairs:
        return None
    flipped = sum(len(said) > 1 for said in pairs)
    return FlipRate(flipped, len(pairs), wilson(flipped, len(pairs), alpha))


def _of_pair(judgments: Sequence[Judgment], pair: Pair) -> dict[str, list[Judgment]]:
    found: dict[str, list[Judgment]] = defaultdict(list)
    for judgment in judgments:
        if (judgment.base_arm, judgment.challenger) == pair:
            found[judgment.prompt_id].append(judgment)
    return found


def _by_judge(found: Sequence[Judgment]) -> list[list[Judgment]]:
    by_judge: dict[str, list[Judgment]] = defaultdict(list)
    for judgment in found:
        by_judge[judgment.judge].append(judgment)
    return list(by_judge.values())


def _one(found: Sequence[Judgment], pair: Pair) -> Preference:
    """Each judge's verdict, a tie where its two orders differ; then what the judges say together."""
    said: list[Preference] = []
    for orders in _by_judge(found):
        preferences = {j.side for j in orders}
        said.append(preferences.pop() if len(preferences) == 1 else "tie")
    return one_preference(said)


def _always_first(found: Sequence[Judgment]) -> bool:
    """The same arm always stood first."""
    orders = {j.order for j in found}
    return len(orders) == 1 and "both" not in orders


def _speaks(answers: Answers, prompt_id: str, pair: Pair) -> bool:
    """One of the two answers judged, the first samples, speaks to the judge."""
    texts = (answers.texts.get(arm, {}).get(prompt_id, ())[:1] for arm in pair)
    return any(talks_to_the_judge(text) for first in texts for text in first)


def _left_out(spoken_to: int, lacking: int) -> Iterator[Note]:
    if spoken_to:
        yield Note("talks_to_judge", (spoken_to,))
    if lacking:
        yield Note("no_verdict", (lacking,))
