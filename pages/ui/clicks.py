"""What a click asks for, done once the page has kept what its fields hold.

Whoever types and clicks at once sends both in one go: the page is drawn once, with the new value and
the click. Done as a callback, which comes before the drawing, the click would act on the case as it
was, or close the form before the value is read from it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

_ASKED = "asked_by_click"


def once_kept(act: Callable[..., Any], *args: Any) -> None:
    """Do this at the end of the page, its fields kept; for a button's `on_click`, or where it is drawn.

    Args:
        act: reads the case as it then is from the session, not from the page that drew the button.
        args: what it is called with.
    """
    st.session_state[_ASKED] = partial(act, *args)


@contextmanager
def carried_out() -> Iterator[None]:
    """Draw a page in this: at its end what was clicked is done, and the page drawn anew."""
    try:
        yield
    except RerunException:  # what was entered has been kept: the click's turn comes after that
        raise
    except BaseException:
        st.session_state.pop(_ASKED, None)
        raise
    act: Callable[[], Any] | None = st.session_state.pop(_ASKED, None)
    if act is not None:
        act()
        st.rerun()
