"""Who judges: people only, or a model too; its address, price and rubric, and how far it is."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import streamlit as st

from advisor.case.case import Case
from advisor.case.endpoints import profile_of
from advisor.case.options import Judge
from advisor.evidence.judge.plan import JudgingPlan, JudgingState, plan_judging
from advisor.evidence.judge.prompt import rubric_for, rubric_text
from advisor.evidence.pairs import Pair, judged_pairs, pairs_of
from advisor.evidence.run_estimate import JudgeEstimate
from advisor.evidence.run_state import RunState
from advisor.report.base_stop import base_stop
from advisor.report.before import how_it_goes
from advisor.report.judging import before_the_judge, family_warning, how_the_judging_stands
from advisor.report.labels import pair_words
from advisor.runs import control, inline
from advisor.runs.judge_estimate import estimate_planned
from advisor.runs.judging import how_it_stands
from advisor.runs.prices import price_of_calls
from advisor.runs.process import is_dead
from advisor.verdict.base_models import bases_on
from pages.ui import clicks, errors, keys, markdown, session, widgets
from pages.ui.compare import starting
from pages.ui.options import asked_once, price_lines
from pages.ui.options.address import ask as ask_address
from pages.ui.options.address import ask_model
from pricing.errors import PricingError
from pricing.offers import PriceCells
from pricing.quotes import quote

PEOPLE, MODEL = "People only", "A judge model too"
LATELY = timedelta(seconds=20)
"""Over which the speed of a judge is taken."""


def ask(case: Case, form: str) -> None:
    """Ask who judges, and save it with the case; people only is an equal choice."""
    now = case.judge
    who = st.radio(
        "Who judges?",
        (PEOPLE, MODEL),
        index=0 if now is None else 1,
        horizontal=True,
        key=f"{form}:who",
        help="A judge model reads every pair of answers in both orders. Votes of people count "
        "for more as soon as there are enough.",
    )
    chosen = None if who == PEOPLE else _ask_model(case, now or Judge(), form)
    if chosen != now:
        session.save(case.model_copy(update={"judge": chosen}), entered=True)
        st.rerun()
    if warning := family_warning(case):
        st.warning(markdown.plain(warning), icon=":material/family_history:")
    if chosen is not None and not chosen.answers:
        markdown.note("Enter the judge's model address and model name, or choose people only.")
    elif chosen is not None and _lacks_key(chosen):
        markdown.note("No key is entered for the judge.")


def after(case: Case, form: str, run: RunState, ask_cap: Callable[[], None] | None = None) -> None:
    """What the judge said of a run's answers, or the offer to let one look at them.

    Args:
        case: the open case.
        form: what keys of its widgets begin with.
        run: a run that has ended, however.
        ask_cap: asks for the most the run may cost, where the page does not ask elsewhere.
    """
    judged = stands(case, run)
    asked = judged is not None and judged.run is not None and judged.run.status != "new"
    said = how_the_judging_stands(judged, case.currency) if judged is not None else ""
    with st.container(border=bool(said)), errors.expected_errors():
        if said:
            st.markdown(markdown.plain(said))
        words = "Another judge, or another rubric" if asked else "Add an AI judge"
        with st.expander(words, expanded=judged is not None and not asked):
            ask(case, form)
            if judged is None or not judged.plan.questions:
                return
            found = estimate(case, run, judged.plan)
            missing = judged.progress is None or bool(judged.progress.missing)
            if not missing:
                return
            st.markdown(markdown.plain(before_the_judge(case, found)))
            if ask_cap is not None:
                with st.container(width=260):
                    ask_cap()
            st.button(
                "Continue the judge" if asked else "Start the judge",
                key="judge",
                on_click=clicks.once_kept,
                args=(start, run.id),
            )
            errors.failed("judge")


def start(run_id: str) -> None:
    """Start the judge, or go on; a second click starts nothing."""
    opened = session.current()
    if opened is None:
        return
    with errors.click("judge"):
        case = opened.case
        price = price_of_calls(case, session.today())
        with starting.allowed(run_id, case.run, lambda: most(case, run_id)) as settings:
            capped = case.model_copy(update={"run": settings})
            control.start_judge(
                session.store(), run_id, capped, keys=keys.keys_of(capped), price=price
            )


@st.fragment(run_every=1.0)
def watch(case: Case, run_id: str) -> None:
    """How far the judge is, read from the store once a second while it goes on."""
    store = session.store()
    run = store.run_state(run_id)
    judged = stands(case, run)
    if judged is None or not goes_on(judged, run):
        st.rerun()
        return
    going = ""
    if judged.run is not None and judged.progress is not None:
        if judged.run.status == "running" and is_dead(judged.run.runner, judged.run.heartbeat_at):
            store.mark_interrupted(is_dead)  # another process had it and has died
            st.rerun()
        now = datetime.now(UTC)
        finished, first = store.finished_since(judged.run.id, now - LATELY)
        going = how_it_goes(judged.progress, finished, first, now, inline.pause_s(run_id))
    with st.container(border=True):
        line, pause, stop = st.columns([4, 1, 1], vertical_alignment="center")
        said = how_the_judging_stands(judged, case.currency, going=going)
        line.markdown(markdown.plain(said) or "The answers are put to the judge.")
        if pause.button("Pause", icon=":material/pause:", width="stretch", key="judge_pause"):
            control.pause(store, run_id)
        if stop.button("Stop", width="stretch", key="judge_stop"):
            control.cancel(store, run_id)
        progress = judged.progress
        done = 0 if progress is None else progress.answered + progress.refused
        st.progress(done / progress.planned if progress is not None else 0.0)


def goes_on(judged: JudgingState, run: RunState) -> bool:
    """Whether the judge is being asked, here or in another process."""
    if run.status != "running" and inline.is_running(run.id):
        return True
    return judged.run is not None and judged.run.status == "running"


def stands(case: Case, run: RunState) -> JudgingState | None:
    """Where the judge stands; what it is asked is worked out once, for there may be many texts."""
    if case.judge is None or not case.judge.answers:
        return None
    store = session.store()
    version = (run.id, run.status, store.progress(run.id))
    kept = st.session_state.get("judge_plan")
    if kept is None or kept[0] is not case or kept[1] != version:
        plan = plan_judging(case, store.outputs(run.id))
        st.session_state["judge_plan"] = kept = (case, version, plan)
    return how_it_stands(store, case, run.id, kept[2])


def most(case: Case, run_id: str) -> Decimal | None:
    """The highest price of what the judge is still to be asked, USD; None = not known."""
    run = session.store().run_state(run_id)
    judged = stands(case, run)
    return None if judged is None else estimate(case, run, judged.plan).high


def estimate(case: Case, run: RunState, plan: JudgingPlan) -> JudgeEstimate:
    """What the judge will take on these answers, worked out once."""
    kept = st.session_state.get("judge_estimate")
    version = (session.today(), session.store().stand(run.id).judgments)
    if kept is None or kept[0] is not plan or kept[1] != version:
        store = session.store()
        hashes = [call.call_hash for call in plan.spec.calls()]
        earlier = store.answer_sizes(run.case_id).get("judge", ())
        price = price_of_calls(case, session.today())
        found = estimate_planned(case, plan, store.bought(hashes), earlier, price)
        st.session_state["judge_estimate"] = kept = (plan, version, found)
    found = kept[2]
    assert isinstance(found, JudgeEstimate)  # noqa: S101 - the session's state has no types
    return found


def _ask_model(case: Case, now: Judge, key: str) -> Judge:
    address, name, secret = st.columns([3, 2, 2])
    tip = "The base URL of any OpenAI-compatible API. Your texts and the answers go there."
    endpoint = ask_address(address, "Judge's model address", now.endpoint, f"{key}:endpoint", tip)
    model = ask_model(name, "Judge's model name", now.model, endpoint, f"{key}:model")
    keys.ask(secret, "Judge's key", ("judge",), endpoint, f"{key}:key")
    chosen = now.model_copy(update={"endpoint": endpoint, "model": model})
    chosen = _ask_price(chosen, key)
    usual = rubric_for(case.brief.use_case).text
    text = st.text_area(
        "What the judge looks at, the most important first",
        value=rubric_text(case),
        height=170,
        key=f"{key}:rubric:{case.brief.use_case}",
        help="The rubric. It comes with the use case; change it as you like. Another rubric asks "
        "the judge again.",
    ).strip()
    longest = st.number_input(
        "Longest reply of the judge, units billed",
        min_value=16,
        value=now.max_output_tokens,
        step=256,
        key=f"{key}:longest",
        help="What it thinks first counts too. A reply that is cut off there gives no verdict.",
    )
    chosen = chosen.model_copy(update={"max_output_tokens": longest})
    label, waiting = "Test the judge's connection", "Asking for one word …"
    asked_once.ask(label, f"{key}:test", chosen, "judge", asked_once.connection, waiting=waiting)
    chosen = chosen.model_copy(update={"pairs": _ask_pairs(case, now, key)})
    return chosen.model_copy(update={"rubric": "" if text in ("", usual) else text})


def _ask_pairs(case: Case, now: Judge, key: str) -> tuple[Pair, ...]:
    """Which options are compared two by two, where there is a choice; () = all that may matter."""
    usual = pairs_of(case, (option for option, arm in case.arms.items() if arm.answers))
    if len(usual) < 2:
        return now.pairs
    mine = judged_pairs(case.model_copy(update={"judge": now}), [*case.arms])
    chosen = st.multiselect(
        "What the judge compares",
        list(dict.fromkeys([*usual, *mine])),
        default=[pair for pair in mine if now.pairs or pair in usual],
        format_func=lambda two: pair_words(case, two),
        key=f"{key}:pairs:{'/'.join(case.options)}",
        help="Fine-tuned has to beat every base option, so each pair counts. Fewer pairs cost "
        "less, and the verdict then holds against these base options only.",
    )
    return () if not chosen or set(chosen) == set(usual) else tuple(chosen)


def _ask_price(now: Judge, key: str) -> Judge:
    listed = [base.ref for base in bases_on(session.today())]
    offer, into, out = st.columns([3, 2, 2])
    chosen = offer.selectbox(
        "Where you can buy it",
        list(dict.fromkeys([*filter(None, [now.offer]), *listed])),
        index=None if now.offer is None else 0,
        format_func=price_lines.offer_name,
        placeholder="Choose a price, or enter your own",
        accept_new_options=True,
        key=f"{key}:offer",
        help="For a model that is not listed, type provider:model, as in openai:gpt-6-luna.",
    )
    cells = now.price.model_dump(exclude_none=True, exclude={"input", "output"})
    for column, cell, label in ((into, "input", "Input"), (out, "output", "Output")):
        value = getattr(now.price, cell)
        entered = widgets.number(
            column,
            f"{label}, USD per 1M",
            None if value is None else float(value),
            f"{key}:price:{cell}",
            min_value=0.0,
            step=0.01,
            format="%.4f",
            placeholder="as listed",
        )
        if entered is not None:
            cells[cell] = Decimal(str(entered))
    price = PriceCells.model_validate(cells)
    _say_until(chosen, price)
    return now.model_copy(update={"offer": chosen, "price": price})


def _say_until(offer: str | None, price: PriceCells) -> None:
    """Until when the judge answers; an offer that can't be priced is said where it is priced."""
    with suppress(PricingError):
        until = base_stop(quote(offer, price, "base", session.today()), session.today())
        if until:
            markdown.note(f":material/event_busy: {markdown.plain(until)}")


def _lacks_key(judge: Judge) -> bool:
    return profile_of(judge.endpoint).key == "needed" and keys.key_of("judge", judge) is None
