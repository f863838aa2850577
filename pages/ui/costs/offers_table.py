"""Where the case's model could be tuned: every offer, what it costs a month, and until when."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import streamlit as st

from advisor.case.currency import Currency
from advisor.report.access import access_words, place_reason
from advisor.report.labels import figure_names
from advisor.verdict.decision import Decision
from advisor.verdict.where_to_tune import Place, where_to_tune
from advisor.words import day
from pages.ui import markdown, session, widgets

TABLE_FORMS: dict[str, Literal["dollar", "euro"]] = {"USD": "dollar", "EUR": "euro"}
"""How a table shows amounts, thousands apart; other currencies by number, and the note names them."""

SHOWN = 5
"""Places in the short table."""
NO_DATE = "no date found"
ASK_VOLUME = (
    "How many texts a month? Enter it at the top of this page: what a place costs follows from it."
)
ASK_TEXTS = (
    "Add a few texts with approved answers on Texts: what a place costs follows from their length."
)


def offers_for(decision: Decision) -> Sequence[Place]:
    """Every offer for the case as it stands."""
    return where_to_tune(decision.case, decision.money, session.today())


def show_offers(places: Sequence[Place], held: str, currency: Currency, *, volume: bool) -> None:
    """The cheapest places open to this reader, and every other one in a fold.

    Args:
        places: every offer for the case.
        held: what a month holds.
        currency: amounts are shown in.
        volume: how many texts a month there are is known.
    """
    st.header("Where could I tune this?", anchor=False)
    months = [place for place in places if place.usd_per_month_all_in is not None]
    if not volume:
        st.info(ASK_VOLUME, icon=":material/arrow_upward:")
    elif not months:
        st.info(ASK_TEXTS, icon=":material/arrow_back:")
    elif cheapest := [
        place
        for place in months
        if place.standing == "open" or (place.standing == "depends" and not place.evaluation_only)
    ][:SHOWN]:
        st.markdown("The cheapest places that are open to you, or may be, at this volume.")
        _table_of(cheapest, held, currency)
    every = f"All {len(places)} offers, those closed to you too"
    widgets.fold(every, "fold:offers", lambda: _every_offer(places, held, currency))


def _table_of(places: Sequence[Place], held: str, currency: Currency) -> None:
    columns = {
        "Model and place": [f"{place.model} at {place.provider}" for place in places],
        f"A month, {held}": [currency.show(place.usd_per_month_all_in) for place in places],
        "For you": [access_words(place) for place in places],
        "Answers until": [day(place.until) if place.until else NO_DATE for place in places],
    }
    st.table(
        {name: [markdown.plain(cell) for cell in cells] for name, cells in columns.items()},
        border="horizontal",
        hide_index=True,
        alt="The cheapest places to tune that are open to you",
    )


def _every_offer(places: Sequence[Place], held: str, currency: Currency) -> None:
    """A table to sort; amounts of which most are not known are left out."""
    month = f"A month, {held}"
    form = TABLE_FORMS.get(currency.code, "localized")
    amounts = st.column_config.NumberColumn(format=form, width=110)
    columns: dict[str, list[object]] = {
        "Model": [place.model for place in places],
        "Where": [place.provider for place in places],
        "For you": [access_words(place) for place in places],
        month: [_number(place.usd_per_month_all_in, currency) for place in places],
        "Until": [place.until for place in places],
        "Pilot": [_number(place.pilot_usd, currency) for place in places],
        "Training": [_number(place.training_usd, currency) for place in places],
        "How": [place.method for place in places],
        "Not known": [figure_names(place.missing) for place in places],
        "Why": [place_reason(place) for place in places],
        "Source": [place.source_url for place in places],
    }
    sparse = [
        name
        for name in (month, "Pilot", "Training")
        if sum(cell is not None for cell in columns[name]) * 2 < len(places)
    ]
    st.dataframe(
        {name: cells for name, cells in columns.items() if name not in sparse},
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
