"""Charts of the test: a shape beside every colour, and the same sentence in words beside each."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from advisor.report.claims import LEAST_FOR_PERCENT
from advisor.report.model import EvidenceBlock
from advisor.report.picture_values import (
    Pictures,
    SharePicture,
    SpeedPicture,
    TextsPicture,
    ValuePicture,
)
from pages.ui import show
from pages.ui.plot import SYMBOLS, draw, kept, laid_out, palette

_JITTER = 0.618
"""Marks of a strip are spread by it, the same way each time."""


def preferences(evidence: EvidenceBlock, pictures: Pictures) -> None:
    """How many texts went to each option, and the likely range of the share of clear choices."""
    parts = (
        ("base", "chose base", evidence.base_wins),
        ("neither", "no difference", evidence.ties),
        ("tuned", "chose fine-tuned", evidence.tuned_wins),
    )
    if not sum(n for _, _, n in parts):
        return
    said = ", ".join(f"{n} {word}" for _, word, n in parts)
    draw(kept("preferences", evidence, lambda: _preferences(parts)), said)
    for column, (key, word, n) in zip(st.columns(3), parts, strict=True):
        mark = {"base": ":blue[■]", "neither": ":gray[■]", "tuned": ":orange[■]"}[key]
        column.markdown(f"{mark} **{n}** {word}")
    picture = pictures.share
    if picture is None:
        return
    if picture.share is not None:
        draw(kept("share", picture, lambda: _share(picture)), picture.said)
    show.note(show.plain(picture.said))


def texts(picture: TextsPicture) -> None:
    """The main measure text by text, with its mean and range."""
    draw(kept("texts", picture, lambda: _texts(picture)), picture.said)
    show.note(show.plain(picture.said))


def speed(picture: SpeedPicture) -> None:
    """How long each option took, where that was measured; else a sentence that it was not."""
    if picture.rows:
        draw(kept("speed", picture, lambda: _speed(picture)), picture.said)
        show.note(
            "Each small mark is an answer; the bar holds the middle half of them, the line eight "
            "of ten, and the large mark the one in the middle."
        )
    show.note(show.plain(picture.said))


def value(picture: ValuePicture) -> None:
    """Quality against cost, one mark an option."""
    draw(kept("value", picture, lambda: _value(picture)), picture.said)
    show.note(show.plain(picture.said))


def _preferences(parts: Sequence[tuple[str, str, int]]) -> go.Figure:
    colours, figure = palette(), go.Figure()
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
    return laid_out(figure, 64, right=4)


def _share(picture: SharePicture) -> go.Figure:
    colours, figure, share = palette(), go.Figure(), picture.share
    assert share is not None  # noqa: S101 - drawn only where there is a range
    side = "tuned" if share.low > 0.5 else "base" if share.high < 0.5 else "text"
    many = picture.clear >= LEAST_FOR_PERCENT
    figure.add_shape(type="line", x0=0, x1=1, y0=0, y1=0, line={"color": colours["line"]})
    figure.add_shape(
        type="line",
        x0=0.5,
        x1=0.5,
        y0=-0.6,
        y1=0.6,
        line={"color": colours["neither"], "dash": "dot"},
    )
    figure.add_scatter(
        x=[share.value],
        y=[0],
        mode="markers",
        marker={"size": 14, "color": colours[side], "symbol": SYMBOLS.get(side, "diamond")},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [share.high - share.value],
            "arrayminus": [share.value - share.low],
            "thickness": 3,
            "width": 8,
            "color": colours[side],
        },
        hoverinfo="skip",
    )
    as_percent = f", {share.value * 100:.0f} %" if many else ""
    figure.add_annotation(
        x=share.value,
        y=0.55,
        text=f"fine-tuned {picture.wins} of {picture.clear}{as_percent}",
        showarrow=False,
        xanchor="right" if share.value > 0.8 else "left" if share.value < 0.2 else "center",
        yanchor="bottom",
    )
    figure = laid_out(figure, 120, x=" ", right=56)
    ends = ("all base", "even split", "all fine-tuned")
    words = [f"{p} %<br>{end}" for p, end in zip((0, 50, 100), ends, strict=True)]
    figure.update_xaxes(
        range=[0, 1], tickvals=[0, 0.5, 1], ticktext=words if many else ends, title=None
    )
    figure.update_yaxes(range=[-0.8, 1.4], visible=False)
    return figure.update_layout(margin={"l": 56})


def _texts(picture: TextsPicture) -> go.Figure:
    colours, figure = palette(), go.Figure()
    gaps, n = picture.gaps, len(picture.gaps)
    size = 10 if n <= 60 else 7 if n <= 150 else 5
    for side, symbol, chosen in (
        ("base", "triangle-down", [i for i, gap in enumerate(gaps) if gap < -picture.level]),
        ("neither", "circle", [i for i, gap in enumerate(gaps) if abs(gap) <= picture.level]),
        ("tuned", "triangle-up", [i for i, gap in enumerate(gaps) if gap > picture.level]),
    ):
        figure.add_scatter(
            x=[i + 1 for i in chosen],
            y=[gaps[i] for i in chosen],
            mode="markers",
            marker={"color": colours[side], "symbol": symbol, "size": size},
            hovertemplate="%{y:+.3f}<extra></extra>",
        )
    figure.add_hline(y=0, line={"color": colours["neither"], "width": 1})
    likely = picture.likely
    figure.add_scatter(
        x=[n * 1.08 + 1],
        y=[picture.mean],
        mode="markers",
        marker={"color": colours["text"], "symbol": "diamond", "size": 11},
        error_y=None
        if likely is None
        else {
            "type": "data",
            "symmetric": False,
            "array": [likely.high - likely.value],
            "arrayminus": [likely.value - likely.low],
            "thickness": 2.5,
            "width": 6,
            "color": colours["text"],
        },
        hovertemplate="mean %{y:+.3f}<extra></extra>",
    )
    figure.add_annotation(
        x=n * 1.08 + 1,
        y=likely.high if likely else picture.mean,
        text="mean",
        showarrow=False,
        yanchor="bottom",
        yshift=8,
    )
    for text, colour, where in (
        ("▲ fine-tuned higher", "tuned", {"x": 0, "y": 1, "yanchor": "top"}),
        ("▼ base higher", "base", {"x": 0.55, "y": 0, "yanchor": "bottom"}),
    ):
        figure.add_annotation(
            text=text,
            xref="paper",
            yref="paper",
            xanchor="left",
            showarrow=False,
            font={"color": colours[colour]},
            **where,
        )
    figure = laid_out(figure, 300, x="the texts, by difference", right=16)
    figure.update_xaxes(range=[0, n * 1.14 + 2], showticklabels=False)
    figure.update_yaxes(
        title={"text": f"{_as_title(picture.measure)}, fine-tuned less base"}, rangemode="normal"
    )
    return figure


def _speed(picture: SpeedPicture) -> go.Figure:
    colours, figure = palette(), go.Figure()
    rows = picture.rows[::-1]
    for at, row in enumerate(rows):
        colour = colours[row.arm]
        figure.add_scatter(
            x=row.seconds,
            y=[at + (i * _JITTER % 1 - 0.5) * 0.6 for i in range(len(row.seconds))],
            mode="markers",
            marker={"color": colour, "size": 5, "opacity": 0.45, "symbol": SYMBOLS[row.arm]},
            hovertemplate="%{x:.2f} s<extra></extra>",
        )
        for x0, x1, width in (
            (row.tenth, row.nine_tenths, 2),
            (row.quarter, row.three_quarters, 8),
        ):
            figure.add_scatter(
                x=[x0, x1],
                y=[at, at],
                mode="lines",
                hoverinfo="skip",
                line={"color": colour, "width": width},
            )
        figure.add_scatter(
            x=[row.median],
            y=[at],
            mode="markers",
            marker={
                "color": colours["page"],
                "size": 13,
                "symbol": SYMBOLS[row.arm],
                "line": {"color": colour, "width": 3},
            },
            hovertemplate="half within %{x:.2f} s<extra></extra>",
        )
    figure = laid_out(figure, 80 + 56 * len(rows), x="seconds")
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[f"{row.option},<br>{row.what} " for row in rows],
        range=[-0.6, len(rows) - 0.4],
        rangemode="normal",
    )
    return figure


def _value(picture: ValuePicture) -> go.Figure:
    colours, figure = palette(), go.Figure()
    most = max(mark.amount for mark in picture.marks)
    for mark in picture.marks:
        colour, quality = colours[mark.arm], mark.quality
        figure.add_scatter(
            x=[mark.amount],
            y=[quality.value],
            mode="markers+text",
            marker={"color": colour, "size": 14, "symbol": SYMBOLS[mark.arm]},
            text=[f"  {mark.option}, {mark.shown}  "],
            textposition="middle left" if mark.amount > most / 2 else "middle right",
            textfont={"color": colour},
            cliponaxis=False,
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [quality.high - quality.value],
                "arrayminus": [quality.value - quality.low],
                "thickness": 2,
                "width": 6,
                "color": colour,
                "visible": mark.ranged,
            },
            hovertemplate=f"{mark.option}: {mark.shown} at {mark.cost} a month<extra></extra>",
        )
    figure.add_annotation(
        text="↖ better",
        xref="paper",
        yref="paper",
        x=0.02,
        y=1,
        xanchor="left",
        yanchor="top",
        showarrow=False,
    )
    figure = laid_out(figure, 300, x=f"{picture.currency} a month, all in", right=24)
    low = min(mark.quality.low for mark in picture.marks)
    high = max(mark.quality.high for mark in picture.marks)
    pad = (high - low or 0.1) * 0.25
    if picture.is_share:
        scale = {
            "range": [-0.04, 1.08],
            "tickvals": [0, 0.5, 1],
            "ticktext": ["none", "half", "all"],
        }
    else:
        scale = {"range": [low - pad, high + pad]}
    figure.update_xaxes(range=[-most * 0.04, most * 1.06])
    figure.update_yaxes(title={"text": _as_title(picture.quality)}, rangemode="normal", **scale)
    return figure


def _as_title(words: str) -> str:
    return words[:1].upper() + words[1:]
