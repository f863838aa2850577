"""What amounts are shown in."""

from datetime import date
from decimal import Decimal

import streamlit as st

from advisor.case.currency import Currency
from pages.ui import session, widgets

CURRENCIES = ("USD", "EUR", "GBP", "CHF")


def ask(now: Currency, form: str) -> Currency:
    """What amounts are shown in; another than USD needs its rate and the rate's day."""
    with st.expander(f"Amounts are in {now.code}. Change"):
        code_column, rate_column, day_column = st.columns(3)
        code = code_column.selectbox(
            "Currency",
            list(dict.fromkeys([now.code, *CURRENCIES])),
            key=f"{form}:code",
        )
        if code == "USD":
            return Currency()
        rate = widgets.number(
            rate_column,
            f"{code} for 1 USD",
            float(now.per_usd) if now.code == code else None,
            f"{form}:rate:{code}",
            min_value=0.0001,
            max_value=1e9,
            step=0.01,
            format="%.4f",
        )
        rate_on = day_column.date_input(
            "Rate of",
            value=now.rate_on or session.today(),
            max_value=session.today(),
            key=f"{form}:rate_on",
        )
        if not rate or not isinstance(rate_on, date):
            st.info(f"Enter how many {code} one USD buys; until then amounts stay in {now.code}.")
            return now
        return Currency(code=code, per_usd=Decimal(str(rate)), rate_on=rate_on)
