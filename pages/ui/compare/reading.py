"""Reading the texts of a run in turn: which one is looked at, in what order, and its votes."""

from dataclasses import dataclass
from math import ceil

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.case.texts import Prompt
from advisor.evidence.model import Vote
from advisor.evidence.pairs import Pair
from advisor.evidence.people.blind import OWNER
from advisor.evidence.run_state import RunState
from advisor.report.before import how_votes_stand
from advisor.runs import inline
from pages.ui import markdown, session
from pages.ui.compare import blind, early_stop, side_by_side
from pages.ui.open_case import OpenCase

FILTERS = ("All", "Not voted", "Different", "Refused", "Failed")
ORDERS = ("For voting", "Newest first", "As brought")
LISTED = 8
"""Texts on a page of the list."""
SHOWN = 60
"""Characters of a text in the list."""


@dataclass(frozen=True, slots=True)
class TextsToRead:
    """A run whose texts are read, and the options that are voted on."""

    opened: OpenCase
    run: RunState
    pair: Pair | None
    """None = there is only one option."""
    ended: str
    """How the run has ended, in a sentence; "" = it is said elsewhere."""

    def key(self, what: str) -> str:
        """The key of what the session keeps of this reading, until other texts are brought."""
        return f"{self.opened.form('prompts')}:{what}"


def read(reading: TextsToRead) -> None:
    """One text with its answers and the vote; drawn anew alone, without the page."""
    case, run_id, pair = reading.opened.case, reading.run.id, reading.pair
    votes = {
        vote.prompt_id: vote
        for vote in session.store().votes(run_id)
        if vote.voter == OWNER and pair in (None, (vote.base_arm, vote.challenger))
    }
    if pair is not None:
        early_stop.say_votes_settle(len(session.store().prompts_answered_by(run_id, pair)))
        side_by_side.ask_for_the_end(session.own_vote(run_id, pair))
    writing = inline.live_texts(run_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        stand = how_votes_stand(len(votes), len(case.prompts), alone=pair is None)
        markdown.note(markdown.plain(f"{reading.ended} {stand}".strip()), "content")
        st.space("stretch")
        drawer = st.popover("All texts", key=reading.key("drawer"), width="content")
        place = st.container(width=150)
    found = choose(reading, drawer, votes, [prompt for prompt, _, _ in writing])
    if not found:
        st.markdown(nothing_left(len(votes), len(case.prompts)))
        return
    at_key, to_key = reading.key("at"), reading.key("to")
    at = int(
        place.number_input(
            f"Text, 1 to {len(found):,}",
            1,
            len(found),
            key=at_key,
            label_visibility="collapsed",
        )
    )
    prompt = found[at - 1]
    st.session_state[reading.key("last")] = prompt.id
    with drawer:
        list_texts(reading, found, votes)
    later = [n for n, p in enumerate(found, 1) if n != at and p.id not in votes]
    onward = next((n for n in later if n > at), next(iter(later), at))

    def go(to: int) -> None:
        st.session_state[at_key] = to

    side_by_side.read_and_vote(
        case,
        run_id,
        prompt,
        pair,
        votes.get(prompt.id),
        writing,
        onward=lambda: st.session_state.update({to_key: found[onward - 1].id}),
        moves=blind.Moves(
            previous=(lambda: go(at - 1)) if at > 1 else None,
            onward=(lambda: go(at + 1)) if at < len(found) else None,
        ),
    )


def nothing_left(voted: int, texts: int) -> str:
    """Why the list of texts is empty."""
    if voted >= texts:
        return f"All {texts:,} texts voted. See the verdict."
    return "No text fits this filter."


def choose(
    reading: TextsToRead,
    drawer: DeltaGenerator,
    votes: dict[str, Vote],
    writing: list[str],
) -> list[Prompt]:
    """Ask which texts are shown and in which order; keeps the one looked at where it fits."""
    wanted = drawer.segmented_control(
        "Show", FILTERS, default="All", required=True, wrap=True, key=reading.key("filter")
    )
    by = drawer.selectbox("Order", ORDERS, key=reading.key("order"))
    found = matching(reading, wanted or "All", by, set(votes), writing)
    at_key, to_key, on_key = reading.key("at"), reading.key("to"), reading.key("on")
    last = st.session_state.get(reading.key("last"), "")
    places = {prompt.id: n for n, prompt in enumerate(found, 1)}
    # The text looked at stays where it fits another filter; else, and in another order, the first.
    filtered, ordered = st.session_state.get(on_key, (wanted, by))
    before = st.session_state.get(at_key, 1)
    if (filtered, ordered) != (wanted, by):
        before = places.get(last, 1) if ordered == by else 1
    wished = places.get(st.session_state.pop(to_key, ""), before)
    st.session_state[on_key] = (wanted, by)
    if found:
        st.session_state[at_key] = min(max(1, wished), len(found))
    return found


def list_texts(reading: TextsToRead, found: list[Prompt], votes: dict[str, Vote]) -> None:
    """Every text by its beginning, a page at a time; a click opens it."""
    pages = ceil(len(found) / LISTED)
    page = st.pagination(pages, key=reading.key("list"), max_visible_pages=5) if pages > 1 else 1
    first = (page - 1) * LISTED
    for number, prompt in enumerate(found[first : first + LISTED], first + 1):
        begins = " ".join(prompt.text[: 2 * SHOWN].split())[:SHOWN]
        voted = ", voted" if prompt.id in votes else ""
        st.button(
            markdown.plain(f"{number:,}{voted}: {begins}"),
            key=reading.key(f"open:{number}"),
            type="tertiary",
            on_click=lambda number=number: st.session_state.update({reading.key("at"): number}),
        )


def matching(
    reading: TextsToRead, wanted: str, order: str, voted: set[str], writing: list[str]
) -> list[Prompt]:
    """The texts a filter leaves, by default in the order in which the evidence looks at them.

    That order makes every early look a fair one, so it is the order to vote in.
    """
    store, run_id = session.store(), reading.run.id
    by_id = {prompt.id: prompt for prompt in reading.opened.case.prompts}
    if order == "Newest first":
        ids = list(dict.fromkeys([*writing, *store.prompts_newest_first(run_id)]))
    else:
        ids = list(by_id)
        ids = session.store().kept_order(reading.run, ids) if order == "For voting" else ids
    if wanted == "Not voted":
        kept = by_id.keys() - voted
    elif wanted == "Different":
        kept = store.prompts_that_differ(run_id)
    elif wanted == "Refused" or wanted == "Failed":
        kept = store.prompts_with(
            run_id, *(("refused",) if wanted == "Refused" else ("failed", "no_answer"))
        )
    else:
        kept = set(by_id)
    return [by_id[key] for key in ids if key in kept and key in by_id]
