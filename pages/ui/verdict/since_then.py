"""An old decision: what is still true of it, and the same texts on today's best base."""

import streamlit as st

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.case.run_spec import spec_of
from advisor.errors import AdvisorError
from advisor.llm.probe import probe
from advisor.report.revisit import (
    STATE_WORDS,
    RevisitLine,
    State,
    revisit,
    would_change,
)
from advisor.report.summary import digest_of, summarise
from advisor.runs.estimate import estimate_run
from advisor.runs.prices import price_of_calls
from advisor.runs.refused import named
from advisor.verdict.decision import Decision
from advisor.verdict.newer_base import BaseOnList, best_base, on_base
from advisor.words import count, day, duration
from pages.ui import errors, keys, markdown, session
from pages.ui.open_case import OpenCase

ICONS: dict[State, str] = {
    "still": ":material/check:",
    "changed": ":material/sync_alt:",
    "unknown": ":material/help:",
}


def look_back(opened: OpenCase, decision: Decision) -> None:
    """Hold a decision of an earlier day against today; nothing where it was decided today."""
    row = session.store().case_row(opened.id)
    then = row.standing
    if then is None or then.decided_on >= session.today():
        return
    now = summarise(decision, digest_of(opened.digest, decision.record))
    answering: dict[OptionId, str | None] = st.session_state.get(f"answering:{opened.id}", {})
    lines = revisit(then, now, session.today(), answering, opened.case.currency)
    with st.container(border=True):
        st.subheader(
            f"Decided on {day(then.decided_on)}: {markdown.plain(then.headline)}", anchor=False
        )
        st.markdown(f"**{markdown.plain(would_change(then, now).text)}** {_counted(lines)}")
        with st.expander("Line by line"):
            _listed(lines)
            _ask(opened)
        _same_texts(opened, best_base(opened.case, now.bases))
        if st.button("Take today's verdict as the decision", type="tertiary", key="decide_anew"):
            session.store().keep_standing(opened.id, now)
            st.rerun()


def _counted(lines: tuple[RevisitLine, ...]) -> str:
    """ "Of what it stood on, 2 changed, 3 are still true and 4 can't be told from here." """
    many = {state: sum(line.state == state for line in lines) for state in STATE_WORDS}
    return (
        f"Of what it stood on, {many['changed']} changed, {many['still']} are still true and "
        f"{many['unknown']} can't be told from here."
    )


def _listed(lines: tuple[RevisitLine, ...]) -> None:
    order: tuple[State, ...] = ("changed", "unknown", "still")
    for line in sorted(lines, key=lambda line: order.index(line.state)):
        word, topic = STATE_WORDS[line.state], markdown.plain(line.topic)
        st.markdown(f"{ICONS[line.state]} **{word}: {topic}.** {markdown.plain(line.text)}")


def _ask(opened: OpenCase) -> None:
    """Ask the options' addresses which model answers there now."""
    live = {name: arm for name, arm in opened.case.arms.items() if arm.answers and not arm.recorded}
    if not live:
        markdown.note(
            "The answers are recorded, so there is no address to ask which model answers."
        )
        return
    if not st.button(
        "Ask which model answers now",
        key="ask_served",
        help="One word from each address, with the key entered on Options; nothing of your texts.",
    ):
        return
    said: dict[OptionId, str | None] = {}
    unheard: list[str] = []
    with errors.expected_errors(), st.spinner("Asking each address for one word …"):
        refused = session.store().refused()
        for name, arm in live.items():
            known = refused.get(named(arm.endpoint, arm.model))
            found = probe(arm.endpoint, arm.model, keys.key_of(name, arm), known=known)
            if found.ok:
                said[name] = found.served_model
            else:
                unheard.append(found.sentence)
        st.session_state[f"answering:{opened.id}"] = said
        st.session_state[f"unheard:{opened.id}"] = unheard
        st.rerun()


def _same_texts(opened: OpenCase, base: BaseOnList | None) -> None:
    """Offer a copy of the case with today's cheapest base in the base option's place."""
    for sentence in st.session_state.get(f"unheard:{opened.id}", []):
        st.error(markdown.plain(sentence), icon=":material/error:")
    if base is None or not opened.case.prompts:
        return
    moved = on_base(opened.case, base)
    st.markdown(
        f"**The same texts on {markdown.plain(base.name)}**, the cheapest base on today's list that "
        "can be asked from here."
    )
    markdown.note(markdown.plain(_what_it_takes(opened, moved)))
    if st.button(f"Make a copy with {markdown.plain(base.name)}", key="on_best_base"):
        session.close()
        session.save(moved)
        ready = moved.arms["base"].answers
        st.switch_page("pages/steps/compare.py" if ready else "pages/steps/options.py")


def _what_it_takes(opened: OpenCase, moved: Case) -> str:
    """Money and time of the copy's run; worked out once, as there may be thousands of texts."""
    kept = st.session_state.get("moved")
    if kept is None or kept[0] is not opened.case:
        st.session_state["moved"] = kept = (opened.case, _estimate(opened, moved))
    return f"{kept[1]} This decision stays as it is."


def _estimate(opened: OpenCase, moved: Case) -> str:
    if not moved.arms["base"].answers:
        return "Its address is not known here; you enter it on the next page."
    calls, store = list(spec_of(moved).calls()), session.store()
    asked = {name for name, arm in moved.arms.items() if not arm.recorded}
    live = [call for call in calls if call.arm in asked]
    try:
        price = price_of_calls(moved, session.today())
        hashes = [call.call_hash for call in live]
        found = estimate_run(
            moved, live, store.bought(hashes), store.answer_sizes(opened.id), price
        )
    except AdvisorError as error:
        return str(error)
    about = f"about {moved.currency.show(found.expected)}"
    cost = "price not known" if found.expected is None else about
    recorded = len(calls) - len(live)
    return (
        f"{count(found.calls, 'answer')} to buy, {cost}, {duration(found.seconds)}; "
        f"{count(found.reused + recorded, 'old answer')} reused."
    )
