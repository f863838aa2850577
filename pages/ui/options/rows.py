"""One row an option: what it is, where it answers, what it costs a month, until when."""

import re
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.case.case import Case
from advisor.case.options import KIND_WORDS, MOST_OPTIONS, VARIANT_WORDS, Arm, OptionId
from advisor.case.refusals import Refusals
from advisor.case.variants import in_step, same_twice
from advisor.host.endpoints import host_addresses, host_endpoint
from advisor.report.access import until
from advisor.report.base_stop import base_until
from advisor.report.for_legal import host_of
from advisor.report.labels import figure_names
from advisor.report.ruled_out import plain_warning
from advisor.runs.refused import named, not_taken
from advisor.store.refusals import Refused
from advisor.verdict.base_models import listed_as
from advisor.verdict.bounds import ruled_out, sites_of
from advisor.verdict.costs import Costs
from advisor.words import listed
from pages.ui import clicks, markdown, session
from pages.ui.options import asked_once, changes, improving, option_form
from pricing.quotes import Quote

DUPLICATE, EXAMPLES, PASSAGES, IMPROVE, REMOVE = (
    "Duplicate",
    "Try it with examples",
    "Try it with look-up",
    "Improve its instruction",
    "Remove",
)


def draw(case: Case, form: str, money: Costs | None) -> Case:
    """Every option in a row of its own; the case as the forms that are open have it."""
    arms, today = dict(case.arms), session.today()
    twice, refused = same_twice(case), session.store().refused()
    searches = improving.last_searches()
    for option in case.options:
        with st.container(border=True, key=f"option:{option}"):
            button_at = _head(case, option, money, today)
            now = arms[option]
            if st.session_state.get(f"change:{option}"):
                now = option_form.ask(case, form, option)
            if not now.recorded and asked_once.ask(  # after the form, which may have another key
                "Test",
                f"test:{option}",
                now,
                option,
                asked_once.connection,
                waiting="Asking for one word …",
                button_in=button_at,
            ):
                refused = session.store().refused()
            if (listed := listed_as(now.offer)) and not now.endpoint.strip() and listed.no_address:
                markdown.note(markdown.plain(listed.no_address))
            _say_left_out(case, option, refused)
            arms[option] = _ask_where(case, option, now, form)
            improving.panel(case, option, searches.get(option))
            if twice is not None and twice[1] == option:
                same = case.name_of(twice[0])
                st.warning(
                    markdown.plain(
                        f"It is asked just as “{same}” is. Change its model, instruction or "
                        "parameters, or remove it."
                    ),
                    icon=":material/content_copy:",
                )
    return in_step(case.model_copy(update={"arms": arms}), case)


def _head(case: Case, option: OptionId, money: Costs | None, today: date) -> DeltaGenerator:
    """What stands in the row of an option; gives the place of the button that tests it."""
    arm, kind = case.arms[option], case.kind_of(option)
    what, cost, act = st.columns([5, 2.6, 3], vertical_alignment="center")
    sold = _model_words(option, money)
    with what, st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            name = arm.label.strip() or sold or "No model chosen yet"
            st.markdown(f"**{markdown.plain(name)}**", width="content")
            words = KIND_WORDS[kind] + VARIANT_WORDS[case.variant_of(option)]
            st.badge(words, color="orange" if kind == "tuned" else "blue")
        markdown.note(markdown.plain(_where(arm, sold)))
    with cost, st.container(gap=None):
        _cost(option, kind, money, today)
    with act:
        buttons = st.container(horizontal=True, horizontal_alignment="right")
    with buttons:
        opened = bool(st.session_state.get(f"change:{option}"))
        st.button(
            "Close" if opened else "Change",
            key=f"change_button:{option}",
            on_click=clicks.once_kept,
            args=(_flip, f"change:{option}"),
        )
        tested = st.container(width="content")
        st.menu_button(
            "More",
            _acts(case, option),
            key=f"act:{option}",
            type="tertiary",
            on_click=_act,
            args=(option,),
        )
    return tested


def _flip(flag: str) -> None:
    st.session_state[flag] = not st.session_state.get(flag)


def _acts(case: Case, option: OptionId) -> list[str]:
    room = len(case.arms) < MOST_OPTIONS
    plain = case.variant_of(option) == "plain" and not case.arms[option].recorded
    found = [DUPLICATE] if room else []
    if room and plain and case.kind_of(option) == "base":
        found += [EXAMPLES, PASSAGES]
    if improving.may_be(case, option):
        found.append(IMPROVE)
    return [*found, REMOVE]


