"""What if: a table of what would change the verdict, and rules to change by hand; nothing is saved."""

import streamlit as st

from advisor.report.model import Report
from advisor.report.what_if import KNOBS, Knob, what_changed
from advisor.verdict.decision import Decision
from advisor.verdict.what_if import rules_with, verdict_under
from pages.ui import markdown, widgets

WIDTH = 240
"""Of an input, pixels: four in a row, one on a phone."""


def turns(report: Report) -> None:
    """Every input that would change the verdict on its own, the nearest first."""
    if not report.flips:
        return
    st.markdown("**What would change this, each on its own.** The nearest first.")
    st.dataframe(
        {
            "Input": [row.input for row in report.flips],
            "Now": [row.now for row in report.flips],
            "Turns at": [row.flips_at for row in report.flips],
            "To": [row.to for row in report.flips],
        },
        hide_index=True,
        alt="Inputs that would change the verdict, each with the value at which it does",
    )


@st.fragment
def panel(decision: Decision) -> None:
    """Weights and thresholds to move, and what the verdict would be; redrawn on its own."""
    opened = st.expander("What if: other weights and thresholds", key="what_if", on_change="rerun")
    if not opened.open:
        return  # some twenty inputs: drawn for those who want to move one
    with opened:
        st.markdown(
            "The rules are judgement, ordered by published evidence. Move them, and see whether "
            "the verdict hangs on one. The verdict above, the PDF and the JSON stay as they are."
        )
        said = st.container(border=True)
        rules = rules_with(_moved())
        with said:
            found = verdict_under(decision, rules)
            st.markdown(markdown.plain(what_changed(decision, rules, found)))
        st.button("Back to the shipped figures", key="what_if_back", on_click=_back)


def _moved() -> dict[str, float | None]:
    """The inputs, and what stands in them."""
    values: dict[str, float | None] = {}
    for heading, knobs in KNOBS.items():
        st.markdown(f"**{heading}**")
        row = st.container(horizontal=True)
        for knob in knobs:
            number = type(knob.shipped)
            values[knob.key] = widgets.number(
                row,
                knob.words,
                knob.shipped,
                _key(knob),
                min_value=number(knob.least),
                max_value=number(knob.most),
                step=number(knob.step),
                help=knob.help or None,
                placeholder=f"{knob.shipped:g}",
                width=WIDTH,
            )
    return values


def _key(knob: Knob) -> str:
    return f"what_if:{knob.key}"


def _back() -> None:
    for knobs in KNOBS.values():
        for knob in knobs:
            st.session_state[_key(knob)] = knob.shipped
