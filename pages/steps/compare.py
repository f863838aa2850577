"""Compare: run the options over the texts, read the answers side by side, vote blind."""

from collections.abc import Mapping
from random import Random

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.case import ArmName
from advisor.decision import order_seed
from advisor.evidence.model import Output, Preference, Vote
from advisor.evidence.stats import random_order
from advisor.money import price_of_calls
from advisor.prompts import Prompt
from advisor.report.before import before_the_run, how_the_run_stands, how_votes_stand
from advisor.report.words import OPTION_WORDS, count
from advisor.runs import inline
from advisor.runs.spec import spec_of
from pages.ui import session, show

ANSWER_HEIGHT = 420
"""Pixels: both answers and the vote under them fit one screen."""
Answers = dict[str, dict[ArmName, Output]]
FILTERS = ("All", "Not voted", "Different", "Refused", "Failed")

st.title("Compare")
opened = show.require_case()
case = opened.case
if not case.prompts:
    show.needs(
        "prompts", "There are no texts yet. Bring some first: about 100 settle most questions."
    )
if not any(arm.answers for arm in case.arms.values()):
    show.needs("models", "No model is chosen yet. Choose at least one that can answer.")


def start() -> None:
    """Start the run, or continue it; a second click starts nothing."""
    with show.expected_errors():
        run_id = session.store().start_run(opened.id, spec_of(case), case.run)
        price = price_of_calls(case, session.today())
        inline.start(session.store(), run_id, keys=session.keys(), price=price)


@st.fragment(run_every=1.0)
def watch(run_id: str) -> None:
    """Progress, time and money, read from the store once a second while the run goes on."""
    run, progress = session.store().run(run_id), session.store().progress(run_id)
    if run.status != "running":
        st.rerun()
    with st.container(border=True):
        line, pause, stop = st.columns([4, 1, 1], vertical_alignment="center")
        line.markdown(show.plain(how_the_run_stands(run, progress, bool(case.recorded))))
        if pause.button("Pause", icon=":material/pause:", width="stretch"):
            inline.pause(run_id)
        if stop.button("Stop", width="stretch"):
            inline.cancel(run_id)
        done = progress.answered + progress.refused
        st.progress(done / progress.planned if progress.planned else 0.0)


def answer(column: DeltaGenerator, heading: str, output: Output | None) -> None:
    """One answer as plain text; a refusal or a failure says so."""
    with column.container(border=True, height=ANSWER_HEIGHT):
        # A heading's anchor takes the keyboard's focus, so that the box can be scrolled by keys.
        st.subheader(heading)
        if output is None:
            show.note("Not answered yet.")
        elif output.outcome == "answered":
            show.note(count(len(output.text.split()), "word"))
            st.text(output.text or "(the answer is empty)")
        else:
            refused = output.outcome == "refused"
            said = "A content filter refused this." if refused else "No answer came."
            show.note(f"{said} {show.plain(output.error or '')}")


def matching(wanted: str, voted: Mapping[str, Preference], answers: Answers) -> list[Prompt]:
    """The texts a filter leaves, in the order in which the evidence looks at them.

    That order makes every early look a fair one, so it is the order to vote in.
    """

    def kept(prompt: Prompt) -> bool:
        here = answers.get(prompt.id, {}).values()
        if wanted == "Different":
            return len({output.text.strip() for output in here}) > 1
        if wanted in ("Refused", "Failed"):
            return any(output.outcome == wanted.lower() for output in here)
        return wanted == "All" or prompt.id not in voted

    by_id = {prompt.id: prompt for prompt in case.prompts}
    return [p for key in random_order(by_id, order_seed(run)) if kept(p := by_id[key])]


def read_and_vote(prompt: Prompt, given: Preference | None, here: dict[ArmName, Output]) -> None:
    """One text with both answers side by side, the names hidden until the vote."""
    with st.container(border=True, height=220 if len(prompt.text) > 600 else "content"):
        st.subheader("Your text")
        st.text(prompt.text)
    if not {"base", "tuned"} <= case.arms.keys():
        for name, output in here.items():
            answer(st.container(), OPTION_WORDS[name], output)
        return
    sides: list[ArmName] = ["base", "tuned"]
    Random(f"{run.id}:{prompt.id}").shuffle(sides)  # noqa: S311 - a blind side, no secret
    for column, side, heading in zip(st.columns(2), sides, ("Left", "Right"), strict=True):
        named = heading if given is None else f"{heading}: {OPTION_WORDS[side]}"
        answer(column, named, here.get(side))
    if all(side in here and here[side].outcome == "answered" for side in sides):
        show.vote_buttons(
            prompt.id,
            sides,
            given,
            lambda choice: session.store().add_vote(run.id, Vote(prompt.id, choice)),
        )
    if prompt.reference:
        with st.expander("The approved answer"):
            st.text(prompt.reference)


run = session.run()
if run is not None and run.status == "running":
    watch(run.id)
else:
    with st.container(border=True), show.expected_errors():
        decision = session.decision()
        if run is None or run.status == "new":
            if decision is not None:
                st.markdown(show.plain(before_the_run(case, decision.money)))
            words = "Replay the recorded answers" if case.recorded else "Start the comparison"
            st.button(show.on_primary(words), type="primary", key="start", on_click=start)
        else:
            progress = session.store().progress(run.id)
            st.markdown(show.plain(how_the_run_stands(run, progress, bool(case.recorded))))
            if progress.missing:
                st.button(show.on_primary("Continue"), type="primary", key="go_on", on_click=start)
        if case.sample_of:
            show.note(show.plain(case.sample_of))

if run is not None:
    answers: Answers = {}
    for output in session.store().outputs(run.id):
        if output.sample == 0:
            answers.setdefault(output.prompt_id, {})[output.arm] = output
    voted = {vote.prompt_id: vote.preference for vote in session.store().votes(run.id)}

    filters, place = st.columns([3, 1], vertical_alignment="bottom")
    chosen = filters.segmented_control(
        "Show", FILTERS, default="All", required=True, wrap=True, key=f"{opened.id}:filter"
    )
    found = matching(chosen or "All", voted, answers)
    if not found:
        st.markdown("No text fits this filter.")
    else:
        at_key = f"{opened.id}:at"
        st.session_state[at_key] = min(max(1, st.session_state.get(at_key, 1)), len(found))
        at = int(place.number_input(f"Text, 1 to {len(found):,}", 1, len(found), key=at_key))
        prompt = found[at - 1]
        read_and_vote(prompt, voted.get(prompt.id), answers.get(prompt.id, {}))
        with st.container(horizontal=True, vertical_alignment="center"):
            for word, to in (("Previous text", at - 1), ("Next text", at + 1)):
                st.button(
                    word,
                    key=word.split()[0].lower(),
                    disabled=not 1 <= to <= len(found),
                    on_click=lambda to=to: st.session_state.update({at_key: to}),
                )
            show.note(how_votes_stand(len(voted), len(case.prompts)), width="content")
show.steps(back="models", onward="verdict", ready=run is not None)
