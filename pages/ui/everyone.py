"""The store for all owners: for links, sign-outs and maintenance."""

from typing import TYPE_CHECKING

import streamlit as st

from advisor.errors import BadDatabase, DatabaseAway
from advisor.host.settings import exposure, settings

if TYPE_CHECKING:
    from advisor.store.repository import Store


@st.cache_resource(show_spinner=False)
def everyone() -> "Store":
    """The store, opened once a process; runs whose process died become "interrupted".

    For what belongs to no reader: links that open for whoever holds them.
    """
    from advisor.runs.process import is_dead
    from advisor.store.connected import AWAY, note_away
    from advisor.store.repository import Store

    try:
        opened = Store.open(settings().database)
    except BadDatabase as error:
        if not exposure().to_strangers:
            raise  # whoever reads is the host
        note_away(str(error))
        raise DatabaseAway(AWAY) from error
    opened.mark_interrupted(is_dead)
    return opened
