"""The offer to end a run, or the voting on it, that is settled."""

import streamlit as st

from advisor.report.voting import settled_so_far, votes_settle
from advisor.runs import control
from pages.ui import markdown, session


def offer(run_id: str) -> None:
    """Say that what is there decides, and offer to stop; nothing where it does not."""
    decision = session.decision()
    if decision is None:
        return
    if said := settled_so_far(decision.evidence):
        st.success(markdown.plain(said), icon=":material/task_alt:")
        st.button("Stop here: it is settled", key="settle", on_click=stop, args=(run_id,))


def say_votes_settle(ready: int) -> None:
    """Say that the votes given decide although texts are left; nothing where they do not.

    Args:
        ready: texts that both options have answered.
    """
    decision = session.decision()
    if decision is not None and (said := votes_settle(decision.evidence, ready)):
        st.success(markdown.plain(said), icon=":material/task_alt:")


def stop(run_id: str) -> None:
    """End the run as settled, if it still is."""
    decision = session.decision()
    if decision is not None and decision.evidence.would_decide is not None:
        control.settle(session.store(), run_id)
