"""People's time around each option: what an hour costs, and how much is corrected."""

from decimal import Decimal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.case.case import Case
from advisor.case.options import Arm, OptionId
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
    ("corrected_share_base", "Base", "Every base option"),
    ("corrected_share_tuned", "Fine-tuned", "Every fine-tuned option"),
)
"""Fields of a kind, and what the kind is called where it has one option, and where several."""
CORRECTED = "answers corrected, %"


def ask(case: Case, form: str) -> tuple[People, dict[OptionId, Arm]]:
    """People's time, all of it optional, in every total once it is known; and each option's share."""
    now, given = case.people, dict[str, Decimal | None]()
    opened = widgets.lazy_expander("People's time, if it should count", "fold:people")
    if opened is None:
        return now, case.arms
    with opened:
        markdown.note("Optional. Counts in every comparison of cost once you fill it in.")
        for column, (key, label) in zip(st.columns(len(TIME)), TIME, strict=True):
            given[key] = _amount(column, label, getattr(now, key), f"{form}:{key}")
        of_kinds = zip(
            st.columns(len(SHARES)), SHARES, (case.bases, case.tuned_options), strict=True
        )
        for column, (key, one, several), options in of_kinds:
            name = several if len(options) > 1 else one
            given[key] = _share(column, name, getattr(now, key), f"{form}:{key}")
        arms = case.arms | _ask_of_each(case, form)
    return now.model_copy(update=given), arms


def _ask_of_each(case: Case, form: str) -> dict[OptionId, Arm]:
    """The share of each option, where its kind has several: they may differ."""
    of_kinds = (case.bases, case.tuned_options)
    several = [option for kind in of_kinds if len(kind) > 1 for option in kind]
    if not several:
        return {}
    markdown.note("Where one option's answers are corrected more or less than the others':")
    found = {}
    for start in range(0, len(several), len(SHARES)):
        columns = st.columns(len(SHARES))
        for column, option in zip(columns, several[start : start + len(SHARES)], strict=False):
            share = _share(
                column,
                markdown.plain(case.name_of(option)),
                case.arms[option].corrected_share,
                f"{form}:corrected:{option}",
                "as above",
            )
            found[option] = case.arms[option].model_copy(update={"corrected_share": share})
    return found


def _share(
    where: DeltaGenerator,
    name: str,
    saved: Decimal | None,
    key: str,
    placeholder: str | None = None,
) -> Decimal | None:
    """The share of answers that are corrected, asked as a percentage; 0 to 1."""
    shown = None if saved is None else saved * 100
    percent = _amount(where, f"{name}: {CORRECTED}", shown, key, 100.0, placeholder)
    return None if percent is None else percent / 100


def _amount(
    where: DeltaGenerator,
    label: str,
    saved: Decimal | None,
    key: str,
    most: float = 10_000.0,
    placeholder: str | None = None,
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
        placeholder=placeholder,
    )
    return None if entered is None else Decimal(str(entered))
