"""Use case: the twelve questions; what practice says and what the texts can prove beside them."""

from typing import Any

import streamlit as st

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.questions import BASE_KIND, NOTHING, QUESTIONS, Question
from advisor.case.use_cases import UseCase, load_matrix, load_use_cases, use_case
from advisor.report.before import what_texts_can_prove
from advisor.report.model import Source
from advisor.training.sentences import counted_instead
from pages.ui import frame, markdown, session, widgets
from pricing.cost import Volume
from pricing.lifecycle import open_offers
from pricing.offers import load_providers

GROUPS = {5: "Your texts, and where they may go", 9: "What a good answer is"}
"""Headings before a question, by its number."""

opened = session.current()
saved = opened.case.brief if opened else None
volume = opened.case.volume if opened else Volume()


def key(name: str, field: str = "brief") -> str:
    """Of the widget that shows this of a field of the case."""
    return f"{opened.form(field) if opened else 'new'}:{name}"


def ask_use_case() -> str | None:
    """Question 1: the frequent ones as pills, all of them behind "Other"."""
    rows = load_use_cases()
    frequent = {row.id: row.label for row in rows if row.main}
    now = saved.use_case if saved else None
    picked = st.pills(
        "What should the model do?",
        [*frequent, "other"],
        format_func=lambda row: frequent.get(row, "Other"),
        default=now if now in frequent or now is None else "other",
        key=key("use_case"),
        wrap=True,
    )
    if picked != "other":
        return picked
    return st.selectbox(
        "All use cases",
        [row.id for row in rows],
        index=next((i for i, row in enumerate(rows) if row.id == now), None),
        format_func=lambda key: use_case(key).title,
        placeholder="Choose the nearest one",
        key=key("use_case_all"),
    )


def ask(question: Question) -> Any:
    """One question with fixed answers; None where it is left open."""
    words = {choice.value: choice.label for choice in question.choices}
    now = getattr(saved, question.key, None)
    if question.many:
        picked = st.pills(
            question.text,
            list(words),
            format_func=words.__getitem__,
            selection_mode="multi",
            default=(list(now) or [NOTHING]) if now is not None else None,
            key=key(question.key),
            help=question.help or None,
            wrap=True,
        )
        if not picked:
            return None
        return tuple(value for value in picked if value != NOTHING)
    if question.key == "training_pairs" and now is not None:
        now = _floor(question, now)
    return st.pills(
        question.text,
        list(words),
        format_func=words.__getitem__,
        default=now,
        key=key(question.key),
        help=question.help or None,
        wrap=True,
    )


def _floors(question: Question) -> list[int]:
    return [int(choice.value) for choice in question.choices]


def _floor(question: Question, pairs: int) -> int:
    """The range a number of pairs falls into, by its lower end."""
    return max(floor for floor in _floors(question) if floor <= pairs)


def ask_pairs(question: Question) -> int | None:
    """A range is its lower end; an exact number, where given, goes before it."""
    floor = ask(question)
    if floor is None:
        return None
    now = saved.training_pairs if saved else None
    above = [other for other in _floors(question) if other > floor]
    exact = widgets.number(
        st,
        "The exact number, if you know it",
        now if now not in (None, floor) and _floor(question, now) == floor else None,
        key(f"pairs_exact:{floor}"),
        min_value=floor,
        max_value=min(above) - 1 if above else None,
        step=1,
        width=260,
    )
    return floor if exact is None else int(exact)


def ask_vendors() -> dict[str, str]:
    """Question 8: a vendor ticked is under contract; one ticked twice was tuned at before."""
    before = saved.customer_of if saved else {}
    # One that was ticked stays, though it may have closed to everybody since.
    listed = {found.offer.provider for found in open_offers(session.today())} | before.keys()
    names = {
        key: provider.name.partition(" (")[0]
        for key, provider in load_providers().items()
        if key in listed and not provider.data_stays
    }
    contract = st.pills(
        "Which vendors do you have a contract with?",
        [*names, "none"],
        format_func=lambda key: names.get(key, "None of these"),
        selection_mode="multi",
        default=[key for key, how in before.items() if how != "new"]
        or (["none"] if before else None),
        key=key("contract"),
        help="Some vendors train only for those who have done it there before.",
        wrap=True,
    )
    if not contract:
        return {}
    held = [key for key in contract if key != "none"]
    tuned = (
        st.pills(
            "At which of them have you fine-tuned before?",
            held,
            format_func=names.__getitem__,
            selection_mode="multi",
            default=[key for key in held if before.get(key) == "tuned_before"],
            key=key(f"tuned_before:{','.join(held)}"),
            wrap=True,
        )
        if held
        else []
    )
    return {
        key: "tuned_before" if key in tuned else "existing" if key in held else "new"
        for key in names
    }


