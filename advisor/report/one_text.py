"""One text of a test in full: both answers with their differences, and what each does wrong."""

from dataclasses import dataclass

from advisor.case.checks import Checks, Style
from advisor.case.conversation import as_read
from advisor.case.texts import Prompt
from advisor.evidence.metrics.fields import label_accuracy, pattern_match, schema_match
from advisor.evidence.metrics.house import longest_sentence, style_rules
from advisor.evidence.metrics.invented import invented_items
from advisor.evidence.metrics.tokens import holds
from advisor.evidence.model import Output
from advisor.report.word_differences import MOST_CHARS, Piece, word_differences
from advisor.verdict.decision import Decision
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
    base_arm, tuned_arm = evidence.base_arm, evidence.tuned_arm
    prompt = next(p for p in case.prompts if p.id == prompt_id)
    outputs: dict[str, Output] = {
        o.arm: o
        for o in sorted(decision.record.outputs, key=lambda o: -o.sample)
        if o.prompt_id == prompt_id
    }
    base, tuned = outputs.get(base_arm), outputs.get(tuned_arm)
    found = word_differences(as_read(_answer(base)), as_read(_answer(tuned)))
    note = found.note
    if max(len(prompt.text), len(prompt.approved_words)) > MOST_CHARS:
        note = f"{note} Text or approved answer is cut at {MOST_CHARS:,} characters.".strip()
    both = _answered(base) and _answered(tuned)
    return OneText(
        prompt_id=prompt.id,
        text=prompt.text[:MOST_CHARS],
        approved=prompt.approved_words[:MOST_CHARS],
        base=_side(case.name_of(base_arm), base, found.base, prompt, case.checks, marked=both),
        tuned=_side(case.name_of(tuned_arm), tuned, found.tuned, prompt, case.checks, marked=both),
        note=note,
    )


def broken_rules(answer: str, prompt: Prompt, checks: Checks) -> tuple[str, ...]:
    """The reader's rules that an answer breaks, one sentence each, in the order of the case file."""
    rules, style = checks.glossary, checks.style
    given = (
        ("Left out", [fact for fact in checks.facts(prompt.id) if not holds(answer, fact)]),
        ("House terms not used", [term for term in rules.required if not holds(answer, term)]),
        ("Terms to avoid", [term for term in rules.forbidden if holds(answer, term)]),
        ("Banned words", [term for term in style.banned if holds(answer, term)]),
    )
    said = [f"{what}: {named(items)}." for what, items in given if items]
    if style.person and not style_rules(answer, Style(person=style.person)):
        said.append(f"Not written in the {style.person} person.")
    if style.tense and not style_rules(answer, Style(tense=style.tense)):
        said.append(f"Not written in the {style.tense} tense.")
    longest = int(longest_sentence(answer))
    if style.longest_sentence and longest > style.longest_sentence:
        said.append(f"A sentence of {longest} words; at most {style.longest_sentence} are allowed.")
    if checks.json_schema and schema_match(answer, checks.json_schema) == 0:
        said.append("It does not fit your schema.")
    if checks.pattern and pattern_match(answer, checks.pattern) == 0:
        said.append("It does not fit your pattern.")
    right = [
        label_accuracy(answer, one, checks.labels) for one in prompt.references if checks.labels
    ]
    if right and all(score == 0 for score in right):
        said.append("It does not name the approved label.")
    return tuple(said)


def named(items: list[str] | tuple[str, ...]) -> str:
    """Items in a row; of many the first, and how many more there are."""
    if len(items) <= MOST_NAMED:
        return listed(items)
    return f"{', '.join(items[:MOST_NAMED])} and {count(len(items) - MOST_NAMED, 'more', 'more')}"


def _side(
    name: str,
    output: Output | None,
    pieces: tuple[Piece, ...],
    prompt: Prompt,
    checks: Checks,
    *,
    marked: bool,
) -> AnswerSide:
    answer = _answer(output)
    if not _answered(output):
        instead = "no answer yet" if output is None else output.outcome.replace("_", " ")
        return AnswerSide(name, (), 0, instead, (), ())
    if not marked:  # there is nothing to compare it with
        pieces = (Piece("both", "".join(piece.text for piece in pieces)),)
    read = answer[:MOST_CHARS]
    known = (prompt.text, *prompt.references) if prompt.reference else None
    return AnswerSide(
        option=name,
        pieces=pieces,
        chars=len(answer),
        instead="" if answer.strip() else "an empty answer",
        broken=broken_rules(read, prompt, checks),
        invented=invented_items(read, known) if known else (),
    )


def _answered(output: Output | None) -> bool:
    return output is not None and output.outcome == "answered"


def _answer(output: Output | None) -> str:
    return output.text if output is not None and output.outcome == "answered" else ""
