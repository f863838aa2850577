"""The PDF's first page on the screen: what director, finance and legal will ask."""

from collections.abc import Sequence

import streamlit as st

from advisor.report.first_page_values import FirstPage, Line
from pages.ui import markdown

BY_HAND = "to be filled in by hand"
MONEY = {
    "Once": "one_off",
    "A month": "month",
    "Total": "total",
    "Low": "low",
    "High": "high",
    "People's time": "people",
    "Model cost only": "model",
    "On what terms": "terms",
}
"""A row's name and the field it shows, for each option."""


def draw(page: FirstPage) -> None:
    """What is asked, or the plan to decide; the money; where the texts went."""
    st.markdown(f"**{markdown.plain(page.request)}**")
    _lines(page.director)
    if page.unknowns:
        st.table(
            {
                "Not known": [markdown.plain(one.question) for one in page.unknowns],
                "What settles it": [markdown.plain(one.settled_by) for one in page.unknowns],
                "What that costs": [markdown.plain(one.cost) for one in page.unknowns],
            },
            hide_index=True,
        )
    if page.money:
        # Options as columns, as in every table of costs: eight columns do not fit a phone.
        shown = {
            key: name for name, key in MONEY.items() if any(getattr(r, key) for r in page.money)
        }
        if "model" in shown:
            shown |= {"people": "Of it people's time", "model": "Of it model cost only"}
        elif any(row.people != "not counted" for row in page.money):
            shown["people"] = "People, apart"  # frozen when people's time was in no total
        table = {" ": [markdown.plain(name) for name in shown.values()]}
        for row in page.money:
            table[row.option] = [markdown.plain(getattr(row, key)) for key in shown]
        st.table(table, hide_index=True)
    markdown.note(markdown.plain(" ".join(page.money_notes)))
    _lines(page.legal)
    markdown.note(markdown.plain(page.not_advice))


def _lines(lines: Sequence[Line]) -> None:
    st.table(
        {
            "Question": [markdown.plain(line.topic) for line in lines],
            "Answer": [markdown.plain(line.text) or BY_HAND for line in lines],
        },
        hide_index=True,
    )
