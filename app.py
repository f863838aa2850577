"""The frame: page config, navigation, and the line that carries the verdict so far."""

import streamlit as st

from pages.ui import session, show

st.set_page_config(
    page_title="Worth Tuning",
    page_icon="static/icon.png",
    layout="wide",
    initial_sidebar_state="collapsed",
)

page = st.navigation(
    {
        "": [
            st.Page("pages/steps/start.py", title="Worth Tuning", default=True),
            st.Page("pages/steps/use_case.py", title="Use case", url_path="use-case"),
            st.Page("pages/steps/prompts.py", title="Prompts", url_path="prompts"),
            st.Page("pages/steps/models.py", title="Models and volume", url_path="models"),
            st.Page("pages/steps/compare.py", title="Compare", url_path="compare"),
            st.Page("pages/steps/verdict.py", title="Verdict", url_path="verdict"),
        ],
        "Look up": [
            st.Page("pages/library/prices.py", title="Prices", url_path="prices"),
            st.Page("pages/library/matrix.py", title="Matrix", url_path="matrix"),
            st.Page("pages/library/method.py", title="Method", url_path="method"),
            st.Page("pages/library/decisions.py", title="My decisions", url_path="decisions"),
        ],
    },
    position="top",
)
session.keep_case_in_address()

with st.container(horizontal_alignment="center"), st.container(width=1080):
    show.frame_line()
    page.run()
# Last, so that a fresh process shows its first page before it imports what later ones need.
session.warm_up()
