"""Charts of the test: a shape beside every colour, and the same sentence in words beside each."""

from collections.abc import Iterator, Sequence

import plotly.graph_objects as go
import streamlit as st

from advisor.report.chart_labels import apart
from advisor.report.claims import LEAST_FOR_PERCENT
from advisor.report.model import EvidenceBlock
from advisor.report.picture_values import (
    Pictures,
    SharePicture,
    SpeedPicture,
    SpeedRow,
    TextsPicture,
    ValueMark,
    ValuePicture,
)
from pages.ui import markdown
from pages.ui.charts import (
    COLOURS,
    LABEL_SHARE,
    SIGNS,
    SYMBOLS,
    Part,
    chart,
    draw,
    kept,
    likely,
    line,
    signed,
    titled,
    words,
)

_JITTER = 0.618
"""Marks of a strip are spread by it, the same way each time."""


def preferences(evidence: EvidenceBlock, pictures: Pictures) -> None:
    """How many texts went to each option, and the likely range of the share of clear choices."""
    parts = (
        ("base", "for base", evidence.base_wins),
        ("neither", "no difference", evidence.ties),
        ("tuned", "for fine-tuned", evidence.tuned_wins),
    )
    if not sum(n for _, _, n in parts):
        return
    said = ", ".join(f"{n} {word}" for _, word, n in parts)
    draw(_preferences(parts), said)
    for column, (key, word, n) in zip(st.columns(3), parts, strict=True):
        mark = {"base": ":blue[■]", "neither": ":gray[■]", "tuned": ":orange[■]"}[key]
        column.markdown(f"{mark} **{n}** {word}")
    picture = pictures.share
    if picture is None:
        return
    if picture.share is not None:
        draw(_share(picture), picture.said)
    markdown.note(markdown.plain(picture.said))


def shows_degrees(picture: TextsPicture) -> bool:
    """Whether texts differ by how much, and not only in which option was right."""
    return any(abs(gap) not in (0, 1) for gap in picture.gaps)


def texts(picture: TextsPicture) -> None:
    """The main measure text by text, with its mean and range."""
    draw(_texts(picture), picture.said)
    markdown.note(markdown.plain(picture.said))


def speed(picture: SpeedPicture) -> None:
    """How long each option took, where that was measured; else a sentence that it was not."""
    if picture.rows:
        draw(_speed(picture), picture.said)
        markdown.note(
            "Each small mark is an answer; the bar holds the middle half of them, the line eight "
            "of ten, and the large mark the one in the middle."
        )
    markdown.note(markdown.plain(picture.said))


def value(picture: ValuePicture) -> None:
    """Quality against cost, one mark an option."""
    draw(_value(picture), picture.said)
    markdown.note(markdown.plain(picture.said))


@kept
def _preferences(parts: Sequence[tuple[str, str, int]]) -> go.Figure:
    bars = [
        {
            "type": "bar",
            "x": [n],
            "y": [""],
            "orientation": "h",
            "marker": {"color": COLOURS[key], "line": {"color": COLOURS["page"], "width": 2}},
            "hovertemplate": f"{n} {word}<extra></extra>",
        }
        for key, word, n in parts
    ]
    whole = {"range": [0, sum(n for _, _, n in parts)]}
    return chart(bars, 64, right=4, xaxis=whole, yaxis={"visible": False}, barmode="stack")


