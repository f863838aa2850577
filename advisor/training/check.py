"""Check a training file: what it holds, what is wrong with it, and whether it is enough to tune on."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING
from zlib import compress

from advisor.case.texts import Prompt
from advisor.training.formats.model import FileKind
from advisor.training.leakage import find_leaks
from advisor.training.model import Example, Grade, LineFault, TrainingReport
from advisor.training.private import find_private, private_in
from advisor.training.read import read_training_file
from advisor.training.rules import (
    EpochRules,
    GradeRules,
    LabelRules,
    LanguageRules,
    Limits,
    TrainingRules,
    load_training_rules,
)
from advisor.training.similar import crowds, groups_of, near_pairs, plain
from pricing.tokens import encoding_for

if TYPE_CHECKING:
    from advisor.case.case import Case

USUAL_MODEL = "gpt-4.1-mini"
"""Whose vocabulary counts where no model is named."""


def vocabulary_of(case: "Case") -> str:
    """The model whose vocabulary counts a case's training file: the fine-tuned option's."""
    tuned = case.arms.get("tuned")
    return tuned.model if tuned and tuned.model else USUAL_MODEL


def check_training_file(
    content: bytes,
    name: str,
    prompts: Sequence[Prompt] = (),
    *,
    model: str = USUAL_MODEL,
    rules: TrainingRules | None = None,
) -> TrainingReport:
    """What is in a training file, and what is wrong with it.

    Args:
        content: JSONL in any of the formats of `advisor.training.formats`.
        name: of the file.
        prompts: of the comparison: looked for in the file, and checked for personal data.
        model: whose vocabulary counts the tokens.
        rules: thresholds; those that ship by default.

    Raises:
        BadTrainingFile: it is no such file at all; a wrong line is a fault in the report.
    """
    rules = rules or load_training_rules()
    read = read_training_file(content, name, model, rules.limits)
    kind = _kind(read.examples)
    examples = tuple(example for example in read.examples if example.kind == kind)
    unfit = [*_of_another_kind(read.examples, kind), *_unfit(examples, rules.limits)]
    out = {fault.line for fault in unfit if fault.fatal}
    usable = [example for example in examples if example.line not in out]
    duplicates, contradictions, distinct = _same_inputs(usable)
    near = _near(distinct, rules)
    count = len(distinct) - sum(len(group) - 1 for group in near)
    languages, looked_at = _languages(usable, rules.languages)
    return TrainingReport(
        name=name,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        lines=read.lines,
        forms=tuple(Counter(example.form for example in examples).most_common()),
        kind=kind,
        examples=len(examples),
        usable=count,
        grade=grade(count, rules.grade) if kind == "examples" else None,
        faults=tuple(sorted((*read.faults, *unfit), key=lambda fault: fault.line)),
        roles=tuple(Counter(role for e in examples for role in e.roles).most_common()),
        duplicates=duplicates,
        near_duplicates=near,
        contradictions=contradictions,
        prompts=len(prompts),
        leaks=find_leaks(prompts, examples, rules.similar),
        labels=_labels(usable, rules.labels) if kind == "examples" else (),
        private=find_private(_texts(examples)),
        private_in_prompts=private_in(tuple(prompts)),
        languages=languages,
        languages_looked_at=looked_at,
        tokens=sum(example.tokens for example in examples),
        longest=max((example.tokens for example in examples), default=0),
        tokens_exact=encoding_for(model).exact,
        epochs=usual_epochs(len(examples), rules.epochs),
        media=_media(examples),
    )


def _media(examples: Sequence[Example]) -> tuple[tuple[str, int], ...]:
    """Kinds of media, and how many examples hold each."""
    held = Counter(kind for e in examples for kind in {m.partition(":")[0] for m in e.media})
    return tuple(held.items())


KIND_WORDS: dict[FileKind, str] = {
    "examples": "an example with an answer",
    "preferences": "a preference between two answers",
    "graded": "a prompt for a grader",
    "texts": "a text with nothing asked",
}


def _kind(examples: Sequence[Example]) -> FileKind:
    """What most lines are; examples where there are none."""
    often = Counter(example.kind for example in examples).most_common(1)
    return often[0][0] if often else "examples"


def _of_another_kind(examples: Sequence[Example], kind: FileKind) -> Iterator[LineFault]:
    for example in examples:
        if example.kind != kind:
            yield LineFault(
                example.line,
                "another kind",
                f"Line {example.line} is {KIND_WORDS[example.kind]}, unlike most others "
                f"({KIND_WORDS[kind]}); no vendor takes both in one file: put it in another.",
            )


def grade(usable: int, rules: GradeRules) -> Grade:
    """Whether so many usable, distinct examples are enough."""
    if usable < rules.possible:
        return "not possible"
    if usable < rules.pilot:
        return "not enough"
    return "pilot" if usable < rules.enough else "enough"


def usual_epochs(examples: int, rules: EpochRules) -> int:
    """Passes a provider makes by default.

    Source: OpenAI cookbook, "Data preparation and analysis for chat model fine-tuning".
    """
    if not examples:
        return rules.usual
    if examples * rules.usual < rules.least_examples_seen:
        return min(rules.most, rules.least_examples_seen // examples)
    if examples * rules.usual > rules.most_examples_seen:
        return max(1, rules.most_examples_seen // examples)
    return rules.usual


def _unfit(examples: Sequence[Example], limits: Limits) -> Iterator[LineFault]:
    """What keeps to the format and is no use all the same, or stands out."""
    with_system = sum(bool(example.system.strip()) for example in examples)
    for example in examples:
        line = f"Line {example.line}"
        if not example.answer.strip():
            yield LineFault(example.line, "empty answer", f"{line} has an empty answer; write one.")
        elif (
            example.kind != "texts"
            and not example.media
            and not any(text.strip() for text in example.asked)
        ):
            yield LineFault(
                example.line,
                "no input",
                f"{line} has no message of a user, so there is nothing to answer; add it.",
            )
        if example.tokens > limits.example_tokens:
            yield LineFault(
                example.line,
                "too long",
                f"{line} has {example.tokens:,} units billed; what is beyond "
                f"{limits.example_tokens:,} is cut off, its answer first: shorten it.",
            )
        if _repeats_itself(example.answer, limits):
            yield LineFault(
                example.line,
                "repeats itself",
                f"{line} says the same over and over in an answer of "
                f"{len(example.answer):,} characters; correct it, or leave the line out.",
            )
        if (
            example.form not in ("prompt and completion", "plain text")
            and not example.system.strip()
            and with_system * 2 > len(examples)
        ):
            yield LineFault(
                example.line,
                "no instruction",
                f"{line} has no instruction (system message), unlike most others; add it.",
                fatal=False,
            )


def _repeats_itself(answer: str, limits: Limits) -> bool:
    if len(answer) < limits.answer_chars_looked_at:
        return False
    text = answer.encode()
    return len(compress(text, 1)) / len(text) < limits.repeats_ratio


def _same_inputs(
    usable: Iterable[Example],
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...], list[Example]]:
    """Duplicates, contradictions, and the first example of each input."""
    by_input: dict[bytes, list[Example]] = defaultdict(list)
    for example in usable:
        by_input[example.input_key].append(example)
    duplicates, contradictions = [], []
    for same in by_input.values():
        if len(same) == 1:
            continue
        by_answer: dict[str, list[int]] = defaultdict(list)
        for example in same:
            by_answer[" ".join(example.answer.casefold().split())].append(example.line)
        duplicates += [tuple(lines) for lines in by_answer.values() if len(lines) > 1]
        if len(by_answer) > 1:
            contradictions.append(tuple(example.line for example in same))
    distinct = [same[0] for same in by_input.values()]
    return tuple(sorted(duplicates)), tuple(sorted(contradictions)), distinct


def _near(distinct: Sequence[Example], rules: TrainingRules) -> tuple[tuple[int, ...], ...]:
    """Lines whose input and answer together are nearly those of another line."""
    texts = (plain("\n".join((*e.asked, *e.between, e.answer, e.rejected))) for e in distinct)
    sets = groups_of(texts, rules.similar)
    # Another instruction or another image makes another example, however alike the words are.
    apart = (
        (one, other)
        for one, other in near_pairs(sets, rules.similar)
        if distinct[one].media == distinct[other].media
        and distinct[one].system == distinct[other].system
    )
    found = crowds(apart)
    return tuple(tuple(distinct[at].line for at in crowd) for crowd in found)


def _labels(usable: Sequence[Example], rules: LabelRules) -> tuple[tuple[str, int], ...]:
    """Answers that look like labels, and how often each is given."""
    given = Counter(" ".join(example.answer.split())[: rules.chars + 1] for example in usable)
    few = len(given) <= min(rules.distinct, len(usable) // rules.per_label)
    if not given or not few or any(len(answer) > rules.chars for answer in given):
        return ()
    return tuple(given.most_common())


def _texts(examples: Iterable[Example]) -> Iterator[tuple[str, str]]:
    """(line number, text) of all that is said; an instruction that comes again is given once."""
    known: set[str] = set()
    for example in examples:
        texts = [*example.asked, *example.between, example.answer, example.rejected]
        if example.system not in known:
            known.add(example.system)
            texts.append(example.system)
        yield str(example.line), "\n".join(texts)


def _languages(
    examples: Sequence[Example], rules: LanguageRules
) -> tuple[tuple[tuple[str, int], ...], int]:
    """The languages of examples spread evenly over the file, and how many could be told."""
    from py3langid.langid import classify

    step = max(1, len(examples) // rules.looked_at)
    found: Counter[str] = Counter()
    for example in examples[::step][: rules.looked_at]:
        text = " ".join((*example.asked, example.answer))[: rules.chars]
        if sum(map(str.isalpha, text)) >= rules.least_letters:
            code = str(classify(text)[0])
            found[rules.names.get(code, code)] += 1
    told = sum(found.values())
    often = [item for item in found.most_common() if item[1] >= told * rules.least_share]
    return tuple(often), told
