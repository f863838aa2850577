"""Sharing the verdict: a link to a frozen copy, the list of links, and closing one."""

from datetime import UTC, datetime

import streamlit as st

from advisor.report.report import write_report
from advisor.report.sharing import OLDER, link_state, what_goes_in
from advisor.report.snapshot import SharedRow, freeze, report_sha256
from advisor.report.voting import only_here
from advisor.store.snapshots import SHARE_DAYS
from advisor.verdict.decision import Decision
from pages.ui import markdown, session
from pages.ui.compare import names
from pages.ui.open_case import OpenCase
from pages.ui.verdict import shared

DAYS = {7: "7 days", SHARE_DAYS: f"{SHARE_DAYS} days", 90: "90 days", 365: "A year"}
OPEN, MADE = "share:open", "share:made"
"""The case whose panel is open; the case and token of the link just made, which no table keeps."""


def share_button(case_id: str) -> None:
    """Opens the panel, and closes it."""
    st.button("Share", icon=":material/link:", key="share", on_click=_toggle, args=(case_id,))


def share_panel(opened: OpenCase, decision: Decision) -> None:
    """That a link is older than the page; once asked for, the choices and the links."""
    if st.session_state.get(OPEN) == opened.id:
        with st.container(border=True):
            st.subheader("A link to a frozen copy", anchor=False)
            _new_link(opened, decision)
            _links(opened.id)
    now = datetime.now(UTC)
    rows = session.store().shared(opened.id)
    live = next((row for row in rows if row.works(now)), None)
    if live is not None and live.report_sha256 != _says(decision):
        st.info(OLDER, icon=":material/history:")


def _toggle(case_id: str) -> None:
    is_open = st.session_state.get(OPEN) == case_id
    st.session_state[OPEN] = None if is_open else case_id


def _new_link(opened: OpenCase, decision: Decision) -> None:
    """The choices before a link is made, and the link."""
    own = 0 if opened.case.recorded else len(opened.case.prompts)
    choices, how_long = st.columns([2, 1])
    with choices:
        with_texts = bool(own) and st.checkbox(
            "Quote three of my texts, with both answers",
            key=f"{opened.form('prompts')}:share:texts",
        )
        may_copy = st.checkbox(
            "Others may start their own case from it", key=f"{opened.form('prompts')}:share:copy"
        )
    days = how_long.selectbox(
        "The link works for",
        list(DAYS),
        index=list(DAYS).index(SHARE_DAYS),
        format_func=lambda n: DAYS[n],
        key=f"{opened.form('prompts')}:share:days",
    )
    quoted = len(write_report(decision, show_texts=True).excerpts) if with_texts else 0
    st.markdown(what_goes_in(own, quoted, with_texts=with_texts, may_copy=may_copy))
    if st.button("Make the link", key="share:make"):
        token = _share(opened, decision, with_texts=with_texts, may_copy=may_copy, days=days)
        st.session_state[MADE] = (opened.id, token)
    made, token = st.session_state.get(MADE, (None, ""))
    if made == opened.id:
        _show_link(token)


def _share(
    opened: OpenCase,
    decision: Decision,
    *,
    with_texts: bool,
    may_copy: bool,
    days: int,
) -> str:
    """Freeze the report as it stands, and give the link's token."""
    report = write_report(decision, show_texts=True) if with_texts else write_report(decision)
    snapshot = freeze(opened.case, report, with_texts=with_texts, may_copy=may_copy)
    names.tell([excerpt.prompt_id for excerpt in snapshot.report.excerpts])
    return session.store().share(
        opened.id,
        snapshot.to_json(),
        datetime.now(UTC),
        title=opened.case.title,
        report_sha256=report_sha256(snapshot.report),
        with_texts=with_texts,
        may_copy=may_copy,
        days=days,
    )


def _show_link(token: str) -> None:
    """The link just made, to copy, and the PDF's own; both are shown only now."""
    address = st.context.url or ""
    page, pdf = shared.links(address, token)
    st.markdown("**The link.** Copy it now: it is kept nowhere, and shown only this once.")
    st.code(page, language=None, wrap_lines=True)
    markdown.note("The PDF alone, at an address of its own:")
    st.code(pdf, language=None, wrap_lines=True)
    if warning := only_here(address):
        st.warning(f"{warning} Send the PDF.", icon=":material/computer:")


def _links(case_id: str) -> None:
    """Every link to a frozen copy of this case, with its dates and a button that closes it."""
    now = datetime.now(UTC)
    rows = session.store().shared(case_id)
    if rows:
        st.markdown("**Your links**")
    for row in rows:
        _link_row(row, now)


def _link_row(row: SharedRow, now: datetime) -> None:
    state, close = st.columns([5, 1], vertical_alignment="center")
    state.markdown(markdown.plain(link_state(row, now)))
    if row.works(now):
        close.button(
            "Revoke",
            key=f"share:revoke:{row.id}",
            width="stretch",
            help="Closes the link permanently. People who open it read that there is no report.",
            on_click=_revoke,
            args=(row.id,),
        )


def _revoke(snapshot_id: str) -> None:
    """Close a link; the one just made is no longer shown, in case it is this one."""
    session.store().revoke_share(snapshot_id, datetime.now(UTC))
    st.session_state.pop(MADE, None)


def _says(decision: Decision) -> str:
    """What the report says now, by its digest."""
    return session.once("share:says", decision, lambda d: report_sha256(write_report(d)))
