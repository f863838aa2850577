"""What each option costs a month: the two held against each other large, all of them in a table."""

import streamlit as st

from advisor.report.labels import figure_names
from advisor.report.model import CostRow
from advisor.report.money_words import MoneyWords
from advisor.verdict.costs import Costs
from pages.ui import markdown
from pages.ui.verdict import money_charts

LARGE = 2
"""Options whose month is set large."""


def show(words: MoneyWords, money: Costs) -> None:
    """The month of each option, and when fine-tuning pays back."""
    held = (money.cost.against, money.cost.challenger)
    large = [row for row in words.costs if row.arm in held] or list(words.costs[:LARGE])
    for column, row in zip(st.columns(LARGE), large, strict=False):
        column.metric(
            f"{row.option}, a month",
            row.all_in_month,
            help="Training, hosting, storage and use over all months of use, divided by them; "
            f"{row.counts}.",
        )
        with column:
            markdown.note(markdown.plain("; ".join(_parts(row)).capitalize()))
            if lacking := money.cost.arms[row.arm].missing:
                markdown.note(f"Missing: {figure_names(lacking)}")
    st.markdown(markdown.plain(words.cost_note))
    if len(words.costs) > len(large):
        _table(words.costs)


def chart(words: MoneyWords) -> None:
    """Spend by month, where the lines can be told apart."""
    if words.spend is not None and words.spend.tells_more():
        st.header("Spending over time", anchor=False)
        money_charts.spend(words.spend)


def _parts(row: CostRow) -> list[str]:
    parts = [row.counts]
    if row.people_month:
        parts = [f"people's time {row.people_month}, model cost only {row.model_month} a month"]
    return parts + ([f"an accepted answer: {row.per_accepted}"] if row.per_accepted else [])


def _table(rows: tuple[CostRow, ...]) -> None:
    columns = {
        "Option": [row.option for row in rows],
        f"A month, {rows[0].counts}": [row.all_in_month for row in rows],
        "A text": [row.per_request for row in rows],
        "To train": [row.training for row in rows],
        "Hosting a month": [row.hosting_month for row in rows],
    }
    st.table(
        {name: [markdown.plain(cell) for cell in cells] for name, cells in columns.items()},
        border="horizontal",
        hide_index=True,
        alt="What each option costs a month",
    )
