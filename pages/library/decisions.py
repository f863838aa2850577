"""My decisions: every case in the store with its verdict, newest first, and what to do with one."""

import streamlit as st

from advisor.store.repository import CaseRow
from advisor.words import count, day
from pages.ui import frame, markdown, session, widgets
from pages.ui.decisions import actions, files, news

TITLE = "My decisions"
PLACE = 4

AT_ONCE = 20
"""Rows on the page."""


def row_of(row: CaseRow) -> None:
    """One decision: its name, how it stands, and two buttons."""
    chosen = st.session_state.get("chosen_decision") == row.id
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", gap="xsmall"):
                st.markdown(f"**{markdown.plain(row.title)}**")
                st.markdown(frame.standing_line(row.standing))
                markdown.note(about(row))
            if st.button("Open", key=f"open_{row.id}"):
                session.open_case(row.id)
                st.switch_page("pages/steps/verdict.py")
            st.button(
                "Less" if chosen else "More",
                key=f"more_{row.id}",
                type="tertiary",
                icon=f":material/expand_{'less' if chosen else 'more'}:",
                icon_position="right",
                on_click=choose,
                args=(None if chosen else row.id,),
            )
        if chosen:
            actions.panel(row)


def about(row: CaseRow) -> str:
    """When it was saved, who decides, and when it is looked at again."""
    said = [f"Saved {widgets.when(row.updated_at)}"]
    if row.recorded:
        said.append("sample")
    if row.decided_by:
        said.append(f"decided by {markdown.plain(row.decided_by)}")
    if row.review_on:
        over = row.review_on <= session.today()
        said.append(f"{'review was due' if over else 'review on'} {day(row.review_on)}")
    return " · ".join(said)


def choose(case_id: str | None) -> None:
    """Show what can be done with one decision, or with none."""
    st.session_state["chosen_decision"] = case_id
    for kept in ("compared_decision", "comparison"):
        st.session_state.pop(kept, None)


def turn(to: int) -> None:
    """Go to another page of the list."""
    st.session_state["decisions_from"] = to


st.title(TITLE)
news.what_happened()
titles = session.store().titles()
if not titles:
    st.markdown("Nothing here yet. A case is kept from its first answer on.")
    st.page_link("pages/steps/use_case.py", label="Start my case")
wanted = ""
with st.container(horizontal=True, vertical_alignment="bottom"):
    if titles:
        wanted = st.text_input(
            "Search",
            placeholder="Part of a name",
            key="search_decisions",
            on_change=turn,
            args=(0,),
        )
    files.bring_one_in()
wanted = wanted.strip().casefold()
found = [case_id for case_id, title in titles if wanted in title.casefold()]
if st.session_state.get("chosen_decision") not in found:
    choose(None)
if titles and not found:
    st.markdown(f"No decision has “{markdown.plain(wanted)}” in its name.")
start = st.session_state.get("decisions_from", 0)
start = start if start < len(found) else 0
for one in session.store().case_rows(found[start : start + AT_ONCE]):
    row_of(one)
if len(found) > AT_ONCE:
    end = min(start + AT_ONCE, len(found))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Newer", disabled=start == 0, on_click=turn, args=(start - AT_ONCE,))
        st.button("Older", disabled=end == len(found), on_click=turn, args=(end,))
        markdown.note(
            f"{start + 1:,} to {end:,} of {count(len(found), 'decision')}", width="content"
        )
