"""Use case: the twelve questions; what practice says and what the texts can prove beside them."""

from collections.abc import Iterator
from typing import Any, Literal

import streamlit as st

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.questions import BASE_KIND, NOTHING, QUESTIONS, Question
from advisor.case.use_cases import UseCase, load_matrix, load_use_cases, use_case
from advisor.report.before import what_texts_can_prove
from advisor.report.model import Source
from advisor.report.training_file import counted_instead
from pages.ui import clicks, markdown, session, widgets
from pages.ui.bar import bar
from pricing.cost import Volume
from pricing.lifecycle import open_offers
from pricing.offers import load_providers

SCREENS = {
    1: ("Where you stand", (1, 2, 3, 4)),
    2: ("Your texts, and where they may go", (5, 6, 7, 8)),
    3: ("What a good answer is", (9, 10, 11, 12)),
}
"""Heading and questions of each screen."""
SCREEN, PENDING = "use_case:screen", "use_case:pending"
"""Keys of the session: the screen shown, and answers given before the first one makes a case."""

opened = session.current()
saved = opened.case.brief if opened else None
if opened is not None:
    st.session_state.pop(PENDING, None)
pending: dict[str, Any] = st.session_state.get(PENDING, {})
volume: Volume = opened.case.volume if opened else pending.get("volume", Volume())
shown_of, screen = st.session_state.get(SCREEN, (None, 1))
if opened is not None and shown_of not in (None, opened.id):
    screen = 1  # another case begins at its beginning
heading, numbers = SCREENS[screen]


def before(name: str) -> Any:
    """What was answered before: in the case, or on another screen where there is no case yet."""
    return getattr(saved, name) if saved else pending.get(name)


def numbered(number: int, text: str, part: str = "") -> str:
    """A question's label with its number; a further part of it with a letter too."""
    return f"{number}{part} · {text}"  # "1." would be read as a list, and its escape read out


def turn_to(number: int) -> None:
    """Go to another screen of questions."""
    st.session_state[SCREEN] = (opened.id if opened else None, number)


def key(name: str, field: str = "brief") -> str:
    """The key of the widget that shows this part of a field of the case."""
    return f"{opened.form(field) if opened else 'new'}:{name}"


def ask_use_case(parts: Iterator[str]) -> str | None:
    """Question 1: the frequent ones as pills, all of them behind "Other"."""
    rows = load_use_cases()
    frequent = {row.id: row.label for row in rows if row.main}
    now = saved.use_case if saved else None
    picked = st.pills(
        numbered(1, "What should the model do?"),
        [*frequent, "other"],
        format_func=lambda row: frequent.get(row, "Other"),
        default=now if now in frequent or now is None else "other",
        key=key("use_case"),
        wrap=True,
    )
    if picked != "other":
        return picked
    return st.selectbox(
        numbered(1, "All use cases", next(parts)),
        [row.id for row in rows],
        index=next((i for i, row in enumerate(rows) if row.id == now), None),
        format_func=lambda key: use_case(key).title,
        placeholder="Choose the nearest one",
        key=key("use_case_all"),
    )


def ask_labels(chosen: str | None, parts: Iterator[str]) -> int | None:
    """How many labels there are, where texts are sorted; of other use cases it is not asked."""
    if chosen is None or not use_case(chosen).asks_for_labels:
        return None
    labels = widgets.number(
        st,
        numbered(1, "How many labels are there to choose from?", next(parts)),
        saved.labels if saved else None,
        key("labels"),
        min_value=2,
        max_value=100_000,
        step=1,
        width=260,
        placeholder="Skip if you don't know",
        help="The more labels, the more examples fine-tuning takes.",
    )
    return None if labels is None else int(labels)


