"""Compare: run the options over the texts, read the answers side by side, vote blind."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from advisor.case.case import Case
from advisor.case.run_spec import spec_of
from advisor.evidence.metrics import METRICS
from advisor.evidence.opponents import pair_to_ask
from advisor.evidence.pairs import Pair, pairs_of
from advisor.evidence.run_estimate import RunEstimate
from advisor.evidence.run_state import RunState
from advisor.evidence.scores import asked_of
from advisor.host.endpoints import host_addresses
from advisor.host.settings import hosting
from advisor.report.barriers import mend
from advisor.report.before import (
    before_the_run,
    counts_of_the_run,
    how_it_goes,
    how_the_run_stands,
    keys_to_enter,
    where_it_runs,
)
from advisor.report.labels import pair_words
from advisor.report.ruled_out import sent_against_the_rule
from advisor.runs import control, inline
from advisor.runs.estimate import estimate_run
from advisor.runs.opening import open_run
from advisor.runs.prices import price_of_calls
from advisor.runs.process import is_dead
from advisor.runs.reuse import bought_hashes
from advisor.verdict.more_texts import texts_to_bring
from advisor.verdict.rules import load_rules
from advisor.words import count
from pages.ui import clicks, errors, frame, keys, markdown, session, widgets
from pages.ui.compare import asked_before, early_stop, judge_form, reading, starting, voters
from pages.ui.compare.where_to import where_texts_go
from pages.ui.decisions import erasing

ALONE = "One option can answer so far: its answers show how much room is left for a second one."
LATELY = timedelta(seconds=20)
"""Over which the speed of a run is taken."""

bar = st.container(horizontal=True, vertical_alignment="center")
bar.title("Compare", width="content")
opened = frame.require_case()
case = opened.case
if not case.prompts:
    frame.needs(
        "texts",
        "There are no texts yet. Bring some first: about "
        f"{texts_to_bring(load_rules().evidence)} settle most questions.",
    )
if not any(arm.answers for arm in case.arms.values()):
    frame.needs("options", "No model is chosen yet. Choose at least one that can answer.")
recorded = all(arm.recorded for arm in case.arms.values() if arm.answers)
several = sum(arm.answers for arm in case.arms.values()) > 1


def start() -> None:
    """Start the run, or continue it; a second click starts nothing."""
    now = session.current()
    if now is None:
        return
    with errors.click("start"):
        asked, store = now.case, session.store()
        price = price_of_calls(asked, session.today())
        run_id = open_run(store, now.id, asked)
        with starting.allowed(
            run_id, asked.run, lambda: estimate(asked, anew=True).high
        ) as settings:
            if settings != asked.run:
                open_run(store, now.id, asked, settings)
            typed = keys.keys_of(asked)
            control.start(store, run_id, asked, keys=typed, settings=settings, price=price)


def estimate(case: Case, *, anew: bool = False) -> RunEstimate:
    """What the run will take, worked out once for a case: there may be thousands of texts."""
    kept = None if anew else st.session_state.get("estimate")
    if kept is None or kept[0] is not case or kept[1] != session.today():
        calls = list(spec_of(case).calls())
        asked = {name for name, arm in case.arms.items() if not arm.recorded}
        live = [call for call in calls if call.arm in asked]
        store = session.store()
        bought = bought_hashes(store, spec_of(case), live)
        price = price_of_calls(case, session.today())
        found = estimate_run(case, calls, bought, store.answer_sizes(opened.id), price)
        st.session_state["estimate"] = kept = (case, session.today(), found)
    found = kept[2]
    assert isinstance(found, RunEstimate)  # noqa: S101 - the session's state has no types
    return found


def ask_cap() -> None:
    """The most the run may cost; it belongs to the case, and a raised one continues the run."""
    cap = widgets.number(
        st,
        "Stop at, USD",
        case.run.cap_usd,
        f"{opened.form('run')}:cap",
        min_value=0.0,
        step=1.0,
        format="%.2f",
        placeholder="no limit",
        help="A call that could take the run over this limit is not made.",
    )
    if cap != case.run.cap_usd:
        settings = case.run.model_copy(update={"cap_usd": cap})
        session.save(case.model_copy(update={"run": settings}), entered=True)
        st.rerun()


def ask_longest() -> None:
    """The most an answer may be, thinking included; raised, only what was missing or cut is asked."""
    longest = st.number_input(
        "Longest answer, units billed",
        min_value=16,
        value=case.run.max_output_tokens,
        step=256,
        key=f"{opened.form('run')}:longest",
        help="What a model thinks first counts too. If you raise it, whole answers are kept, and "
        "only what was missing or cut off is asked for again.",
    )
    if longest != case.run.max_output_tokens:
        settings = case.run.model_copy(update={"max_output_tokens": longest})
        session.save(case.model_copy(update={"run": settings}), entered=True)
        st.rerun()


@st.fragment(run_every=1.0)
def watch(run_id: str) -> None:
    """Progress, time and money, read from the store once a second while the run goes on."""
    store = session.store()
    run, progress = store.run_state(run_id), store.progress(run_id)
    if run.status == "running" and is_dead(run.runner, run.heartbeat_at):
        store.mark_interrupted(is_dead)  # another process had it and has died
        run = store.run_state(run_id)
    if run.status != "running":
        st.rerun()
    now = datetime.now(UTC)
    finished, first = store.finished_since(run_id, now - LATELY)
    going = how_it_goes(progress, finished, first, now, inline.pause_s(run_id))
    with st.container(border=True):
        line, pause, stop = st.columns([4, 1, 1], vertical_alignment="center")
        line.markdown(
            markdown.plain(
                how_the_run_stands(
                    run,
                    progress,
                    recorded,
                    currency=case.currency,
                    going=None if recorded else going,
                )
            )
        )
        if pause.button("Pause", icon=":material/pause:", width="stretch"):
            control.pause(store, run_id)
        if stop.button("Stop", width="stretch"):
            control.cancel(store, run_id)
        done = progress.answered + progress.refused
        st.progress(done / progress.planned if progress.planned else 0.0)
        if pair is not None:
            early_stop.offer(run_id)


def ask_measure() -> None:
    """The one measure that may decide where nobody votes, chosen before there is an answer."""
    texts = [asked_of(prompt, case) for prompt in case.prompts]
    able = [
        key for key, metric in METRICS.items() if metric.primary and any(map(metric.fits, texts))
    ]
    if not able:
        return
    now = case.run.primary_metric
    chosen = st.selectbox(
        "Measure, if nobody votes",
        list(dict.fromkeys([now, *able])),
        format_func=lambda key: METRICS[key].title,
        key=f"{opened.form('run')}:measure",
        help="One measure is named before the run; the others are only shown beside it.",
    )
    markdown.note(markdown.plain(METRICS[chosen].explains))
    if chosen != now:
        settings = case.run.model_copy(update={"primary_metric": chosen})
        session.save(case.model_copy(update={"run": settings}), entered=True)
        st.rerun()


def where_the_texts_go() -> None:
    """Who will have the texts, and the way to have them back."""
    invited = session.store().ballots(run.id) if run is not None else []
    voters = sum(ballot.revoked_at is None for ballot in invited)
    with st.expander("Where the texts go"):
        for line in where_texts_go(case, hosting(), voters):
            st.markdown(f"**{markdown.plain(line.topic)}**: {markdown.plain(line.text)}.")
        erasing.offer(opened.id, case.title)


def warn_of_bounds() -> None:
    """What is asked though the texts may not go there, or nobody knows whether they may."""
    for warning in sent_against_the_rule(case.at(host_addresses())):
        st.warning(markdown.plain(warning), icon=":material/block:")


def ask_to_run() -> None:
    """What the run takes, and the button that starts it."""
    if several and not recorded:
        asked_before.ask_together(case, opened.form("brief"))
    ask_measure()
    if several and not recorded:
        asked_before.ask_margin_and_target(case, opened.form("brief"))
    if not recorded:
        asked_before.ask_seconds(case, opened.form("brief"))
    warn_of_bounds()
    if several and not recorded:
        judge_form.ask(case, opened.form("judge"))
    elif not several:
        markdown.note(ALONE)
    st.markdown(markdown.plain(before_the_run(case, estimate(case))))
    where_it_goes()
    ask_to_go_on("Replay the recorded answers" if recorded else "Start the comparison", "start")
    where_it_is_from()


def ask_to_continue(stopped: RunState) -> None:
    """How a run ended that lacks answers, and the button that goes on."""
    progress = session.store().progress(stopped.id)
    st.markdown(markdown.plain(how_far_it_came(stopped)))
    why = stopped.stop_reason
    if why and stopped.status in ("partial", "done"):
        st.warning(markdown.plain(why), icon=":material/error:")
    elif why and stopped.status != "interrupted":
        st.markdown(markdown.plain(why))
    for said in stopped.notes:
        markdown.note(markdown.plain(said))
    where_it_goes()
    again = "Retry what failed" if progress.missing == progress.failed else "Continue"
    ask_to_go_on(again, "go_on")
    where_it_is_from()


def lacking(stopped: RunState) -> int:
    """Answers that going on could bring; what was recorded as no answer stays none."""
    progress = session.store().progress(stopped.id)
    return progress.missing - (progress.no_answer if recorded else 0)


def how_far_it_came(stopped: RunState) -> str:
    """The counts of a run that has ended."""
    progress = session.store().progress(stopped.id)
    if all(arm.given for arm in case.arms.values() if arm.answers):
        return f"{progress.answered:,} of {count(progress.planned, 'answer')} came with your texts."
    return counts_of_the_run(stopped, progress, recorded, currency=case.currency)


def how_it_ended(stopped: RunState) -> str:
    """The same of a run that is whole, with what was found out on the way."""
    return " ".join((how_far_it_came(stopped), *stopped.notes))


def warn_of_answers() -> None:
    """That too many answers are only a part of one, or one model answered, though all are in."""
    decision = early_stop.decision_so_far()
    for barrier in decision.evidence.barriers if decision is not None else ():
        st.warning(markdown.plain(mend(barrier, case.names)), icon=":material/error:")


def where_it_goes() -> None:
    """Where the texts of a run go, and where it is worked on."""
    if recorded:
        return
    where_the_texts_go()
    workers = control.goes_to_workers(session.store(), case)
    shared = session.store().server_url is not None
    if where := where_it_runs(case, with_workers=workers, shared=shared):
        markdown.note(markdown.plain(where))


def ask_to_go_on(words: str, key: str) -> None:
    """Keys that are missing, the most it may cost, and the button."""
    if not recorded:
        if lacking := keys_to_enter(case, keys.keys_of(case).keys()):
            markdown.note(markdown.plain(lacking))
        with st.container(width=260):
            ask_cap()
            ask_longest()
    st.button(
        markdown.on_primary(words),
        type="primary",
        key=key,
        on_click=clicks.once_kept,
        args=(start,),
    )
    errors.failed("start")


def where_it_is_from() -> None:
    """Of a sample: what answered, when, and as what it is priced."""
    if case.sample_of:
        markdown.note(markdown.plain(case.sample_of))


def choose_pair() -> Pair | None:
    """The two options to vote on: those that can still change the verdict, unless chosen here."""
    pairs = pairs_of(case, (name for name, arm in case.arms.items() if arm.answers))
    if len(pairs) < 2:
        return next(iter(pairs), None)
    decision = early_stop.decision_so_far()
    named = pair_to_ask(decision.evidence, pairs) if decision else None
    at = pairs.index(named) if named in pairs else 0
    return st.selectbox(
        "Vote on",
        pairs,
        index=at,
        format_func=lambda two: pair_words(case, two),
        # Which pair can still change the verdict is known once all answers are in.
        key=f"{opened.form('arms')}:pair:{'best' if complete else 'so far'}",
        help="Fine-tuned has to beat every base option; this pair can still change the verdict.",
        width=320,
    )


def run_panel(whole: RunState) -> Pair | None:
    """What belongs to a run that has all its answers, behind a button; gives the pair voted on."""
    with st.popover("Run", key=f"{opened.form('run')}:panel", width="content"):
        two = choose_pair()
        with errors.expected_errors():
            where_it_goes()
            where_it_is_from()
            if not recorded:
                with st.container(width=260):
                    ask_longest()
            if several:
                cap = ask_cap if whole.status == "done" and not recorded else None
                judge_form.after(case, opened.form("judge"), whole, cap)
    return two


def voters_panel(run_id: str, two: Pair) -> None:
    """Inviting others to vote, behind a button at the top."""
    if ready := len(session.store().prompts_answered_by(run_id, two)):
        with st.popover("Ask others", key=f"{opened.form('run')}:voters", width="content"):
            voters.ask_others(run_id, two, len(case.prompts), ready)


run = session.run()
going_on = run is not None and run.status == "running"
judged = judge_form.stands(case, run) if run is not None and not going_on else None
judging = run is not None and judged is not None and judge_form.goes_on(judged, run)
ended = run is not None and run.status != "new" and not going_on and not judging
lacks_answers = ended and run is not None and lacking(run) > 0
complete = ended and not lacks_answers
with bar:  # what belongs to all texts; nothing in it names a side
    st.space("stretch")
    pair = None
    if run is not None:
        pair = run_panel(run) if complete else choose_pair()
    if run is not None and pair:
        voters_panel(run.id, pair)
    if complete:
        st.page_link("pages/steps/verdict.py", label="See the verdict", width="content")
if run is not None and going_on:
    watch(run.id)
elif run is not None and judging:
    judge_form.watch(case, run.id)
elif not complete:
    with st.container(border=True), errors.expected_errors():
        ask_to_continue(run) if run is not None and lacks_answers else ask_to_run()
    if several and run is not None and lacks_answers:
        judge_form.after(case, opened.form("judge"), run)
if complete and several:
    warn_of_answers()
if ended and several and case.brief.together is None:
    asked_before.ask_together(case, opened.form("brief"))
if run is not None:
    if pair and not going_on and not judging:
        early_stop.offer(run.id)
    looked_at = reading.TextsToRead(opened, run, pair, how_it_ended(run) if complete else "")
    with st.container(key="voting"):
        st.fragment(reading.read, run_every=1.0 if going_on else None)(looked_at)
frame.steps(back="options", onward="costs", ready=run is not None, in_view=run is None)
