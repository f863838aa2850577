"""A shared report, opened by a link: read-only, for anyone who has it, just as the PDF has it."""

import streamlit as st

from advisor.report.file_name import file_name
from advisor.report.pdf.render import render_pdf
from advisor.report.sharing import CLOSED, stamp
from advisor.report.snapshot import Snapshot
from advisor.store.snapshots import Shared
from pages.ui import errors, markdown, session, sign_in
from pages.ui.verdict import report_view, shared


def closed() -> None:
    """A wrong, an expired and a revoked link are answered alike."""
    st.title("There is no report here")
    st.info(CLOSED, icon=":material/link_off:")


def stamps(found: Shared, snapshot: Snapshot) -> None:
    """When it was frozen, until when it is shared, and whether it is about a sample."""
    with st.container(horizontal=True):
        st.badge(stamp(found.created_at, found.expires_at), icon=":material/ac_unit:", color="gray")
        if snapshot.report.sample_note:
            st.badge(markdown.plain(snapshot.report.sample_note), color="orange")


def buttons(snapshot: Snapshot) -> None:
    """The PDF, and a case of one's own where the owner allows it."""
    report = snapshot.report
    with st.container(horizontal=True):
        st.download_button(
            markdown.on_primary("Download the PDF"),
            lambda: render_pdf(report),
            file_name=file_name(report.title, report.today, "pdf"),
            mime="application/pdf",
            type="primary",
            on_click="ignore",
        )
        stranger = sign_in.needed()
        if snapshot.start is not None and not stranger and st.button("Start my own from this"):
            session.close()
            session.save(snapshot.start)
            st.switch_page("pages/steps/use_case.py")
    if snapshot.start is not None:
        markdown.note(
            "To start your own from this, sign in on the start page and open this link again."
            if stranger
            else "It gives you a case of your own to change; this report stays as it is."
        )


def draw(found: Shared) -> None:
    """The report, and nothing that could change it."""
    snapshot = shared.read(found)
    report = snapshot.report
    st.title(markdown.plain(report.title))
    stamps(found, snapshot)
    st.header(markdown.plain(report.headline), anchor=False)
    report_view.card(report, lambda: buttons(snapshot))
    report_view.reasons(report)
    markdown.note(markdown.plain(report.valid_until))
    report_view.figures(report)
    st.space("small")
    report_view.forwarded(report)
    report_view.pictures(report)
    report_view.analyst(report)
    report_view.quotes(report)
    report_view.ground(report)


opened = shared.find(st.query_params.get("share", ""))
if opened is None:
    closed()
else:
    with errors.expected_errors():
        draw(opened)
