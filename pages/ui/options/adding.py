"""Adding options: base models to try, with why; and a menu of all that may compete."""

import streamlit as st

from advisor.case.case import Case
from advisor.case.options import MOST_OPTIONS, Arm
from advisor.host.settings import exposure
from advisor.report.barred import may_go_words
from advisor.report.base_stop import base_until
from advisor.report.fixed_form import why_fixed_form
from advisor.verdict.base_suggestions import BaseSuggestion, PricedBase, priced_bases, suggest_bases
from advisor.verdict.fixed_form import suggest_fixed_form
from advisor.words import count, usd
from pages.ui import markdown, session
from pages.ui.options import changes

FULL = f"{MOST_OPTIONS} options are as many as can be compared. Remove one to add another."


TO_TRY = "Base models to try"


def suggestions(case: Case) -> None:
    """Base models to try for a case without options, each with why; the first is the thing to do."""
    if found := _to_suggest(case):
        st.subheader(TO_TRY, anchor=False)
        _draw_suggestions(case, found, first=True)


def folded_suggestions(case: Case) -> None:
    """The suggestions that the case does not have yet, in a fold."""
    if found := _to_suggest(case):
        with st.expander(TO_TRY):
            _draw_suggestions(case, found)


def _to_suggest(case: Case) -> tuple[BaseSuggestion, ...]:
    return () if len(case.arms) >= MOST_OPTIONS else suggest_bases(case, session.today())


def _draw_suggestions(
    case: Case, found: tuple[BaseSuggestion, ...], *, first: bool = False
) -> None:
    for at, (column, one) in enumerate(zip(st.columns(3), found, strict=False)):
        primary = first and at == 0
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{markdown.plain(one.name)}**")
            st.markdown(markdown.plain(_why(case, one)))
            if one.base is not None:
                markdown.note(markdown.plain(_price_words(one.base)))
                if one.base.listed.no_address:
                    markdown.note(markdown.plain(one.base.listed.no_address))
            st.button(
                markdown.on_primary("Add") if primary else "Add",
                key=f"suggested:{one.name}",
                type="primary" if primary else "secondary",
                on_click=changes.add,
                args=(_allowed(one.arm), "base"),
            )


def fixed_form(case: Case) -> None:
    """Where answers have fixed fields or labels: the same base with an enforced form, to try first."""
    form = suggest_fixed_form(case) if len(case.arms) < MOST_OPTIONS else None
    if form is None:
        return
    with st.container(border=True):
        what, act = st.columns([5, 1], vertical_alignment="center")
        what.markdown(markdown.plain(why_fixed_form(form, case)))
        act.button("Add", key="add:fixed_form", on_click=changes.add_fixed_form, width="stretch")


def menu(case: Case) -> None:
    """Everything that may be added, behind one button; a sentence where no more fit."""
    if len(case.arms) >= MOST_OPTIONS:
        markdown.note(FULL)
        return
    with st.popover("Add an option", icon=":material/add:", width="content"):
        _another_base()
        if case.bases:
            _same_base(case)
        st.divider()
        st.button(
            "A fine-tuned model", key="add:tuned", on_click=changes.add, args=(Arm(), "tuned")
        )
        st.button(
            "A base model at your own address",
            key="add:own",
            on_click=changes.add,
            args=(Arm(), "base"),
        )
        markdown.note(f"{count(len(case.arms), 'option')} of {MOST_OPTIONS}.")


def _another_base() -> None:
    priced = {base.listed.ref: base for base in priced_bases(session.today())}
    chosen = st.selectbox(
        "A base model on today's list",
        list(priced),
        index=None,
        format_func=lambda ref: f"{priced[ref].listed.name}: {_price_words(priced[ref])}",
        placeholder="Choose one",
        key="add:listed",
    )
    st.button(
        "Add this base model",
        key="add:base",
        disabled=chosen is None,
        on_click=changes.add,
        args=(_allowed(priced[chosen].arm) if chosen else Arm(), "base"),
    )


def _same_base(case: Case) -> None:
    """The cheaper steps that fine-tuning has to beat."""
    st.divider()
    plain = [option for option in case.bases if case.variant_of(option) == "plain"]
    if not plain:
        return
    of = plain[0]
    if len(plain) > 1:
        of = st.selectbox(
            "The same base model once more",
            plain,
            format_func=case.name_of,
            key="add:of",
        )
    st.button(
        "The same base with examples",
        key="add:examples",
        help="Few-shot prompting: five of your texts with approved answers leave the test and are "
        "shown to the model.",
        on_click=changes.try_with,
        args=(of, "examples"),
    )
    st.button(
        "The same base with look-up",
        key="add:passages",
        help="Retrieval, or RAG: the passages that stand with each text are sent along.",
        on_click=changes.try_with,
        args=(of, "passages"),
    )


def _allowed(arm: Arm) -> Arm:
    """Without an address where this server asks models at its own addresses alone."""
    return arm.model_copy(update={"endpoint": ""}) if exposure().only_endpoints else arm


def _why(case: Case, one: BaseSuggestion) -> str:
    known = one.base.listed.best_for if one.base is not None else ""
    return {
        "cheapest": "The cheapest on our list.",
        "best_known": f"Well known. {known}",
        "may_have_the_texts": f"It may have your texts: {may_go_words(case.brief)}.",
        "open_model": "An open model: it can also run on your own machines.",
        "own_machines": "An open model. Your texts stay on your own machine.",
    }[one.why]


def _price_words(base: PricedBase) -> str:
    if base.quote is None or base.quote.cells.input is None or base.quote.cells.output is None:
        return "price not known"
    cells = base.quote.cells
    return (
        f"{usd(cells.input)} in, {usd(cells.output)} out per 1M units. "
        f"{base_until(base.quote, session.today())}."
    )
