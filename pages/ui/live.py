"""Live on this computer: the first sample asked for real, and a message of the reader's own."""

from typing import TYPE_CHECKING

import streamlit as st

from advisor.case.case import Case
from advisor.case.live_sample import live_sample
from advisor.host.settings import exposure
from pages.ui import errors, markdown

if TYPE_CHECKING:
    from advisor.llm.replies import Reply

BESIDE = {"base_examples": "Base with 16 examples", "tuned": "Fine-tuned"}
"""Who answers a message of the reader's own, by the names they have here."""
EXAMPLE = "The front brake squeals when it rains. Can somebody look at it this week?"


def offer() -> None:
    """What `make live` serves, or one sentence on what the command brings."""
    if not exposure().live:
        if not exposure().to_strangers:
            markdown.note(
                "To run the sample for real on this computer and try messages of your own, start "
                "the app with **make live**: a 130 MB download, no key."
            )
        return
    base, tuned = exposure().live
    case = live_sample(base, tuned)
    with st.container(border=True):
        st.subheader("Live on this computer", anchor=False)
        with st.form("live", border=False):
            text = st.text_input(
                "A message to a bike-subscription firm", EXAMPLE, max_chars=500, key="live_text"
            )
            asked = st.form_submit_button("Ask both models")
        if asked and text.strip():
            _answer(case, text)
        elif asked:
            st.info("Type a message first.")
        if st.button("Run it live here"):
            _run(case)
        markdown.note(
            f"A tiny model and its fine-tuned version answer here: all {len(case.prompts)} messages "
            "of the sample, or yours. Nothing leaves this computer."
        )


def _answer(case: Case, text: str) -> None:
    """Both answers, side by side, as they are written."""
    from advisor.runs.side_by_side import answer_beside  # much, and most first pages ask nothing

    columns = dict(zip(BESIDE, st.columns(len(BESIDE)), strict=True))
    shown, so_far = {}, dict.fromkeys(BESIDE, "")
    for option, name in BESIDE.items():
        columns[option].markdown(f"**{name}**")
        shown[option] = columns[option].empty()
        shown[option].text("…")

    def write(option: str, piece: str) -> None:
        so_far[option] += piece
        shown[option].text(so_far[option])

    with errors.expected_errors():
        for option, reply in answer_beside(case, BESIDE, text.strip(), write).items():
            shown[option].text(_said(reply))
            if reply.latency_ms is not None and reply.fault is None:
                columns[option].markdown(f":small[:gray[{reply.latency_ms / 1000:.1f} s]]")


def _said(reply: "Reply") -> str:
    if reply.fault is not None:
        return reply.fault.sentence
    return reply.text or "It gave no answer."


def _run(case: Case) -> None:
    """Open the sample as a case whose answers are asked for now."""
    from pages.ui.compare import starting  # much, and the first page runs nothing

    starting.open_started(case)
    st.switch_page("pages/steps/compare.py")
