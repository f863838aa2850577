"""Charts of the money: a word stands beside every colour, and a sentence beside every chart."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from advisor.money import Money
from advisor.report.model import CostRow, Report
from advisor.report.words import OPTION_WORDS, day
from pages.ui.plot import DASH, draw, kept, laid_out, palette


def cumulative_cost(money: Money) -> None:
    """Spend so far by month for each option, the day the tuned model stops as a line."""
    cost, show = money.cost, money.currency.show
    if not cost.cumulative or len(cost.cumulative) < 2:
        return
    said = "; ".join(f"{OPTION_WORDS[a]}: {show(s[-1])}" for a, s in cost.cumulative.items())
    sentence = f"Spent in all by the last month. {said}."
    draw(kept("cumulative", money, lambda: _cumulative(money)), sentence)
    st.markdown(":small[:gray[" + sentence.replace("$", r"\$") + "]]")


def _cumulative(money: Money) -> go.Figure:
    cost, show = money.cost, money.currency.show
    colours, figure = palette(), go.Figure()
    rate = float(money.currency.per_usd)
    for arm, spent in (cost.cumulative or {}).items():
        months = [0, *(min(i + 1, float(cost.months_of_use)) for i in range(len(spent)))]
        start = cost.arms[arm].training_usd or 0
        amounts = [float(amount) * rate for amount in (start, *spent)]
        figure.add_scatter(
            x=months,
            y=amounts,
            mode="lines",
            line={"color": colours[arm], "dash": DASH[arm], "width": 2.5},
            hovertemplate="month %{x:.0f}: %{y:,.0f}<extra>" + OPTION_WORDS[arm] + "</extra>",
        )
        figure.add_annotation(
            x=months[-1],
            y=amounts[-1],
            text=f"{OPTION_WORDS[arm]} {show(spent[-1])}",
            font={"color": colours[arm]},
            showarrow=False,
            xanchor="right",
            yanchor="bottom",
            yshift=4,
        )
    stop = money.quotes["tuned"].tuned_stops_on if "tuned" in money.quotes else None
    if stop is not None:
        figure.add_vline(
            x=float(cost.months_of_use),
            line={"color": colours["neither"], "dash": "dot"},
            annotation={
                "text": f"tuned model stops {day(stop)}",
                "font": {"color": colours["text"]},
                "xanchor": "right",
            },
        )
    return laid_out(figure, 300, x="months", y=f"{money.currency.code}, in all")


def tornado(report: Report) -> None:
    """How far one assumption a fifth lower or higher moves the monthly difference, USD."""
    widest = report.moves[0]
    alt = (
        f"{widest.assumption} moves it most: at {widest.low} {widest.at_low}, "
        f"at {widest.high} {widest.at_high}"
    )
    draw(kept("tornado", report, lambda: _tornado(report)), alt)
    st.markdown(":small[:gray[○ a fifth lower, ◆ a fifth higher]]")


def _tornado(report: Report) -> go.Figure:
    colours, figure = palette(), go.Figure()
    rows = report.moves[::-1]
    figure.add_scatter(
        x=[end for row in rows for end in (row.usd_at_low, row.usd_at_high, None)],
        y=[name for row in rows for name in (f"{row.assumption} ", f"{row.assumption} ", None)],
        mode="lines",
        line={"color": colours["line"], "width": 6},
        hoverinfo="skip",
    )
    for name, colour, values, words in (
        ("lower", "neither", [r.usd_at_low for r in rows], [f"{r.low}: {r.at_low}" for r in rows]),
        (
            "higher",
            "tuned",
            [r.usd_at_high for r in rows],
            [f"{r.high}: {r.at_high}" for r in rows],
        ),
    ):
        figure.add_scatter(
            x=values,
            y=[f"{row.assumption} " for row in rows],
            mode="markers",
            name=name,
            marker={
                "color": colours[colour],
                "size": 12,
                "symbol": "circle-open" if name == "lower" else "diamond",
                "line": {"width": 2},
            },
            text=words,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    height = 70 + 34 * len(rows)
    return laid_out(figure, height, x="USD a month, fine-tuned less base")


def monthly_bars(report: Report) -> None:
    """All-in cost a month by option."""
    rows = [row for row in report.costs if row.all_in_month_usd is not None]
    if not rows:
        return
    said = "; ".join(f"{row.option}: {row.all_in_month} a month, all in" for row in rows)
    draw(kept("monthly", report, lambda: _monthly(rows)), said)


def _monthly(rows: Sequence[CostRow]) -> go.Figure:
    colours = palette()
    figure = go.Figure(
        go.Bar(
            x=[row.all_in_month_usd for row in rows],
            y=[f"{row.option} " for row in rows],
            orientation="h",
            text=[f" {row.all_in_month}" for row in rows],
            textposition="outside",
            cliponaxis=False,
            marker={"color": [colours[row.arm] for row in rows]},
            hovertemplate="%{y}: $%{x:,.2f} a month<extra></extra>",
        )
    )
    return laid_out(figure, 80 + 44 * len(rows))
