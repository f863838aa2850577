"""Prices page: every offer to tune a model, and the base models' prices, with source and age."""

import hashlib
from datetime import date
from decimal import Decimal

import pandas as pd
import streamlit as st

from advisor.llm.upkeep.base_prices import refresh
from advisor.report.library import NEWCOMERS, base_stop_words, closing_words
from advisor.report.method import NOT_FOUND, day, load_method
from advisor.verdict.base_models import load_base_models
from pages.ui import errors, markdown, newer_prices, session
from pages.ui.options import one_offer
from pricing.ages import AGEING_AFTER, FactKind, is_ageing
from pricing.base_prices import base_price
from pricing.closed import closed_vendors
from pricing.lifecycle import ForNewcomers, access, for_newcomers
from pricing.offers import Offer, age_in_days, load_providers, offers

TITLE = "Prices"
PLACE = 1

STATES: dict[ForNewcomers, str] = {
    "open": "green",
    "evaluation_only": "gray",
    "hosting_only": "gray",
    "unverified": "gray",
    "invited": "orange",
    "closed_to_new": "orange",
    "ended": "red",
}
"""For someone new at the provider, in the order of the table."""
AGES = {"Recent": "green", "Ageing": "orange"}
UNITS = {"per_1m_tokens": "per 1M tokens", "per_hour": "an hour", "free": "free"}
today = session.today()
sheets = load_providers()


def number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def age(checked: date, kind: FactKind = "list prices") -> str:
    return "Ageing" if is_ageing(checked, today, kind) else "Recent"


def table_row(offer: Offer) -> dict[str, object]:
    """One offer as a row: who sells what to whom, until when, for how much, and how we know."""
    entry, left = offer.entry(today), access(offer, today).days_left
    cells = entry.cells()
    by_hour = entry.training_unit == "per_hour"
    training = cells.training_per_hour if by_hour else cells.training_per_1m
    return {
        "model": offer.base_model,
        "provider": offer.provider_name.partition(" (")[0],
        "newcomers": [NEWCOMERS[for_newcomers(offer, today)]],
        "stops": entry.tuned_stops_on,
        "stops_days": left.tuned_model,
        "input": number(cells.input),
        "output": number(cells.output),
        "hosting": number(cells.hosting_per_hour),
        "age": [age(entry.checked, offer.price_kind(today))],
        "method": offer.method,
        "training": number(training),
        "training_unit": UNITS.get(entry.training_unit or ""),
        "closes": entry.training_closes_on,
        "closes_days": left.training,
        "cached": number(cells.cached_input),
        "read": day(entry.checked, entry.checked_precision),
        "days_old": age_in_days(entry.checked, today),
        "source": str(entry.source),
    }


def matches(offer: Offer, wanted: str) -> bool:
    """Whether every word asked for stands somewhere in the offer."""
    state = NEWCOMERS[for_newcomers(offer, today)]
    text = f"{offer.provider_name} {offer.ref} {state}".lower()
    return all(word in text for word in wanted.lower().split())


st.title(TITLE)
entries = [offer.entry(today) for offer in offers()]
first = min(entries, key=lambda entry: entry.checked)
last = max(entries, key=lambda entry: entry.checked)
ageing = sum(
    is_ageing(offer.entry(today).checked, today, offer.price_kind(today)) for offer in offers()
)
st.markdown(
    f"**{len(entries):,} offers from {len(sheets)} providers, checked between "
    f"{day(first.checked, first.checked_precision)} and "
    f"{day(last.checked, last.checked_precision)}; {ageing} are "
    "ageing.** List prices in USD, without tax. "
    "A blank is marked “not found”: we looked and did not find it. It is never taken as 0."
)
with st.expander("What the words mean"):
    st.markdown(
        "- **Token:** the unit of text that is billed, about three quarters of an English word. "
        "1M is one million tokens, some 750,000 words.\n"
        "- **Two clocks:** the last day on which training can start, and the day on which the tuned "
        "model stops answering.\n"
        "- **0 in and out:** the hour of hosting is the whole price."
    )

