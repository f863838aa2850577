"""The panel on which an option's instruction is improved: texts, budget, progress, what was found."""

from decimal import Decimal
from typing import Any

import streamlit as st

from advisor.case.case import Case
from advisor.case.options import LONGEST_LABEL, OptionId
from advisor.case.variants import with_variant
from advisor.errors import AdvisorError
from advisor.evidence.instruction_search import InstructionSearch, ScoredBy
from advisor.report.improving import (
    WHAT_IT_DOES,
    how_it_goes,
    scored_by_words,
    what_is_used,
    what_leaves,
    what_was_found,
    who_proposes,
)
from advisor.runs import control
from advisor.runs.improve.plan import (
    LEAST_TEXTS,
    USUAL_CALLS,
    USUAL_USD,
    may_set_aside,
    plan_search,
    pool_of,
    ways_to_score,
    with_pairs,
    with_set_aside,
)
from advisor.runs.improve.start import keep_search, means_of, price_is_known
from advisor.runs.improve.start import start as start_search
from advisor.runs.process import is_dead
from advisor.training.case_file import pairs_in
from advisor.words import count
from pages.ui import clicks, errors, keys, markdown, session
from pages.ui.compare.starting import allowed
from pages.ui.open_case import OpenCase


def may_be(case: Case, option: OptionId) -> bool:
    """Whether the instruction of an option can be worked on here."""
    arm, variant = case.arms[option], case.variant_of(option)
    worked_on = variant in ("plain", "improved")
    return case.kind_of(option) == "base" and worked_on and arm.answers and not arm.recorded


def open_panel(option: OptionId) -> None:
    """Show the panel from now on."""
    st.session_state[_flag(option)] = True


def last_searches() -> dict[OptionId, InstructionSearch]:
    """The last search for each option's instruction."""
    opened = session.current()
    if opened is None:
        return {}
    found = session.store().searches(opened.id)
    return {one.plan.option: one for one in reversed(found)}


def panel(case: Case, option: OptionId, found: InstructionSearch | None) -> None:
    """The panel of an option, where it is open or a search goes on.

    Args:
        case: as it is.
        option: one of its options.
        found: the last search for its instruction.
    """
    opened = session.current()
    if opened is None or not may_be(case, option):
        return
    shown = st.session_state.get(_flag(option))
    going_on = found is not None and found.status == "running"
    if not shown and not going_on:
        if found is not None and found.status != "new":
            markdown.note(markdown.plain(what_was_found(found, case)))
        return
    st.divider()
    st.markdown("**Improve its instruction**")
    markdown.note(WHAT_IT_DOES)
    if going_on:
        _watch(case, option)
        return
    if found is not None and found.status != "new" and _is_of(found, case, option):
        _result(case, option, found)
    with errors.expected_errors():
        _form(opened, option, found)
    st.button(
        "Close", key=f"improve:{option}:close", type="tertiary", on_click=_close, args=(option,)
    )


def _flag(option: OptionId) -> str:
    return f"improve:{option}"


def _close(option: OptionId) -> None:
    st.session_state.pop(_flag(option), None)


def _is_of(found: InstructionSearch, case: Case, option: OptionId) -> bool:
    """Whether a search began with the instruction as it is now."""
    return found.first == case.arms[option].system_prompt


@st.fragment(run_every=1.0)
def _watch(case: Case, option: OptionId) -> None:
    """How far the search is, read from the store once a second while it goes on."""
    opened, store = session.current(), session.store()
    found = None if opened is None else store.search_of(opened.id, option)
    if found is None:
        return
    run = store.run_state(found.run_id)
    if run.status == "running" and is_dead(run.runner, run.heartbeat_at):
        store.mark_interrupted(is_dead)  # another process had it and has died
    if run.status != "running":
        open_panel(option)
        session.decide_anew()
        st.rerun()
    line, stop = st.columns([5, 1], vertical_alignment="center")
    line.markdown(markdown.plain(how_it_goes(found, case)))
    if stop.button("Stop", key=f"improve:{option}:stop", width="stretch"):
        control.pause(store, found.run_id)
    st.progress(min(1.0, found.calls / found.plan.calls))


def _result(case: Case, option: OptionId, found: InstructionSearch) -> None:
    """What was found, and the instruction to read, edit and use."""
    st.markdown(markdown.plain(what_was_found(found, case)))
    if found.stop_reason:
        markdown.note(markdown.plain(found.stop_reason))
    if found.found.instruction is None:
        return
    edited = st.text_area(
        "The instruction found",
        value=found.found.instruction,
        height=200,
        key=f"improve:{option}:{found.run_id}:{found.found.tried}:text",
        help="Read it before you use it, and change what is not true of your task.",
    )
    use = st.button(
        markdown.on_primary("Use it as an option"), type="primary", key=f"improve:{option}:use"
    )
    if use:
        clicks.once_kept(_use, option, edited)
    errors.failed(f"improve:{option}:use")


