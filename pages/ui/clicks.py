"""Deferred clicks: their work is done once the page has saved what its fields hold.

Whoever types and clicks at once sends both in one go: the page is drawn once, with the new value and
the click. Done as a callback, which comes before the drawing, the click would act on the case as it
was, or close the form before the value is read from it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.state.session_state import Serialized, WStates

AGAIN = "This page went on at another server. Check what you entered, then press again."
_LOADING = re.compile(r":[0-9a-f]{12}(?=:|$)")
_ASKED = "asked_by_click"
_UNHEARD = "click_on_what_is_not_drawn_yet"
_DRAWN = "click_on_what_is_drawn_by_now"


@contextmanager
def heard() -> Iterator[None]:
    """Draw the app in this context, so that a click that opens a new session is not lost.

    A page that lost its server goes on with a new session, and its buttons work before that has
    drawn them. Streamlit then knows of no callback to call. So the page is drawn, and once more
    after what the click asks for was done: at the start, as a callback is. Where the page now shows
    something else than the reader had entered, they are asked to look and to press again.
    """
    asked = st.session_state
    if (drawn := asked.pop(_DRAWN, None)) is not None:
        _widgets().call_callback(drawn)
    if clicked := _clicked_unheard():
        asked[_UNHEARD] = clicked
    try:
        yield
    except RerunException:  # what was entered has been kept: the click's turn comes after that
        raise
    except BaseException:
        asked.pop(_UNHEARD, None)
        raise
    waits = asked.pop(_UNHEARD, None)
    metadata = _widgets().widget_metadata.get(waits)
    if metadata is None or metadata.callback is None or metadata.disabled:
        return
    if _shows_something_else():
        st.toast(AGAIN, duration="long")
        return
    asked[_DRAWN] = waits
    st.rerun()


def _shows_something_else() -> bool:
    """Whether a field came with the click that this session shows with another value, or not at all.

    Its key may have another loading in it, see `OpenCase.form`.
    """
    widgets = _widgets()
    for number, said in widgets.states.items():
        if number in widgets.widget_metadata or not isinstance(said, Serialized):
            continue
        if said.value.WhichOneof("value") in (None, "trigger_value", "string_trigger_value"):
            continue
        here = _alike(number, widgets)
        key = user_key_from_element_id(here) if here else None
        if here is None or key is None:
            return True
        if _entered(said.value, here, widgets) != st.session_state.get(key):
            return True
    return False


def _alike(number: str, widgets: WStates) -> str | None:
    """The widget drawn in this run that shows the same field; None = none does."""
    wanted = _field_of(number)
    return next((one for one in widgets.widget_metadata if _field_of(one) == wanted), None)


def _field_of(number: str) -> str:
    """The name of a field, whichever version of its widget shows it."""
    return _LOADING.sub(":", user_key_from_element_id(number) or number)


def _entered(said: WidgetState, number: str, widgets: WStates) -> Any:
    """The value in what the browser sent, as the widget of this number reads it."""
    read, same = WStates(), WidgetState()
    same.CopyFrom(said)
    same.id = number
    read.set_widget_metadata(widgets.widget_metadata[number])
    read.set_widget_from_proto(same)
    return read[number]


def _widgets() -> WStates:
    context = get_script_run_ctx()
    assert context is not None  # noqa: S101 - a page is drawn
    return context.session_state._state._new_widget_state


def _clicked_unheard() -> str | None:
    """The button that was clicked, where this session has not drawn it; None = none was."""
    widgets = _widgets()
    return next(
        (
            number
            for number, said in widgets.states.items()
            if isinstance(said, Serialized)
            and said.value.trigger_value
            and number not in widgets.widget_metadata
        ),
        None,
    )


def once_kept(act: Callable[..., Any], *args: Any) -> None:
    """Do this at the end of the run, once the page's fields are saved; for `on_click`.

    Args:
        act: reads the case as it then is from the session, not from the page that drew the button.
        args: what it is called with.
    """
    st.session_state[_ASKED] = partial(act, *args)


@contextmanager
def carried_out() -> Iterator[None]:
    """Draw a page in this context: at its end what was clicked is done, and the page is drawn again."""
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
