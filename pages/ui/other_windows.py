"""Changes to the open case from another window: shown, and conflicts asked about."""

import streamlit as st

from advisor.case.merge import Conflict
from advisor.report.conflicts import conflict_words
from advisor.report.labels import Names
from pages.ui import markdown, session


def what_happened() -> None:
    """Say that the case is gone, or which fields have two values."""
    if gone := st.session_state.pop("gone", None):
        st.info(markdown.plain(gone), icon=":material/delete:")
    opened = session.current()
    names = opened.case.names if opened is not None else {}
    for number, conflict in enumerate(session.conflicts()):
        _ask(number, conflict, names)


def _ask(number: int, conflict: Conflict, names: Names) -> None:
    """One field, both values, and a button under each."""
    words = conflict_words(conflict, names)
    with st.container(border=True):
        st.markdown(
            f":material/call_split: **“{markdown.plain(words.field)}” was changed "
            "in another window too.** "
            "Both values are kept until you choose."
        )
        sides = (
            ("Yours", words.mine, "Keep mine", True),
            ("In the other window", words.theirs, "Take theirs", False),
        )
        for column, (heading, value, label, mine) in zip(st.columns(2), sides, strict=True):
            with column:
                markdown.note(heading)
                st.text(value)
                if st.button(label, key=f"conflict:{number}:{label}"):
                    session.settle(conflict, mine=mine)
                    st.rerun()
