"""Inputs of a verdict with a few answers: the questions of the brief."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, get_args

from advisor.bounds import ruled_out
from advisor.brief import (
    BaseKind,
    Brief,
    DataMayGo,
    ErrorCost,
    FactChange,
    Gap,
    HumanCheck,
    Stage,
    Strictness,
    TaskChange,
    Tried,
)
from advisor.evidence.weigh import weigh
from advisor.gates import find_access
from advisor.ground import Ground
from advisor.levers.model import Choice
from pricing.offers import load_providers

_ORDERED: dict[str, tuple[Any, ...]] = {
    "base_kind": get_args(BaseKind),
    "stage": get_args(Stage),
    "gap": get_args(Gap),
    "training_permission": ("nothing_personal", "yes", "not_asked", "no"),
    "data_may_go": get_args(DataMayGo),
    "can_host": (False, True),
    "error_cost": get_args(ErrorCost),
    "human_check": get_args(HumanCheck),
    "fact_change": get_args(FactChange),
    "strictness": get_args(Strictness),
    "task_change": get_args(TaskChange),
}
"""Answers in their order, by key of the brief; one place along it is one step."""


def choices(ground: Ground) -> Iterator[Choice]:
    """Every question whose answer a verdict may turn on."""
    yield from chain(_ordered(ground), _tried(ground), _customer(ground))


def _ordered(ground: Ground) -> Iterator[Choice]:
    for key, values in _ORDERED.items():
        if key == "stage" and ground.basis is not None:
            continue  # a tuned model answered: that it exists is no question
        now = getattr(ground.brief, key)
        steps = {
            value: 1 if now is None else abs(values.index(value) - values.index(now))
            for value in values
            if value not in (now, "not_asked")  # what was asked stays asked
            and not (key == "data_may_go" and _bars_more(ground, data_may_go=value))
        }

        def put(value: object, key: str = key) -> Ground:
            return _with_brief(ground, **{key: value})

        yield Choice(f"brief.{key}", now, tuple(steps.items()), put)


def _tried(ground: Ground) -> Iterator[Choice]:
    """One more step tried; what was tried stays so."""
    now = ground.brief.tried
    untried = [
        step
        for step in get_args(Tried)
        if step not in (now or ())
        and not (step == "retrieval" and ground.brief.fact_change == "in_text")
    ]
    ways: list[tuple[tuple[str, ...], int]] = [((*(now or ()), step), 1) for step in untried]
    if now is None:
        ways.insert(0, ((), 1))
    yield Choice("brief.tried", now, tuple(ways), lambda value: _with_brief(ground, tried=value))


def _customer(ground: Ground) -> Iterator[Choice]:
    """Standing at a vendor; it counts where no machine of one's own is to be had."""
    brief = ground.brief
    if brief.tuned_exists or brief.can_host is not False:
        return
    for vendor in load_providers():
        now = brief.customer_of.get(vendor)

        def put(value: Any, vendor: str = vendor) -> Ground:
            return _with_brief(ground, customer_of={**brief.customer_of, vendor: value})

        standings = ("new", "existing", "tuned_before")
        far = {
            one: abs(standings.index(one) - standings.index(now)) if now else 1 for one in standings
        }
        ways = tuple(
            (one, steps)
            for one, steps in far.items()
            if steps and not _bars_more(ground, customer_of={**brief.customer_of, vendor: one})
        )
        yield Choice(f"brief.customer_of.{vendor}", now, ways, put)


def _bars_more(ground: Ground, **answers: Any) -> bool:
    """Further options would be ruled out: that says nothing of which of them is right."""
    brief: Brief = ground.brief.model_copy(update=answers)
    return not ruled_out(brief, ground.sites).keys() <= ruled_out(ground.brief, ground.sites).keys()


def _with_brief(ground: Ground, **answers: Any) -> Ground:
    """Other answers, with what follows from them: access, and the bar of the evidence."""
    brief: Brief = ground.brief.model_copy(update=answers)
    access, evidence = ground.access, ground.evidence
    if answers.keys() & {"customer_of", "data_may_go", "can_host"}:
        # Only the second gate asks, and only of a reader without a tuned model or own machines.
        if not brief.tuned_exists and brief.can_host is False:
            access = find_access(brief, ground.chosen, ground.today)
    elif "error_cost" in answers and ground.basis is not None:
        high = "high" in (brief.error_cost, ground.brief.error_cost)
        if high:
            rules = ground.rules.evidence
            evidence = weigh(ground.basis, ground.basis.preferences, brief, rules, word_only=True)
    return replace(ground, brief=brief, access=access, evidence=evidence)
