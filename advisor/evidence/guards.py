"""Guards: what may speak against the option that is ahead, counted over the texts compared.

A guard never decides for an option by itself; it turns "decides" into "trade-off".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.evidence.answers import Answers
from advisor.evidence.metrics.tokens import words
from advisor.evidence.notes import EmptyHanded, Note
from advisor.evidence.pairs import Pair

_COPIES = 0.9  # this share of answers that are the text itself is no answering
_LEAST_SAME = 6  # as many prompts with one and the same answer, and it is a constant


@dataclass(frozen=True, slots=True)
class Faults:
    """How often each side did what it should not, over the prompts that both answered."""

    tuned: int = 0
    base: int = 0
    more_by_tuned: int = 0
    """Prompts in which the tuned arm has more of them."""
    more_by_base: int = 0
    asked: int = 0
    """Of how many, for facts that an answer must hold; else 0."""


@dataclass(frozen=True, slots=True)
class Guards:
    """All guards but that of length, which needs a fit."""

    refused: Faults = Faults()
    """Prompts that one arm refused, in every sample, and the other answered."""
    invented: Faults = Faults()
    """Names and numbers in neither text nor approved answer; only where there is one."""
    left_out: Faults = Faults()
    """Facts the reader asked for that an answer does not hold."""
    empty_handed: Mapping[OptionId, EmptyHanded] = field(default_factory=dict)
    """Arms that answer every text with the same words, or with the text itself."""


def count_guards(case: Case, answers: Answers, pair: Pair, prompt_ids: Iterable[str]) -> Guards:
    """Count them for the two options of a pair over the prompts compared."""
    base, tuned = pair
    ids = sorted(set(prompt_ids))
    by_tuned, by_base = answers.refused_only_by(tuned, base), answers.refused_only_by(base, tuned)
    texts = {p.id: p.text for p in case.prompts}
    return Guards(
        Faults(by_tuned, by_base, by_tuned, by_base),
        _faults(case, answers, "invented", pair, ids),
        _faults(case, answers, "left_out", pair, ids),
        {arm: how for arm in pair if (how := _empty_handed(answers, arm, ids, texts))},
    )


def notes(guards: Guards) -> Iterator[Note]:
    """What the guards counted, where there is anything to say."""
    found, missed = guards.invented, guards.left_out
    if found.tuned or found.base:
        yield Note("invented_in_all", (found.tuned, found.base))
    if missed.asked:
        yield Note("left_out_in_all", (missed.asked, missed.tuned, missed.base))


def _faults(case: Case, answers: Answers, key: str, pair: Pair, ids: list[str]) -> Faults:
    base, tuned = (answers.table[key].get(arm, {}) for arm in pair)
    both = [p for p in ids if p in base and p in tuned]
    facts = sum(len(case.checks.facts(p)) for p in both) if key == "left_out" else 0
    return Faults(
        round(sum(tuned[p] for p in both)),
        round(sum(base[p] for p in both)),
        sum(tuned[p] > base[p] for p in both),
        sum(base[p] > tuned[p] for p in both),
        facts,
    )


def _empty_handed(
    answers: Answers, arm: OptionId, ids: list[str], prompts: Mapping[str, str]
) -> EmptyHanded | None:
    """One answer for all texts, or nearly all answers a copy of their text."""
    given = [(p, text) for p in ids for text in answers.texts.get(arm, {}).get(p, ())]
    if len(ids) < _LEAST_SAME or not given:
        return None
    if _constant(given, ids, prompts):
        return "constant"
    return "copied" if _copied(given, prompts) else None


def _constant(given: list[tuple[str, str]], ids: list[str], prompts: Mapping[str, str]) -> bool:
    """The same words for every text, where the texts differ; looks no further than it has to."""
    first, asked = words(given[0][1]), words(prompts[ids[0]])
    return all(words(text) == first for _, text in given) and any(
        words(prompts[p]) != asked for p in ids
    )


def _copied(given: list[tuple[str, str]], prompts: Mapping[str, str]) -> bool:
    others = 0
    for p, text in given:
        if not (text.strip() and words(text) == words(prompts[p])):
            others += 1
        if len(given) - others < _COPIES * len(given):
            return False
    return True
