"""Small widgets that more than one page draws."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.report.model import Report
from advisor.words import day

FIRMNESS_ICON = {
    "decided": ":material/check_circle:",
    "leaning": ":material/trending_flat:",
    "provisional": ":material/help:",
    "blocked": ":material/block:",
}


def number(
    where: DeltaGenerator,
    label: str,
    saved: float | None,
    key: str,
    **how: Any,
) -> float | int | None:
    """A number that can be emptied: as `value=` the saved one would come back when it is cleared."""
    st.session_state.setdefault(key, saved)
    return where.number_input(label, value=None, key=key, **how)


@st.fragment
def fold(label: str, key: str, draw: Callable[[], object]) -> None:
    """What is drawn for who opens it, and on its own; closed it costs nothing."""
    opened = st.expander(label, key=key, on_change="rerun")
    if opened.open:
        with opened:
            draw()


def when(at: datetime) -> str:
    """A moment by the reader's own clock: "10:42" today, else "3 May 2026"."""
    zone = timezone(timedelta(minutes=-(st.context.timezone_offset or 0)))
    local = at.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == datetime.now(zone).date() else day(local.date())


def option_badge(default: str) -> None:
    """Base, fine-tuned or mixed as a badge: colour, icon and word say the same."""
    word, icon, colour = {
        "base": ("Base", ":material/radio_button_unchecked:", "blue"),
        "fine_tuned": ("Fine-tuned", ":material/tune:", "orange"),
        "mixed": ("Mixed", ":material/compare_arrows:", "gray"),
    }[default]
    st.badge(word, icon=icon, color=colour)


def firmness_badge(report: Report) -> None:
    """How firm the verdict is."""
    colour = {"decided": "green", "leaning": "blue", "provisional": "gray", "blocked": "red"}
    st.badge(
        report.firmness_label, icon=FIRMNESS_ICON[report.firmness], color=colour[report.firmness]
    )
