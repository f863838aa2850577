"""Show errors that the reader can mend as their sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from advisor.errors import AdvisorError
from pages.ui.markdown import plain
from pricing.errors import PricingError


@contextmanager
def expected_errors() -> Iterator[None]:
    """Show an error the reader can mend as its sentence; anything else is a bug, left to be seen."""
    try:
        yield
    except (AdvisorError, PricingError) as error:
        st.error(plain(str(error)), icon=":material/error:")


@contextmanager
def click(key: str) -> Iterator[None]:
    """Keep such an error of a button's callback: drawn there, it would stand at the page's top."""
    try:
        yield
    except (AdvisorError, PricingError) as error:
        st.session_state[f"failed:{key}"] = str(error)


def failed(key: str) -> None:
    """Show the error of a click on this button once, beside the button."""
    if said := st.session_state.pop(f"failed:{key}", None):
        st.error(plain(said), icon=":material/error:")
