"""Charts of the money: a word stands beside every colour, and a sentence beside every chart."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from advisor.case.currency import USD, Currency
from advisor.report.chart_labels import apart
from advisor.report.first_page_values import SpendPicture, told_apart
from advisor.report.model import CostRow, MoveRow, Report
from pages.ui import markdown
from pages.ui.charts import (
    COLOURS,
    DASH,
    LABEL_SHARE,
    Part,
    chart,
    draw,
    kept,
    line,
    signed,
    titled,
    words,
)

LEAST_DRAWN = 0.01
"""Of what moves a difference most: an assumption that moves it less is named and not drawn."""


def spend(picture: SpendPicture) -> None:
    """Spend so far by month for each option, the day the tuned model stops as a line."""
    draw(_spend(picture), picture.said)
    markdown.note(markdown.plain(picture.said))


@kept
def _spend(picture: SpendPicture) -> go.Figure:
    traces: list[Part] = []
    annotations: list[Part] = []
    top = _top(picture)
    ends = [option.amounts[-1] / top for option in picture.lines]
    places = apart(ends, LABEL_SHARE, 0.0, 1 - LABEL_SHARE)
    for option, place in zip(picture.lines, places, strict=True):
        colour = COLOURS[option.arm]
        traces.append(
            {
                "type": "scatter",
                "x": option.months,
                "y": option.amounts,
                "mode": "lines",
                "line": {"color": colour, "dash": DASH[option.arm], "width": 2.5},
                "hovertemplate": f"month %{{x:.0f}}: %{{y:,.0f}}<extra>{option.option}</extra>",
            }
        )
        annotations.append(
            words(
                signed(f"{option.option} {option.shown}", colour),
                x=option.months[-1],
                y=place * top,
                xanchor="right",
                yanchor="bottom",
                yshift=2,
            )
        )
    shapes = []
    if picture.stop:
        end = max(option.months[-1] for option in picture.lines)
        whole = {"xref": "x", "yref": "y domain"}
        dotted = {"color": COLOURS["neither"], "dash": "dot"}
        shapes.append(line(dotted, x0=end, x1=end, y0=0, y1=1, **whole))
        # Above the plot: the highest line's own words stand at its top.
        annotations.append(
            words(picture.stop, x=end, y=1, xanchor="right", yanchor="bottom", **whole)
        )
    return chart(
        traces,
        300,
        top=28,
        xaxis=titled("months"),
        yaxis={**titled(f"{picture.currency}, in all"), "range": [0, top]},
        shapes=shapes,
        annotations=annotations,
    )


def _top(picture: SpendPicture) -> float:
    """Where the axis ends, so that above each line's end there is room for its and all higher words."""
    ends = sorted((option.amounts[-1] for option in picture.lines), reverse=True)
    room = [end / (1 - LABEL_SHARE * above) for above, end in enumerate(ends, 1)]
    return max([*room, *(max(option.amounts) for option in picture.lines)]) or 1.0


def tornado(moves: Sequence[MoveRow], currency: Currency = USD) -> None:
    """How far one assumption a fifth lower or higher moves the monthly difference."""
    widest = moves[0]
    alt = (
        f"{widest.assumption} moves it most: at {widest.low} {widest.at_low}, "
        f"at {widest.high} {widest.at_high}"
    )
    far = _span(widest) * LEAST_DRAWN
    drawn = tuple(move for move in moves if _span(move) >= far)
    draw(_tornado(drawn[::-1], currency), alt)
    markdown.note(
        f"○ a fifth lower, ◆ a fifth higher. {currency.code} a month, fine-tuned less base: left of 0 "
        "fine-tuned is the cheaper one."
    )
    if len(drawn) < len(moves):
        small = ", ".join(move.assumption for move in moves[len(drawn) :])
        markdown.note(
            markdown.plain(f"Not drawn, as each moves it less than a hundredth as far: {small}.")
        )


@kept
def _tornado(rows: Sequence[MoveRow], currency: Currency) -> go.Figure:
    heights, of = list(range(len(rows))), currency.of
    dollar = "$" if currency.code == "USD" else ""  # the only sign an axis knows; the note has all
    span = {
        "type": "scatter",
        "x": [end for row in rows for end in (of(row.usd_at_low), of(row.usd_at_high), None)],
        "y": [end for at in heights for end in (at, at, None)],
        "mode": "lines",
        "line": {"color": COLOURS["line"], "width": 6},
        "hoverinfo": "skip",
    }
    lower = {
        "name": "lower",
        "x": [of(row.usd_at_low) for row in rows],
        "text": [f"{row.assumption}: {row.low}: {row.at_low}" for row in rows],
        "marker": _end(COLOURS["neither"], "circle-open"),
    }
    higher = {
        "name": "higher",
        "x": [of(row.usd_at_high) for row in rows],
        "text": [f"{row.assumption}: {row.high}: {row.at_high}" for row in rows],
        "marker": _end(COLOURS["tuned"], "diamond"),
    }
    marks: Part = {
        "type": "scatter",
        "y": heights,
        "mode": "markers",
        "hovertemplate": "%{text}<extra></extra>",
    }
    # Above its line, not beside it: on a phone the names would leave no room for the lines.
    names = [
        words(row.assumption, xref="paper", x=0, xanchor="left", y=at, yanchor="bottom", yshift=8)
        for at, row in enumerate(rows)
    ]
    return chart(
        [span, marks | lower, marks | higher],
        50 + 46 * len(rows),
        left=24,
        xaxis={
            "visible": True,
            "tickformat": f"{dollar},~f",
            "nticks": 6,
            "tickangle": 0,
        },
        yaxis={"visible": False, "range": [-0.4, len(rows) - 0.2], "rangemode": "normal"},
        annotations=names,
    )


def _span(move: MoveRow) -> float:
    return abs(move.usd_at_high - move.usd_at_low)


def _end(colour: str, symbol: str) -> Part:
    return {"color": colour, "size": 12, "symbol": symbol, "line": {"width": 2}}


def monthly_bars(report: Report) -> None:
    """Cost a month by option; in words where bars would not say more."""
    rows = tuple(row for row in report.costs if row.all_in_month_usd is not None)
    if not rows:
        return
    held = f", {rows[0].counts}" if rows[0].counts else ""
    said = "; ".join(f"{row.option}: {row.all_in_month} a month" for row in rows) + held
    if told_apart([row.all_in_month_usd or 0.0 for row in rows]):
        draw(_monthly(rows), said)
    else:
        st.markdown(markdown.plain(f"{said}."))


@kept
def _monthly(rows: Sequence[CostRow]) -> go.Figure:
    bars = {
        "type": "bar",
        "x": [row.all_in_month_usd for row in rows],
        "y": [f"{row.option} " for row in rows],
        "orientation": "h",
        "text": [f" {row.all_in_month}" for row in rows],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": [COLOURS[row.arm] for row in rows]},
        "hovertemplate": "%{y}: %{text} a month<extra></extra>",
    }
    return chart([bars], 80 + 44 * len(rows))
