"""Start: what one gets, at a glance; start my case, open a sample, recent decisions."""

import streamlit as st

from advisor.case.case_file import Glance, load_sample, sample_glance, sample_names
from pages.ui import frame, live, markdown, session, widgets

OTHERS = {
    "chatbot": (
        "Chatbot",
        "One fine-tuned chat model against a ready-made one. A judge compared 80 pairs of answers.",
        "vicuna-13b and gpt-3.5-turbo",
    ),
    "clinic_notes": (
        "Clinic notes",
        "40 visits summed up by a general model and by a small fine-tuned one. Too close to call.",
        "bart-large and gpt-4",
    ),
    "chatbot_raw": (
        "Chatbot v an untrained model",
        "The same chat model against the model it was made from. Now the answer is the opposite.",
        "vicuna-13b and LLaMA-13B",
    ),
}
"""What the samples beside the first one are called here, what they show, and who answered."""


def open_sample(name: str) -> None:
    """Open a sample with its recorded answers on their way in."""
    from pages.ui.compare import starting  # much, and the first page runs nothing

    starting.open_started(load_sample(name))
    st.switch_page("pages/steps/compare.py")


def at_a_glance(name: str, glance: Glance) -> None:
    """What a verdict looks like, drawn from the sample's own."""
    case = load_sample(name)
    with st.container(border=True):
        markdown.note(markdown.plain(f"A sample. {case.title}"))
        side = "Fine-tuned" if glance.recommendation == "tuned" else "Base"
        st.subheader(f"{side}. Decided by the test.", anchor=False)
        for arm, label in live.BESIDE.items():
            right = glance.right[arm]
            said = f"**{label}**: {right} of {glance.texts} messages in the right queue"
            st.progress(right / glance.texts, text=said)
        money = f"${glance.usd_per_month['tuned']:,.0f} a month"
        st.markdown(markdown.plain(f"Both cost the same, {money}: one rented GPU serves either."))
        markdown.note(
            markdown.plain(
                f"SmolLM2-135M-Instruct, a base far smaller than one you would buy, {case.recorded}."
            )
        )
        if st.button("Open the sample"):
            open_sample(name)


samples = sample_names()
glance = sample_glance(samples[0]) if samples else None
told, picture = st.columns([1, 1], gap="large")
with told:
    st.title("Is fine-tuning worth it?")
    st.markdown(
        "Say what the model is for, try your own texts on both models, and see what each costs a "
        "month. You leave with a verdict and a PDF to defend it."
    )
    with st.container(horizontal=True):
        if st.button(markdown.on_primary("Start my case"), type="primary", key="start"):
            session.close()
            session.bring_answers(False)
            st.switch_page("pages/steps/use_case.py")
        if st.button(
            "I already have the answers",
            key="have_answers",
            help="A file with your texts and what both models answered to them.",
        ):
            session.close()
            session.bring_answers(True)
            st.switch_page("pages/steps/use_case.py")
    markdown.note("No key is needed to look at a sample, and nothing is sent anywhere.")
    live.offer()
if glance is not None:
    with picture:
        at_a_glance(samples[0], glance)

others = samples if glance is None else samples[1:]
if others:
    st.subheader("More samples", anchor=False)
    for column, name in zip(st.columns(len(others)), others, strict=True):
        case = load_sample(name)
        title, shows, who = OTHERS.get(name, (case.title, "", "Answers"))
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{markdown.plain(title)}**")
            st.markdown(markdown.plain(shows))
            markdown.note(markdown.plain(f"{who}, {case.recorded}."))
            st.space("stretch")  # the buttons of all stand in one line
            if st.button(f"Open {title}", key=f"sample_{name}"):
                open_sample(name)

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
