"""Start: one sentence, start my case, open the sample, recent decisions."""

import streamlit as st

from advisor.case.case_file import load_sample, sample_names
from pages.ui import frame, markdown, session, widgets

st.title("Is fine-tuning worth it?")
with st.container(width=720):
    st.markdown(
        "Answer twelve questions, try your own texts on both models, see what each costs a month. "
        "You leave with a verdict and a PDF to defend it."
    )

samples = sample_names()
with st.container(horizontal=True):
    if st.button(markdown.on_primary("Start my case"), type="primary", key="start"):
        session.close()
        st.switch_page("pages/steps/use_case.py")
    if samples and st.button("Open the sample"):
        session.open_sample(samples[0])
        st.switch_page("pages/steps/compare.py")
if samples:
    sample = load_sample(samples[0])
    markdown.note(
        f"The sample needs no key and no network: {len(sample.prompts)} real clinic visits, answered "
        f"by a general and by a fine-tuned model, {sample.recorded}."
    )

st.space("medium")
practice, test, money = st.columns(3)
with practice.container(border=True, height="stretch"):
    st.markdown("**What practice says**")
    st.markdown("For each use case: the evidence behind it, and what would change it.")
with test.container(border=True, height="stretch"):
    st.markdown("**What your own test says**")
    st.markdown("Your texts, both models, blind votes. It says when there is too little to tell.")
with money.container(border=True, height="stretch"):
    st.markdown("**Money and dates**")
    st.markdown("Training, hosting and use per month, and the day a vendor stops the model.")

if len(samples) > 1:
    st.space("small")
    st.subheader("Same tuned model, two opponents: the answer depends on what you compare with")
    st.markdown("One fine-tuned chat model, 80 questions, two different opponents.")
    with st.container(horizontal=True):
        for name in samples[1:]:
            if st.button(load_sample(name).title, key=f"sample_{name}"):
                session.open_sample(name)
                st.switch_page("pages/steps/compare.py")

recent = session.store().recent_cases(5)
if recent:
    st.space("small")
    st.subheader("Recent decisions")
    for row in recent:
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(markdown.plain(row.title), key=f"open_{row.id}", type="tertiary"):
                session.open_case(row.id)
                st.switch_page("pages/steps/verdict.py")
            st.markdown(frame.standing_line(row.standing), width="content")
            markdown.note(f"saved {widgets.when(row.updated_at)}", width="content")
    st.page_link("pages/library/decisions.py", label="All my decisions")
