"""Delete a case permanently, after a confirmation."""

import streamlit as st

from advisor.errors import AdvisorError
from pages.ui import markdown, session


def offer(case_id: str, title: str, label: str = "Delete permanently") -> None:
    """A button that says what will be gone, and one inside it that does it."""
    if error := st.session_state.pop("erase_error", None):
        st.error(markdown.plain(error), icon=":material/error:")
    with st.popover(label, icon=":material/delete_forever:"):
        st.markdown(
            f"“{markdown.plain(title)}” with all its texts, answers, votes, judgments and shared links "
            "is erased from this server. Nobody can bring it back. What was sent to a model before "
            "stays with the company that runs that model, by its rules."
        )
        st.button(
            "Yes, delete it permanently", key=f"erase:{case_id}", on_click=_erase, args=(case_id,)
        )


def _erase(case_id: str) -> None:
    try:
        session.store().erase_case(case_id)
    except AdvisorError as error:
        st.session_state["erase_error"] = str(error)
        return
    if st.session_state.get("case_id") == case_id:
        session.leave_nothing()
    st.toast("Deleted.")
