"""One text of a test in full: both answers with their differences, and what each does wrong."""

from dataclasses import dataclass

from advisor.case.checks import Style
from advisor.case.conversation import as_read
from advisor.evidence.broken_rules import BrokenRule, CheckedRule
from advisor.report.word_differences import MOST_CHARS, Piece, word_differences
from advisor.verdict.decision import Decision
from advisor.verdict.whole_text import WholeAnswer
from advisor.words import count, listed

MOST_NAMED = 12
"""Invented names and numbers, or facts left out, that are named one by one."""


@dataclass(frozen=True, slots=True)
class AnswerSide:
    """One option's answer to the text."""

    option: str
    pieces: tuple[Piece, ...]
    """Empty where there is no answer."""
    chars: int
    instead: str
    """What there is in place of an answer: "refused", "failed", "no answer yet"; "" = it answered."""
    broken: tuple[str, ...]
    """The reader's rules that the answer breaks, one sentence each."""
    invented: tuple[str, ...]
    """Names and numbers that neither the text nor an approved answer has."""


@dataclass(frozen=True, slots=True)
class OneText:
    """A text with its answers. All of it is plain text, never markup."""

    prompt_id: str
    text: str
    approved: str
    """"" = there is none."""
    base: AnswerSide
    tuned: AnswerSide
    note: str
    """What was left out because the texts are long; "" = nothing."""


def one_text(decision: Decision, prompt_id: str) -> OneText:
    """The first answers of both options to a text, as far as there are any.

    Raises:
        StopIteration: the case has no such text.
    """
    case, evidence = decision.case, decision.evidence
    whole = decision.whole_text(prompt_id, MOST_CHARS)
    prompt = whole.prompt
    found = word_differences(as_read(whole.base.text), as_read(whole.tuned.text))
    note = found.note
    if max(len(prompt.text), len(prompt.approved_words)) > MOST_CHARS:
        note = f"{note} Text or approved answer is cut at {MOST_CHARS:,} characters.".strip()
    # One alone has nothing to be compared with.
    marked, style = whole.base.answered and whole.tuned.answered, case.checks.style
    base, tuned = case.name_of(evidence.base_arm), case.name_of(evidence.tuned_arm)
    return OneText(
        prompt_id=prompt.id,
        text=prompt.text[:MOST_CHARS],
        approved=prompt.approved_words[:MOST_CHARS],
        base=_side(base, whole.base, found.base, style, marked=marked),
        tuned=_side(tuned, whole.tuned, found.tuned, style, marked=marked),
        note=note,
    )


def broken_sentence(found: BrokenRule, style: Style) -> str:
    """What an answer does wrong by one of the reader's rules."""
    items = named(found.items) if found.items else ""
    said: dict[CheckedRule, str] = {
        "must_have": f"Left out: {items}.",
        "required_terms": f"House terms not used: {items}.",
        "forbidden_terms": f"Terms to avoid: {items}.",
        "banned_words": f"Banned words: {items}.",
        "person": f"Not written in the {style.person} person.",
        "tense": f"Not written in the {style.tense} tense.",
        "longest_sentence": f"A sentence of {found.words} words; at most "
        f"{style.longest_sentence} are allowed.",
        "json_schema": "It does not fit your schema.",
        "pattern": "It does not fit your pattern.",
        "labels": "It does not name the approved label.",
    }
    return said[found.rule]


def named(items: list[str] | tuple[str, ...]) -> str:
    """Items in a row; of many the first, and how many more there are."""
    if len(items) <= MOST_NAMED:
        return listed(items)
    return f"{', '.join(items[:MOST_NAMED])} and {count(len(items) - MOST_NAMED, 'more', 'more')}"


def _side(
    name: str, found: WholeAnswer, pieces: tuple[Piece, ...], style: Style, *, marked: bool
) -> AnswerSide:
    if not found.answered:
        output = found.output
        instead = "no answer yet" if output is None else output.outcome.replace("_", " ")
        return AnswerSide(name, (), 0, instead, (), ())
    if not marked:
        pieces = (Piece("both", "".join(piece.text for piece in pieces)),)
    return AnswerSide(
        option=name,
        pieces=pieces,
        chars=len(found.text),
        instead="" if found.text.strip() else "an empty answer",
        broken=tuple(broken_sentence(one, style) for one in found.broken),
        invented=found.invented,
    )
