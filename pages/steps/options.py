"""Options: who competes, where each answers, what it costs a month and until when."""

import streamlit as st

from advisor.errors import AdvisorError
from advisor.verdict.costs import Costs
from pages.ui import errors, frame, markdown, session
from pages.ui.options import adding, changes, rows
from pricing.errors import PricingError

ABOUT = "Who competes on your texts. Fine-tuned has to beat the base model at its best."
USUAL = (
    "No fine-tuned model yet? That is the usual case. The base model is tested as it is and, if you "
    "add it, with five of your approved examples. The verdict then says how much room is left, and "
    "what a pilot costs."
)
FIRST = f"Who should compete on your texts? Start with a base model. {USUAL}"


def costs_of_options() -> Costs | None:
    """What each costs; None where a price can't be read, which the head of the page has said."""
    try:
        decision = session.decision()
    except (AdvisorError, PricingError):
        return None
    return decision.money if decision is not None else None


st.title("Options")
opened = frame.require_case()
case = opened.case
if case.arms:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown(ABOUT, width="content")
        adding.menu(case)
else:
    st.markdown(FIRST)
errors.failed(changes.FAILED)
now = rows.draw(case, opened.form("arms"), costs_of_options())
if now != case:
    session.save(now, entered=True)
    st.rerun()
if not case.arms:
    adding.suggestions(case)
    adding.menu(case)
else:
    adding.fixed_form(case)
    adding.folded_suggestions(case)
    if not case.tuned_options:
        markdown.note(USUAL)
ready = any(arm.answers for arm in case.arms.values())
frame.steps(back="texts", onward="compare", ready=ready)