newer_prices.draw()

st.header("Fine-tuned models")
search, filters = st.columns(2)
wanted = search.text_input(
    "Search offers",
    type="search",
    key="prices_search",
    persist_state="session",
    placeholder="e.g. gpt-4.1, Together, LoRA",
)
chosen = filters.multiselect(
    "Providers",
    list(sheets),
    format_func=lambda provider: sheets[provider].name,
    placeholder="All providers",
    key="prices_providers",
    persist_state="session",
)
only_open = st.toggle("Open to new customers", key="prices_open", persist_state="session")
closed = [vendor for vendor in closed_vendors() if vendor.fits(wanted)]
states = list(STATES)
shown = [
    offer
    for offer in sorted(offers(), key=lambda offer: states.index(for_newcomers(offer, today)))
    if (not chosen or offer.provider in chosen)
    and (not only_open or for_newcomers(offer, today) == "open")
    and matches(offer, wanted)
]
by_ref = {offer.ref: offer for offer in shown}
# A row that was ticked is a row of the table as it was: another search is another table.
table_key = "prices_table:" + hashlib.sha256("\n".join(by_ref).encode()).hexdigest()[:12]
if st.session_state.get("prices_offer") not in by_ref:
    st.session_state["prices_offer"] = None


def choose() -> None:
    """The row clicked becomes the offer shown in full."""
    rows = st.session_state[table_key].selection.rows
    if rows:
        st.session_state["prices_offer"] = shown[rows[0]].ref


st.markdown(f":small[{len(shown):,} offers. Tick a row to see all of it below the table.]")
if shown:
    st.dataframe(
        pd.DataFrame([table_row(offer) for offer in shown]),
        key=table_key,
        on_select=choose,
        selection_mode="single-row",
        hide_index=True,
        height=460,
        placeholder=NOT_FOUND,
        alt="Offers to tune a model: who sells it, whether it is open, dates, prices and source",
        column_config={
            "model": st.column_config.TextColumn("Model", width=200),
            "provider": st.column_config.TextColumn("Provider", width=150),
            "newcomers": st.column_config.MultiselectColumn(
                "New customers",
                options=[NEWCOMERS[state] for state in states],
                color=list(STATES.values()),
                width=115,
                help="Whether someone who never tuned there may start today.",
            ),
            "method": st.column_config.TextColumn(
                "Method",
                width=170,
                help="SFT: trained on approved answers. DPO: on preferred against rejected ones. "
                "RFT: by reward. LoRA: as a small add-on to the model.",
            ),
            "stops": st.column_config.DateColumn(
                "Model stops",
                format="D MMM YYYY",
                width=105,
                help="The day the tuned model stops answering.",
            ),
            "stops_days": st.column_config.NumberColumn("Days left", format="%d", width=80),
            "input": st.column_config.NumberColumn(
                "In, $ per 1M",
                format="%g",
                width=95,
                help="1 million tokens sent to the tuned model.",
            ),
            "output": st.column_config.NumberColumn("Out, $ per 1M", format="%g", width=105),
            "hosting": st.column_config.NumberColumn(
                "Hosting, $ /h", format="%g", width=100, help="Charged with or without traffic."
            ),
            "age": st.column_config.MultiselectColumn(
                "Age",
                options=list(AGES),
                color=list(AGES.values()),
                width=85,
                help=f"Ageing: read more than {AGEING_AFTER['list prices']} days ago, or "
                f"{AGEING_AFTER['host prices']} for machines and hosts of open models.",
            ),
            "training": st.column_config.NumberColumn(
                "Training, $", format="%g", help="In the unit beside it."
            ),
            "training_unit": st.column_config.TextColumn(
                "Training is paid", help="Tokens: those of the file, each time it is passed."
            ),
            "closes": st.column_config.DateColumn(
                "Training closes", format="D MMM YYYY", help="The last day to start training."
            ),
            "closes_days": st.column_config.NumberColumn("Days to train", format="%d"),
            "cached": st.column_config.NumberColumn("Cached in, $ per 1M", format="%g"),
            "read": st.column_config.TextColumn("Read on"),
            "days_old": st.column_config.NumberColumn("Days old", format="%d"),
            "source": st.column_config.LinkColumn("Source", width=260),
        },
    )
