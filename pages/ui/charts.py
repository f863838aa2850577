"""Charts: base is blue and solid, fine-tuned orange and dashed; a word stands beside every colour."""

from collections.abc import Callable, Sequence

import plotly.graph_objects as go
import streamlit as st

from advisor.money import Money
from advisor.report.model import CostRow, EvidenceBlock, Report
from advisor.report.words import OPTION_WORDS, day

_LIGHT = {
    "base": "#0072B2",
    "base_examples": "#009E73",
    "base_retrieval": "#CC79A7",
    "tuned": "#D55E00",
    "neither": "#8A94A3",
    "text": "#1B2430",
    "line": "#DDE1E7",
    "page": "#FFFFFF",
}
_DARK = _LIGHT | {
    "base": "#56B4E9",
    "tuned": "#E69F00",
    "neither": "#7C8796",
    "text": "#E7EBF0",
    "line": "#323A46",
    "page": "#12161C",
}
_DASH = {"base": "solid", "base_examples": "dashdot", "base_retrieval": "dot", "tuned": "dash"}


def cumulative_cost(money: Money) -> None:
    """Spend so far by month for each option, the day the tuned model stops as a line."""
    cost, show = money.cost, money.currency.show
    if not cost.cumulative or len(cost.cumulative) < 2:
        return
    said = "; ".join(f"{OPTION_WORDS[a]}: {show(s[-1])}" for a, s in cost.cumulative.items())
    sentence = f"Spent in all by the last month. {said}."
    _draw(_kept("cumulative", money, lambda: _cumulative(money)), sentence)
    st.markdown(":small[:gray[" + sentence.replace("$", r"\$") + "]]")


def _cumulative(money: Money) -> go.Figure:
    cost, show = money.cost, money.currency.show
    colours, figure = _colours(), go.Figure()
    rate = float(money.currency.per_usd)
    for arm, spent in (cost.cumulative or {}).items():
        months = [0, *(min(i + 1, float(cost.months_of_use)) for i in range(len(spent)))]
        start = cost.arms[arm].training_usd or 0
        amounts = [float(amount) * rate for amount in (start, *spent)]
        figure.add_scatter(
            x=months,
            y=amounts,
            mode="lines",
            line={"color": colours[arm], "dash": _DASH[arm], "width": 2.5},
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
    return _laid_out(figure, 300, x="months", y=f"{money.currency.code}, in all")


def tornado(report: Report) -> None:
    """How far one assumption a fifth lower or higher moves the monthly difference, USD."""
    widest = report.moves[0]
    alt = (
        f"{widest.assumption} moves it most: at {widest.low} {widest.at_low}, "
        f"at {widest.high} {widest.at_high}"
    )
    _draw(_kept("tornado", report, lambda: _tornado(report)), alt)
    st.markdown(":small[:gray[○ a fifth lower, ◆ a fifth higher]]")


def _tornado(report: Report) -> go.Figure:
    colours, figure = _colours(), go.Figure()
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
    return _laid_out(figure, height, x="USD a month, fine-tuned less base")


def monthly_bars(report: Report) -> None:
    """All-in cost a month by option."""
    rows = [row for row in report.costs if row.all_in_month_usd is not None]
    if not rows:
        return
    said = "; ".join(f"{row.option}: {row.all_in_month} a month, all in" for row in rows)
    _draw(_kept("monthly", report, lambda: _monthly(rows)), said)


def _monthly(rows: Sequence[CostRow]) -> go.Figure:
    colours = _colours()
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
    return _laid_out(figure, 80 + 44 * len(rows))


def preferences(evidence: EvidenceBlock) -> None:
    """How many texts went to each option: one bar, the words under it."""
    parts = (
        ("base", "chose base", evidence.base_wins),
        ("neither", "no difference", evidence.ties),
        ("tuned", "chose fine-tuned", evidence.tuned_wins),
    )
    if not sum(n for _, _, n in parts):
        return
    said = ", ".join(f"{n} {word}" for _, word, n in parts)
    _draw(_kept("preferences", evidence, lambda: _preferences(parts)), said)
    for column, (key, word, n) in zip(st.columns(3), parts, strict=True):
        mark = {"base": ":blue[■]", "neither": ":gray[■]", "tuned": ":orange[■]"}[key]
        column.markdown(f"{mark} **{n}** {word}")


def _preferences(parts: Sequence[tuple[str, str, int]]) -> go.Figure:
    colours, figure = _colours(), go.Figure()
    for key, word, n in parts:
        figure.add_bar(
            x=[n],
            y=[""],
            orientation="h",
            marker={"color": colours[key], "line": {"color": colours["page"], "width": 2}},
            hovertemplate=f"{n} {word}<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    figure.update_yaxes(visible=False)
    figure.update_xaxes(range=[0, sum(n for _, _, n in parts)])
    return _laid_out(figure, 64, right=4)


def _colours() -> dict[str, str]:
    return _DARK if st.context.theme.type == "dark" else _LIGHT


def _kept(name: str, source: object, make: Callable[[], go.Figure]) -> go.Figure:
    """A chart of a report, built once for it and the theme: Plotly takes 10 ms to build one."""
    theme = st.context.theme.type
    kept = st.session_state.get(f"chart:{name}")
    if kept is None or kept[0] is not source or kept[1] != theme:
        st.session_state[f"chart:{name}"] = kept = (source, theme, make())
    figure: go.Figure = kept[2]
    return figure


def _laid_out(
    figure: go.Figure, height: int, x: str = "", y: str = "", right: int = 48
) -> go.Figure:
    colours = _colours()
    figure.update_layout(
        height=height,
        margin={"l": 4, "r": right, "t": 12, "b": 4},
        showlegend=False,
        plot_bgcolor="rgba(0,0,0,0)",
        paper_bgcolor="rgba(0,0,0,0)",
        font={"family": "Inter, sans-serif", "color": colours["text"], "size": 14},
    )
    axis = {
        "showgrid": False,
        "zeroline": False,
        "rangemode": "tozero",
        "linecolor": colours["line"],
        "automargin": True,
        "fixedrange": True,
    }
    figure.update_xaxes(title={"text": x, "standoff": 8}, visible=bool(x), **axis)
    figure.update_yaxes(title={"text": y, "standoff": 8}, **axis)
    return figure


def _draw(figure: go.Figure, alt: str) -> None:
    st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, alt=alt)
