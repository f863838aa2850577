"""Texts, answers and votes a reader brought, kept with the open case."""

import streamlit as st

from advisor.case.case import Case
from advisor.case.given import check_votes, with_answers
from advisor.case.reading.read import Reading
from advisor.case.run_spec import spec_of
from advisor.case.texts import Imported
from advisor.errors import NothingToRun
from advisor.runs.given import bring
from pages.ui import session
from pages.ui.open_case import OpenCase


def texts(opened: OpenCase, imported: Imported) -> None:
    """Make the imported texts the case's texts; what was there before is replaced."""
    session.save(_with_texts(opened.case, imported))
    st.session_state.pop(f"{opened.id}:loaded", None)
    st.session_state.pop(f"{opened.id}:brought", None)
    st.session_state[f"{opened.id}:understood"] = imported
    st.rerun()


def file(opened: OpenCase, found: Reading, name: str) -> None:
    """Keep what a file holds: texts, with answers beside them or not, or only answers or votes.

    Raises:
        BadCase: answers or votes are to other texts or options than the case has.
        NothingToRun: votes came before there is anything they can be on.
    """
    case = opened.case
    if found.kind == "texts":
        case = _with_texts(case, found.imported)
    if found.answers:
        case = with_answers(case, found.answers, name)
    if found.votes:
        check_votes(case, found.votes, name)
        if not spec_of(case).planned:
            raise NothingToRun("Bring the answers first: votes are on two answers to one text.")
    opened = session.save(case)
    if found.answers or found.votes:
        bring(session.store(), opened.id, case, found.answers, found.votes)
    if found.kind == "texts":
        st.session_state[f"{opened.id}:understood"] = found.imported
    st.session_state[f"{opened.id}:brought"] = (len(found.answers), len(found.votes))
    st.session_state[f"{opened.id}:loaded"] = found
    st.rerun()


def is_loaded(opened: OpenCase, found: Reading) -> bool:
    """Whether this file is what was taken over last."""
    return st.session_state.get(f"{opened.id}:loaded") is found


def _with_texts(case: Case, imported: Imported) -> Case:
    """The case with other texts, without the answers given to the texts before."""
    arms = {
        option: arm.model_copy(update={"endpoint": ""}) if arm.given else arm
        for option, arm in case.arms.items()
    }
    run = case.run
    if any(text.calls is not None for text in imported.prompts):  # what they can be judged by
        run = run.model_copy(update={"primary_metric": "same_calls"})
    return case.model_copy(
        update={"prompts": imported.prompts, "judgments": (), "arms": arms, "run": run}
    )
