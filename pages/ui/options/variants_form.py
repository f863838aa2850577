"""What should be tried before tuning: the base option with examples, and with passages."""

import streamlit as st

from advisor.case.case import Case
from advisor.case.variants import (
    EXAMPLES,
    turns,
    with_examples,
    with_retrieval,
    without_examples,
    without_retrieval,
)
from advisor.words import count
from pages.ui import errors, markdown, session


def ask(case: Case, form: str) -> None:
    """Add or drop the two variants; each change is saved at once."""
    st.subheader("Try the cheaper steps in the same test", anchor=False)
    markdown.note(
        "Tuning has to beat the base model at its best, so each of them runs on your texts."
    )
    if any(arm.recorded for arm in case.arms.values()):
        markdown.note(
            "A sample's answers are recorded, so here it can't be tried: bring your own texts."
        )
        return
    examples, retrieval = st.columns(2, gap="large")
    with examples:
        _ask_examples(case, form)
    with retrieval:
        _ask_retrieval(case, form)


def _ask_examples(case: Case, form: str) -> None:
    on = "base_examples" in case.arms
    wanted = st.toggle(
        "Base with examples in its instruction",
        value=on,
        key=f"{form}:variant:examples:{on}",
        help="The analyst's term is few-shot prompting.",
    )
    if wanted != on:
        with errors.expected_errors():
            session.save(with_examples(case) if wanted else without_examples(case), entered=True)
            st.rerun()
    if not on:
        markdown.note(
            f"{EXAMPLES} of your texts with approved answers leave the test and are shown."
        )
        return
    with st.popover(f"The {count(len(case.examples), 'example')}", type="tertiary"):
        for text, answer in turns(case):
            st.text(text)
            markdown.note("Approved answer")
            st.text(answer)
            st.divider()


def _ask_retrieval(case: Case, form: str) -> None:
    on = "base_retrieval" in case.arms
    wanted = st.toggle(
        "Base with look-up: passages for each text",
        value=on,
        key=f"{form}:variant:retrieval:{on}",
        help="The analyst's term is retrieval, or RAG.",
    )
    if wanted != on:
        session.save(with_retrieval(case) if wanted else without_retrieval(case), entered=True)
        st.rerun()
    have = sum(prompt.passages is not None for prompt in case.prompts)
    if on or have:
        markdown.note(f"{have:,} of {count(len(case.prompts), 'text')} have passages.")
    if have < len(case.prompts) or not case.prompts:
        markdown.note("Paste what a look-up found for each text on Texts.")