elif not closed:
    st.info("No offer fits. Clear the search or a filter.", icon=":material/search_off:")
for vendor in closed:
    st.warning(
        f"**{markdown.plain(vendor.name)}.** {markdown.plain(closing_words(vendor, today))} "
        f"[{markdown.plain(str(vendor.source))}](<{vendor.source}>), read {day(vendor.read_on)}.",
        icon=":material/event_busy:",
    )

ref = st.selectbox(
    "One offer in full",
    list(by_ref),
    index=None,
    format_func=lambda key: (
        f"{by_ref[key].base_model}, {by_ref[key].method}, {by_ref[key].provider_name}"
    ),
    placeholder="Tick a row above, or choose here",
    key="prices_offer",
    persist_state="session",
)
if ref is not None:
    with st.container(border=True):
        one_offer.draw(by_ref[ref], today)

st.header("Base models")
if st.button(
    "Fetch today's base prices",
    help="Reads the published list once, over the network (pydantic/genai-prices).",
):
    with errors.expected_errors():
        fetched = refresh()
        load_method.cache_clear()  # its figures are filled in from these prices
        st.success(f"Base prices are of {day(fetched)} now, until this app starts again.")
prices = [base_price(model.provider, model.model, today) for model in load_base_models()]
label = prices[0].source_label.rpartition(" as in ")[2]
released = prices[0].checked
st.markdown(
    f"A short list from {markdown.plain(label)}, a snapshot of published prices"
    + (f" of {day(released)}" if released else "")
    + ". A price is no proof that the model is still sold: its last day stands beside it."
)
st.dataframe(
    pd.DataFrame(
        [
            {
                "model": price.model,
                "provider": price.provider_name,
                "input": number(price.cells.input),
                "output": number(price.cells.output),
                "stops": base_stop_words(price.provider, price.model, today),
                "age": [age(price.checked)] if price.checked else None,
                "cached": number(price.cells.cached_input),
                "batch_input": number(price.cells.batch_input),
                "batch_output": number(price.cells.batch_output),
                "source": price.source_url,
            }
            for price in prices
        ]
    ),
    hide_index=True,
    placeholder=NOT_FOUND,
    alt="Base models with their prices in USD per 1 million tokens, and the source",
    column_config={
        "model": st.column_config.TextColumn("Model"),
        "provider": st.column_config.TextColumn("Provider"),
        "input": st.column_config.NumberColumn("In, $ per 1M", format="%g"),
        "output": st.column_config.NumberColumn("Out, $ per 1M", format="%g"),
        "cached": st.column_config.NumberColumn(
            "Cached in, $ per 1M", format="%g", help="Text sent before, kept by the provider."
        ),
        "batch_input": st.column_config.NumberColumn(
            "In, batch, $ per 1M", format="%g", help="For answers that may wait, up to a day."
        ),
        "batch_output": st.column_config.NumberColumn("Out, batch, $ per 1M", format="%g"),
        "age": st.column_config.MultiselectColumn(
            "Age", options=list(AGES), color=list(AGES.values())
        ),
        "stops": st.column_config.TextColumn(
            "Stops",
            width=290,
            help="The day it stops answering there, and what is named instead. Most days are from "
            "the provider's own page, as litellm's model list quotes it.",
        ),
        "source": st.column_config.LinkColumn("Source", width=260),
    },
)
