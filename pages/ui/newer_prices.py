"""Which edition of the prices and dates is in use, and the way to a newer one, on Prices."""

import streamlit as st

from advisor.host.settings import exposure, hosting
from advisor.llm.upkeep.look import last_look
from advisor.report.upkeep import edition_words, look_words
from pages.ui import markdown
from pricing.export import digest_in_use, newest_in_use

_BROUGHT = "prices_file"


def draw() -> None:
    """The edition; a button where the host has a feed, a file where only one reader uses the app."""
    st.markdown(f":small[In use: {edition_words(digest_in_use(), newest_in_use())}.]")
    if hosting().facts:
        st.button(
            "Look for newer prices",
            on_click=_look,
            help="Asks where the people who run this app keep newer prices and dates.",
        )
        _said()
    elif not exposure().to_strangers:
        with st.expander("Use newer prices from a file"):
            st.file_uploader(
                "An edition, as `python -m advisor facts export` writes it",
                type="json",
                key=_BROUGHT,
                on_change=_take_file,
            )
            _said()


def _look() -> None:
    from advisor.llm.upkeep import feed

    feed.look_for_newer()


def _take_file() -> None:
    from advisor.llm.upkeep import feed

    brought = st.session_state[_BROUGHT]
    if brought is not None:
        feed.take_file(brought.getvalue(), brought.name)


def _said() -> None:
    """Say what came of the last look, in whichever session: all share the prices."""
    look = last_look()
    if look is None:
        return
    text = markdown.plain(look_words(look.at, look.taken, look.refused))
    if look.refused:
        st.warning(text, icon=":material/warning:")
    else:
        st.caption(text)
