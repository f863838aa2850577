"""One text with two answers and the vote on it, the same for the owner and for whoever was invited.

What stands here reaches a browser before the names are told, keys of widgets included: until then
sides are named, never options.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.case.conversation import as_read
from advisor.errors import AdvisorError
from advisor.evidence.model import Quality
from advisor.evidence.people.blind import BlindChoice, Said, Sides
from advisor.report.voting import QUALITY_WORDS, chosen_words, told_of
from advisor.store.voting import BlindVote
from advisor.words import count
from pages.ui import markdown
from pages.ui.bar import bar
from pages.ui.widgets import shortcut

LONG = 600
"""Characters of a text from which on it stands in a fold, so that the answers stay in view."""
BEGINNING = 90
"""Characters of it that the fold tells."""
SIDES = ("Left", "Right")
BUTTONS: tuple[tuple[str, str, BlindChoice], ...] = (
    ("Left", "1", "left"),
    ("Right", "2", "right"),
    ("No difference", "3", "tie"),
    ("Neither is good", "4", "both_bad"),
)
"""Label, key and what it says. Not the arrows: they scroll what is read, and move within a choice."""
SKIP_KEY, NEXT_KEY, PREVIOUS_KEY = "S", "N", "P"
FAILED = "blind:failed"
VOTE_BAR = "vote_bar"


@dataclass(frozen=True, slots=True)
class Moves:
    """Where one can go from a text; None = no further text that way."""

    previous: Callable[[], None] | None = None
    onward: Callable[[], None] | None = None
    """To the next text."""
    skip: Callable[[], None] | None = None
    """To the next text, leaving this one without a vote."""


def vote_on(
    vote: BlindVote,
    number: int,
    kept: Callable[[bool], None],
    moves: Moves,
    show_names: Callable[[Said | None], None] | None = None,
) -> None:
    """One text and both answers, with the vote in a bar that is always in view.

    Once the names are told, it says what was voted instead.

    Args:
        vote: whose it is.
        number: the text.
        kept: what follows a vote that is kept, told whether it is the first on the text.
        moves: where one can go from here.
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
        go_on(key, moves)
    else:

        def say(said: Said) -> None:
            keep(vote, number, said, lambda: kept(given is None))

        ask_quality(key, given, say)
        if show_names is not None:
            show_names(given)
        ask(key, given, say, moves)
    approved(item.approved)


def go_on(key: str, moves: Moves) -> None:
    """The bar where there is nothing to vote on: to the text before and to the next."""
    with bar(VOTE_BAR), st.container(horizontal=True):
        _moves(key, moves)


def _moves(key: str, moves: Moves) -> None:
    """Buttons to the text before and to the next; skipping where there is no vote yet."""
    ways = (
        ("Skip", SKIP_KEY, "skip", moves.skip),
        ("Previous text", PREVIOUS_KEY, "previous", moves.previous),
        ("Next text", NEXT_KEY, "next", moves.onward),
    )
    for label, pressed, name, way in ways:
        if way is not None:
            st.button(
                label,
                key=f"{key}:{name}",
                type="tertiary",
                shortcut=shortcut(pressed),
                on_click=way,
            )


def headings(called: Sides | None) -> tuple[str, ...]:
    """What stands over each answer: its side, and its option once the names are told."""
    if called is None:
        return SIDES
    return tuple(markdown.plain(f"{at}: {n}") for at, n in zip(SIDES, called, strict=True))


def keep(vote: BlindVote, number: int, said: Said, then: Callable[[], None]) -> None:
    """Write a vote and go on; an error is shown when the page is next drawn."""
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
    """Ask a last time before the names are shown, which closes the vote.

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
    """The text both were asked; a long one in a fold that tells how it begins."""
    if len(shown) <= LONG:
        with st.container(border=True):
            st.subheader("The text", anchor=False)
            st.text(shown)
        return
    begins = " ".join(shown[: 2 * BEGINNING].split())[:BEGINNING]
    # One key for all texts: whoever opens it once reads every text open.
    with st.expander(f"**The text**: {markdown.plain(begins)} …", key="the_text"):
        st.text(shown)


def answer(column: DeltaGenerator, heading: str, note: str, shown: str | None) -> None:
    """One answer as plain text, whole; both boxes are as high as the longer answer."""
    with column.container(border=True, height="stretch"):
        st.subheader(heading, anchor=False)
        markdown.note(note)
        if shown is not None:
            st.text(as_read(shown) or "(the answer is empty)")


def length(shown: str, *, cut: bool = False) -> str:
    """How long an answer is, for the line above it."""
    return count(len(as_read(shown).split()), "word") + (
        ", cut off at the longest allowed" if cut else ""
    )


def approved(words: str) -> None:
    """What is approved, for whoever wants it."""
    if words:
        with st.expander("The approved answer"):
            st.text(words)


def ask_quality(key: str, given: Said | None, keep: Callable[[Said], None]) -> None:
    """Whether each answer could go out, under the answer.

    Args:
        key: of this text, telling nothing of the options.
        given: the vote so far, None = not voted yet.
        keep: writes a vote.
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


def ask(key: str, given: Said | None, keep: Callable[[Said], None], moves: Moves) -> None:
    """The bar with the vote: which answer is preferred, Skip, and the way to other texts.

    Args:
        key: of this text, telling nothing of the options.
        given: the vote so far, None = not voted yet.
        keep: writes a vote.
        moves: where one can go from here.
    """

    def voted(choice: BlindChoice) -> None:
        keep(_said(key, choice))

    with bar(VOTE_BAR):
        said = "Which would you rather send?"
        if given is not None:
            said = f"You chose {chosen_words(given)}. You can still change it."
        st.markdown(f"**{said}**")
        with st.container(horizontal=True):
            for label, pressed, choice in BUTTONS:
                chosen = given is not None and given.choice == choice
                st.button(
                    markdown.on_primary(label) if chosen else label,
                    key=f"{key}:vote:{choice}",
                    shortcut=shortcut(pressed),
                    type="primary" if chosen else "secondary",
                    on_click=voted,
                    args=(choice,),
                )
            _moves(key, moves if given is None else replace(moves, skip=None))


def ask_whether_sent(
    key: str, given: Quality | None, keep: Callable[[Quality | None], None], moves: Moves
) -> None:
    """The bar where there is one answer only: whether it could go out."""
    with bar(VOTE_BAR):
        st.pills(
            "Would you send it?",
            list(QUALITY_WORDS),
            default=given,
            format_func=QUALITY_WORDS.__getitem__,
            key=f"{key}:send",
            on_change=lambda: keep(cast("Quality | None", st.session_state.get(f"{key}:send"))),
            wrap=True,
        )
        with st.container(horizontal=True):
            _moves(key, moves)


def _said(key: str, choice: BlindChoice) -> Said:
    left, right = (
        cast("Quality | None", st.session_state.get(f"{key}:{side}:send")) for side in SIDES
    )
    return Said(choice, left, right)
