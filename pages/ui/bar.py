"""The sticky bar at the foot of the window: the next action, however far the page is scrolled."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def bar(key: str) -> Iterator[None]:
    """A container in the sticky bar, as wide as the page above.

    Args:
        key: of the bar, one on a page.
    """
    with (
        st.bottom,
        st.container(horizontal_alignment="center"),
        st.container(width=1080, key=key, gap="small"),
    ):
        yield
