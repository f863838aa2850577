"""The open case, and the report on it as things stand: the only state the pages share.

Keys pasted by the reader live here, in the session's memory, and nowhere else.
"""

import gc
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import streamlit as st

from advisor.case import ArmName, Case, load_sample
from advisor.errors import AdvisorError
from advisor.settings import settings

if TYPE_CHECKING:
    from advisor.decision import Decision
    from advisor.store import Store


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as the store holds it."""

    id: str
    case: Case


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """Import the heavy libraries once, and take them out of the collector's sight.

    A full collection after each rerun would walk every object they made: about 100 ms.
    """
    import advisor.decision  # noqa: F401

    gc.collect()
    gc.freeze()


@st.cache_resource(show_spinner=False)
def store() -> "Store":
    """The store, opened once a process; runs whose process died become "interrupted"."""
    from advisor.store import Store

    path = settings().db
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = Store.open(path)
    opened.mark_interrupted()
    return opened


def today() -> date:
    """The day the verdict is worked for."""
    return datetime.now(UTC).date()


def current() -> OpenCase | None:
    """The case this session has open, from the session or from `?case=` after a reload."""
    case_id = st.session_state.get("case_id") or st.query_params.get("case")
    if not case_id:
        return None
    opened: OpenCase | None = st.session_state.get("opened")
    if opened is None or opened.id != case_id:
        try:
            opened = OpenCase(case_id, store().load_case(case_id))
        except AdvisorError:
            close()
            return None
        st.session_state["case_id"], st.session_state["opened"] = case_id, opened
    return opened


def open_case(case_id: str) -> None:
    """Make a stored case the open one."""
    st.session_state["case_id"] = case_id
    st.session_state.pop("opened", None)


def close() -> None:
    """Leave the open case; it stays in the store."""
    st.session_state.pop("case_id", None)
    st.session_state.pop("opened", None)
    st.query_params.pop("case", None)


def save(case: Case) -> OpenCase:
    """Store the open case, or a new one where none is open."""
    case_id = store().save_case(case, st.session_state.get("case_id"))
    st.session_state["case_id"] = case_id
    st.session_state["opened"] = opened = OpenCase(case_id, case)
    return opened


def open_sample(name: str) -> None:
    """Make a case of a shipped sample and open it."""
    close()
    save(load_sample(name))


def keep_case_in_address() -> None:
    """Set `?case=` again: a click in the navigation drops it, and a reload needs it."""
    opened = current()
    if opened is not None and st.query_params.get("case") != opened.id:
        st.query_params["case"] = opened.id


def keys() -> dict[ArmName, str]:
    """Keys pasted in this session, by arm; never stored."""
    return st.session_state.setdefault("keys", {})


def decision() -> "Decision | None":
    """The decision on the open case as things stand now; None when none is open."""
    from advisor.decision import decide_case

    opened = current()
    if opened is None:
        return None
    run = store().find_run(opened.case)
    version = (opened.id, run and (run.id, run.status, run.finished, run.votes), today())
    cached = st.session_state.get("decision")
    if cached is None or cached[0] != version or cached[1] is not opened.case:
        made = decide_case(opened.case, store(), run, today=today(), made_at=datetime.now(UTC))
        cached = st.session_state["decision"] = (version, opened.case, made)
    return cached[2]
