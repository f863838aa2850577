"""One of the texts, to add its approved answer and the passages that were looked up for it."""

import streamlit as st

from advisor.case.case import Case
from advisor.case.limits import MAX_CHARS
from pages.ui import markdown, session


def edit(case: Case, form: str) -> None:
    """Show one text and keep what is entered for it."""
    at = st.number_input(
        f"Text, 1 to {len(case.prompts):,}", 1, len(case.prompts), key=f"{form}:edit:at"
    )
    prompt = case.prompts[int(at) - 1]
    with st.container(border=True):
        st.text(prompt.text)
    answer, passages = st.columns(2)
    with answer:
        approved = _ask("Approved answer", prompt.reference, f"{form}:edit:{prompt.id}:answer")
    with passages:
        found = _ask(
            "Passages looked up for it",
            prompt.passages,
            f"{form}:edit:{prompt.id}:passages",
            explained="Only the option “base with passages” gets them, before the text.",
        )
    edited = prompt.model_copy(update={"reference": approved, "passages": found})
    if edited != prompt:
        texts = tuple(edited if one.id == prompt.id else one for one in case.prompts)
        session.save(case.model_copy(update={"prompts": texts}), entered=True)
        st.rerun()
    markdown.note("Kept as soon as you leave a field. A file may bring them too, as columns.")


def _ask(label: str, saved: str | None, key: str, explained: str = "") -> str | None:
    text = st.text_area(
        label, value=saved or "", height=160, max_chars=MAX_CHARS, key=key, help=explained or None
    )
    return text.strip() or None