def _act(option: OptionId) -> None:
    chosen = st.session_state.get(f"act:{option}")
    if chosen == DUPLICATE:
        clicks.once_kept(changes.duplicate, option)
    elif chosen == REMOVE:
        clicks.once_kept(changes.remove, option)
    elif chosen == IMPROVE:
        clicks.once_kept(improving.open_panel, option)
    elif chosen in (EXAMPLES, PASSAGES):
        variant = "examples" if chosen == EXAMPLES else "passages"
        clicks.once_kept(changes.try_with, option, variant)


def _model_words(option: OptionId, money: Costs | None) -> str:
    """The model and its seller: "gpt-6-luna at OpenAI"; "" = nothing is chosen."""
    found = money.quotes.get(option) if money is not None else None
    if found is None or found.ref is None:
        return ""
    return re.sub(r"^(fine-tuned|an?) ", lambda start: start[0].capitalize(), found.name)


def _where(arm: Arm, sold: str) -> str:
    """What is asked, and where: the second line of a row, without what the first one says."""
    model = arm.model.rpartition("/")[2]
    known = f"{sold or model}. " if arm.label.strip() and arm.label.strip() != sold else ""
    if arm.recorded:
        return f"{known}Recorded answers"
    if not arm.answers:
        lacks = "its model's name" if arm.endpoint.strip() else "where it answers"
        return f"{known}Still to say: {lacks}"
    return f"{known}Answers at {host_of(arm.endpoint)}"


def _cost(option: OptionId, kind: str, money: Costs | None, today: date) -> None:
    """Money and dates of one option; what is not known says what it lacks."""
    found = money.cost.arms.get(option) if money is not None else None
    if money is None or found is None:
        return
    quoted, month = money.quotes[option], found.usd_per_month_all_in
    if month is not None:
        st.markdown(f"**{markdown.plain(money.currency.show(month))}** a month")
    elif quoted.ref is None and not quoted.own:
        markdown.note("No price chosen yet")
        return
    else:
        markdown.note(f"Cost a month not known: {figure_names(found.missing)} missing")
    if quoted.ref is not None:
        markdown.note(markdown.plain(_until(quoted, kind, today)))


def _until(quoted: Quote, kind: str, today: date) -> str:
    return until(quoted, today) if kind == "tuned" else base_until(quoted, today)


def _say_left_out(case: Case, option: OptionId, refused: Refused) -> None:
    """What runs do not send as it stands, as the model did not take it; and the way to try again."""
    arm, found = case.arms[option], not_taken(case, option, refused)
    if found.lacks and host_endpoint(arm.endpoint) is None:
        given, _ = named(arm.endpoint, arm.model)
        markdown.note(
            markdown.plain(
                f"Answers come from {given}{found.lacks}; the address given was {given}."
            )
        )
    said = _not_taken(arm, found)
    if not said:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        markdown.note(markdown.plain(said), width="content")
        st.button(
            "Send it again",
            key=f"send_again:{option}",
            type="tertiary",
            on_click=session.store().send_again,
            args=named(arm.endpoint, arm.model),
            help="Tried with the next run. If it is not taken, runs leave it out for a month.",
        )


def _not_taken(arm: Arm, found: Refusals) -> str:
    model = f"“{arm.model.strip()}”"
    said = []
    if found.parameters:
        names = listed(tuple(sorted(found.parameters)))
        said.append(f"{model} does not take {names}, so runs leave this out.")
    if found.above is not None:
        said.append(
            f"{model} writes at most {found.above:,} tokens an answer; runs ask for no more."
        )
    if found.instruction:
        said.append(f"{model} takes no instruction apart from the text; runs put it before it.")
    return " ".join(said)


def _ask_where(case: Case, option: OptionId, asked: Arm, form: str) -> Arm:
    """A warning where the texts may not go, or a tick where nobody knows whether they may."""
    now = case.arms[option]
    moved = (asked.offer, asked.endpoint) != (now.offer, now.endpoint)
    ticked = asked.where_confirmed and not moved
    asked = asked.model_copy(update={"where_confirmed": False})
    at = {option: asked.at(host_addresses())}
    barred = ruled_out(case.brief, sites_of(case.model_copy(update={"arms": at}))).get(option)
    if barred is None:
        return asked
    if barred.certain or not ticked:
        warning = plain_warning(case.brief, barred, case.name_of(option))
        st.warning(markdown.plain(warning), icon=":material/block:")
    if barred.certain:
        return asked
    confirmed = st.checkbox(
        "I have checked: texts sent to this option stay where they may go",
        value=ticked,
        key=f"{form}:{option}:where:{asked.offer}:{asked.endpoint}:{barred.grounds}",
    )
    return asked.model_copy(update={"where_confirmed": confirmed})
