"""Costs: what each option costs a month, when fine-tuning pays back, and what moves it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import streamlit as st

from advisor.case.currency import Currency
from advisor.case.options import ArmName
from advisor.case.variants import in_step
from advisor.report.labels import OPTION_WORDS, figure_names
from advisor.report.money_sentences import offers_scope
from advisor.report.money_words import MoneyWords
from advisor.report.report import worded_money
from advisor.verdict.decision import Decision
from advisor.verdict.where_to_tune import Place, where_to_tune
from pages.ui import errors, frame, markdown, session, widgets
from pages.ui.costs import price_form
from pages.ui.verdict import money_charts
from pricing.charges import MOST_REQUESTS
from pricing.cost import Volume
from pricing.offers import PriceCells
from pricing.people import People

PRICED: tuple[ArmName, ...] = ("base", "tuned")
"""Options with a price of their own: a variant costs what its base option does."""
CURRENCIES = ("USD", "EUR", "GBP", "CHF")
TABLE_FORMS: dict[str, Literal["dollar", "euro"]] = {"USD": "dollar", "EUR": "euro"}
"""How a table shows amounts, thousands apart; other currencies by number, and the note names them."""
TIME = (
    ("hourly_rate", "USD an hour"),
    ("minutes_to_correct", "Minutes to correct an answer"),
    ("one_off_days_examples", "Days for examples, once"),
    ("one_off_days_it", "Days for IT, once"),
    ("one_off_days_testing", "Days for testing, once"),
)
SHARES = (
    ("corrected_share_base", "Base: answers corrected, %"),
    ("corrected_share_tuned", "Fine-tuned: answers corrected, %"),
)

st.title("Costs")
opened = frame.require_case()
case = opened.case


def percent(where: Any, label: str, saved: Decimal, key: str, most: float = 100.0) -> Decimal:
    """A share of 1, asked for in per cent."""
    least = -99.0 if most > 100 else 0.0
    entered = where.number_input(
        label, least, most, float(saved * 100), 1.0, key=f"{opened.form('volume')}:{key}"
    )
    return Decimal(str(entered)) / 100


def ask_volume(now: Volume) -> Volume:
    """How much and for how long; what an analyst sets stands behind an expander."""
    many, months, growing = st.columns(3)
    requests = widgets.number(
        many,
        "Texts a month",
        now.requests_per_month,
        f"{opened.form('volume')}:requests",
        min_value=0,
        max_value=MOST_REQUESTS,
        step=1000,
        placeholder="Leave open if you don't know",
    )
    horizon = months.number_input(
        "Months planned", 1, 120, now.horizon_months, key=f"{opened.form('volume')}:horizon"
    )
    growth = percent(growing, "Growth, % a month", now.growth_per_month, "growth", 1000.0)
    with st.expander("For the analyst"):
        cached, batch, again = st.columns(3)
        asked = {
            "cached_share": percent(cached, "Cached input, %", now.cached_share, "cached"),
            "batch_share": percent(batch, "In batches, %", now.batch_share, "batch"),
        }
        retrainings = again.number_input(
            "Retrainings a year",
            0.0,
            365.0,
            float(now.retrainings_per_year),
            1.0,
            key=f"{opened.form('volume')}:retrainings",
        )
    return now.model_copy(
        update={
            **asked,
            "requests_per_month": requests,
            "horizon_months": horizon,
            "growth_per_month": growth,
            "retrainings_per_year": Decimal(str(retrainings)),
        }
    )


def ask_people(now: People) -> People:
    """People's time, all of it optional, in every total once it is known."""
    given: dict[str, Decimal | None] = {}
    with st.expander("People's time, if it should count"):
        markdown.note("Optional. Counts in every comparison of cost once you fill it in.")
        for column, (key, label) in zip(st.columns(len(TIME)), TIME, strict=True):
            given[key] = asked(column, label, getattr(now, key), key)
        for column, (key, label) in zip(st.columns(len(SHARES)), SHARES, strict=True):
            saved = getattr(now, key)
            share = asked(column, label, None if saved is None else saved * 100, key, most=100.0)
            given[key] = None if share is None else share / 100
    return now.model_copy(update=given)


def asked(
    where: Any, label: str, saved: Decimal | None, key: str, most: float = 10_000.0
) -> Decimal | None:
    """An amount that may stay open."""
    value = None if saved is None else float(saved)
    entered = widgets.number(
        where,
        label,
        value,
        f"{opened.form('people')}:{key}",
        min_value=0.0,
        max_value=most,
        step=1.0,
    )
    return None if entered is None else Decimal(str(entered))


