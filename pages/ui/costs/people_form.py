"""People's time around each option: what an hour costs, and how much is corrected."""

from decimal import Decimal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import markdown, widgets
from pricing.people import People

TIME = (
    ("hourly_rate", "Hourly cost of a reviewer (USD)"),
    ("minutes_to_correct", "Minutes to correct an answer"),
    ("one_off_days_examples", "One-off days for examples"),
    ("one_off_days_it", "One-off IT days"),
    ("one_off_days_testing", "One-off testing days"),
)
SHARES = (
    ("corrected_share_base", "Base: answers corrected, %"),
    ("corrected_share_tuned", "Fine-tuned: answers corrected, %"),
)


def ask(now: People, form: str) -> People:
    """People's time, all of it optional, in every total once it is known."""
    given: dict[str, Decimal | None] = {}
    opened = widgets.lazy_expander("People's time, if it should count", "fold:people")
    if opened is None:
        return now
    with opened:
        markdown.note("Optional. Counts in every comparison of cost once you fill it in.")
        for column, (key, label) in zip(st.columns(len(TIME)), TIME, strict=True):
            given[key] = _amount(column, label, getattr(now, key), f"{form}:{key}")
        for column, (key, label) in zip(st.columns(len(SHARES)), SHARES, strict=True):
            saved = getattr(now, key)
            share = _amount(
                column, label, None if saved is None else saved * 100, f"{form}:{key}", most=100.0
            )
            given[key] = None if share is None else share / 100
    return now.model_copy(update=given)


def _amount(
    where: DeltaGenerator, label: str, saved: Decimal | None, key: str, most: float = 10_000.0
) -> Decimal | None:
    """An amount that may stay open."""
    value = None if saved is None else float(saved)
    entered = widgets.number(
        where,
        label,
        value,
        key,
        min_value=0.0,
        max_value=most,
        step=1.0,
    )
    return None if entered is None else Decimal(str(entered))
