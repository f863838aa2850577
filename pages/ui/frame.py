"""The frame of every page: the case's name, the verdict so far, and the way back and on."""

from collections.abc import Callable
from typing import Literal, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.report.summary import DecisionSummary
from advisor.report.voting import while_blind
from advisor.words import day
from pages.ui import clicks, session
from pages.ui.bar import bar
from pages.ui.errors import expected_errors
from pages.ui.markdown import note, on_primary, plain
from pages.ui.open_case import OpenCase
from pages.ui.widgets import FIRMNESS_ICON, when

STEPS = {
    "use_case": ("pages/steps/use_case.py", "Use case"),
    "texts": ("pages/steps/texts.py", "Texts"),
    "options": ("pages/steps/options.py", "Options"),
    "compare": ("pages/steps/compare.py", "Compare"),
    "costs": ("pages/steps/costs.py", "Costs"),
    "verdict": ("pages/steps/verdict.py", "Verdict"),
}
"""File and name of each step, in order."""

NO_SUCH_CASE = (
    "There is no such decision here. It may have been deleted, belong to someone else, or the link "
    "may be incomplete. Choose one under My decisions, or start a new one."
)


def standing_line(standing: DecisionSummary | None) -> str:
    """How a decision stands, as Markdown: verdict, how firm, and for which day."""
    if standing is None:
        return ":gray[Open it to see how it stands.]"
    icon, label = FIRMNESS_ICON[standing.firmness], plain(standing.firmness_label)
    return (
        f"{icon} {plain(standing.headline)} "
        f":small[:gray[{label}, as of {day(standing.decided_on)}]]"
    )


def frame_line(*, with_verdict: bool = True) -> None:
    """The case's name at the left, the verdict so far and what it rests on at the right.

    Args:
        with_verdict: False where the page itself says the verdict.
    """
    opened = session.current()
    if opened is None:
        if session.no_such_case():
            st.info(NO_SUCH_CASE, icon=":material/search_off:")
        st.space("small")
        return
    from advisor.report.report import write_card  # much, and the first page has no verdict

    with expected_errors():
        decision = session.decision()
        card = write_card(decision) if decision and with_verdict else None
        with _line("stretch"):
            with _line("content"):
                st.markdown(f"**{plain(opened.case.title)}**", width="content")
                if opened.case.recorded:
                    st.badge("Sample", color="gray")
                saved = f"saved {when(opened.saved_at)}" if opened.saved_at else ""
                if beside := " · ".join(filter(None, (opened.case.recorded, saved))):
                    note(beside, width="content")
            if decision is None or card is None:
                return
            # A verdict that changes with a blind vote would give away whose answer it was for.
            voted = session.voted_blind(decision)
            line, beside = f"{FIRMNESS_ICON[card.firmness]} {plain(card.line)}", card.rests_on
            if voted:
                line, beside = while_blind(voted, len(opened.case.prompts))
            with _line("content"):
                st.markdown(line, width="content")
                note(plain(beside), width="content")


def _line(width: Literal["stretch", "content"]) -> DeltaGenerator:
    """Lay parts out in a row with small gaps, as on a phone some wrap."""
    return st.container(
        horizontal=True,
        horizontal_alignment="distribute" if width == "stretch" else "left",
        vertical_alignment="center",
        width=width,
        gap="xsmall",
    )


def lacks(step: str, sentence: str) -> None:
    """Say what this step lacks, with a button to the step that gives it."""
    path, name = STEPS[step]
    st.info(sentence, icon=":material/arrow_back:")
    if st.button(on_primary(f"Go to {name}"), type="primary", key="needed"):
        st.switch_page(path)


def needs(step: str, sentence: str) -> NoReturn:
    """The same where nothing can be done without it: the page ends there."""
    session.catch_up()  # another window may have brought it
    lacks(step, sentence)
    st.stop()


def require_case() -> OpenCase:
    """The open case; points to the first step and stops when there is none."""
    opened = session.current()
    if opened is None and session.no_such_case():
        st.page_link("pages/library/decisions.py", label="Go to My decisions")
        st.stop()
    if opened is None:
        needs("use_case", "Nothing is filled in yet. Start with what the model should do.")
    return opened


def steps(
    back: str | None,
    onward: str | None,
    *,
    ready: bool = True,
    in_view: bool = True,
    first: Callable[[], None] | None = None,
) -> None:
    """Back and Continue of a step, at the foot of the window.

    Args:
        back: the step before; None = there is none.
        onward: the step after.
        ready: Continue is the primary button.
        in_view: False = at the foot of the page, as the bar holds something else or nothing leads on.
        first: draws what has to be done before going on, in Continue's place.
    """
    if in_view:
        with bar("step_bar"):
            _buttons(back, onward, ready, first)
        return
    st.space("small")
    _buttons(back, onward, ready, first)


def _buttons(
    back: str | None, onward: str | None, ready: bool, first: Callable[[], None] | None
) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if first is not None:
            first()
        elif onward is not None:
            path, name = STEPS[onward]
            kind: Literal["primary", "secondary"] = "primary" if ready else "secondary"
            label = f"Continue to {name}"
            st.button(
                on_primary(label) if ready else label,
                type=kind,
                key="continue",
                on_click=clicks.once_kept,
                args=(st.switch_page, path),
            )
        if back is not None:
            path, name = STEPS[back]
            st.button(
                f"Back to {name}",
                key="back",
                on_click=clicks.once_kept,
                args=(st.switch_page, path),
            )
