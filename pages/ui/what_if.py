"""What if: every turn of the verdict in a table, and the rules moved by hand; nothing is saved."""

import streamlit as st

from advisor.decision import Decision
from advisor.report.model import Report
from advisor.what_if import KNOBS, Knob, rules_with, verdict_under, what_changed
from pages.ui import show

COLUMNS = 4


def turns(report: Report) -> None:
    """Every input that would turn the verdict on its own, the nearest first."""
    if not report.flips:
        return
    st.markdown("**What would turn it, each on its own.** The nearest first.")
    st.dataframe(
        {
            "Input": [row.input for row in report.flips],
            "Now": [row.now for row in report.flips],
            "Turns at": [row.flips_at for row in report.flips],
            "To": [row.to for row in report.flips],
        },
        hide_index=True,
        alt="Inputs that would turn the verdict, each with the value at which it turns",
    )


@st.fragment
def panel(decision: Decision) -> None:
    """Weights and thresholds to move, and what the verdict would be; redrawn on its own."""
    st.markdown(
        "The rules are judgement, ordered by published evidence. Move them, and see whether the "
        "verdict hangs on one. The verdict above, the PDF and the JSON stay as they are."
    )
    said = st.container(border=True)
    values: dict[str, float | None] = {}
    for heading, knobs in KNOBS.items():
        st.markdown(f"**{heading}**")
        for first in range(0, len(knobs), COLUMNS):
            columns = st.columns(COLUMNS)
            for column, knob in zip(columns, knobs[first : first + COLUMNS], strict=False):
                values[knob.key] = show.number(
                    column,
                    knob.words,
                    knob.shipped,
                    _key(knob),
                    min_value=type(knob.shipped)(knob.least),
                    max_value=type(knob.shipped)(knob.most),
                    step=type(knob.shipped)(knob.step),
                    help=knob.help or None,
                    placeholder=f"{knob.shipped:g}",
                )
    rules = rules_with(values)
    found = verdict_under(decision, rules)
    with said:
        st.markdown(show.plain(what_changed(decision, rules, found)))
    st.button("Back to the shipped figures", key="what_if_back", on_click=_back)


def _key(knob: Knob) -> str:
    return f"what_if:{knob.key}"


def _back() -> None:
    for knobs in KNOBS.values():
        for knob in knobs:
            st.session_state[_key(knob)] = knob.shipped