def ask_volume() -> Volume:
    """Question 12: how many a month, for how long."""
    many, months = st.columns(2)
    requests = widgets.number(
        many,
        "How many texts a month?",
        volume.requests_per_month,
        key("requests", "volume"),
        min_value=0,
        max_value=10**9,
        step=1000,
        placeholder="Skip if you don't know",
    )
    horizon = months.number_input(
        "Months you plan for",
        min_value=1,
        max_value=120,
        value=volume.horizon_months,
        key=key("horizon", "volume"),
    )
    return volume.model_copy(update={"requests_per_month": requests, "horizon_months": horizon})


def practice_card(row: UseCase) -> None:
    """What practice says: the matrix row, what turns it, where that is from."""
    with st.container(border=True):
        st.markdown("**What practice says**")
        with st.container(horizontal=True, vertical_alignment="center"):
            widgets.option_badge(row.default)
            markdown.note(f"{row.strength} evidence", width="content")
        st.markdown(markdown.plain(row.statement))
        other = {"base": "fine-tuned", "fine_tuned": "base", "mixed": "the other"}[row.default]
        st.markdown(f"**It turns to {other} when**")
        st.markdown("\n".join(f"- {markdown.plain(flip.text)}" for flip in row.flips))
        cited = [load_matrix().sources[number] for number in row.sources]
        links = [markdown.source(Source(s.citation, str(s.url) if s.url else None)) for s in cited]
        with st.expander(f"Sources ({len(links)})"):
            st.markdown("\n".join(f"- {link}" for link in links))


st.title("Use case")
st.markdown("12 questions, 3 minutes. Leave open what you don't know: that is always fine.")
if session.has_answers():
    markdown.note("Say what the model does; then bring the file with your texts and answers.")
questions, beside = st.columns([1.9, 1], gap="large")
with questions:
    answers: dict[str, Any] = {}
    st.header("Where you stand", anchor=False)
    chosen = ask_use_case()
    for question in QUESTIONS:
        if question.key == "regions" and answers.get("data_may_go") != "region":
            answers["regions"] = None
            continue
        if question.number in GROUPS and question.key not in ("can_host", "human_check"):
            st.header(GROUPS[question.number], anchor=False)
        asked = ask_pairs if question.key == "training_pairs" else ask
        answers[question.key] = asked(question)
        if question.key == "training_pairs" and opened and opened.case.training:
            markdown.note(markdown.plain(counted_instead(opened.case.training)))
        if question.key == "can_host":
            answers["customer_of"] = ask_vendors()
    asked_volume = ask_volume()
    with st.expander("The base you compare with: the best general model you can buy. Change"):
        base_kind = ask(BASE_KIND) or "general"
    if chosen:
        title = st.text_input(
            "Name of this case",
            value=opened.case.title if opened else use_case(chosen).title,
            max_chars=200,
            key=key("title", "title"),
        )

with beside:
    if chosen:
        practice_card(use_case(chosen))
    with st.container(border=True):
        st.markdown("**What your texts can prove**")
        texts = len(opened.case.prompts) if opened else 0
        costly = opened is not None and opened.case.brief.error_cost == "high"
        st.markdown(what_texts_can_prove(texts, costly))

if chosen:
    brief = Brief(use_case=chosen, base_kind=base_kind, **answers)
    case = opened.case if opened else Case(title=title, brief=brief)
    now = case.bound_by(brief).model_copy(
        update={"volume": asked_volume, "title": title.strip() or case.title}
    )
    if opened is None or now != opened.case:
        session.save(now, entered=True)
        st.rerun()
frame.steps(back=None, onward="texts")
