"""One text with both answers side by side, as they stream in, and the owner's blind vote on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.case.case import Case
from advisor.case.texts import Prompt
from advisor.evidence.model import Output, Quality, Vote
from advisor.evidence.pairs import Pair
from advisor.evidence.people.blind import Said, sides_of
from advisor.report.voting import before_one_name, before_the_names
from advisor.store.voting import BlindVote
from advisor.words import count
from pages.ui import errors, markdown, session
from pages.ui.compare import blind

Writing = Mapping[tuple[str, str, int], str]
"""The text in flight by prompt, arm and sample."""


def read_and_vote(
    case: Case,
    run_id: str,
    prompt: Prompt,
    pair: Pair | None,
    given: Vote | None,
    writing: Writing,
    onward: Callable[[], None],
    moves: blind.Moves,
) -> None:
    """Draw one text, its answers and the vote on it.

    Args:
        case: the open case.
        run_id: its run.
        prompt: the text looked at.
        pair: the options voted on; None = there is only one to look at.
        given: the owner's vote on it where there is only one option, None = not voted yet.
        writing: answers that are being written now.
        onward: goes on to the next text without a vote.
        moves: to the texts beside it, in the order chosen.
    """
    here = session.store().prompt_outputs(run_id, prompt.id)
    if pair is None:
        blind.text(prompt.text)
        _look_at_one(case, run_id, prompt, given, writing, moves)
        return
    if all(arm in here and here[arm].outcome == "answered" for arm in pair):
        vote = session.own_vote(run_id, pair)
        number = vote.number(prompt.id)
        blind.failed()
        errors.failed("names")
        blind.vote_on(
            vote,
            number,
            kept=lambda first: onward() if first else None,
            moves=replace(moves, skip=onward),
            show_names=lambda said: _ask_names(vote, number, said),
        )
        return
    blind.text(prompt.text)
    for column, side, heading in zip(
        st.columns(2), sides_of(run_id, prompt.id, pair=pair), blind.SIDES, strict=True
    ):
        _answer(column, heading, here.get(side), writing.get((prompt.id, side, 0)), named=False)
    blind.go_on(blind.key_of(run_id, prompt.id), moves)
    blind.approved(prompt.approved_words)


def ask_for_the_end(vote: BlindVote) -> None:
    """Once every text has a vote: the offer to see which answer was whose."""
    ready, said, told = vote.ready(), vote.said(), vote.names()
    left = [number for number in ready if number not in told]
    if left and all(number in said for number in left):
        reveal = partial(_show_names, vote, left)
        blind.end(before_the_names(len(left), len(left)), reveal, None)


def _ask_names(vote: BlindVote, number: int, given: Said | None) -> None:
    """The deliberate way to the names; it ends the blind vote on what is shown."""
    told, key = vote.names(), vote.key(number)
    voted = [each for each in vote.said() if each not in told]
    with st.popover("Show names", key=f"{key}:names"):
        st.markdown(markdown.plain(before_one_name(given)))
        st.button(
            "Show the names of this text",
            key=f"{key}:name",
            on_click=_show_names,
            args=(vote, [number]),
        )
        if voted and voted != [number]:
            st.markdown(
                markdown.plain(before_the_names(len(voted), len(set(vote.ready()) - told.keys())))
            )
            st.button(
                f"Show the names of the {count(len(voted), 'text')} you voted on",
                key=f"{key}:all_names",
                on_click=_show_names,
                args=(vote, voted),
            )


def _show_names(vote: BlindVote, numbers: Sequence[int]) -> None:
    with errors.click("names"):
        vote.show_names(numbers, datetime.now(UTC))


def _look_at_one(
    case: Case,
    run_id: str,
    prompt: Prompt,
    given: Vote | None,
    writing: Writing,
    moves: blind.Moves,
) -> None:
    """The only option there is: would its answer be sent? It measures what is left to gain."""
    name = next(name for name, arm in case.arms.items() if arm.answers)
    output = session.store().prompt_outputs(run_id, prompt.id).get(name)
    _answer(
        st.container(),
        markdown.plain(case.name_of(name)),
        output,
        writing.get((prompt.id, name, 0)),
    )
    key = blind.key_of(run_id, prompt.id)
    if output is not None and output.outcome == "answered":

        def keep(quality: Quality | None) -> None:
            said = Vote(prompt.id, "tie", base_arm=name, base_quality=quality)
            session.store().add_vote(run_id, said)

        blind.ask_whether_sent(key, given.base_quality if given else None, keep, moves)
    else:
        blind.go_on(key, moves)
    blind.approved(prompt.approved_words)


def _answer(
    column: DeltaGenerator,
    heading: str,
    output: Output | None,
    writing: str | None,
    *,
    named: bool = True,
) -> None:
    """One answer as plain text; a refusal or a failure says so.

    Args:
        column: where it stands.
        heading: over it.
        output: what there is of it.
        writing: what is being written of it.
        named: whether a reason may be given: it may name the model.
    """
    if writing is not None and (output is None or output.outcome != "answered"):
        far = f"Being written, {count(len(writing.split()), 'word')} so far"
        blind.answer(column, heading, far, writing)
    elif output is None:
        blind.answer(column, heading, "Not answered yet.", None)
    elif output.outcome == "answered":
        far = blind.length(output.text, cut=output.truncated)
        blind.answer(column, heading, far, output.text)
    else:
        refused = output.outcome == "refused"
        said = "A content filter refused this." if refused else "No answer came."
        reason = f" {markdown.plain(output.error)}" if named and output.error else ""
        blind.answer(column, heading, said + reason, None)
    if named and output is not None and output.reasoning:
        with column.expander("What it thought first"):
            markdown.note("Billed, and never voted on, scored or judged.")
            st.text(output.reasoning)
