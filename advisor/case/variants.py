"""Variants: the base option once more, with examples in its instruction or with passages looked up.

They are what should be tried before tuning, and what the tuned option has to beat.
"""

from advisor.case.case import Case
from advisor.case.options import Arm, ArmName
from advisor.case.order import random_order
from advisor.errors import AdvisorError

VARIANTS: tuple[ArmName, ...] = ("base_examples", "base_retrieval")
EXAMPLES = 5
LEAST_TEXTS = 6
"""Texts that must be left to compare on: fewer clear choices give no statistic."""


class NoExamples(AdvisorError):
    """Too few texts with approved answers to take examples from."""


def turns(case: Case) -> tuple[tuple[str, str], ...]:
    """The examples as (text, approved answer); one without an answer shows nothing."""
    return tuple((shown.text, shown.reference) for shown in case.examples if shown.reference)


def check_variants(case: Case) -> None:
    """Refuse a variant that would be the base option once more, or see its own test.

    Raises:
        AdvisorError: what it lacks, or which texts are shown and compared on.
    """
    if "base_examples" in case.arms and not turns(case):
        raise AdvisorError(
            "arms.base_examples has no example to show; name a file of texts with approved answers "
            "as examples under [prompts]."
        )
    if "base_retrieval" in case.arms and not any(prompt.passages for prompt in case.prompts):
        raise AdvisorError(
            "arms.base_retrieval has nothing looked up; give the texts of the [prompts] file their "
            "passages."
        )
    both = {prompt.text for prompt in case.prompts} & {text for text, _ in turns(case)}
    if "base_examples" in case.arms and both:
        raise AdvisorError(
            f"Texts that are shown as examples and compared on: {len(both):,}; take them out of one "
            "of the two files."
        )


def with_examples(case: Case, many: int = EXAMPLES) -> Case:
    """The case with the base option tried with examples, taken out of the texts to compare on.

    An example that were compared on too would be answered from the instruction.

    Raises:
        NoExamples: too few texts have an approved answer, or too few would be left.
    """
    if not case.examples:
        answered = [prompt.id for prompt in case.prompts if prompt.reference]
        if len(answered) < many or len(case.prompts) - many < LEAST_TEXTS:
            raise NoExamples(
                f"This takes {many} texts with an approved answer out of the test, and "
                f"{LEAST_TEXTS} must be left; bring {many + LEAST_TEXTS} or more, or bring the "
                "examples as a file of their own."
            )
        taken = set(random_order(answered, seed=0)[:many])
        case = case.model_copy(
            update={
                "examples": tuple(p for p in case.prompts if p.id in taken),
                "prompts": tuple(p for p in case.prompts if p.id not in taken),
            }
        )
    return _with(case, "base_examples")


def without_examples(case: Case) -> Case:
    """The case without that option; its examples are texts to compare on again."""
    back = case.model_copy(update={"prompts": (*case.prompts, *case.examples), "examples": ()})
    return _without(back, "base_examples")


def with_retrieval(case: Case) -> Case:
    """The case with the base option tried with what was looked up for each text."""
    return _with(case, "base_retrieval")


def without_retrieval(case: Case) -> Case:
    """The case without that option; the passages stay with their texts."""
    return _without(case, "base_retrieval")


def in_step(case: Case) -> Case:
    """The case with every variant's model, price and instruction those of its base option."""
    for name in VARIANTS:
        if name in case.arms:
            case = _with(case, name)
    return case


def _with(case: Case, name: ArmName) -> Case:
    base = case.arms.get("base", Arm())
    return case.model_copy(update={"arms": {**case.arms, name: base}})


def _without(case: Case, name: ArmName) -> Case:
    kept = {arm: option for arm, option in case.arms.items() if arm != name}
    return case.model_copy(update={"arms": kept})
