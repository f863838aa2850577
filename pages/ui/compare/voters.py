"""Inviting others to vote: their links, how far they are, and closing a link."""

from datetime import UTC, datetime
from urllib.parse import quote, urljoin

import streamlit as st

from advisor.evidence.pairs import Pair
from advisor.report.voting import ballot_state, effort, only_here
from advisor.store.ballots import BALLOT_DAYS
from pages.ui import errors, markdown, session

LOOK_AGAIN_S = 10
"""How often the list is read anew, seconds: voters go on while the page is open."""


def ask_others(run_id: str, pair: Pair, texts: int, ready: int) -> None:
    """The section "Ask others to vote".

    Args:
        run_id: the run to be voted on.
        pair: the options they are asked about.
        texts: texts of the run.
        ready: those that both options have answered.
    """
    st.subheader("Ask others to vote", anchor=False)
    st.markdown(
        f"{effort(texts)} for each voter, who can stop and come back. A link shows the texts and "
        "both answers without names, to anyone who has it, and nothing else of this case."
    )
    names, own_name = st.columns(2)
    names.text_area(
        "Voters, one name a line", key=_names(run_id), height=100, placeholder="Anna\nBen"
    )
    own_name.text_input("Your name, as they will read it", key=_asked_by(run_id), max_chars=60)
    st.button("Make the links", key="invite", on_click=invite, args=(run_id, pair))
    errors.failed("invite")
    made, tokens = st.session_state.get("ballot_links", (None, {}))
    if made == run_id and tokens:
        show_links(tokens)
    if session.store().ballots(run_id):
        st.fragment(progress, run_every=LOOK_AGAIN_S)(run_id, ready)


def _names(run_id: str) -> str:
    return f"voters:names:{run_id}"


def _asked_by(run_id: str) -> str:
    return f"voters:asked_by:{run_id}"


def invite(run_id: str, pair: Pair) -> None:
    """Make a link for each name that was entered."""
    names = st.session_state[_names(run_id)].splitlines()
    with errors.click("invite"):
        tokens = session.store().make_ballots(
            run_id,
            [name for name in names if name.strip()],
            datetime.now(UTC),
            asked_by=st.session_state[_asked_by(run_id)],
            pair=pair,
        )
        st.session_state["ballot_links"] = (run_id, tokens)
        st.session_state[_names(run_id)] = ""


def show_links(tokens: dict[str, str]) -> None:
    """Each voter's link, to copy; it is stored nowhere, so it is shown only this once."""
    address = st.context.url or ""
    st.markdown(
        f"Send each voter their own link. It works for {BALLOT_DAYS} days, and is shown only now: "
        "if one is lost, close it below and make another."
    )
    for voter, token in tokens.items():
        st.markdown(f"**{markdown.plain(voter)}**")
        st.code(link(address, token), language=None, wrap_lines=True)
    if warning := only_here(address):
        st.warning(warning, icon=":material/computer:")


def link(address: str, token: str) -> str:
    """The voter's page beside the page at this address."""
    return urljoin(address, f"vote?ballot={quote(token)}")


def progress(run_id: str, ready: int) -> None:
    """How far each voter is, and a button that closes the link."""
    now = datetime.now(UTC)
    with st.container(border=True):
        for row in session.store().ballots(run_id):
            name, state, close = st.columns([2, 4, 1], vertical_alignment="center")
            name.markdown(f"**{markdown.plain(row.voter)}**")
            state.markdown(markdown.plain(ballot_state(row, ready, now)))
            if row.revoked_at is None:
                close.button(
                    "Revoke",
                    key=f"revoke:{run_id}:{row.voter}",
                    width="stretch",
                    help=f"Closes the link of {markdown.plain(row.voter)}; votes given stay.",
                    on_click=revoke,
                    args=(run_id, row.voter),
                )


def revoke(run_id: str, voter: str) -> None:
    """Close a voter's link, here and in the list of new ones."""
    session.store().revoke_ballot(run_id, voter, datetime.now(UTC))
    made, tokens = st.session_state.get("ballot_links", (None, {}))
    if made == run_id:
        kept = {name: token for name, token in tokens.items() if name != voter}
        st.session_state["ballot_links"] = (run_id, kept)
