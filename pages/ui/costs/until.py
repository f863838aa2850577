"""The two clocks of each option: until when it can be trained, and until when it answers."""

from datetime import date

import streamlit as st

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.report.access import until
from advisor.report.base_stop import base_until
from advisor.verdict.costs import Costs
from advisor.words import day
from pages.ui import markdown


def show(case: Case, money: Costs, today: date) -> None:
    """One row an option that is bought somewhere; nothing where none is."""
    rows = [
        (
            case.name_of(option),
            _training(case, money, option, today),
            _answers(case, money, option, today),
        )
        for option in case.options
        if option in money.quotes and money.quotes[option].ref is not None
    ]
    if not rows:
        return
    st.header("Until when", anchor=False)
    st.table(
        {
            "Option": [markdown.plain(name) for name, _, _ in rows],
            "Can be trained": [markdown.plain(trained) for _, trained, _ in rows],
            "Answers": [markdown.plain(answers) for _, _, answers in rows],
        },
        border="horizontal",
        hide_index=True,
        alt="Until when each option can be trained, and until when it answers",
    )


def _training(case: Case, money: Costs, option: OptionId, today: date) -> str:
    if case.kind_of(option) == "base":
        return "needs no training"
    closes = money.quotes[option].training_closes_on
    if closes is None:
        return "no last day found"
    return f"until {day(closes)}" if closes >= today else f"closed since {day(closes)}"


def _answers(case: Case, money: Costs, option: OptionId, today: date) -> str:
    quoted = money.quotes[option]
    return until(quoted, today) if case.kind_of(option) == "tuned" else base_until(quoted, today)
