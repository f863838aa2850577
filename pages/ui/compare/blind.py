"""One text with two answers and the vote on it, the same for the owner and for whoever was invited.

What stands here reaches a browser before the names are told, keys of widgets included: until then
sides are named, never options.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.errors import AdvisorError
from advisor.evidence.model import Quality
from advisor.evidence.people.blind import BlindChoice, Said, Sides
from advisor.report.voting import QUALITY_WORDS, chosen_words, told_of
from advisor.store.voting import BlindVote
from advisor.words import count
from pages.ui import markdown

ANSWER_HEIGHT = 420
"""Pixels: both answers and the vote under them fit one screen."""
SIDES = ("Left", "Right")
BUTTONS: tuple[tuple[str, str, BlindChoice], ...] = (
    ("Left", "1", "left"),
    ("Right", "2", "right"),
    ("No difference", "3", "tie"),
    ("Neither is good", "4", "both_bad"),
)
"""Label, key and what it says. Not the arrows: they scroll what is read, and move within a choice."""
SKIP_KEY = "S"
FAILED = "blind:failed"


def vote_on(
    vote: BlindVote,
    number: int,
    kept: Callable[[bool], None],
    skip: Callable[[], None],
    show_names: Callable[[Said | None], None] | None = None,
) -> None:
    """One text, both answers, the vote under them; or what was said of it, once the names are told.

    Args:
        vote: whose it is.
        number: the text.
        kept: what follows a vote that is kept, told whether it is the first on the text.
        skip: goes on without one.
        show_names: draws the way to the names of this text; None = they are told at the end.
    """
    item, key = vote.item(number), vote.key(number)
    given, sides = vote.said().get(number), vote.names().get(number)
    called = None if sides is None else vote.called(sides)
    text(item.text)
    shown = ((item.left, item.left_cut), (item.right, item.right_cut))
    for column, heading, (words, cut) in zip(st.columns(2), headings(called), shown, strict=True):
        answer(column, heading, length(words, cut=cut), words)
    if called is not None:
        st.markdown(markdown.plain(told_of(given, called)))
    else:
        if given is not None:
            markdown.note(f"You chose {chosen_words(given)}. You can still change it.")
        ask(
            key,
            given,
            lambda said: keep(vote, number, said, lambda: kept(given is None)),
            skip if given is None else None,
        )
        if show_names is not None:
            show_names(given)
    approved(item.reference)


def headings(called: Sides | None) -> tuple[str, ...]:
    """What stands over each answer: its side, and its option once the names are told."""
    if called is None:
        return SIDES
    return tuple(markdown.plain(f"{at}: {n}") for at, n in zip(SIDES, called, strict=True))


def keep(vote: BlindVote, number: int, said: Said, then: Callable[[], None]) -> None:
    """Write a vote and go on; what speaks against it is said at the next drawing."""
    try:
        vote.say(number, said, datetime.now(UTC))
    except AdvisorError as error:
        st.session_state[FAILED] = str(error)
        return
    then()


def failed() -> None:
    """Why the last vote was not taken."""
    if said := st.session_state.pop(FAILED, None):
        st.error(markdown.plain(said), icon=":material/error:")


def end(said: str, reveal: Callable[[], None], back: Callable[[], None] | None) -> None:
    """The last question before the names: it closes the vote.

    Args:
        said: what it means to be done.
        reveal: tells the names.
        back: goes on voting; None = every text has a vote.
    """
    with st.container(border=True):
        st.subheader("Are you done?")
        st.markdown(markdown.plain(said))
        with st.container(horizontal=True):
            st.button(
                markdown.on_primary("Show me which was which"),
                type="primary",
                key="reveal",
                on_click=reveal,
            )
            if back is not None:
                st.button("Go on voting", key="not_yet", on_click=back)


def key_of(where: str, text: str) -> str:
    """What the keys of the widgets on a text begin with: another run has texts of the same ids.

    Args:
        where: the run's id or the ballot's; as a digest, since sides are drawn by it.
        text: its id, or its number.
    """
    return f"text:{hashlib.sha256(where.encode()).hexdigest()[:12]}:{text}"


def text(shown: str) -> None:
    """The text both were asked, in a box of its own where it is long."""
    with st.container(border=True, height=220 if len(shown) > 600 else "content"):
        st.subheader("The text")
        st.text(shown)


def answer(column: DeltaGenerator, heading: str, note: str, shown: str | None) -> None:
    """One answer as plain text, both at one height."""
    with column.container(border=True, height=ANSWER_HEIGHT):
        # A heading's anchor takes the keyboard's focus, so that the box can be scrolled by keys.
        st.subheader(heading)
        markdown.note(note)
        if shown is not None:
            st.text(shown or "(the answer is empty)")


def length(shown: str, *, cut: bool = False) -> str:
    """How long an answer is, for the line above it."""
    return count(len(shown.split()), "word") + (", cut off at the longest allowed" if cut else "")


def approved(reference: str | None) -> None:
    """The approved answer, for whoever wants it."""
    if reference:
        with st.expander("The approved answer"):
            st.text(reference)


def ask(
    key: str,
    given: Said | None,
    keep: Callable[[Said], None],
    skip: Callable[[], None] | None = None,
) -> None:
    """Whether each answer could go out, which one is preferred, and Skip.

    Args:
        key: of this text, telling nothing of the options.
        given: the vote so far, None = not voted yet.
        keep: writes a vote.
        skip: goes on without one; None = there is nothing to go on to.
    """

    def changed() -> None:
        if given is not None:
            keep(_said(key, given.choice))

    saved = (given.left_quality, given.right_quality) if given else (None, None)
    for column, side, quality in zip(st.columns(2), SIDES, saved, strict=True):
        column.pills(
            f"Would you send the {side.lower()} one?",
            list(QUALITY_WORDS),
            default=quality,
            format_func=QUALITY_WORDS.__getitem__,
            key=f"{key}:{side}:send",
            on_change=changed,
            wrap=True,
        )
    st.markdown("**Which would you rather send?** You can press the key that a button shows.")
    with st.container(horizontal=True):
        for label, shortcut, choice in BUTTONS:
            chosen = given is not None and given.choice == choice
            st.button(
                markdown.on_primary(label) if chosen else label,
                key=f"{key}:vote:{choice}",
                shortcut=shortcut,
                type="primary" if chosen else "secondary",
                on_click=lambda choice=choice: keep(_said(key, choice)),
            )
        if skip is not None:
            st.button("Skip", key=f"{key}:skip", type="tertiary", shortcut=SKIP_KEY, on_click=skip)


def ask_whether_sent(
    key: str, given: Quality | None, keep: Callable[[Quality | None], None]
) -> None:
    """Whether the only answer there is could go out."""
    st.pills(
        "Would you send it?",
        list(QUALITY_WORDS),
        default=given,
        format_func=QUALITY_WORDS.__getitem__,
        key=f"{key}:send",
        on_change=lambda: keep(cast("Quality | None", st.session_state.get(f"{key}:send"))),
        wrap=True,
    )


def _said(key: str, choice: BlindChoice) -> Said:
    left, right = (
        cast("Quality | None", st.session_state.get(f"{key}:{side}:send")) for side in SIDES
    )
    return Said(choice, left, right)
