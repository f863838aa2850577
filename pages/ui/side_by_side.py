"""One text with both answers side by side, as they stream in; names are hidden until the vote."""

from collections.abc import Callable, Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.case import Case
from advisor.evidence.blind import PAIR, Said, said_of, sides_of, vote_of
from advisor.evidence.model import Output, Vote
from advisor.prompts import Prompt
from advisor.report.voting import preferred
from advisor.report.words import OPTION_WORDS, count
from pages.ui import blind, session, show

Writing = Mapping[tuple[str, str, int], str]
"""The text in flight by prompt, arm and sample."""


def read_and_vote(
    case: Case,
    run_id: str,
    prompt: Prompt,
    given: Vote | None,
    writing: Writing,
    skip: Callable[[], None],
) -> None:
    """Draw one text, its answers and the vote on it.

    Args:
        case: the open case.
        run_id: its run.
        prompt: the text looked at.
        given: the owner's vote on it, None = not voted yet.
        writing: answers that are being written now.
        skip: goes on to the next text without a vote.
    """
    here = session.store().prompt_outputs(run_id, prompt.id)
    blind.text(prompt.text)
    if not set(PAIR) <= case.arms.keys():
        for name, arm in case.arms.items():
            if arm.answers:
                flow = writing.get((prompt.id, name, 0))
                _answer(st.container(), OPTION_WORDS[name], here.get(name), flow)
        return
    sides = sides_of(run_id, prompt.id)
    for column, side, heading in zip(st.columns(2), sides, blind.SIDES, strict=True):
        named = heading if given is None else f"{heading}: {OPTION_WORDS[side]}"
        _answer(column, named, here.get(side), writing.get((prompt.id, side, 0)))
    if all(side in here and here[side].outcome == "answered" for side in sides):
        if given is None:
            st.markdown("The names are hidden until you have voted.")
        else:
            st.markdown(f"You chose **{preferred(given.preference)}**. You can still change it.")

        def keep(said: Said) -> None:
            session.store().add_vote(run_id, vote_of(said, sides, prompt.id))
            st.session_state["voted"] = True

        said = said_of(given, sides) if given else None
        blind.ask(f"text:{prompt.id}", said, keep, skip if given is None else None)
    blind.approved(prompt.reference)


def voted_just_now() -> bool:
    """Whether the last click was a vote, so that the verdict so far has changed."""
    return bool(st.session_state.pop("voted", False))


def _answer(
    column: DeltaGenerator, heading: str, output: Output | None, writing: str | None
) -> None:
    """One answer as plain text; a refusal or a failure says so."""
    if writing is not None and (output is None or output.outcome != "answered"):
        far = f"Being written, {count(len(writing.split()), 'word')} so far"
        blind.answer(column, heading, far, writing)
    elif output is None:
        blind.answer(column, heading, "Not answered yet.", None)
    elif output.outcome == "answered":
        far = blind.length(output.text, cut=output.truncated)
        blind.answer(column, heading, far, output.text)
    else:
        refused = output.outcome == "refused"
        said = "A content filter refused this." if refused else "No answer came."
        blind.answer(column, heading, f"{said} {show.plain(output.error or '')}", None)