def ask(question: Question, part: str = "") -> Any:
    """One question with fixed answers; None where it is left open.

    Args:
        question: what is asked.
        part: its letter, where another question has the same number and comes before.
    """
    words = {choice.value: choice.label for choice in question.choices}
    label = numbered(question.number, question.text, part)
    now = before(question.key)
    if question.many:
        picked = st.pills(
            label,
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
        label,
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


def ask_pairs(question: Question, part: str = "") -> int | None:
    """A range is its lower end; an exact number, where given, goes before it."""
    floor = ask(question, part)
    if floor is None:
        return None
    now = before("training_pairs")
    above = [other for other in _floors(question) if other > floor]
    exact = widgets.number(
        st,
        numbered(5, "The exact number, if you know it", "b"),
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
    known = before("customer_of") or {}
    # One that was ticked stays, though it may have closed to everybody since.
    listed = {found.offer.provider for found in open_offers(session.today())} | known.keys()
    names = {
        key: provider.name.partition(" (")[0]
        for key, provider in load_providers().items()
        if key in listed and not provider.data_stays
    }
    contract = st.pills(
        numbered(8, "Which vendors do you have a contract with?"),
        [*names, "none"],
        format_func=lambda key: names.get(key, "None of these"),
        selection_mode="multi",
        default=[key for key, how in known.items() if how != "new"]
        or (["none"] if known else None),
        key=key("contract"),
        help="Some vendors train only for those who have done it there before.",
        wrap=True,
    )
    if not contract:
        return {}
    held = [key for key in contract if key != "none"]
    tuned = (
        st.pills(
            numbered(8, "At which of them have you fine-tuned before?", "b"),
            held,
            format_func=names.__getitem__,
            selection_mode="multi",
            default=[key for key in held if known.get(key) == "tuned_before"],
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
        numbered(12, "How many texts a month?"),
        volume.requests_per_month,
        key("requests", "volume"),
        min_value=0,
        max_value=10**9,
        step=1000,
        placeholder="Skip if you don't know",
    )
    horizon = months.number_input(
        numbered(12, "For how many months?", "b"),
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
        other = {"base": "fine-tuned", "fine_tuned": "base", "mixed": "the other one"}[row.default]
        st.markdown(f"**Choose {other} instead if**")
        st.markdown("\n".join(f"- {markdown.plain(flip.text)}" for flip in row.flips))
        cited = [load_matrix().sources[number] for number in row.sources]
        links = [markdown.source(Source(s.citation, str(s.url) if s.url else None)) for s in cited]
        with st.expander(f"Sources ({len(links)})"):
            st.markdown("\n".join(f"- {link}" for link in links))


def ask_name(chosen: str | None) -> str:
    """The case's name; "" = it is called after its use case."""
    return st.text_input(
        "Name of this case",
        value=opened.case.title if opened else "",
        max_chars=200,
        placeholder=use_case(chosen).title if chosen else "As you will look for it later",
        key=key("title", "title"),
    )


def ask_questions() -> dict[str, Any]:
    """The questions of this screen; of the others what was answered before."""
    found: dict[str, Any] = {"customer_of": before("customer_of") or {}}
    asked: list[int] = []
    for question in QUESTIONS:
        if question.number not in numbers:
            found[question.key] = before(question.key)
            continue
        if question.key == "regions" and found.get("data_may_go") != "region":
            found["regions"] = None
            continue
        part = ("", "b", "c")[asked.count(question.number)]
        asked.append(question.number)
        one = ask_pairs if question.key == "training_pairs" else ask
        found[question.key] = one(question, part)
        if question.key == "training_pairs" and opened and opened.case.training:
            markdown.note(markdown.plain(counted_instead(opened.case.training)))
        if question.key == "can_host":
            found["customer_of"] = ask_vendors()
    return found


def steps() -> None:
    """How far the questions are, and the way to the next four of them."""
    given = st.session_state.get(PENDING, {}).get("given", ())
    done = saved.answered(volume.requests_per_month) if saved else len(given)
    with bar("step_bar"), st.container(horizontal=True, vertical_alignment="center"):
        to_texts = screen == len(SCREENS) or session.has_answers()
        kind: Literal["primary", "secondary"] = "secondary" if to_texts else "primary"
        if to_texts:
            st.button(
                markdown.on_primary("Continue to Texts"),
                type="primary",
                key="continue",
                on_click=clicks.once_kept,
                args=(st.switch_page, "pages/steps/texts.py"),
            )
        if screen < len(SCREENS):
            st.button(
                "More questions" if to_texts else markdown.on_primary("Continue"),
                type=kind,
                key="onward",
                on_click=clicks.once_kept,
                args=(turn_to, screen + 1),
            )
        if screen > 1:
            st.button("Back", key="back", on_click=clicks.once_kept, args=(turn_to, screen - 1))
        markdown.note(f"{done} of 12 answered", width="content")


with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Use case", width="content")
    st.space("stretch")
    markdown.note("Skip what you don't know: that is always fine.", width="content")
if session.has_answers():
    markdown.note("Say what the model does; then bring the file with your texts and answers.")
questions, beside = st.columns([1.9, 1], gap="large")
with questions:
    chosen = before("use_case")
    name = st.container()
    first, last = numbers[0], numbers[-1]
    st.header(f"{heading} :gray[:small[{first} to {last} of 12]]", anchor=False)
    base_kind = before("base_kind")
    labels = saved.labels if saved else None
    if 1 in numbers:
        parts = iter("bcd")  # of question 1, in the order in which they are shown
        chosen = ask_use_case(parts)
        labels = ask_labels(chosen, parts)
    answers = ask_questions()
    asked_volume = ask_volume() if 12 in numbers else volume
    if 1 in numbers:
        with st.expander("The base you compare with: the best general model you can buy. Change"):
            base_kind = ask(BASE_KIND, next(parts))
    with name:
        title = ask_name(chosen)

with beside:
    if chosen:
        practice_card(use_case(chosen))
    else:
        with st.container(border=True):
            st.markdown("**What practice says**")
            st.markdown("Answer question 1 to see it.")
    with st.container(border=True):
        st.markdown("**What your texts can prove**")
        texts = len(opened.case.prompts) if opened else 0
        costly = opened is not None and opened.case.brief.error_cost == "high"
        st.markdown(what_texts_can_prove(texts, costly, opened.case.cases if opened else None))

if chosen:
    # What other pages ask stays as it was answered there.
    said = {"use_case": chosen, "base_kind": base_kind or "general", "labels": labels, **answers}
    brief = Brief.model_validate({**(saved.model_dump() if saved else {}), **said})
    called = title.strip() or (opened.case.title if opened else use_case(chosen).title)
    case = opened.case if opened else Case(title=called, brief=brief)
    now = case.bound_by(brief).model_copy(update={"volume": asked_volume, "title": called})
    if opened is None or now != opened.case:
        session.save(now, entered=True)
        st.rerun()
elif opened is None:
    given = {name for name, answer in answers.items() if answer not in (None, {})}
    st.session_state[PENDING] = {
        **answers,
        "base_kind": base_kind,
        "volume": asked_volume,
        "given": {question.number for question in QUESTIONS if question.key in given}
        | ({12} if asked_volume.requests_per_month is not None else set()),
    }
steps()