def ask_currency(now: Currency) -> Currency:
    """What amounts are shown in; another than USD needs its rate and the rate's day."""
    with st.expander(f"Amounts are in {now.code}. Change"):
        code_column, rate_column, day_column = st.columns(3)
        code = code_column.selectbox(
            "Currency",
            list(dict.fromkeys([now.code, *CURRENCIES])),
            key=f"{opened.form('currency')}:code",
        )
        if code == "USD":
            return Currency()
        rate = widgets.number(
            rate_column,
            f"{code} for 1 USD",
            float(now.per_usd) if now.code == code else None,
            f"{opened.form('currency')}:rate:{code}",
            min_value=0.0001,
            max_value=1e9,
            step=0.01,
            format="%.4f",
        )
        rate_on = day_column.date_input(
            "Rate of",
            value=now.rate_on or session.today(),
            max_value=session.today(),
            key=f"{opened.form('currency')}:rate_on",
        )
        if not rate or not isinstance(rate_on, date):
            st.info(f"Enter how many {code} one USD buys; until then amounts stay in {now.code}.")
            return now
        return Currency(code=code, per_usd=Decimal(str(rate)), rate_on=rate_on)


def show_money(money: MoneyWords) -> None:
    """What each option costs a month, and over the months planned."""
    if not any(arm.offer or arm.price != PriceCells() for arm in case.arms.values()):
        markdown.note(
            "Choose on Options where you can buy each to see what each option costs a month."
        )
        return
    for column, row in zip(st.columns(len(money.costs)), money.costs, strict=True):
        column.metric(
            f"{row.option}, a month",
            row.all_in_month,
            help="Training, hosting, storage and use over all months of use, divided by them; "
            f"{row.counts}.",
        )
        parts = [row.counts]
        if row.people_month:
            parts = [f"people's time {row.people_month}, model cost only {row.model_month} a month"]
        parts += [f"an accepted answer: {row.per_accepted}"] if row.per_accepted else []
        with column:
            markdown.note(markdown.plain("; ".join(parts).capitalize()))
    st.markdown(markdown.plain(money.cost_note))
    if money.spend is not None:
        money_charts.spend(money.spend)


def offers_for(decision: Decision) -> Sequence[Place]:
    """Every offer for the case as it stands."""
    return where_to_tune(decision.case, decision.money, session.today())


def show_offers(places: Sequence[Place], held: str, currency: Currency) -> None:
    """Every offer for this case, those closed to this reader marked, not hidden."""
    st.header("Where could I tune this?", anchor=False)
    st.markdown("At this volume, with your texts and what you said of your contracts.")
    month = f"A month, {held}"
    form = TABLE_FORMS.get(currency.code, "localized")
    amounts = st.column_config.NumberColumn(format=form, width=110)
    rows: list[Mapping[str, object]] = [
        {
            "Model": place.model,
            "Where": place.provider,
            "For you": place.access,
            month: _number(place.usd_per_month_all_in, currency),
            "Until": place.until,
            "Pilot": _number(place.pilot_usd, currency),
            "Training": _number(place.training_usd, currency),
            "How": place.method,
            "Not known": figure_names(place.missing),
            "Why": place.reason,
            "Source": place.source_url,
        }
        for place in places
    ]
    st.dataframe(
        rows,
        hide_index=True,
        height=320,
        placeholder="not known",
        column_config={
            month: amounts,
            "Pilot": st.column_config.NumberColumn(
                format=form,
                width=110,
                help="One training job on your approved pairs, a day of hosting, your texts once.",
            ),
            "Training": amounts,
            "Until": st.column_config.DateColumn(format="D MMM YYYY", width=110),
            "Source": st.column_config.LinkColumn(display_text="source"),
        },
        alt="Every offer to tune, with what it would cost a month for this case and until when",
    )
    markdown.note(f"Amounts in this table are in {currency.code}. A column's head sorts it.")


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


def _number(amount: Decimal | None, currency: Currency) -> float | None:
    return None if amount is None else round(currency.of(amount), 2)


money_place = st.container()
volume = ask_volume(case.volume)
arms = {}
for column, arm in zip(st.columns(2, gap="large"), PRICED, strict=True):
    if arm in case.arms:
        with column.expander(f"{OPTION_WORDS[arm]}: prices"):
            arms[arm] = price_form.ask(case, opened.form("arms"), arm)
people, currency = ask_people(case.people), ask_currency(case.currency)
now = in_step(
    case.model_copy(
        update={
            "arms": {**case.arms, **arms},
            "volume": volume,
            "people": people,
            "currency": currency,
        }
    ),
    case,
)
if now != case:
    session.save(now, entered=True)
    st.rerun()
with errors.expected_errors():
    decision = session.decision()
    if decision is not None:
        with money_place:
            show_money(worded_money(decision))
        places = session.once("places", decision, offers_for)
        show_offers(places, offers_scope(decision.money), decision.case.currency)
        show_moves(worded_money(decision), decision.case.currency)
frame.steps(back="compare", onward="verdict")
