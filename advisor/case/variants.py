"""Variants: an option once more, with examples, with passages looked up, or otherwise instructed.

They are what should be tried before tuning, and what the tuned options have to beat.
"""

import json

from advisor.case.case import Case
from advisor.case.options import (
    NAMED,
    RESERVED,
    Arm,
    OptionId,
    Variant,
    kind_by_name,
    variant_by_name,
)
from advisor.case.order import random_order
from advisor.errors import AdvisorError

EXAMPLES = 5
LEAST_TEXTS = 6
"""Texts that must be left to compare on: fewer clear choices give no statistic."""
_LONGEST_ID = 40


class NoExamples(AdvisorError):
    """Too few texts with approved answers to take examples from."""


def turns(case: Case) -> tuple[tuple[str, str], ...]:
    """The examples as (text, approved answer); one without an answer shows nothing."""
    return tuple((shown.text, shown.reference) for shown in case.examples if shown.reference)


def check_options(case: Case) -> None:
    """Refuse two options that are one, and a variant that shows nothing or its own test.

    Raises:
        AdvisorError: which two, what it lacks, or which texts are shown and compared on.
    """
    check_twice(case)
    for option in case.options:
        variant = case.variant_of(option)
        if variant == "examples" and not turns(case):
            raise AdvisorError(
                f"arms.{option} has no example to show; name a file of texts with approved answers "
                "as examples under [prompts]."
            )
        if variant == "passages" and not any(prompt.passages for prompt in case.prompts):
            raise AdvisorError(
                f"arms.{option} has nothing looked up; give the texts of the [prompts] file their "
                "passages."
            )
    both = {prompt.text for prompt in case.prompts} & {text for text, _ in turns(case)}
    if both and shows_examples(case):
        raise AdvisorError(
            f"Texts that are shown as examples and compared on: {len(both):,}; take them out of one "
            "of the two files."
        )


def check_twice(case: Case) -> None:
    """Refuse to buy the very same twice.

    Raises:
        AdvisorError: which two options are one.
    """
    if (twice := same_twice(case)) is not None:
        raise AdvisorError(
            f"{twice[0]} and {twice[1]} are the same option twice: change one or remove one."
        )


def same_twice(case: Case) -> tuple[OptionId, OptionId] | None:
    """Two options that would be asked the very same; None = each is another.

    Those that can't be asked yet, having no address or no model, are still to be filled in.
    """
    seen: dict[str, OptionId] = {}
    for option in case.options:
        arm = case.arms[option]
        if not arm.answers:
            continue
        asked = json.dumps(
            [
                arm.endpoint.strip().rstrip("/"),
                arm.model.strip(),
                arm.system_prompt.strip(),
                case.variant_of(option) if case.variant_of(option) != "improved" else "plain",
                arm.parameters.model_dump(mode="json"),
            ],
            sort_keys=True,
        )
        if asked in seen:
            return seen[asked], option
        seen[asked] = option
    return None


def shows_examples(case: Case) -> bool:
    """Whether any option is shown examples."""
    return any(case.variant_of(option) == "examples" for option in case.arms)


def with_examples(case: Case, of: OptionId = "base") -> Case:
    """The case with an option tried with examples, taken out of the texts to compare on.

    An example that were compared on too would be answered from the instruction.

    Raises:
        NoExamples: too few texts have an approved answer, or too few would be left.
        AdvisorError: it would be one option too many.
    """
    if not case.examples:
        answered = [prompt.id for prompt in case.prompts if prompt.reference]
        if len(answered) < EXAMPLES or len(case.prompts) - EXAMPLES < LEAST_TEXTS:
            raise NoExamples(
                f"This takes {EXAMPLES} texts with an approved answer out of the test, and "
                f"{LEAST_TEXTS} must be left. Bring {EXAMPLES + LEAST_TEXTS} or more, or bring the "
                "examples as a file of their own."
            )
        taken = set(random_order(answered, seed=0)[:EXAMPLES])
        case = case.model_copy(
            update={
                "examples": tuple(p for p in case.prompts if p.id in taken),
                "prompts": tuple(p for p in case.prompts if p.id not in taken),
            }
        )
    return with_variant(case, of, "examples")


def without_examples(case: Case, option: OptionId = "base_examples") -> Case:
    """The case without that option; its examples are texts to compare on, unless others show them."""
    left = case.without(option)
    if shows_examples(left):
        return left
    back = (*left.prompts, *left.examples)
    return left.model_copy(update={"prompts": back, "examples": ()})


def with_variant(case: Case, of: OptionId, variant: Variant) -> Case:
    """The case with a variant of one of its options, which follows that option's model.

    Raises:
        AdvisorError: it would be one option too many.
    """
    like = case.arms.get(of, Arm())
    named = next(
        (i for i in NAMED if of == "base" and variant_by_name(i) == variant != "plain"), None
    )
    if named is not None:
        return case.put(named, like)
    said = {"kind": case.kind_of(of), "variant": variant, "follows": of, "label": ""}
    return case.put(free_id(case, f"{of}_{variant}"), like.model_copy(update=said))


def free_id(case: Case, wanted: str) -> OptionId:
    """An id like this that no option of the case has."""
    tried, n = wanted[:_LONGEST_ID], 1
    while tried in case.arms or tried in RESERVED:
        n += 1
        tried = f"{wanted[: _LONGEST_ID - 2]}_{n}"
    return tried


def leader_of(case: Case, option: OptionId) -> OptionId | None:
    """The option whose model this one always has; None = it has its own.

    Said by `follows`. The two variants that have theirs by name say nothing: they follow the base
    option as long as they are the same in all that `in_step` keeps.
    """
    arm = case.arms[option]
    if arm.follows is not None:
        return arm.follows if arm.follows in case.arms and arm.follows != option else None
    base = case.arms.get("base")
    by_name = variant_by_name(option) != "plain" and kind_by_name(option) == "base"
    return "base" if by_name and base is not None and _led(arm, base, option) == arm else None


def in_step(case: Case, before: Case) -> Case:
    """The case in which whatever followed an option before has that option's model as it is now."""
    arms = dict(case.arms)
    for option in case.options:
        seen, at = {option}, option
        while (leader := leader_of(before if at in before.arms else case, at)) is not None:
            if leader in seen or leader not in arms:
                break
            seen.add(leader)
            at = leader
        if at != option:
            arms[option] = _led(arms[option], arms[at], option)
    return case.model_copy(update={"arms": arms})


def _led(arm: Arm, leader: Arm, option: OptionId) -> Arm:
    """An option with all of the one it follows, but what the two are there to differ in."""
    own = own_fields(arm, option)
    return leader.model_copy(update={name: getattr(arm, name) for name in own})


def own_fields(arm: Arm, option: OptionId) -> frozenset[str]:
    """Fields in which an option that follows another may differ from it."""
    own = {"kind", "variant", "follows", "label", "corrected_share"}
    variant = arm.variant or variant_by_name(option)
    if variant in ("plain", "improved"):
        own |= {"system_prompt"}
    if variant == "plain":
        own |= {"parameters", "reasoning_multiplier"}
    return frozenset(own)
