"""The reader's API keys: in the session's memory alone, each for the address it was typed for.

A key is sent to that address, in that case and for that option only, or for all base options of the
case there: with another address, or in another case, it has to be entered again, so that no vendor is
sent a key of another.
"""

from typing import Any

import streamlit as st

from advisor.case.case import Case
from advisor.case.options import Model, Role
from pages.ui import session
from pages.ui.options.address import wants_key


def ask(area: Any, label: str, roles: tuple[Role, ...], endpoint: str, key: str) -> None:
    """A field for the key of one address; it is emptied when the address is another one.

    Args:
        area: where it is drawn.
        label: over it.
        roles: whose key it is.
        endpoint: the address it is for.
        key: of the widget.
    """
    drawn_for = f"{key}:for"
    if st.session_state.get(drawn_for, "") not in ("", endpoint):
        st.session_state[key] = ""
    st.session_state[drawn_for] = endpoint
    pasted = area.text_input(
        label,
        type="password",
        key=key,
        autocomplete="off",
        disabled=not wants_key(endpoint),
        help="Stays in this session's memory, for this address alone; it is never stored, logged or "
        "shared.",
    )
    opened = session.current()
    if pasted and endpoint and opened is not None:
        _held().update({(opened.id, role, endpoint): pasted for role in roles})


def key_of(role: Role, model: Model) -> str | None:
    """The key entered for this option, or the judge, of the open case at its address."""
    opened = session.current()
    if opened is None:
        return None
    # Base options at one address share a key: they are the same vendor's, also those added later.
    bases = opened.case.bases
    kin = (role, *bases) if role in bases else (role,)
    held = (_held().get((opened.id, other, model.endpoint)) for other in kin)
    return next(filter(None, held), None)


def keys_of(case: Case) -> dict[Role, str]:
    """The keys entered for the open case's options and its judge, each at its address."""
    asked: list[tuple[Role, Model]] = [*case.arms.items()]
    if case.judge is not None:
        asked.append(("judge", case.judge))
    found = {role: key_of(role, model) for role, model in asked}
    return {role: key for role, key in found.items() if key}


def _held() -> dict[tuple[str, Role, str], str]:
    """By case, option or judge, and address."""
    entered: dict[tuple[str, Role, str], str] = st.session_state.setdefault("keys", {})
    return entered
