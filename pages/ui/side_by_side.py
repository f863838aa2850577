"""One text with both answers side by side, as they stream in; names are hidden until the vote."""

from collections.abc import Mapping
from random import Random

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.case import ArmName, Case
from advisor.evidence.model import Output, Preference, Quality, Vote
from advisor.prompts import Prompt
from advisor.report.words import OPTION_WORDS, count
from pages.ui import session, show

ANSWER_HEIGHT = 420
"""Pixels: both answers and the vote under them fit one screen."""

Writing = Mapping[tuple[str, str, int], str]
"""The text in flight by prompt, arm and sample."""


QUALITIES: dict[Quality, str] = {"as_is": "As it is", "small_edits": "Small edits", "no": "No"}
"""Would the reader send an answer: it measures how much is left to gain."""


def read_and_vote(
    case: Case, run_id: str, prompt: Prompt, given: Vote | None, writing: Writing
) -> None:
    """Draw one text, its answers and the vote on it.

    Args:
        case: the open case.
        run_id: its run.
        prompt: the text looked at.
        given: the vote on it, None = not voted yet.
        writing: answers that are being written now.
    """
    here = session.store().prompt_outputs(run_id, prompt.id)
    with st.container(border=True, height=220 if len(prompt.text) > 600 else "content"):
        st.subheader("Your text")
        st.text(prompt.text)
    if not {"base", "tuned"} <= case.arms.keys():
        for name, arm in case.arms.items():
            if arm.answers:
                flow = writing.get((prompt.id, name, 0))
                _answer(st.container(), OPTION_WORDS[name], here.get(name), flow)
        return
    sides: list[ArmName] = ["base", "tuned"]
    Random(f"{run_id}:{prompt.id}").shuffle(sides)  # noqa: S311 - a blind side, no secret
    for column, side, heading in zip(st.columns(2), sides, ("Left", "Right"), strict=True):
        named = heading if given is None else f"{heading}: {OPTION_WORDS[side]}"
        _answer(column, named, here.get(side), writing.get((prompt.id, side, 0)))
    if all(side in here and here[side].outcome == "answered" for side in sides):
        for column, side in zip(st.columns(2), sides, strict=True):
            with column:
                _ask_quality(run_id, prompt.id, side, given)
        chosen = given.preference if given else None
        show.vote_buttons(prompt.id, sides, chosen, lambda choice: _keep(run_id, prompt.id, choice))
    if prompt.reference:
        with st.expander("The approved answer"):
            st.text(prompt.reference)


def voted_just_now() -> bool:
    """Whether the last click was a vote, so that the verdict so far has changed."""
    return bool(st.session_state.pop("voted", False))


def _ask_quality(run_id: str, prompt_id: str, side: ArmName, given: Vote | None) -> None:
    """Whether this answer could go out; kept with the vote, at once where there is one."""

    def changed() -> None:
        if given is not None:
            _keep(run_id, prompt_id, given.preference)

    saved = None
    if given is not None:
        saved = given.tuned_quality if side == "tuned" else given.base_quality
    st.pills(
        "Would you send it?",
        list(QUALITIES),
        default=saved,
        format_func=QUALITIES.get,
        key=_quality_key(run_id, prompt_id, side),
        on_change=changed,
        wrap=True,
    )


def _quality_key(run_id: str, prompt_id: str, side: ArmName) -> str:
    return f"{run_id}:{prompt_id}:{side}:quality"


def _keep(run_id: str, prompt_id: str, choice: Preference) -> None:
    base, tuned = (
        st.session_state.get(_quality_key(run_id, prompt_id, side)) for side in ("base", "tuned")
    )
    vote = Vote(prompt_id, choice, base_quality=base, tuned_quality=tuned)
    session.store().add_vote(run_id, vote)
    st.session_state["voted"] = True


def _answer(
    column: DeltaGenerator, heading: str, output: Output | None, writing: str | None
) -> None:
    """One answer as plain text; a refusal or a failure says so."""
    with column.container(border=True, height=ANSWER_HEIGHT):
        # A heading's anchor takes the keyboard's focus, so that the box can be scrolled by keys.
        st.subheader(heading)
        if writing is not None and (output is None or output.outcome != "answered"):
            show.note(f"Being written, {count(len(writing.split()), 'word')} so far")
            st.text(writing)
        elif output is None:
            show.note("Not answered yet.")
        elif output.outcome == "answered":
            cut = ", cut off at the longest allowed" if output.truncated else ""
            show.note(count(len(output.text.split()), "word") + cut)
            st.text(output.text or "(the answer is empty)")
        else:
            refused = output.outcome == "refused"
            said = "A content filter refused this." if refused else "No answer came."
            show.note(f"{said} {show.plain(output.error or '')}")
