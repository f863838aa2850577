"""Texts that bring an instruction of their own: what models get, asked once."""

import streamlit as st

from advisor.case.case import Case
from advisor.words import count
from pages.ui import session

_WORDS = {
    "follows": "The option's instruction, then the text's own",
    "replaces": "Only the text's own",
}


def ask(case: Case, form: str) -> None:
    """Ask where the system message of a text stands; nothing where no text has one."""
    having = sum(bool(p.messages) and p.messages[0].role == "system" for p in case.prompts)
    if not having:
        return
    chosen = st.radio(
        f"{count(having, 'text')} {'brings' if having == 1 else 'bring'} an instruction of "
        f"{'its' if having == 1 else 'their'} own (a system message). Which should the models get?",
        list(_WORDS),
        index=list(_WORDS).index(case.run.system_in_text),
        format_func=_WORDS.__getitem__,
        key=f"{form}:system_in_text",
        help="Where an option has no instruction, its models get the text's own either way.",
    )
    if chosen != case.run.system_in_text:
        run = case.run.model_copy(update={"system_in_text": chosen})
        session.save(case.model_copy(update={"run": run}), entered=True)
        st.rerun()
