"""A shared report, as whoever holds its link gets it; by page or as a file, whatever the session."""

from datetime import UTC, datetime
from urllib.parse import quote, urljoin

import streamlit as st

from advisor.report.file_name import file_name
from advisor.report.pdf.render import render_pdf
from advisor.report.snapshot import Snapshot, handed_on
from advisor.store.snapshots import Shared
from pages.ui.everyone import everyone


def find(token: str) -> Shared | None:
    """What a token opens at this moment; None = nothing, whatever the reason."""
    return everyone().open_share(token, datetime.now(UTC))


def read(shared: Shared) -> Snapshot:
    """The snapshot, read once a session: its charts are kept with it.

    Raises:
        BadSnapshot: it was made by another version of the app.
    """
    kept: tuple[str, Snapshot] | None = st.session_state.get("shared")
    if kept is None or kept[0] != shared.body:
        st.session_state["shared"] = kept = (shared.body, handed_on(shared.body))
    return kept[1]


def pdf(token: str) -> tuple[str, bytes] | None:
    """The file's name and the file; None = the token opens nothing.

    Raises:
        BadSnapshot: it was made by another version of the app.
    """
    shared = find(token)
    if shared is None:
        return None
    report = handed_on(shared.body).report
    return file_name(report.title, report.today, "pdf"), render_pdf(report)


def links(address: str, token: str) -> tuple[str, str]:
    """The page's and the PDF's address, beside the page at this address."""
    asked = f"?share={quote(token)}"
    return urljoin(address, f"report{asked}"), urljoin(address, f"report.pdf{asked}")
