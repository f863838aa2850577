"""What was typed is kept before the next page is drawn, though both are asked for at once.

Whoever clicks a step in the navigation right after typing sends two things within milliseconds, in
either order: what the fields hold, and the page wanted. Streamlit drops the first of them for the
second, so the value was lost, or the click. Here the page waits until the value has been kept.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession, AppSessionState

MOST_S = 2.0
"""How long a page may be kept waiting, seconds: some runs ask a model."""
LOOK_S = 0.01
"""How often it is looked whether the value has been kept, seconds."""
STRAGGLES_S = 1.0
"""For how long a value of the page before may still come, seconds."""

_Request = Callable[[AppSession, ClientState | None], None]


@dataclass
class _Asked:
    """What one browser asked for last; used by the event loop alone."""

    entered_on: str | None = None
    """The page whose fields were sent last."""
    page: ClientState | None = None
    """The page that the navigation asked for last, until a field of it is sent."""
    at: float = 0.0
    waits_until: float | None = None


_sessions: WeakKeyDictionary[AppSession, _Asked] = WeakKeyDictionary()


def keep() -> None:
    """Do so from now on, in all sessions of this process."""
    request: _Request = AppSession.request_rerun

    def in_order(session: AppSession, client_state: ClientState | None) -> None:
        if client_state is None or client_state.fragment_id or not client_state.page_script_hash:
            request(session, client_state)
        elif client_state.widget_states.widgets:
            _enter(session, client_state, request)
        else:  # the navigation never sends fields along
            _turn(session, client_state, request)

    AppSession.request_rerun = in_order  # type: ignore[assignment,method-assign]


def _enter(session: AppSession, fields: ClientState, request: _Request) -> None:
    """Draw the page that these are the fields of; one that was asked for already comes after it."""
    asked = _sessions.setdefault(session, _Asked())
    asked.entered_on = fields.page_script_hash
    request(session, fields)
    page = asked.page
    late = time.monotonic() - asked.at < STRAGGLES_S
    if page is not None and late and page.page_script_hash != fields.page_script_hash:
        _wait(session, asked, request)
    else:
        asked.page = None


def _turn(session: AppSession, page: ClientState, request: _Request) -> None:
    """Draw another page; after the run that keeps what was entered on the one before."""
    asked = _sessions.setdefault(session, _Asked())
    asked.page, asked.at = page, time.monotonic()
    entered = asked.entered_on not in (None, page.page_script_hash)
    if entered and session._scriptrunner is not None:
        _wait(session, asked, request)
    else:
        request(session, page)


def _wait(session: AppSession, asked: _Asked, request: _Request) -> None:
    waits, asked.waits_until = asked.waits_until is not None, time.monotonic() + MOST_S
    if not waits:
        session._event_loop.call_later(LOOK_S, _look, session, asked, request)


def _look(session: AppSession, asked: _Asked, request: _Request) -> None:
    """Draw the page that waits, once what ran has ended."""
    if session._scriptrunner is not None and time.monotonic() < (asked.waits_until or 0.0):
        session._event_loop.call_later(LOOK_S, _look, session, asked, request)
        return
    page, asked.page, asked.entered_on, asked.waits_until = asked.page, None, None, None
    if page is not None and session._state != AppSessionState.SHUTDOWN_REQUESTED:
        page.ClearField("cached_message_hashes")  # the browser may have let go of them by now
        request(session, page)
