"""Which of the six steps have what the ones after them need, for the marks in the navigation."""

from typing import TYPE_CHECKING

import streamlit as st

from advisor.case.case import Case
from advisor.errors import AdvisorError
from pages.ui import session
from pricing.errors import PricingError

if TYPE_CHECKING:
    from advisor.evidence.run_state import RunState
    from advisor.verdict.decision import Decision

Done = frozenset[str]
"""Names of steps, as `frame.STEPS` has them."""


def of_open_case() -> Done:
    """The steps that are done for the open case; none where it can't be read."""
    try:
        opened = session.current()
        run = session.run()
    except (AdvisorError, PricingError):
        return frozenset()  # the page itself says what is wrong
    if opened is None:
        return frozenset()
    try:
        decision = session.decision()
    except (AdvisorError, PricingError):
        decision = None
    return _done(opened.case, run, decision)


def _done(case: Case, run: "RunState | None", decision: "Decision | None") -> Done:
    found = {"use_case"}
    if case.prompts:
        found.add("texts")
    if any(arm.answers for arm in case.arms.values()):
        found.add("options")
    if run is not None and run.status in ("done", "settled"):
        found.add("compare")
    if decision is not None:
        costs = decision.money.cost.arms.values()
        if costs and all(option.usd_per_month_all_in is not None for option in costs):
            found.add("costs")
        if decision.verdict.firmness == "decided":
            found.add("verdict")
    return frozenset(found)


def page(number: int, name: str, file: str, title: str, done: Done) -> st.Page:
    """A step in the navigation: its number and, once it is done, a mark."""
    return st.Page(
        file,
        title=f"{number} {title}",
        icon=":material/check_circle:" if name in done else ":material/circle:",
        url_path=name.replace("_", "-"),
        help="Done" if name in done else None,
    )
