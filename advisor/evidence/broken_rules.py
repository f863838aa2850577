"""Broken rules: which of the reader's own rules an answer breaks, and by what."""

from dataclasses import dataclass
from typing import Literal

from advisor.case.checks import Checks, Style
from advisor.case.texts import Prompt
from advisor.evidence.metrics.fields import label_accuracy, pattern_match, schema_match
from advisor.evidence.metrics.house import longest_sentence, style_rules
from advisor.evidence.metrics.tokens import holds

CheckedRule = Literal[
    "must_have",
    "required_terms",
    "forbidden_terms",
    "banned_words",
    "person",
    "tense",
    "longest_sentence",
    "json_schema",
    "pattern",
    "labels",
]


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule of a case's checks that an answer breaks."""

    rule: CheckedRule
    items: tuple[str, ...] = ()
    """The facts, terms or words that it leaves out or should not have."""
    words: int = 0
    """Of its longest sentence, where that is too long."""


def broken_rules(answer: str, prompt: Prompt, checks: Checks) -> tuple[BrokenRule, ...]:
    """The rules that an answer breaks, in the order of the case file."""
    terms, style = checks.glossary, checks.style
    by_items: dict[CheckedRule, tuple[str, ...]] = {
        "must_have": _lacking(answer, checks.facts(prompt.id)),
        "required_terms": _lacking(answer, terms.required),
        "forbidden_terms": _held(answer, terms.forbidden),
        "banned_words": _held(answer, style.banned),
    }
    found = [BrokenRule(rule, items) for rule, items in by_items.items() if items]
    if style.person and not style_rules(answer, Style(person=style.person)):
        found.append(BrokenRule("person"))
    if style.tense and not style_rules(answer, Style(tense=style.tense)):
        found.append(BrokenRule("tense"))
    longest = int(longest_sentence(answer))
    if style.longest_sentence and longest > style.longest_sentence:
        found.append(BrokenRule("longest_sentence", words=longest))
    if checks.json_schema and schema_match(answer, checks.json_schema) == 0:
        found.append(BrokenRule("json_schema"))
    if checks.pattern and pattern_match(answer, checks.pattern) == 0:
        found.append(BrokenRule("pattern"))
    right = [
        label_accuracy(answer, one, checks.labels) for one in prompt.references if checks.labels
    ]
    if right and all(score == 0 for score in right):
        found.append(BrokenRule("labels"))
    return tuple(found)


def _lacking(answer: str, terms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(term for term in terms if not holds(answer, term))


def _held(answer: str, terms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(term for term in terms if holds(answer, term))
