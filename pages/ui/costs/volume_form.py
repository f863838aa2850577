"""How many texts a month, for how long, and how that grows."""

from decimal import Decimal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import widgets
from pricing.charges import MOST_REQUESTS
from pricing.cost import Volume


def ask(now: Volume, form: str) -> Volume:
    """How much and for how long; what an analyst sets stands behind an expander."""
    many, months, growing = st.columns(3)
    requests = widgets.number(
        many,
        "Texts a month",
        now.requests_per_month,
        f"{form}:requests",
        min_value=0,
        max_value=MOST_REQUESTS,
        step=1000,
        placeholder="Skip if you don't know",
    )
    horizon = months.number_input(
        "For how many months?", 1, 120, now.horizon_months, key=f"{form}:horizon"
    )
    growth = _percent(growing, "Monthly growth (%)", now.growth_per_month, f"{form}:growth", 1000.0)
    with st.expander("For the analyst"):
        cached, batch, again = st.columns(3)
        asked = {
            "cached_share": _percent(cached, "Cached input, %", now.cached_share, f"{form}:cached"),
            "batch_share": _percent(batch, "In batches, %", now.batch_share, f"{form}:batch"),
        }
        retrainings = again.number_input(
            "Retrainings a year",
            0.0,
            365.0,
            float(now.retrainings_per_year),
            1.0,
            key=f"{form}:retrainings",
        )
    return now.model_copy(
        update={
            **asked,
            "requests_per_month": requests,
            "horizon_months": horizon,
            "growth_per_month": growth,
            "retrainings_per_year": Decimal(str(retrainings)),
        }
    )


def _percent(
    where: DeltaGenerator, label: str, saved: Decimal, key: str, most: float = 100.0
) -> Decimal:
    """A share of 1, asked for in per cent."""
    least = -99.0 if most > 100 else 0.0
    entered = where.number_input(label, least, most, float(saved * 100), 1.0, key=key)
    return Decimal(str(entered)) / 100
