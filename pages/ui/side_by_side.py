"""One text with both answers side by side, as they stream in; names are hidden until the vote."""

import itertools
from collections.abc import Callable, Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.case import ARMS, Case
from advisor.evidence.blind import OWNER, Said, said_of, sides_of, vote_of
from advisor.evidence.model import Output, Quality, Vote
from advisor.evidence.pairs import Pair
from advisor.prompts import Prompt
from advisor.report.voting import preferred
from advisor.report.words import OPTION_WORDS, count
from pages.ui import blind, session, show

PAIR_KEYS: dict[Pair, str] = {
    pair: str(number) for number, pair in enumerate(itertools.permutations(ARMS, 2))
}
"""A pair's place in the keys of widgets, which reach the browser and must name no option."""

Writing = Mapping[tuple[str, str, int], str]
"""The text in flight by prompt, arm and sample."""


def read_and_vote(
    case: Case,
    run_id: str,
    prompt: Prompt,
    pair: Pair | None,
    given: Vote | None,
    writing: Writing,
    skip: Callable[[], None],
) -> None:
    """Draw one text, its answers and the vote on it.

    Args:
        case: the open case.
        run_id: its run.
        prompt: the text looked at.
        pair: the options voted on; None = there is only one to look at.
        given: the owner's vote on it, None = not voted yet.
        writing: answers that are being written now.
        skip: goes on to the next text without a vote.
    """
    here = session.store().prompt_outputs(run_id, prompt.id)
    blind.text(prompt.text)
    if pair is None:
        _look_at_one(case, run_id, prompt, given, writing)
        return
    sides = sides_of(run_id, prompt.id, pair=pair)
    for column, side, heading in zip(st.columns(2), sides, blind.SIDES, strict=True):
        named = heading if given is None else f"{heading}: {OPTION_WORDS[side]}"
        _answer(column, named, here.get(side), writing.get((prompt.id, side, 0)))
    if all(side in here and here[side].outcome == "answered" for side in sides):
        if given is None:
            st.markdown("The names are hidden until you have voted.")
        else:
            st.markdown(f"You chose **{preferred(given)}**. You can still change it.")

        def keep(said: Said) -> None:
            session.store().add_vote(run_id, vote_of(said, sides, prompt.id, OWNER, pair))
            st.session_state["voted"] = True

        said = said_of(given, sides) if given else None
        key = blind.key_of(run_id, f"{prompt.id}:{PAIR_KEYS[pair]}")
        blind.ask(key, said, keep, skip if given is None else None)
    blind.approved(prompt.reference)


def _look_at_one(
    case: Case, run_id: str, prompt: Prompt, given: Vote | None, writing: Writing
) -> None:
    """The only option there is: would its answer be sent? It measures what is left to gain."""
    name = next(name for name, arm in case.arms.items() if arm.answers)
    output = session.store().prompt_outputs(run_id, prompt.id).get(name)
    _answer(st.container(), OPTION_WORDS[name], output, writing.get((prompt.id, name, 0)))
    if output is not None and output.outcome == "answered":

        def keep(quality: Quality | None) -> None:
            said = Vote(prompt.id, "tie", base_arm=name, base_quality=quality)
            session.store().add_vote(run_id, said)
            st.session_state["voted"] = True

        blind.ask_whether_sent(
            blind.key_of(run_id, prompt.id), given.base_quality if given else None, keep
        )
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
