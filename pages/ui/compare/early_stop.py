"""The offer to end a run, or the voting on it, that is settled."""

import streamlit as st

from advisor.errors import AdvisorError
from advisor.report.voting import settled_so_far, votes_settle
from advisor.runs import control
from advisor.verdict.decision import Decision
from pages.ui import markdown, session
from pricing.errors import PricingError


def decision_so_far() -> Decision | None:
    """The decision; None where it cannot be made, and the line at the page's top says why."""
    try:
        return session.decision()
    except (AdvisorError, PricingError):
        return None


def offer(run_id: str) -> None:
    """Say that what is there decides, and offer to stop; nothing where it does not."""
    decision = decision_so_far()
    if decision is None:
        return
    if said := settled_so_far(decision.evidence, decision.case.names):
        st.success(markdown.plain(said), icon=":material/task_alt:")
        st.button("Stop here: it is settled", key="settle", on_click=stop, args=(run_id,))


def say_votes_settle(ready: int) -> None:
    """Say that the votes given decide although texts are left; nothing where they do not.

    Args:
        ready: texts that both options have answered.
    """
    decision = decision_so_far()
    if decision is not None and (said := votes_settle(decision.evidence, ready)):
        st.success(markdown.plain(said), icon=":material/task_alt:")


def stop(run_id: str) -> None:
    """End the run as settled, if it still is."""
    decision = decision_so_far()
    if decision is not None and decision.evidence.would_decide is not None:
        control.settle(session.store(), run_id)
