"""Tokens of a request to each option: as given, as measured by a run, or as counted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from statistics import fmean

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm, OptionId
from advisor.case.texts import Prompt, with_passages
from advisor.case.variants import turns
from advisor.evidence.model import Output
from pricing.cost import Tokens
from pricing.offers import PriceCells
from pricing.tokens import count_chat_tokens, count_tokens


def tokens_per_request(case: Case, name: OptionId, outputs: Sequence[Output]) -> Tokens:
    """Mean tokens of one request to an arm: as given, else as measured, else as counted.

    Input is counted from the prompts with the arm's own instruction, examples and passages; output,
    before any run, from the approved answers, times the arm's reasoning multiplier. None where
    there is nothing to count.

    Args:
        case: with the arm in it.
        name: the arm's.
        outputs: the arm's own, of a run.
    """
    arm = case.arms[name]
    given_in = case.volume.input_tokens_per_request
    if given_in is not None:
        given_in += _beside_the_text(case, name)
    given_out = case.volume.output_tokens_per_request
    answered = [o for o in outputs if o.outcome == "answered"]
    measured_in = _mean(o.input_tokens for o in answered)
    measured_out = _mean(o.output_tokens for o in answered)
    sent, approved = input_tokens(case, name), _answer_tokens(case.prompts, arm.model)
    counted_in, counted_out = _mean(sent), _mean(approved)
    if counted_out is not None and arm.reasoning_multiplier is not None:
        counted_out *= arm.reasoning_multiplier
    return Tokens(
        input=_first(given_in, measured_in, counted_in),
        output=_first(given_out, measured_out, counted_out),
        origin=(
            "given"
            if given_in is not None and given_out is not None
            else "measured"
            if measured_out is not None
            else "counted"
        ),
    )


def output_is_counted(case: Case, tokens: Tokens) -> bool:
    """Whether the answers' tokens were counted from texts, so that reasoning is not in them."""
    given = case.volume.output_tokens_per_request is not None
    return tokens.origin == "counted" and tokens.output is not None and not given


def measured_calls(
    case: Case, outputs: Iterable[Output], pair: tuple[OptionId, OptionId]
) -> list[tuple[float, float, float, float]] | None:
    """Tokens measured per prompt: base input and output, tuned input and output.

    One row per prompt that both arms answered, its repeats averaged. Tokens that the case gives
    stand in every row, as `tokens_per_request` has them: an arm's examples or passages come on
    top. None where fewer than two prompts were measured, or all is given.
    """
    volume = case.volume
    given_in, given_out = volume.input_tokens_per_request, volume.output_tokens_per_request
    if given_in is not None and given_out is not None:
        return None
    stated = {
        arm: (None if given_in is None else given_in + _beside_the_text(case, arm), given_out)
        for arm in pair
    }
    calls: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for o in outputs:
        if o.outcome == "answered" and o.input_tokens is not None and o.output_tokens is not None:
            calls[o.prompt_id][o.arm].append((o.input_tokens, o.output_tokens))
    rows = []
    for by_arm in calls.values():
        if by_arm.keys() >= set(pair):
            base, tuned = (_means(by_arm[arm], stated[arm]) for arm in pair)
            rows.append((*base, *tuned))
    return rows if len(rows) >= 2 else None


def _means(
    calls: Sequence[tuple[int, int]], given: tuple[Decimal | None, Decimal | None]
) -> tuple[float, float]:
    into, out = (
        fmean(call[i] for call in calls) if stated is None else float(stated)
        for i, stated in enumerate(given)
    )
    return into, out


def likely_pair_tokens(case: Case, arm: Arm) -> Decimal | None:
    """Tokens of one approved pair: as long as the mean one of the case's texts, else as what is
    given for a request; None where neither can be told."""
    pair = pair_tokens(case, arm)
    given = (case.volume.input_tokens_per_request, case.volume.output_tokens_per_request)
    if pair is None and given[0] is not None and given[1] is not None:
        pair = given[0] + given[1]
    return pair


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one training job goes through: how long a pair is, and how often it is seen.

    The one source of a job's size: every price of a training job is worked from it.
    """

    pair_tokens: Decimal | None
    """Tokens of an approved pair; None where they can't be told."""
    epochs: int | None = None
    """Passes over a checked file by default; None = no file was checked."""
    measured: bool = False
    """From a checked file, which goes before figures that were typed in."""

    def tokens(self, pairs: int | None) -> int | None:
        """Tokens of one pass over so many pairs; None where they can't be told."""
        if self.pair_tokens is None or not pairs:
            return None
        return round(self.pair_tokens * pairs)

    def put_into(self, cells: PriceCells, pairs: int | None) -> PriceCells:
        """The figures with the tokens of so many pairs: a file's own, else where none are given.

        How often a file is seen is a choice: the reader's own figure stays.
        """
        found, tokens = {}, self.tokens(pairs)
        if tokens is not None and (self.measured or cells.training_tokens is None):
            found["training_tokens"] = tokens
        if self.epochs is not None and cells.epochs is None:
            found["epochs"] = self.epochs
        return cells.model_copy(update=found) if found else cells


