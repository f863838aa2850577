"""The last thing done to the list of decisions, in a sentence, with its undo."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from advisor.errors import AdvisorError
from pages.ui import markdown, session


def say(text: str, case_id: str, *, undo: bool = False) -> None:
    """Keep a sentence for the head of the list, until the next thing is done."""
    st.session_state["decision_news"] = (text, case_id, undo)


def what_happened() -> None:
    """The last thing done, or what went wrong with it."""
    if error := st.session_state.pop("decision_error", None):
        st.error(markdown.plain(error), icon=":material/error:")
    news: tuple[str, str, bool] | None = st.session_state.get("decision_news")
    if news is None:
        return
    text, case_id, undo = news
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(markdown.plain(text), width="stretch")
        if undo:
            st.button("Undo", key="undo_delete", on_click=_restore, args=(case_id,))
        elif st.button("Open it", key="open_news"):
            st.session_state.pop("decision_news", None)
            session.open_case(case_id)
            st.switch_page("pages/steps/verdict.py")


@contextmanager
def errors_kept() -> Iterator[None]:
    """Keep an error the reader can mend for the head of the list: a callback draws nothing."""
    try:
        yield
    except AdvisorError as error:
        st.session_state["decision_error"] = str(error)


def _restore(case_id: str) -> None:
    with errors_kept():
        session.store().restore_case(case_id)
        st.session_state.pop("decision_news", None)
