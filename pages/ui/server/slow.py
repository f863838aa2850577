"""A page that waits for a database that hangs says so, though its own script can't."""

import asyncio
import threading

import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import (
    ScriptRunContext,
    add_script_run_ctx,
)
from streamlit.runtime.scriptrunner_utils.script_run_context_attr import (
    SCRIPT_RUN_CONTEXT_ATTR_NAME,
)

SLOW_S = 4.0
"""How long a page may be at the database before it says so, seconds."""
LOOK_S = 1.0
SAID = "The database has not answered for some seconds. This page waits for it, and then goes on."


async def tell_for_ever() -> None:
    """Look each second for pages that wait, and tell each of them once a wait."""
    await asyncio.sleep(LOOK_S)
    from advisor.store.connected import waiting  # late: the server listens before it is loaded

    told: set[threading.Thread] = set()
    while True:
        stuck = set(waiting(SLOW_S))
        for thread in stuck - told:
            page: ScriptRunContext | None = getattr(thread, SCRIPT_RUN_CONTEXT_ATTR_NAME, None)
            if page is not None:
                # A thread of its own, as whoever writes to a page takes on that page's context.
                threading.Thread(target=_tell, args=(page,), name="slow", daemon=True).start()
        told = stuck
        await asyncio.sleep(LOOK_S)


def _tell(page: ScriptRunContext) -> None:
    add_script_run_ctx(ctx=page)
    st.toast(SAID, duration="long")
