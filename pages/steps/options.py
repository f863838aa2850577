"""Options: who competes, where each answers, what it costs a month and until when."""

import streamlit as st

from advisor.case.options import Arm, ArmName
from advisor.case.variants import in_step
from pages.ui import frame, session
from pages.ui.options import option_form, variants_form

OPTIONS: tuple[ArmName, ...] = ("base", "tuned")

st.title("Options")
opened = frame.require_case()
case = opened.case
arms = dict(case.arms)
for column, arm in zip(st.columns(2, gap="large"), OPTIONS, strict=True):
    with column.container(border=True):
        entered = option_form.ask(case, opened.form("arms"), arm)
        if entered != arms.get(arm, Arm()):
            arms[arm] = entered
with st.container(border=True):
    variants_form.ask(case, opened.form("arms"))
now = in_step(case.model_copy(update={"arms": arms}), case)
if now != case:
    session.save(now, entered=True)
    st.rerun()
frame.steps(back="texts", onward="compare")
