"""Every text of the test in one table, and one of them in full with the words that differ marked."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from advisor.case.currency import Currency
from advisor.report.one_text import AnswerSide, OneText, named, one_text
from advisor.report.results import (
    ORDERS,
    in_one_line,
    main_measure,
    result_rows,
)
from advisor.report.word_differences import Piece
from advisor.verdict.decision import Decision
from advisor.words import count
from pages.ui import markdown, session
from pages.ui.cells import inert

MARK = {"light": ("#FFE3A3", "#1B2430"), "dark": ("#5A4500", "#FFFFFF")}
"""Behind and on a marked word, by theme."""
_FRAME = "white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;line-height:1.5"
_OPEN, _AT = "results:open", "results:at"


def show_results(decision: Decision) -> None:
    """The table in the order asked for; a row that is chosen opens in full."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = st.selectbox("Show first", ORDERS, key="results:order", width=260)
        if st.button("Read them one by one", icon=":material/open_in_full:", key="results:read"):
            st.session_state[_OPEN] = 0
    kept = session.once(f"results:{order}", decision, lambda _: _ordered(decision, order))
    ids, table = kept
    # A choice is a place in the table: other rows, or an order that votes have changed, have none.
    key = f"results:table:{order}:{hash((decision.record.seed, ids))}"
    st.dataframe(
        table,
        hide_index=True,
        height=360,
        placeholder="–",
        column_config=_columns(main_measure(decision), decision.case.currency),
        key=key,
        selection_mode="single-row",
        on_select=lambda: _chosen(key),
        alt="Every text of the test: who was preferred and by whom, the main measure, length and "
        "cost of each answer, and what went wrong",
    )
    markdown.note(
        "Choose a row at its left edge to read both answers with the differences marked. Costs are "
        "of the one answer."
    )
    if (at := st.session_state.pop(_OPEN, None)) is not None and at < len(ids):
        st.session_state[_AT] = at
        read_in_full(decision, ids)


@st.dialog("One text, both answers", width="large")
def read_in_full(decision: Decision, ids: Sequence[str]) -> None:
    """One text with both answers; the words that only one of them has are marked."""
    at = min(st.session_state.get(_AT, 0), len(ids) - 1)
    found = one_text(decision, ids[at])
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, to in (
            ("Previous", ":material/arrow_back:", at - 1),
            ("Next", ":material/arrow_forward:", at + 1),
        ):
            st.button(
                label,
                icon=icon,
                key=f"results:{label}",
                disabled=not 0 <= to < len(ids),
                on_click=lambda to=to: st.session_state.update({_AT: to}),
            )
        markdown.note(markdown.plain(f"{at + 1:,} of {count(len(ids), 'text')}: {found.prompt_id}"))
    rows = {row.prompt_id: row for row in session.once("results", decision, result_rows)}
    st.markdown(markdown.plain(in_one_line(rows[found.prompt_id], main_measure(decision))))
    with st.container(border=True):
        st.text(found.text)
    for column, side in zip(st.columns(2), (found.base, found.tuned), strict=True):
        with column.container(border=True, height="stretch"):
            _side(side)
    if found.base.pieces and found.tuned.pieces:
        markdown.note("Marked: words that only this answer has.")
    if found.note:
        markdown.note(markdown.plain(found.note))
    _approved(found)


def _side(side: AnswerSide) -> None:
    """One answer, and what it does wrong."""
    st.markdown(f"**{side.option}**")
    if side.instead:
        st.markdown(f":gray[{side.instead.capitalize()}]")
    for sentence in side.broken:
        st.markdown(f":material/close: {markdown.plain(sentence)}")
    if side.invented:
        st.markdown(
            ":material/help: In neither the text nor the approved answer: "
            f"{markdown.plain(named(side.invented))}"
        )
    if side.pieces:
        markdown.note(f"{side.chars:,} characters")
        st.html(marked(side.pieces, "dark" if st.context.theme.type == "dark" else "light"))


def _approved(found: OneText) -> None:
    if found.approved:
        with st.expander("Approved answer"):
            st.text(found.approved)


def marked(pieces: Iterable[Piece], theme: str) -> str:
    """The pieces as HTML, every text of them escaped; a mark is underlined beside its colour."""
    behind, ink = MARK[theme]
    style = f"background:{behind};color:{ink};text-decoration:underline"
    parts = []
    for kind, text in pieces:
        words = text.rstrip()
        mark = kind == "only" and words
        parts.append(f'<mark style="{style}">{escape(words)}</mark>' if mark else escape(words))
        parts.append(text[len(words) :])  # blanks and line breaks: nothing to escape
    return f'<div style="{_FRAME}">{"".join(parts)}</div>'


def _chosen(key: str) -> None:
    """Remember the row that was chosen, for the one run that follows."""
    if chosen := st.session_state[key]["selection"]["rows"]:
        st.session_state[_OPEN] = chosen[0]


def _ordered(decision: Decision, order: str) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Ids and cells in this order; a column in which nothing stands is left out."""
    shown, measure = result_rows(decision, ORDERS[order]), main_measure(decision)
    money = decision.case.currency
    table = pd.DataFrame(
        {
            "Text": [row.text for row in shown],
            "Result": [row.preferred for row in shown],
            "Judge": [row.judge or None for row in shown],
            "Votes": [row.votes or None for row in shown],
            "Gap": [row.gap for row in shown],
            f"Base, {measure}": [row.base_score for row in shown],
            f"Fine-tuned, {measure}": [row.tuned_score for row in shown],
            "Base, words": [row.base_words for row in shown],
            "Fine-tuned, words": [row.tuned_words for row in shown],
            "Words, gap": [row.words_gap for row in shown],
            "Base, cost": [_shown(row.base_usd, money) for row in shown],
            "Fine-tuned, cost": [_shown(row.tuned_usd, money) for row in shown],
            "Went wrong": [row.marks or None for row in shown],
            "Id": [row.prompt_id for row in shown],
        }
    )
    return tuple(row.prompt_id for row in shown), inert(table.dropna(axis="columns", how="all"))


def _shown(usd: float | None, currency: Currency) -> float | None:
    return None if usd is None else currency.of(usd)


def _columns(measure: str, currency: Currency) -> dict[str, Any]:
    score = st.column_config.NumberColumn(format="%.3f")
    gap = st.column_config.NumberColumn(format="%+.3f", help="Fine-tuned less base.")
    words = st.column_config.NumberColumn(format="%+d", help="Fine-tuned less base.")
    cost = st.column_config.NumberColumn(format=f"{currency.sign}%.6f")
    return {
        "Text": st.column_config.TextColumn(width="medium", pinned=True),
        "Gap": gap,
        f"Base, {measure}": score,
        f"Fine-tuned, {measure}": score,
        "Words, gap": words,
        "Base, cost": cost,
        "Fine-tuned, cost": cost,
    }
