"""Texts: the reader's own, what was understood of them, and what they can prove."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import streamlit as st

from advisor.case.case_file import load_sample, sample_names
from advisor.case.reading.read import Reading
from advisor.case.texts import Imported, from_paste
from advisor.errors import AdvisorError
from advisor.report.before import what_texts_can_prove, what_was_understood
from advisor.verdict.tokens import prompt_tokens
from advisor.words import count, listed
from pages.ui import clicks, errors, frame, markdown, session
from pages.ui.cells import inert
from pages.ui.texts import from_file, keep, one_text, own_instruction, training

st.title("Texts")
opened = frame.require_case()
case = opened.case
model = case.arms["base"].model if "base" in case.arms else ""


def use(label: str) -> bool:
    """The button that takes the texts over; it says so where others would be replaced."""
    if not case.prompts:
        return st.button(markdown.on_primary(label), type="primary", key="use")
    pressed = st.button(label, key="use")
    say_replaced()
    return pressed


def say_replaced() -> None:
    """Say that the texts there are will be replaced."""
    markdown.note(f"This replaces the {count(len(case.prompts), 'text')} you have.")


def are_in_use(pasted: str) -> bool:
    """Whether these are the texts there are: none would be replaced by another."""
    with suppress(AdvisorError):
        found = [prompt.text for prompt in from_paste(pasted).prompts]
        return found == [prompt.text for prompt in case.prompts]
    return False


def ask_file() -> Callable[[], None] | None:
    """Take a file; gives what has to be done with it before going on, as it is drawn in the bar."""
    found = from_file.ask(opened)
    if found is None:
        return say_not_used if from_file.waits(opened) else None
    if keep.is_loaded(opened, found):
        markdown.note("Loaded.")
        return None
    if case.prompts and found.kind == "texts":
        say_replaced()
    errors.failed("use")
    return partial(offer_file, found)


def offer_file(found: Reading) -> None:
    """The button that takes the file over, always in view however long its columns are."""
    st.button(
        markdown.on_primary("Use this file"),
        type="primary",
        key="use",
        on_click=clicks.once_kept,
        args=(take, found),
    )


def take(found: Reading) -> None:
    """Keep what the file holds; what it lacks is said beside it."""
    with errors.click("use"):
        if (now := session.current()) is not None:
            keep.file(now, found, "The file")


def say_not_used() -> None:
    """Nothing is understood of it yet, so nobody may think that it is in."""
    markdown.note("Your file is not in use yet. Mend what is said beside it, or take it out.")


st.markdown(
    "Bring texts as they really arrive: the ones the model will have to answer. Approved answers are "
    "optional, and make the comparison much sharper."
)
bring, beside = st.columns([1.6, 1], gap="large")
first: Callable[[], None] | None = None
with bring:
    way = st.segmented_control(
        "How do you bring them?",
        ["Paste", "File", "Sample"],
        default="File" if session.has_answers() else "Paste",
        key=f"{opened.id}:way",
        label_visibility="collapsed",
    )
    if way == "File":
        first = say_not_used if from_file.waits(opened) else None
        with errors.expected_errors():
            first = ask_file()
    elif way == "Sample":
        name = st.selectbox(
            "Texts of a sample", sample_names(), format_func=lambda n: load_sample(n).title
        )
        if name and use("Use these texts"):
            keep.texts(opened, Imported(load_sample(name).prompts))
    else:
        pasted = st.text_area(
            "One text a line. For texts of several lines, put a line with only --- between them.",
            height=260,
            key=f"{opened.id}:paste",
            placeholder="Summarise the visit of …\nSummarise the claim of …",
        )
        if are_in_use(pasted or ""):
            markdown.note("Loaded.")
        elif use("Use these texts"):
            with errors.expected_errors():
                keep.texts(opened, from_paste(pasted or ""))

with beside, st.container(border=True):
    st.markdown("**What was understood**")
    imported: Imported | None = st.session_state.get(f"{opened.id}:understood")
    if imported is None or imported.prompts != case.prompts:
        imported = Imported(case.prompts)
    st.markdown(what_was_understood(imported))
    answers, votes = st.session_state.get(f"{opened.id}:brought", (0, 0))
    if answers or votes:
        came = [count(n, word) for n, word in ((answers, "answer"), (votes, "vote")) if n]
        st.markdown(f"{listed(came)} came with them: vote, or see the verdict.")
    st.markdown("**What they can prove**")
    st.markdown(
        what_texts_can_prove(len(case.prompts), case.brief.error_cost == "high", case.cases)
    )

if case.prompts:
    st.subheader("Your texts")
    table: dict[str, list[object]] = {
        "Text": [prompt.text[:300] for prompt in case.prompts],
        "Units billed": list(prompt_tokens(case.prompts, model)),
    }
    if any(prompt.approved_words for prompt in case.prompts):
        table["Approved answer"] = [prompt.approved_words[:200] for prompt in case.prompts]
    if any(prompt.cluster for prompt in case.prompts):
        table["Belongs to"] = [prompt.cluster or "" for prompt in case.prompts]
    st.dataframe(
        inert(table),
        column_config={
            "Text": st.column_config.TextColumn(width="large"),
            "Units billed": st.column_config.NumberColumn(
                help="Tokens: units of text that are billed, about three quarters of an English word."
            ),
        },
        hide_index=True,
        height=260,
        alt="Your texts, one a row, with the units billed for each",
    )
    if case.set_aside:
        markdown.note(
            f"{count(len(case.set_aside), 'text')} more with approved answers are set aside for "
            "improving an instruction; they are not compared."
        )
    own_instruction.ask(case, opened.form("prompts"))
    training.personal_data(opened)
    with st.expander("Add an approved answer, or passages from your documents, to a text"):
        one_text.edit(case, opened.form("prompts"))

training.training_file(opened)
frame.steps(back="use_case", onward="options", first=first)