def _use(option: OptionId, instruction: str) -> None:
    """The same model once more, with the instruction found."""
    with errors.click(f"improve:{option}:use"):
        opened = session.current()
        if opened is None:
            return
        case = with_variant(opened.case, option, "improved")
        new = next(one for one in case.arms if one not in opened.case.arms)
        ending = ", improved"
        label = f"{opened.case.name_of(option)[: LONGEST_LABEL - len(ending)]}{ending}"
        told = {"system_prompt": instruction.strip(), "label": label}
        session.save(case.put(new, case.arms[new].model_copy(update=told)), entered=True)
        _close(option)


def _form(opened: OpenCase, option: OptionId, found: InstructionSearch | None) -> None:
    """Texts, score and budget, and the button that starts the search or goes on with it."""
    case, key = opened.case, f"improve:{option}"
    goes_on = found is not None and found.status != "done" and _is_of(found, case, option)
    if found is not None and not goes_on and found.status == "done" and _is_of(found, case, option):
        return
    case, many = _ask_texts(opened, key)
    way = _ask_way(case, key)
    money, calls, act = st.columns([1, 1, 2], vertical_alignment="bottom")
    usd = None
    if price_is_known(case, option, session.today()):
        usd = money.number_input(
            "At most, USD", 0.0, value=float(USUAL_USD), step=0.5, format="%.2f", key=f"{key}:usd"
        )
    else:
        with money:
            markdown.note("Its price is not known, so only the calls are held.")
    most = calls.number_input("Calls at most", 0, value=USUAL_CALLS, step=50, key=f"{key}:calls")
    if act.button("Go on" if goes_on else "Start the search", key=f"{key}:start"):
        clicks.once_kept(_start, option, case.set_aside, many, way, usd, int(most))
    markdown.note(markdown.plain(who_proposes(case)))
    errors.failed(f"{key}:start")


def _ask_texts(opened: OpenCase, key: str) -> tuple[Case, int]:
    """The case with pairs of an upload set aside, and how many compared texts are to leave.

    Raises:
        AdvisorError: too few texts, in a sentence that says what to bring.
    """
    case = opened.case
    pool = pool_of(case)
    if len(pool.texts) < LEAST_TEXTS:
        case = _with_upload(case, key)
        pool = pool_of(case)
    if len(pool.texts) >= LEAST_TEXTS:
        markdown.note(what_is_used(case, len(pool.texts), pool.like_compared))
        return case, 0
    may = may_set_aside(case)
    many = st.number_input(
        "Texts to set aside",
        may.start,
        may.stop - 1,
        value=may.start,
        key=f"{key}:aside",
        width=240,
        help="Texts with approved answers, drawn by chance. They are not compared any more.",
    )
    markdown.note(what_leaves(case, int(many)))
    return case, int(many)


def _with_upload(case: Case, key: str) -> Case:
    """The case with the pairs of a training file, if one is brought here."""
    with st.expander("Use a training file in place of your texts"):
        file = st.file_uploader(
            "A .jsonl with one example a line",
            type=["jsonl"],
            max_upload_size=50,
            key=f"{key}:file",
        )
        if file is None:
            return case
        place = f"{key}:pairs"
        kept: tuple[str, Any] | None = st.session_state.get(place)
        if kept is None or kept[0] != file.file_id:
            try:
                read: Any = pairs_in(file.getvalue(), file.name)
            except AdvisorError as error:
                read = error
            st.session_state[place] = kept = (file.file_id, read)
        if isinstance(kept[1], AdvisorError):
            raise kept[1]
        markdown.note(f"{count(len(kept[1]), 'pair')} of a text and its answer were read.")
        return with_pairs(case, kept[1])


def _ask_way(case: Case, key: str) -> ScoredBy | None:
    """What an answer is scored by; None = the first way there is."""
    ways = ways_to_score(case)
    if ways == ("overlap",):
        said = "Score by overlap of words: it shows shared wording, not right answers"
        return "overlap" if st.checkbox(said, key=f"{key}:overlap") else None
    return st.selectbox(
        "An answer is scored by",
        [way for way in ways if way != "overlap"],
        format_func=lambda way: scored_by_words(case, way),
        key=f"{key}:way",
        width=420,
    )


def _start(
    option: OptionId,
    aside: Any,
    many: int,
    way: ScoredBy | None,
    usd: float | None,
    calls: int,
) -> None:
    """Set the texts aside and start; a second click starts nothing."""
    with errors.click(f"improve:{option}:start"):
        opened = session.current()
        if opened is None:
            return
        case = opened.case.model_copy(update={"set_aside": aside})
        if many:
            case = with_set_aside(case, many)
        most = None if usd is None else Decimal(str(usd))
        plan = plan_search(case, option, calls=calls, usd=most, scored_by=way)
        means = means_of(case, option, keys.keys_of(case), session.today())
        if case != opened.case:
            session.save(case)
        store = session.store()
        run_id = keep_search(store, opened.id, case, plan)
        settings = store.run(run_id).settings
        with allowed(run_id, settings, lambda: most) as held:
            if held.cap_usd is not None and held != settings:
                plan = plan.model_copy(update={"usd": Decimal(str(held.cap_usd))})
                keep_search(store, opened.id, case, plan)
            start_search(store, run_id, case, plan, means)
