"""Compare: run the options over the texts, read the answers side by side, vote blind."""

from random import Random

import streamlit as st

from advisor.case import ArmName
from advisor.decision import order_seed
from advisor.evidence.model import Output, Preference, Vote
from advisor.evidence.stats import random_order
from advisor.money import price_of_calls
from advisor.prompts import Prompt
from advisor.report.before import before_the_run, how_the_run_stands
from advisor.report.words import OPTION_WORDS, count
from advisor.runs import inline
from advisor.runs.spec import spec_of
from pages.ui import session, show

ANSWER_HEIGHT = 420
"""Pixels: both answers and the vote under them fit one screen."""
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


def vote(prompt: Prompt, base_arm: ArmName, preference: Preference) -> None:
    """Keep a vote; it goes into the store at once."""
    session.store().add_vote(run.id, Vote(prompt.id, preference, base_arm=base_arm))


def answer(
    column: "st.delta_generator.DeltaGenerator", heading: str, output: Output | None
) -> None:
    """One answer as plain text; a refusal or a failure says so."""
    with column.container(border=True, height=ANSWER_HEIGHT):
        if output is None:
            st.markdown(f"**{heading}**")
            show.note("Not answered yet.")
        elif output.outcome == "answered":
            words = count(len(output.text.split()), "word")
            st.markdown(f"**{heading}** :gray[{words}]")
            st.text(output.text or "(the answer is empty)")
        else:
            st.markdown(f"**{heading}**")
            said = (
                "A content filter refused this."
                if output.outcome == "refused"
                else "No answer came."
            )
            show.note(f"{said} {show.plain(output.error or '')}")


def matching(prompts: list[Prompt], wanted: str) -> list[Prompt]:
    """The texts a filter leaves."""
    kept = {
        "All": lambda _: True,
        "Not voted": lambda p: p.id not in voted,
        "Different": lambda p: len({o.text.strip() for o in by_prompt.get(p.id, {}).values()}) > 1,
        "Refused": lambda p: any(o.outcome == "refused" for o in by_prompt.get(p.id, {}).values()),
        "Failed": lambda p: any(o.outcome == "failed" for o in by_prompt.get(p.id, {}).values()),
    }[wanted]
    return [prompt for prompt in prompts if kept(prompt)]


run = session.run()
if run is None or run.status != "running":
    with st.container(border=True):
        decision = None
        with show.expected_errors():
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
else:
    watch(run.id)

if run is not None:
    outputs = [o for o in session.store().outputs(run.id) if o.sample == 0]
    by_prompt: dict[str, dict[ArmName, Output]] = {}
    for output in outputs:
        by_prompt.setdefault(output.prompt_id, {})[output.arm] = output
    voted = {v.prompt_id: v.preference for v in session.store().votes(run.id)}
    base_arm: ArmName = "base"

    filters, place = st.columns([3, 1], vertical_alignment="bottom")
    chosen = filters.segmented_control(
        "Show", FILTERS, default="All", required=True, wrap=True, key=f"{opened.id}:filter"
    )
    # In the order in which the evidence looks at them, so that every early look is covered.
    by_id = {prompt.id: prompt for prompt in case.prompts}
    in_order = [by_id[key] for key in random_order(by_id, order_seed(run))]
    found = matching(in_order, chosen or "All")
    if not found:
        st.markdown("No text fits this filter.")
    else:
        at_key = f"{opened.id}:at"
        st.session_state[at_key] = min(max(1, st.session_state.get(at_key, 1)), len(found))
        at = place.number_input(f"Text, of {len(found):,}", 1, len(found), key=at_key)
        prompt = found[int(at) - 1]
        with st.container(border=True, height=220 if len(prompt.text) > 600 else "content"):
            show.note("Your text")
            st.text(prompt.text)
        arms = by_prompt.get(prompt.id, {})
        both = base_arm in case.arms and "tuned" in case.arms
        if both:
            sides: list[ArmName] = [base_arm, "tuned"]
            Random(f"{run.id}:{prompt.id}").shuffle(sides)  # noqa: S311 - a blind side, no secret
            told = prompt.id in voted
            left, right = st.columns(2)
            for column, side, heading in zip((left, right), sides, ("Left", "Right"), strict=True):
                answer(
                    column, f"{heading}: {OPTION_WORDS[side]}" if told else heading, arms.get(side)
                )
            ready = all(s in arms and arms[s].outcome == "answered" for s in sides)
            if ready:
                show.vote_buttons(
                    prompt.id, sides, voted.get(prompt.id), lambda p: vote(prompt, base_arm, p)
                )
        else:
            for name, output in arms.items():
                answer(st.container(), OPTION_WORDS[name], output)
        if prompt.reference:
            with st.expander("The approved answer"):
                st.text(prompt.reference)
        with st.container(horizontal=True):
            st.button(
                "Previous text",
                key="previous",
                disabled=at <= 1,
                on_click=lambda: st.session_state.update({at_key: int(at) - 1}),
            )
            st.button(
                "Next text",
                key="next",
                disabled=at >= len(found),
                on_click=lambda: st.session_state.update({at_key: int(at) + 1}),
            )
show.steps(back="models", onward="verdict", ready=run is not None)
