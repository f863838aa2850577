"""Where the case's model could be tuned: every offer, what it costs a month, and until when."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

import streamlit as st

from advisor.case.currency import Currency
from advisor.report.labels import figure_names
from advisor.verdict.decision import Decision
from advisor.verdict.where_to_tune import Place, where_to_tune
from pages.ui import markdown, session

TABLE_FORMS: dict[str, Literal["dollar", "euro"]] = {"USD": "dollar", "EUR": "euro"}
"""How a table shows amounts, thousands apart; other currencies by number, and the note names them."""


def offers_for(decision: Decision) -> Sequence[Place]:
    """Every offer for the case as it stands."""
    return where_to_tune(decision.case, decision.money, session.today())


def show_offers(places: Sequence[Place], held: str, currency: Currency) -> None:
    """Every offer for this case, those closed to this reader marked, not hidden."""
    st.header("Where could I tune this?", anchor=False)
    st.markdown("At this volume, with your texts and what you said of your contracts.")
    month = f"A month, {held}"
    form = TABLE_FORMS.get(currency.code, "localized")
    amounts = st.column_config.NumberColumn(format=form, width=110)
    rows: list[Mapping[str, object]] = [
        {
            "Model": place.model,
            "Where": place.provider,
            "For you": place.access,
            month: _number(place.usd_per_month_all_in, currency),
            "Until": place.until,
            "Pilot": _number(place.pilot_usd, currency),
            "Training": _number(place.training_usd, currency),
            "How": place.method,
            "Not known": figure_names(place.missing),
            "Why": place.reason,
            "Source": place.source_url,
        }
        for place in places
    ]
    st.dataframe(
        rows,
        hide_index=True,
        height=320,
        placeholder="not known",
        column_config={
            month: st.column_config.NumberColumn(format=form, width=190),
            "Pilot": st.column_config.NumberColumn(
                format=form,
                width=110,
                help="One training job on your approved pairs, a day of hosting, your texts once.",
            ),
            "Training": amounts,
            "Until": st.column_config.DateColumn(format="D MMM YYYY", width=110),
            "Source": st.column_config.LinkColumn(display_text="source"),
        },
        alt="Every offer to tune, with what it would cost a month for this case and until when",
    )
    markdown.note(f"Amounts in this table are in {currency.code}. Click a column heading to sort.")


def _number(amount: Decimal | None, currency: Currency) -> float | None:
    return None if amount is None else round(currency.of(amount), 2)
