"""Showing answers under their options' names, which ends the owner's blind vote on them."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime

import streamlit as st

from advisor.evidence.people.blind import OWNER
from advisor.report.voting import before_names_stand
from advisor.verdict.decision import Decision
from pages.ui import markdown, session


def votes_are_final(decision: Decision) -> None:
    """Make the owner's votes final: the verdict counts them by option from now on."""
    voted = {vote.prompt_id for vote in decision.record.votes if vote.voter == OWNER}
    if voted:
        tell(voted)


def tell(prompt_ids: Collection[str]) -> None:
    """Record that the owner is shown the names of these texts, where they were not shown before."""
    teller(prompt_ids)()


def teller(prompt_ids: Collection[str]) -> Callable[[], None]:
    """A function that does the same later: a file is made outside the session."""
    store, found = session.store(), session.run()

    def told() -> None:
        if found is not None and (new := store.still_blind(found.id, OWNER) & set(prompt_ids)):
            store.show_names(found.id, new, OWNER, datetime.now(UTC))

    return told


def asked_for(prompt_ids: Collection[str], label: str, draw: Callable[[], None]) -> None:
    """Draw what names the options of texts, once the owner has agreed to see the names.

    Args:
        prompt_ids: the texts.
        label: of the button that agrees.
        draw: what names them.
    """
    found = session.run()
    blind = set() if found is None else session.store().still_blind(found.id, OWNER)
    if blind := blind & set(prompt_ids):
        st.markdown(markdown.plain(before_names_stand(len(blind))))
        st.button(label, on_click=tell, args=(blind,))
    else:
        draw()
