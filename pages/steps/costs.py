"""Costs: what each option costs a month, when fine-tuning pays back, and what moves it."""

import streamlit as st

from advisor.case.currency import Currency
from advisor.case.options import OptionId
from advisor.case.variants import in_step, leader_of
from advisor.report.money_sentences import offers_scope
from advisor.report.money_words import MoneyWords, worded_money
from pages.ui import errors, frame, markdown, session, widgets
from pages.ui.costs import (
    currency_form,
    monthly,
    offers_table,
    people_form,
    price_form,
    until,
    volume_form,
)
from pages.ui.verdict import money_charts
from pricing.offers import PriceCells

st.title("Costs")
opened = frame.require_case()
case = opened.case


def show_moves(money: MoneyWords, currency: Currency) -> None:
    """What moves the difference most, and where the cheaper option changes."""
    if not money.moves:
        return
    st.header("What moves it most", anchor=False)
    st.markdown(
        "Each assumption a fifth lower and a fifth higher, the others as they are. The difference is "
        f"a month's, {money.costs[0].counts}."
    )
    money_charts.tornado(money.moves, currency)
    if money.turning:
        st.markdown("\n".join(f"- {markdown.plain(text)}" for text in money.turning))
    if money.current_bases:
        with st.expander("The same texts on other base models of today"):
            st.table(
                {
                    "Base model": [name for name, _ in money.current_bases],
                    f"A month, {money.costs[0].counts}": [
                        markdown.plain(cost) for _, cost in money.current_bases
                    ],
                },
                hide_index=True,
            )


def choose_priced(priced: list[OptionId]) -> OptionId:
    """The option whose prices are shown; those that follow another have the other's."""
    if len(priced) == 1:
        return priced[0]
    chosen: OptionId = st.selectbox(
        "Whose prices?", priced, format_func=case.name_of, key=f"priced:{opened.id}"
    )
    return chosen


money_place = st.container()
volume = volume_form.ask(case.volume, opened.form("volume"))
people, shares = people_form.ask(case, opened.form("people"))
arms = dict(shares)
if priced := [option for option in case.options if leader_of(case, option) is None]:
    prices = widgets.lazy_expander("Prices: your contract, or your own figures", "fold:prices")
    if prices is not None:
        with prices:
            which = choose_priced(priced)
            asked = price_form.ask(case, opened.form("arms"), which)
            share = {"corrected_share": arms[which].corrected_share}
            arms[which] = asked.model_copy(update=share)
currency = currency_form.ask(case.currency, opened.form("currency"))
entered = {"arms": arms, "volume": volume, "people": people, "currency": currency}
now = in_step(case.model_copy(update=entered), case)
if now != case:
    session.save(now, entered=True)
    st.rerun()
with errors.expected_errors():
    decision = session.decision()
    if decision is not None:
        words, shown_in = worded_money(decision), decision.case.currency
        with money_place:
            if any(arm.offer or arm.price != PriceCells() for arm in case.arms.values()):
                monthly.show(words, decision.money)
            else:
                frame.lacks("options", "Choose on Options what competes, and where you can buy it.")
        monthly.chart(words)
        show_moves(words, shown_in)
        until.show(case, decision.money, session.today())
        places = session.once("places", decision, offers_table.offers_for)
        offers_table.show_offers(
            places,
            offers_scope(decision.money),
            shown_in,
            volume=case.volume.requests_per_month is not None,
        )
frame.steps(back="compare", onward="verdict")
