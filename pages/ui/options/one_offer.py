"""One offer to tune a model in full; what was not found says so."""

from datetime import date
from decimal import Decimal

import streamlit as st

from advisor.report.access import access_reason
from advisor.report.library import hosting_words, training_words
from advisor.report.method import NOT_FOUND, day, usd
from pages.ui import markdown
from pricing.ages import is_ageing
from pricing.entries import Entry
from pricing.lifecycle import access
from pricing.offers import Offer, load_providers

WHO = {
    "existing": "existing customers",
    "tuned_before": "those who tuned there before",
    "invited": "invited customers",
}


def draw(offer: Offer, today: date) -> None:
    """Everything known about an offer, its source and age, and what holds for its provider."""
    entry = offer.entry(today)
    st.subheader(markdown.plain(f"{offer.base_model}, {offer.method}, at {offer.provider_name}"))
    st.markdown(markdown.plain(access_reason(access(offer, today).why)))
    figures = figures_of(offer, entry, today)
    st.table(
        {"What": list(figures), "Figure": [markdown.plain(text) for text in figures.values()]},
        border="horizontal",
        hide_index=True,
        hide_header=True,
        alt=f"Every figure of {offer.ref}",
    )
    age = "ageing" if is_ageing(entry.checked, today, offer.price_kind(today)) else "recent"
    st.markdown(
        f"[{markdown.plain(str(entry.source))}](<{entry.source}>), read "
        f"{day(entry.checked, entry.checked_precision)}, {age}."
    )
    if entry.note:
        st.markdown(f"**Note.** {markdown.plain(entry.note)}")
    about_provider = load_providers()[offer.provider].note
    if about_provider:
        st.markdown(f"**{markdown.plain(offer.provider_name)}.** {markdown.plain(about_provider)}")


def figures_of(offer: Offer, entry: Entry, today: date) -> dict[str, str]:
    """Each figure by what it is of, as text."""
    cells = entry.cells()
    figures = {
        "Input, per 1M tokens": money(cells.input, entry),
        "Cached input, per 1M tokens": money(cells.cached_input, entry),
        "Output, per 1M tokens": money(cells.output, entry),
        "Input in batches, per 1M tokens": money(cells.batch_input, entry),
        "Output in batches, per 1M tokens": money(cells.batch_output, entry),
        "Training": training_words(entry),
        "Least fee of a training job": money(cells.min_fee),
        "Hosting": hosting_words(entry),
        "The base model, per 1M tokens": f"{money(entry.base_input)} in, "
        f"{money(entry.base_output)} out",
        "Context window, tokens": count(offer.context_window),
        "Longest answer, tokens": count(offer.max_output),
        "Last day to train": when(entry.training_closes_on, today),
        "Tuned model stops": when(entry.tuned_stops_on, today),
    }
    if entry.closed_to_new_since is not None:
        figures["Closed to new customers since"] = day(entry.closed_to_new_since)
    if entry.open_to is not None:
        figures["Still open to"] = WHO[entry.open_to]
    if entry.evaluation_only:
        figures["Fit for"] = "evaluation only: the model is removed after a day"
    figures["Name in a case file"] = offer.ref
    return figures


def money(amount: Decimal | None, entry: Entry | None = None) -> str:
    if entry is not None and entry.tokens_included:
        return "included in the hour"
    return NOT_FOUND if amount is None else usd(amount)


def count(tokens: int | None) -> str:
    return NOT_FOUND if tokens is None else f"{tokens:,}"


def when(end: date | None, today: date) -> str:
    if end is None:
        return NOT_FOUND
    left = (end - today).days
    return day(end) + (f", in {left:,} days" if left > 0 else ", past")
