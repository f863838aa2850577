"""Drawing that more than one page does. It words nothing about the case: the report does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from advisor.errors import AdvisorError
from pages.ui import session
from pricing.errors import PricingError

STEPS = {
    "use_case": ("pages/steps/use_case.py", "Use case"),
    "prompts": ("pages/steps/prompts.py", "Prompts"),
    "models": ("pages/steps/models.py", "Models and volume"),
    "compare": ("pages/steps/compare.py", "Compare"),
    "verdict": ("pages/steps/verdict.py", "Verdict"),
}

FIRMNESS_ICON = {
    "decided": ":material/check_circle:",
    "leaning": ":material/trending_flat:",
    "provisional": ":material/help:",
    "blocked": ":material/block:",
}


@contextmanager
def expected_errors() -> Iterator[None]:
    """Show an error the reader can mend as its one sentence; anything else is a bug, left to be seen."""
    try:
        yield
    except (AdvisorError, PricingError) as error:
        st.error(plain(str(error)), icon=":material/error:")


def plain(text: str) -> str:
    """The text with every character that Markdown would act on escaped."""
    escaped = "".join("\\" + c if c in r"\`*_{}[]()#+-.!|<>~$:^=&" else c for c in text)
    return escaped.replace("\n", "  \n")


def frame_line() -> None:
    """One line: the case's name at the left, the verdict so far and what it rests on at the right."""
    opened = session.current()
    if opened is None:
        st.space("small")
        return
    with expected_errors():
        decision = session.decision()
        report = decision.report if decision else None
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                st.markdown(f"**{plain(opened.case.title)}**", width="content")
                if opened.case.recorded:
                    st.badge(f"Sample, {opened.case.recorded}", color="gray")
            if report is not None:
                with st.container(horizontal=True, width="content", vertical_alignment="center"):
                    st.markdown(
                        f"{FIRMNESS_ICON[report.firmness]} {plain(report.line)}", width="content"
                    )
                    st.caption(plain(report.rests_on), width="content")


def needs(step: str, sentence: str) -> NoReturn:
    """Say what this step lacks, link to the step that gives it, and stop."""
    path, name = STEPS[step]
    st.info(sentence, icon=":material/arrow_back:")
    st.page_link(path, label=f"Go to {name}")
    st.stop()


def require_case() -> session.OpenCase:
    """The open case; points to the first step and stops when there is none."""
    opened = session.current()
    if opened is None:
        needs("use_case", "Nothing is filled in yet. Start with what the model should do.")
    return opened


def steps(back: str | None, onward: str | None) -> None:
    """Back and Continue at the foot of a step."""
    st.space("small")
    with st.container(horizontal=True):
        if onward is not None:
            path, name = STEPS[onward]
            if st.button(f"Continue to {name}", type="primary", key="continue"):
                st.switch_page(path)
        if back is not None:
            path, name = STEPS[back]
            if st.button(f"Back to {name}", key="back"):
                st.switch_page(path)
