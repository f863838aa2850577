"""What an option's price is and where it comes from, in a few lines."""

import streamlit as st

from advisor.report.access import until
from advisor.report.base_stop import base_stop
from advisor.report.model import Source
from advisor.words import usd
from pages.ui import session
from pages.ui.markdown import note, plain, source
from pricing.offers import load_providers
from pricing.quotes import Quote


def offer_name(ref: str) -> str:
    """An offer's reference in words: "gpt-4.1 (SFT) at OpenAI"."""
    providers = load_providers()
    provider, colon, rest = ref.partition(":")
    if not colon:
        return ref
    seller = providers[provider].name if provider in providers else provider
    if provider in providers:
        for offer in providers[provider].offers:
            if offer.ref == ref:
                return f"{offer.base_model}, {offer.method}, at {seller}"
    return f"{rest} at {seller}"


def quote_lines(found: Quote) -> None:
    """What an option's price is, where it comes from, and until when it runs."""
    cells = found.cells
    lines = []
    if cells.input == 0 and cells.output == 0 and cells.hosting_per_hour:
        lines.append("Nothing per text: the machine is paid by the hour.")
    elif found.source_label and (cells.machine_per_hour is None or cells.input or cells.output):
        lines.append(
            f"Input **{usd(cells.input)}**, output **{usd(cells.output)}** per 1M units billed."
        )
    if cells.machine_per_hour is not None:
        lines.append(f"Your own machine **{usd(cells.machine_per_hour)}** an hour.")
    if cells.hosting_per_hour:
        lines.append(f"Hosting **{usd(cells.hosting_per_hour)}** an hour.")
    if cells.training_per_1m or cells.training_per_hour:
        rate = cells.training_per_1m or cells.training_per_hour
        unit = "1M units" if cells.training_per_1m else "hour"
        lines.append(f"Training **{usd(rate)}** per {unit}.")
    st.markdown(" ".join(lines).replace("$", r"\$"))
    if found.source_label:
        ageing = ", :orange-badge[ageing]" if found.ageing else ""
        own = ", with your own figures" if found.own and found.ref else ""
        origin = Source(found.source_label, found.source_url, found.checked)
        note(f"{source(origin)}{own}{ageing}")
    if until_when := base_stop(found, session.today()):
        st.markdown(f":material/event_busy: {plain(until_when)}")
    if found.tuned_stops_on is not None:
        st.markdown(f":material/event_busy: {until(found, session.today())}.")
