"""My decisions: every case in the store, newest first."""

import streamlit as st

from pages.ui import session, show

st.title("My decisions")
rows = session.store().recent_cases(200)
if not rows:
    st.markdown("Nothing here yet. A case is kept from its first answer on.")
    st.page_link("pages/steps/use_case.py", label="Start my case")
wanted = st.text_input("Search", placeholder="Part of a name").strip().lower() if rows else ""
found = [row for row in rows if wanted in row.title.lower()]
if rows and not found:
    st.markdown(f"No decision has “{show.plain(wanted)}” in its name.")
for row in found:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap="xsmall"):
            st.markdown(f"**{show.plain(row.title)}**")
            show.note(f"Changed {row.updated_at:%-d %b %Y, %H:%M} UTC")
        if st.button("Open", key=f"open_{row.id}"):
            session.open_case(row.id)
            st.switch_page("pages/steps/verdict.py")
