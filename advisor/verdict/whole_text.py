"""A text of a test with both answers: the one that is opened, and those that a report quotes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from advisor.case.case import Case
from advisor.case.texts import Prompt
from advisor.evidence.broken_rules import BrokenRule, broken_rules
from advisor.evidence.metrics.invented import invented_items
from advisor.evidence.model import Evidence, Output, Preference

QUOTED = 3


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """One option's first answer to a text, and what is wrong with it."""

    output: Output | None
    """None = it was not asked yet."""
    broken: tuple[BrokenRule, ...] = ()
    """The reader's rules that it breaks."""
    invented: tuple[str, ...] = ()
    """Names and numbers that neither the text nor an approved answer has."""

    @property
    def answered(self) -> bool:
        """There is an answer, be it an empty one."""
        return self.output is not None and self.output.outcome == "answered"

    @property
    def text(self) -> str:
        """The answer; "" = there is none."""
        return self.output.text if self.output is not None and self.answered else ""


@dataclass(frozen=True, slots=True)
class WholeText:
    """A text with the first answers of the two options compared."""

    prompt: Prompt
    base: WholeAnswer
    tuned: WholeAnswer


@dataclass(frozen=True, slots=True)
class QuotedText:
    """A text that both options answered, for a report to quote."""

    prompt: Prompt
    base: Output
    tuned: Output
    preferred: Preference | None
    """None = not compared."""


def whole_text(
    case: Case, evidence: Evidence, outputs: Sequence[Output], prompt_id: str, chars: int
) -> WholeText:
    """A text with its answers, as far as there are any.

    Args:
        case: what was asked, and the reader's rules.
        evidence: which pair is compared.
        outputs: finished calls, any order.
        prompt_id: the text's.
        chars: how many characters of an answer are checked.

    Raises:
        StopIteration: the case has no such text.
    """
    prompt = next(p for p in case.prompts if p.id == prompt_id)
    first = {o.arm: o for o in sorted(outputs, key=lambda o: -o.sample) if o.prompt_id == prompt_id}
    base, tuned = (
        _checked(case, prompt, first.get(arm), chars)
        for arm in (evidence.base_arm, evidence.tuned_arm)
    )
    return WholeText(prompt, base, tuned)


def _checked(case: Case, prompt: Prompt, output: Output | None, chars: int) -> WholeAnswer:
    if output is None or output.outcome != "answered":
        return WholeAnswer(output)
    read = output.text[:chars]
    known = (prompt.text, *prompt.references) if prompt.reference else None
    return WholeAnswer(
        output,
        broken_rules(read, prompt, case.checks),
        invented_items(read, known) if known else (),
    )


def texts_to_quote(
    case: Case, evidence: Evidence, outputs: Sequence[Output]
) -> tuple[QuotedText, ...]:
    """Up to three texts, one of each outcome first: what a reader should see before believing."""
    answers: dict[tuple[str, str], Output] = {}
    for output in outputs:
        if output.outcome == "answered" and output.sample == 0:
            answers[output.prompt_id, output.arm] = output
    base, tuned = evidence.base_arm, evidence.tuned_arm
    both = [p for p in case.prompts if {(p.id, base), (p.id, tuned)} <= answers.keys()]
    preferred: Mapping[str, Preference] = dict(evidence.preferences)
    chosen: dict[str, Prompt] = {}
    for wanted in ("base", "tuned", "tie", "both_bad", None):
        said = (p for p in both if preferred.get(p.id) == wanted and p.id not in chosen)
        chosen |= {prompt.id: prompt for prompt in islice(said, 1)}
    chosen |= {prompt.id: prompt for prompt in both[: QUOTED + len(chosen)]}
    return tuple(
        QuotedText(p, answers[p.id, base], answers[p.id, tuned], preferred.get(p.id))
        for p in islice(chosen.values(), QUOTED)
    )
