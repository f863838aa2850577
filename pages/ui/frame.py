"""Drawing that more than one page does. It words nothing about the case: the report does."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any, Literal, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.errors import AdvisorError
from advisor.report.base_stop import base_stop
from advisor.report.model import Report, Source
from advisor.report.sentences import until
from advisor.report.words import day, usd
from advisor.standing import Standing
from pages.ui import session
from pricing.errors import PricingError
from pricing.offers import load_providers
from pricing.quotes import Quote

STEPS = {
    "use_case": ("pages/steps/use_case.py", "Use case"),
    "prompts": ("pages/steps/prompts.py", "Prompts"),
    "models": ("pages/steps/models.py", "Models and volume"),
    "compare": ("pages/steps/compare.py", "Compare"),
    "verdict": ("pages/steps/verdict.py", "Verdict"),
}

NO_SUCH_CASE = (
    "There is no such decision here. It may have been deleted, belong to someone else, or the link "
    "may be incomplete. Choose one under My decisions, or start a new one."
)

FIRMNESS_ICON = {
    "decided": ":material/check_circle:",
    "leaning": ":material/trending_flat:",
    "provisional": ":material/help:",
    "blocked": ":material/block:",
}


@contextmanager
def expected_errors() -> Iterator[None]:
    """Show an error the reader can mend as its sentence; anything else is a bug, left to be seen."""
    try:
        yield
    except (AdvisorError, PricingError) as error:
        st.error(plain(str(error)), icon=":material/error:")


@contextmanager
def click(key: str) -> Iterator[None]:
    """Keep such an error of a button's callback: drawn there, it would stand at the page's top."""
    try:
        yield
    except (AdvisorError, PricingError) as error:
        st.session_state[f"failed:{key}"] = str(error)


def failed(key: str) -> None:
    """What a click on this button ran into, once, beside the button."""
    if said := st.session_state.pop(f"failed:{key}", None):
        st.error(plain(said), icon=":material/error:")


def plain(text: str) -> str:
    """The text with every character that Markdown would act on escaped."""
    # A word joiner where a bare address would be found: links are made after the escapes are read.
    unlinked = re.sub(r"(https?|www|@)", "\\1\u2060", text, flags=re.IGNORECASE)
    escaped = "".join("\\" + c if c in r"\`*_{}[]()#+-.!|<>~$:^=&" else c for c in unlinked)
    return escaped.replace("\n", "  \n")


def on_primary(label: str) -> str:
    """The label of a primary button, in the theme's ink for it (see `.streamlit/config.toml`)."""
    return f":violet[{label}]"


def number(
    where: DeltaGenerator,
    label: str,
    saved: float | None,
    key: str,
    **how: Any,
) -> float | int | None:
    """A number that can be emptied: as `value=` the saved one would come back when it is cleared."""
    st.session_state.setdefault(key, saved)
    return where.number_input(label, value=None, key=key, **how)


@st.fragment
def fold(label: str, key: str, draw: Callable[[], object]) -> None:
    """What is drawn for who opens it, and on its own; closed it costs nothing."""
    opened = st.expander(label, key=key, on_change="rerun")
    if opened.open:
        with opened:
            draw()


def note(text: str, width: Literal["stretch", "content"] = "stretch") -> None:
    """A small grey line. Not `st.caption`: its fading falls short of AA contrast."""
    st.markdown(f":small[:gray[{text}]]", width=width)


def when(at: datetime) -> str:
    """A moment by the reader's own clock: "10:42" today, else "3 May 2026"."""
    zone = timezone(timedelta(minutes=-(st.context.timezone_offset or 0)))
    local = at.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == datetime.now(zone).date() else day(local.date())


def standing_line(standing: Standing | None) -> str:
    """How a decision stands, as Markdown: verdict, how firm, and for which day."""
    if standing is None:
        return ":gray[Open it to see how it stands.]"
    icon, label = FIRMNESS_ICON[standing.firmness], plain(standing.firmness_label)
    return (
        f"{icon} {plain(standing.headline)} "
        f":small[:gray[{label}, as of {day(standing.decided_on)}]]"
    )


def frame_line() -> None:
    """The case's name at the left, the verdict so far and what it rests on at the right."""
    opened = session.current()
    if opened is None:
        if session.no_such_case():
            st.info(NO_SUCH_CASE, icon=":material/search_off:")
        st.space("small")
        return
    with expected_errors():
        decision = session.decision()
        card = decision.card if decision else None
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                st.markdown(f"**{plain(opened.case.title)}**", width="content")
                if opened.case.recorded:
                    st.badge(f"Sample, {opened.case.recorded}", color="gray")
                if opened.saved_at is not None:
                    note(f"saved {when(opened.saved_at)}", width="content")
            if card is not None:
                with st.container(horizontal=True, width="content", vertical_alignment="center"):
                    st.markdown(
                        f"{FIRMNESS_ICON[card.firmness]} {plain(card.line)}", width="content"
                    )
                    note(plain(card.rests_on), width="content")


def needs(step: str, sentence: str) -> NoReturn:
    """Say what this step lacks, link to the step that gives it, and stop."""
    session.catch_up()  # another window may have brought it
    path, name = STEPS[step]
    st.info(sentence, icon=":material/arrow_back:")
    st.page_link(path, label=f"Go to {name}")
    st.stop()


