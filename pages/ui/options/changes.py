"""Changes to the options of the open case: add, duplicate, add a variant, remove.

Each is done in a callback, before the page is drawn: the page then shows the options as they are.
"""

import re
from collections.abc import Callable

import streamlit as st

from advisor.case.case import Case
from advisor.case.options import LONGEST_LABEL, Arm, Kind, OptionId
from advisor.case.variants import (
    free_id,
    leader_of,
    with_examples,
    with_variant,
    without_examples,
)
from advisor.verdict.fixed_form import suggest_fixed_form, with_fixed_form
from pages.ui import errors, session

FAILED = "options"
"""Beside what a refused click is said; see `errors.failed`."""


def add(arm: Arm, kind: Kind) -> None:
    """A new option; the first of its kind goes by the kind."""

    def put(case: Case) -> Case:
        if kind not in case.arms:
            return case.put(kind, arm)
        option = free_id(case, _id_like(arm.label or arm.model, kind))
        return case.put(option, arm.model_copy(update={"kind": kind}))

    _change(put)


def duplicate(option: OptionId) -> None:
    """A copy of an option, independent of it."""

    def put(case: Case) -> Case:
        arm, ending = case.arms[option], ", copy"
        label = f"{case.name_of(option)[: LONGEST_LABEL - len(ending)]}{ending}"
        said = {"kind": case.kind_of(option), "variant": case.variant_of(option), "label": label}
        return case.put(free_id(case, option), arm.model_copy(update=said))

    _change(put)


def try_with(option: OptionId, variant: str) -> None:
    """The same model with examples shown, or with passages looked up."""

    def put(case: Case) -> Case:
        if variant == "examples":
            return with_examples(case, option)
        return with_variant(case, option, "passages")

    _change(put)


def add_fixed_form() -> None:
    """The same base with the form that is suggested for the case as it is."""

    def put(case: Case) -> Case:
        form = suggest_fixed_form(case)
        return case if form is None else with_fixed_form(case, form)

    _change(put)


def remove(option: OptionId) -> None:
    """Remove an option; texts that are no longer examples for any option are compared again."""
    st.session_state.pop(f"change:{option}", None)
    _change(
        lambda case: (
            without_examples(case, option)
            if case.variant_of(option) == "examples"
            else case.without(option)
        )
    )


def _change(make: Callable[[Case], Case]) -> None:
    opened = session.current()
    if opened is None:
        return
    with errors.click(FAILED):
        before = set(opened.case.arms)
        case = make(opened.case)
        # What was typed into another field before this click is still to be read from it.
        session.save(case, entered=True)
        for option in set(case.arms) - before:
            if not case.arms[option].answers and leader_of(case, option) is None:
                st.session_state[f"change:{option}"] = True


def _id_like(name: str, kind: Kind) -> str:
    found = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:30]
    return found if found[:1].isalpha() else f"{kind}_{found}".strip("_")
