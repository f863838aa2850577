"""A voter's page, opened by a link: one text at a time, and no name before the vote."""

from collections.abc import Container
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from advisor.evidence.people.ballots import Told
from advisor.report.voting import before_the_end, invitation, progress_of, thanks, told_row
from advisor.store.voting import CLOSED, OpenBallot
from pages.ui import errors, markdown, session
from pages.ui.cells import inert
from pages.ui.compare import blind

# Keys of the session's state; the number of a text is all a key ever holds.
AT, SKIPPED, ENDING = "vote:at", "vote:skipped", "vote:ending"


def closed() -> None:
    """A wrong, an expired and a revoked link are answered alike."""
    st.title("This link takes no votes")
    st.info(CLOSED, icon=":material/link_off:")


def go(number: int | None) -> None:
    """Open a text; None = the next one to vote on."""
    st.session_state[AT] = number


def skip(number: int) -> None:
    """Put a text behind all others that have no vote yet."""
    skipped = [one for one in st.session_state.get(SKIPPED, []) if one != number]
    st.session_state[SKIPPED] = [*skipped, number]
    go(None)


def next_to_vote(ready: list[int], over: Container[int]) -> int | None:
    """The first text without a vote; those skipped come last, the one skipped first before.

    Args:
        ready: texts with both answers.
        over: those voted on, or with their names told.
    """
    skipped = st.session_state.get(SKIPPED, [])
    left = [number for number in ready if number not in over]
    fresh = [number for number in left if number not in skipped]
    again = [number for number in skipped if number in left]
    return next(iter([*fresh, *again]), None)


def vote_on(ballot: OpenBallot, number: int, ready: list[int]) -> None:
    """One text with the vote on it, and the way to the text before and to the next."""
    place = ready.index(number)
    over = number in ballot.said() or number in ballot.names()
    blind.vote_on(
        ballot,
        number,
        kept=lambda first: go(None) if first else None,
        moves=blind.Moves(
            previous=(lambda: go(ready[place - 1])) if place else None,
            onward=(lambda: go(None)) if over else None,
            skip=lambda: skip(number),
        ),
    )


def reveal(ballot: OpenBallot) -> None:
    """Be told: from now on nothing can be voted."""
    with errors.click("reveal"):
        ballot.reveal(datetime.now(UTC))


def _by_name(ballot: OpenBallot, told: list[Told]) -> list[Told]:
    """The same with what the two options are called."""
    if not told:
        return told
    pair = (told[0].left, told[0].right)
    name = dict(zip(pair, ballot.called(pair), strict=True))
    return [replace(one, left=name[one.left], right=name[one.right]) for one in told]


def tell(ballot: OpenBallot) -> None:
    """Which answer was whose, and thanks."""
    told = _by_name(ballot, ballot.told(datetime.now(UTC)))
    st.title("Thank you")
    st.markdown(markdown.plain(thanks(told)))
    rows = [told_row(one) for one in told]
    head = ("Text", "Left was", "Right was", "You chose")
    st.dataframe(
        inert(dict(zip(head, zip(*rows, strict=True), strict=True))),
        hide_index=True,
        alt="Each text you voted on, which answer was whose, and what you chose",
    )


def vote(ballot: OpenBallot) -> None:
    """The page while votes are taken."""
    ready, said = ballot.ready(), ballot.said()
    voted = sum(number in said for number in ready)
    st.title("Which answer would you rather send?")
    st.markdown(markdown.plain(invitation(ballot.voter, ballot.asked_by, ballot.texts)))
    blind.failed()
    errors.failed("reveal")
    if not ready:
        st.info("No text has both answers yet. Come back to this link later.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        markdown.note(markdown.plain(progress_of(voted, len(ready), ballot.texts)), width="content")
        if voted and voted < len(ready) and not st.session_state.get(ENDING):
            st.button(
                "I am done",
                key="done",
                type="tertiary",
                on_click=lambda: st.session_state.update({ENDING: True}),
            )
    st.progress(voted / len(ready))
    at = st.session_state.get(AT)
    number = at if at in ready else next_to_vote(ready, {*said, *ballot.names()})
    if st.session_state.get(ENDING) or number is None:
        back = (lambda: st.session_state.pop(ENDING, None)) if voted < len(ready) else None
        blind.end(before_the_end(voted, len(ready)), lambda: reveal(ballot), back)
        if number is None:
            st.button("Look at my votes again", key="again", on_click=go, args=(ready[-1],))
    else:
        vote_on(ballot, number, ready)


opened = session.ballot(st.query_params.get("ballot", ""))
if opened is None:
    closed()
elif opened.is_revealed(datetime.now(UTC)):
    tell(opened)
else:
    vote(opened)