@kept
def _share(picture: SharePicture) -> go.Figure:
    share = picture.share
    assert share is not None  # noqa: S101 - drawn only where there is a range
    side = "tuned" if share.low > 0.5 else "base" if share.high < 0.5 else "text"
    many = picture.clear >= LEAST_FOR_PERCENT
    mark = {
        "type": "scatter",
        "x": [share.value],
        "y": [0],
        "mode": "markers",
        "marker": {"size": 14, "color": COLOURS[side], "symbol": SYMBOLS.get(side, "diamond")},
        "error_x": likely(share.value, share.low, share.high, COLOURS[side]),
        "hoverinfo": "skip",
    }
    as_percent = f", {share.value * 100:.0f} %" if many else ""
    said = words(
        f"fine-tuned {picture.wins:,} of {picture.clear:,}{as_percent}",
        x=share.value,
        y=0.55,
        xanchor="right" if share.value > 0.8 else "left" if share.value < 0.2 else "center",
        yanchor="bottom",
    )
    even = {"color": COLOURS["neither"], "dash": "dot"}
    ends = ("all base", "even split", "all fine-tuned")
    percents = [f"{p} %<br>{end}" for p, end in zip((0, 50, 100), ends, strict=True)]
    scale = {"range": [0, 1], "tickvals": [0, 0.5, 1], "ticktext": percents if many else ends}
    return chart(
        [mark],
        120,
        left=56,
        right=56,
        xaxis={"visible": True, **scale},
        yaxis={"range": [-0.8, 1.4], "visible": False},
        shapes=[
            line({"color": COLOURS["line"]}, x0=0, x1=1, y0=0, y1=0),
            line(even, x0=0.5, x1=0.5, y0=-0.6, y1=0.6),
        ],
        annotations=[said],
    )


@kept
def _texts(picture: TextsPicture) -> go.Figure:
    gaps, n, level = picture.gaps, len(picture.gaps), picture.level
    size = 10 if n <= 60 else 7 if n <= 150 else 5
    marks: list[Part] = [
        {
            "type": "scatter",
            "x": [i + 1 for i in chosen],
            "y": [gaps[i] for i in chosen],
            "mode": "markers",
            "marker": {"color": COLOURS[side], "symbol": symbol, "size": size},
            "hovertemplate": "%{y:+.3f}<extra></extra>",
        }
        for side, symbol, chosen in (
            ("base", "triangle-down", [i for i, gap in enumerate(gaps) if gap < -level]),
            ("neither", "circle", [i for i, gap in enumerate(gaps) if abs(gap) <= level]),
            ("tuned", "triangle-up", [i for i, gap in enumerate(gaps) if gap > level]),
        )
    ]
    aside, found = n * 1.08 + 1, picture.likely
    mean: Part = {
        "type": "scatter",
        "x": [aside],
        "y": [picture.mean],
        "mode": "markers",
        "marker": {"color": COLOURS["text"], "symbol": "diamond", "size": 11},
        "hovertemplate": "mean %{y:+.3f}<extra></extra>",
    }
    if found is not None:
        mean["error_y"] = likely(found.value, found.low, found.high, COLOURS["text"])
    top = found.high if found else picture.mean
    corner = {"xref": "paper", "yref": "paper", "xanchor": "left"}
    higher = signed("fine-tuned higher", COLOURS["tuned"], "▲")
    lower = signed("base higher", COLOURS["base"], "▼")
    zero = {"color": COLOURS["neither"], "width": 1}
    return chart(
        [*marks, mean],
        300,
        right=16,
        xaxis={
            **titled("the texts, by difference"),
            "range": [0, n * 1.14 + 2],
            "showticklabels": False,
        },
        yaxis={
            **titled("Fine-tuned less base"),
            "rangemode": "normal",
        },
        shapes=[line(zero, xref="x domain", x0=0, x1=1, yref="y", y0=0, y1=0)],
        annotations=[
            words("mean", x=aside, y=top, yanchor="bottom", yshift=8),
            words(higher, x=0, y=1, yanchor="top", **corner),
            words(lower, x=0.55, y=0, yanchor="bottom", **corner),
        ],
    )


@kept
def _speed(picture: SpeedPicture) -> go.Figure:
    rows = picture.rows[::-1]
    return chart(
        [trace for at, row in enumerate(rows) for trace in _times(at, row)],
        80 + 56 * len(rows),
        xaxis=titled("seconds"),
        yaxis={
            "tickvals": list(range(len(rows))),
            "ticktext": [f"{row.option},<br>{row.what} " for row in rows],
            "range": [-0.6, len(rows) - 0.4],
            "rangemode": "normal",
        },
    )


