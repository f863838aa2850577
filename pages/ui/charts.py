"""Charts of the money: a word stands beside every colour, and a sentence beside every chart."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from advisor.report.first_page_values import SpendPicture
from advisor.report.model import CostRow, Report
from pages.ui import show
from pages.ui.plot import DASH, draw, kept, laid_out, palette


def spend(picture: SpendPicture) -> None:
    """Spend so far by month for each option, the day the tuned model stops as a line."""
    draw(kept("spend", picture, lambda: _spend(picture)), picture.said)
    show.note(show.plain(picture.said))


def _spend(picture: SpendPicture) -> go.Figure:
    colours, figure = palette(), go.Figure()
    for line in picture.lines:
        figure.add_scatter(
            x=line.months,
            y=line.amounts,
            mode="lines",
            line={"color": colours[line.arm], "dash": DASH[line.arm], "width": 2.5},
            hovertemplate="month %{x:.0f}: %{y:,.0f}<extra>" + line.option + "</extra>",
        )
        figure.add_annotation(
            x=line.months[-1],
            y=line.amounts[-1],
            text=f"{line.option} {line.shown}",
            font={"color": colours[line.arm]},
            showarrow=False,
            xanchor="right",
            yanchor="bottom",
            yshift=4,
        )
    if picture.stop:
        figure.add_vline(
            x=max(line.months[-1] for line in picture.lines),
            line={"color": colours["neither"], "dash": "dot"},
            annotation={
                "text": picture.stop,
                "font": {"color": colours["text"]},
                "xanchor": "right",
            },
        )
    return laid_out(figure, 300, x="months", y=f"{picture.currency}, in all")


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