def require_case() -> session.OpenCase:
    """The open case; points to the first step and stops when there is none."""
    opened = session.current()
    if opened is None and session.no_such_case():
        st.page_link("pages/library/decisions.py", label="Go to My decisions")
        st.stop()
    if opened is None:
        needs("use_case", "Nothing is filled in yet. Start with what the model should do.")
    return opened


def steps(back: str | None, onward: str | None, *, ready: bool = True) -> None:
    """Back and Continue at the foot of a step; Continue is the primary button once it is ready."""
    st.space("small")
    with st.container(horizontal=True):
        if onward is not None:
            path, name = STEPS[onward]
            kind: Literal["primary", "secondary"] = "primary" if ready else "secondary"
            label = f"Continue to {name}"
            if st.button(on_primary(label) if ready else label, type=kind, key="continue"):
                st.switch_page(path)
        if back is not None:
            path, name = STEPS[back]
            if st.button(f"Back to {name}", key="back"):
                st.switch_page(path)


def option_badge(default: str) -> None:
    """Base, fine-tuned or mixed as a badge: colour, icon and word say the same."""
    word, icon, colour = {
        "base": ("Base", ":material/radio_button_unchecked:", "blue"),
        "fine_tuned": ("Fine-tuned", ":material/tune:", "orange"),
        "mixed": ("Mixed", ":material/compare_arrows:", "gray"),
    }[default]
    st.badge(word, icon=icon, color=colour)


def firmness_badge(report: Report) -> None:
    """How firm the verdict is."""
    colour = {"decided": "green", "leaning": "blue", "provisional": "gray", "blocked": "red"}
    st.badge(
        report.firmness_label, icon=FIRMNESS_ICON[report.firmness], color=colour[report.firmness]
    )


def source(found: Source) -> str:
    """A source as Markdown: its label, linked where it has an address, and when it was read."""
    label = plain(found.label)
    text = f"[{label}](<{found.url}>)" if found.url else label
    return f"{text}, read {day(found.checked)}" if found.checked else text


def offer_name(ref: str) -> str:
    """An offer's reference in words: "gpt-4.1 (SFT) at OpenAI"."""
    providers = load_providers()
    provider, colon, rest = ref.partition(":")
    if not colon:
        return ref
    seller = providers[provider].name if provider in providers else provider
    if provider in providers:
        for offer in providers[provider].offers:
            if offer.ref == ref:
                return f"{offer.base_model}, {offer.method}, at {seller}"
    return f"{rest} at {seller}"


def quote_lines(found: Quote) -> None:
    """What an option's price is, where it comes from, and until when it runs."""
    cells = found.cells
    lines = []
    if cells.input == 0 and cells.output == 0 and cells.hosting_per_hour:
        lines.append("Nothing per text: the machine is paid by the hour.")
    elif found.source_label:
        lines.append(
            f"Input **{usd(cells.input)}**, output **{usd(cells.output)}** per 1M units billed."
        )
    if cells.hosting_per_hour:
        lines.append(f"Hosting **{usd(cells.hosting_per_hour)}** an hour.")
    if cells.training_per_1m or cells.training_per_hour:
        rate = cells.training_per_1m or cells.training_per_hour
        unit = "1M units" if cells.training_per_1m else "hour"
        lines.append(f"Training **{usd(rate)}** per {unit}.")
    st.markdown(" ".join(lines).replace("$", r"\$"))
    if found.source_label:
        ageing = ", :orange-badge[ageing]" if found.ageing else ""
        own = ", with your own figures" if found.own and found.ref else ""
        origin = Source(found.source_label, found.source_url, found.checked)
        note(f"{source(origin)}{own}{ageing}")
    if until_when := base_stop(found, session.today()):
        st.markdown(f":material/event_busy: {plain(until_when)}")
    if found.tuned_stops_on is not None:
        st.markdown(f":material/event_busy: {until(found, session.today())}.")


def analyst(report: Report) -> None:
    """The lean, signal by signal, and the figures of the test."""
    st.markdown(
        f"Lean score **{report.score:+.1f}**, from -100 (base) to +100 (fine-tuned). From 20 on, "
        "either way, it is a suggestion."
    )
    st.table(
        {
            "Signal": [row.name for row in report.signals],
            "You said": [row.said for row in report.signals],
            "Weight": [f"{row.weight:g}" for row in report.signals],
            "Adds": [f"{row.points:+.1f}" for row in report.signals],
        },
        hide_index=True,
    )
    for text in report.caps:
        st.markdown(f"- {plain(text)}")
    if report.evidence.analyst:
        st.table(
            {
                "Figure": [name for name, _ in report.evidence.analyst],
                "Value": [value for _, value in report.evidence.analyst],
            },
            hide_index=True,
        )


def excerpts(report: Report) -> None:
    """Prompts with both answers, side by side, as plain text."""
    for excerpt in report.excerpts:
        st.markdown(f"**{plain(excerpt.prompt_id)}**, {excerpt.preference}")
        st.text(excerpt.prompt)
        base, tuned = st.columns(2)
        for column, word, text, chars in (
            (base, "Base", excerpt.base, excerpt.base_chars),
            (tuned, "Fine-tuned", excerpt.tuned, excerpt.tuned_chars),
        ):
            with column.container(border=True, height="stretch"):
                note(f"{word}, {chars:,} characters")
                st.text(text)
