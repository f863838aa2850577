"""The figures behind a verdict, for an analyst, and texts with both answers."""

import streamlit as st

from advisor.report.model import Report
from pages.ui.markdown import note, plain


def analyst(report: Report) -> None:
    """The lean, signal by signal, the figures of the test, and what was fixed before it."""
    st.markdown(
        f"Lean score **{report.score:+.1f}**, from -100 (base) to +100 (fine-tuned). "
        f"{plain(report.chance)} {plain(report.chance_moved)}"
    )
    st.table(
        {
            "Signal": [row.name for row in report.signals],
            "You said": [row.said for row in report.signals],
            "Weight": [f"{row.weight:g}" for row in report.signals],
            "Adds": [f"{row.points:+.1f}" for row in report.signals],
        },
        hide_index=True,
    )
    for text in (*report.parts, *report.caps, *report.receipt):
        st.markdown(f"- {plain(text)}")
    if report.evidence.analyst:
        st.table(
            {
                "Figure": [name for name, _ in report.evidence.analyst],
                "Value": [value for _, value in report.evidence.analyst],
            },
            hide_index=True,
        )


def excerpts(report: Report) -> None:
    """Texts with both answers side by side, as plain text."""
    for excerpt in report.excerpts:
        st.markdown(f"**{plain(excerpt.prompt_id)}**, {excerpt.preference}")
        st.text(excerpt.prompt)
        base, tuned = st.columns(2)
        for column, word, text, chars in (
            (base, "Base", excerpt.base, excerpt.base_chars),
            (tuned, "Fine-tuned", excerpt.tuned, excerpt.tuned_chars),
        ):
            with column.container(border=True, height="stretch"):
                note(f"{word}, {chars:,} characters")
                st.text(text)
