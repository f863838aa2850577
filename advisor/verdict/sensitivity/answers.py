"""Inputs of a verdict with a few answers: the questions of the brief."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, get_args

from advisor.case.brief import (
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
from advisor.verdict.bounds import ruled_out
from advisor.verdict.facts import Facts
from advisor.verdict.gates import find_access
from advisor.verdict.sensitivity.model import ChoiceLever, Input
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


def choices(facts: Facts) -> Iterator[ChoiceLever]:
    """Every question whose answer may change a verdict."""
    yield from chain(_ordered(facts), _tried(facts), _customer(facts))


def _ordered(facts: Facts) -> Iterator[ChoiceLever]:
    for key, values in _ORDERED.items():
        if key == "stage" and facts.basis is not None:
            continue  # a tuned model answered: that it exists is no question
        now = getattr(facts.brief, key)
        steps = {
            value: 1 if now is None else abs(values.index(value) - values.index(now))
            for value in values
            if value not in (now, "not_asked")  # what was asked stays asked
            and not (key == "data_may_go" and _bars_more(facts, data_may_go=value))
        }

        def put(value: object, key: str = key) -> Facts:
            return _with_brief(facts, **{key: value})

        yield ChoiceLever(Input("brief", key), now, tuple(steps.items()), put)


def _tried(facts: Facts) -> Iterator[ChoiceLever]:
    """One more step marked as tried."""
    now = facts.brief.tried
    untried = [
        step
        for step in get_args(Tried)
        if step not in (now or ())
        and not (step == "retrieval" and facts.brief.fact_change == "in_text")
    ]
    ways: list[tuple[tuple[str, ...], int]] = [((*(now or ()), step), 1) for step in untried]
    if now is None:
        ways.insert(0, ((), 1))
    yield ChoiceLever(
        Input("brief", "tried"), now, tuple(ways), lambda value: _with_brief(facts, tried=value)
    )


def _customer(facts: Facts) -> Iterator[ChoiceLever]:
    """Standing at a vendor; it counts where no machine of one's own is to be had."""
    brief = facts.brief
    if brief.tuned_exists or brief.can_host is not False:
        return
    for vendor in load_providers():
        now = brief.customer_of.get(vendor)

        def put(value: Any, vendor: str = vendor) -> Facts:
            return _with_brief(facts, customer_of={**brief.customer_of, vendor: value})

        standings = ("new", "existing", "tuned_before")
        far = {
            one: abs(standings.index(one) - standings.index(now)) if now else 1 for one in standings
        }
        ways = tuple(
            (one, steps)
            for one, steps in far.items()
            if steps and not _bars_more(facts, customer_of={**brief.customer_of, vendor: one})
        )
        yield ChoiceLever(Input("standing", "", vendor), now, ways, put)


def _bars_more(facts: Facts, **answers: Any) -> bool:
    """Whether more options would be ruled out, which says nothing of which one is right."""
    brief: Brief = facts.brief.model_copy(update=answers)
    return not ruled_out(brief, facts.sites).keys() <= ruled_out(facts.brief, facts.sites).keys()


def _with_brief(facts: Facts, **answers: Any) -> Facts:
    """Other answers, with what follows from them: access, and the bar of the evidence."""
    brief: Brief = facts.brief.model_copy(update=answers)
    access, evidence = facts.access, facts.evidence
    if answers.keys() & {"customer_of", "data_may_go", "can_host"}:
        # Only the second gate asks, and only of a reader without a tuned model or own machines.
        if not brief.tuned_exists and brief.can_host is False:
            access = find_access(brief, facts.chosen, facts.today)
    elif "error_cost" in answers and facts.basis is not None:
        high = "high" in (brief.error_cost, facts.brief.error_cost)
        if high:
            rules = facts.rules.evidence
            evidence = weigh(facts.basis, facts.basis.preferences, brief, rules, word_only=True)
    return replace(facts, brief=brief, access=access, evidence=evidence)
