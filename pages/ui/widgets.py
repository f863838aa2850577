"""Small widgets that more than one page draws."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from types import ModuleType
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.report.model import Report
from advisor.words import day

Colour = Literal["blue", "gray", "green", "orange", "red"]
"""Of a badge, as Streamlit names it."""
FIRMNESS_ICON = {
    "decided": ":material/check_circle:",
    "likely": ":material/trending_up:",
    "leaning": ":material/trending_flat:",
    "open": ":material/balance:",
    "try_first": ":material/science:",
    "rule_of_thumb": ":material/help:",
    "blocked": ":material/block:",
}


def number(
    where: DeltaGenerator | ModuleType,
    label: str,
    saved: float | None,
    key: str,
    **how: Any,
) -> float | int | None:
    """A number input that can be emptied: by `value=` the saved number would come back when cleared."""
    st.session_state.setdefault(key, saved)
    entered: float | int | None = where.number_input(label, value=None, key=key, **how)
    return entered


def shortcut(key: str) -> str | None:
    """The key that presses a button; None on a phone, which has no keys to name."""
    return None if "Mobi" in (st.context.headers.get("User-Agent") or "") else key


def lazy_expander(label: str, key: str) -> DeltaGenerator | None:
    """An expander with fields of the page; None while it is closed, so that they are not drawn."""
    found = st.expander(label, key=key, on_change="rerun")
    return found if found.open else None


@st.fragment
def fold(label: str, key: str, draw: Callable[[], object]) -> None:
    """A fold that is drawn only once it is opened, and redrawn on its own."""
    opened = st.expander(label, key=key, on_change="rerun")
    if opened.open:
        with opened:
            draw()


def when(at: datetime) -> str:
    """A moment by the reader's own clock: "10:42" today, else "3 May 2026"."""
    zone = timezone(timedelta(minutes=-(st.context.timezone_offset or 0)))
    local = at.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == datetime.now(zone).date() else day(local.date())


_OPTION_BADGES: dict[str, tuple[str, str, Colour]] = {
    "base": ("Base", ":material/radio_button_unchecked:", "blue"),
    "fine_tuned": ("Fine-tuned", ":material/tune:", "orange"),
    "mixed": ("Mixed", ":material/compare_arrows:", "gray"),
}
_FIRMNESS_COLOUR: dict[str, Colour] = {
    "decided": "green",
    "likely": "blue",
    "leaning": "blue",
    "open": "gray",
    "try_first": "orange",
    "rule_of_thumb": "gray",
    "blocked": "red",
}


def option_badge(default: str) -> None:
    """Base, fine-tuned or mixed as a badge: colour, icon and word say the same."""
    word, icon, colour = _OPTION_BADGES[default]
    st.badge(word, icon=icon, color=colour)


def firmness_badge(report: Report) -> None:
    """How firm the verdict is."""
    icon, colour = FIRMNESS_ICON[report.firmness], _FIRMNESS_COLOUR[report.firmness]
    st.badge(report.firmness_label, icon=icon, color=colour)