def lesson_of(case: Case, arm: Arm) -> Lesson:
    """What a training job of an arm goes through: the checked file, else pairs like its texts."""
    file = case.training
    if file is not None and file.kind == "examples" and file.tokens:
        # All lines are paid for, duplicates too, but only the usable ones count as pairs.
        each = Decimal(file.tokens) / file.usable if file.usable else None
        return Lesson(each, file.epochs, measured=True)
    return Lesson(likely_pair_tokens(case, arm))


def with_training(cells: PriceCells, lesson: Lesson, brief: Brief) -> PriceCells:
    """The figures with what a training job goes through, where a job is paid by tokens.

    Args:
        cells: of the tuned option.
        lesson: how long a pair is.
        brief: how many pairs there are; of a tuned model that exists nothing is assumed.
    """
    by_tokens = cells.training_per_1m is not None and cells.training_per_hour is None
    if brief.tuned_exists or not by_tokens:
        return cells
    return lesson.put_into(cells, brief.training_pairs)


def pair_tokens(case: Case, arm: Arm) -> Decimal | None:
    """Mean tokens of a training pair: the arm's instruction, a text and its approved answer.

    Counted over the prompts that have an approved answer; None where none has.
    """
    return _pair_tokens(case.prompts, arm.system_prompt, arm.model)


@lru_cache(maxsize=32)
def _pair_tokens(prompts: tuple[Prompt, ...], system: str, model: str) -> Decimal | None:
    fixed = count_chat_tokens(system, "", model)
    texts = zip(prompts, prompt_tokens(prompts, model), strict=True)
    return _mean(
        fixed + n + count_tokens(prompt.reference, model) for prompt, n in texts if prompt.reference
    )


def input_tokens(case: Case, name: OptionId) -> tuple[int, ...]:
    """Input tokens of a request to an arm, for each prompt in order."""
    arm = case.arms[name]
    before = turns(case) if case.variant_of(name) == "examples" else ()
    fixed = _fixed_tokens(arm.system_prompt, before, arm.model)
    texts = _looked_up_tokens if case.variant_of(name) == "passages" else prompt_tokens
    return tuple(fixed + n for n in texts(case.prompts, arm.model))


def _beside_the_text(case: Case, name: OptionId) -> Decimal:
    """Mean tokens of the examples or passages that a variant gets; 0 for any other."""
    arm = case.arms[name]
    if case.variant_of(name) == "examples":
        return Decimal(
            _fixed_tokens(arm.system_prompt, turns(case), arm.model)
            - _fixed_tokens(arm.system_prompt, (), arm.model)
        )
    if case.variant_of(name) == "passages" and case.prompts:
        looked_up = _looked_up_tokens(case.prompts, arm.model)
        return (_mean(looked_up) or 0) - (
            _mean(prompt_tokens(case.prompts, arm.model)) or Decimal(0)
        )
    return Decimal(0)


@lru_cache(maxsize=32)
def _fixed_tokens(system: str, turns: tuple[tuple[str, str], ...], model: str) -> int:
    return count_chat_tokens(system, "", model, turns)


@lru_cache(maxsize=32)
def _looked_up_tokens(prompts: tuple[Prompt, ...], model: str) -> tuple[int, ...]:
    return tuple(count_tokens(with_passages(p.text, p.passages), model) for p in prompts)


@lru_cache(maxsize=32)
def _answer_tokens(prompts: tuple[Prompt, ...], model: str) -> tuple[int, ...]:
    return tuple(count_tokens(p.reference, model) for p in prompts if p.reference)


@lru_cache(maxsize=32)
def prompt_tokens(prompts: tuple[Prompt, ...], model: str) -> tuple[int, ...]:
    """Tokens of each prompt's text, in order."""
    return tuple(count_tokens(prompt.text, model) for prompt in prompts)


def _mean(counts: Iterable[int | None]) -> Decimal | None:
    known = [count for count in counts if count is not None]
    return Decimal(str(round(fmean(known), 3))) if known else None


def _first(*values: Decimal | None) -> Decimal | None:
    return next((value for value in values if value is not None), None)