def _times(at: int, row: SpeedRow) -> Iterator[Part]:
    """Every answer, the middle eight and five of ten of them, and the one in the middle."""
    colour, symbol = COLOURS[row.arm], SYMBOLS[row.arm]
    yield {
        "type": "scatter",
        "x": row.seconds,
        "y": [at + (i * _JITTER % 1 - 0.5) * 0.6 for i in range(len(row.seconds))],
        "mode": "markers",
        "marker": {"color": colour, "size": 5, "opacity": 0.45, "symbol": symbol},
        "hovertemplate": "%{x:.2f} s<extra></extra>",
    }
    for ends, width in (
        ([row.tenth, row.nine_tenths], 2),
        ([row.quarter, row.three_quarters], 8),
    ):
        yield {
            "type": "scatter",
            "x": ends,
            "y": [at, at],
            "mode": "lines",
            "hoverinfo": "skip",
            "line": {"color": colour, "width": width},
        }
    hollow = {"color": COLOURS["page"], "line": {"color": colour, "width": 3}}
    yield {
        "type": "scatter",
        "x": [row.median],
        "y": [at],
        "mode": "markers",
        "marker": {"size": 13, "symbol": symbol, **hollow},
        "hovertemplate": "half within %{x:.2f} s<extra></extra>",
    }


@kept
def _value(picture: ValuePicture) -> go.Figure:
    most = max(mark.amount for mark in picture.marks)
    low = min(mark.quality.low for mark in picture.marks)
    high = max(mark.quality.high for mark in picture.marks)
    pad = (high - low or 0.1) * 0.25
    scale: Part = {"range": [low - pad, high + pad]}
    if picture.is_share:
        scale = {
            "range": [-0.04, 1.08],
            "tickvals": [0, 0.5, 1],
            "ticktext": ["none", "half", "all"],
        }
    bottom, top = scale["range"]
    heights = [(mark.quality.value - bottom) / (top - bottom) for mark in picture.marks]
    # Half a line of words is kept free at either end: they are centred at their height.
    places = apart(heights, LABEL_SHARE, LABEL_SHARE / 2, 1 - LABEL_SHARE / 2)
    above = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
    return chart(
        [_worth(mark) for mark in picture.marks],
        300,
        right=24,
        top=28,
        xaxis={
            **titled(f"{picture.currency} a month"),
            "range": [-most * 0.04, most * 1.06],
        },
        yaxis={**titled(_as_title(picture.quality)), "rangemode": "normal", **scale},
        annotations=[
            words("↖ better", x=0.02, y=1, **above),
            *(
                _named(mark, bottom + place * (top - bottom), left=mark.amount > most / 2)
                for mark, place in zip(picture.marks, places, strict=True)
            ),
        ],
    )


def _named(mark: ValueMark, height: float, *, left: bool) -> Part:
    """An option's name beside its mark; `left`: on that side. Its sign says whose it is."""
    return words(
        signed(f"{mark.option}, {mark.shown}", COLOURS[mark.arm], SIGNS[mark.arm]),
        x=mark.amount,
        y=height,
        xanchor="right" if left else "left",
        yanchor="middle",
        xshift=-12 if left else 12,
    )


def _worth(mark: ValueMark) -> Part:
    """An option's mark with its likely range."""
    colour, quality = COLOURS[mark.arm], mark.quality
    around = likely(quality.value, quality.low, quality.high, colour)
    return {
        "type": "scatter",
        "x": [mark.amount],
        "y": [quality.value],
        "mode": "markers",
        "marker": {"color": colour, "size": 14, "symbol": SYMBOLS[mark.arm]},
        "cliponaxis": False,
        "error_y": {**around, "visible": mark.ranged},
        "hovertemplate": f"{mark.option}: {mark.shown} at {mark.cost} a month<extra></extra>",
    }


def _as_title(words: str) -> str:
    return words[:1].upper() + words[1:]
