"""Plot: the colours of the options in both themes, and how every chart is laid out and drawn."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, ParamSpec

import plotly.graph_objects as go
import plotly.io
import streamlit as st

# Every chart says itself how it looks; a template would be built, checked and sent with each.
plotly.io.templates.default = None

P = ParamSpec("P")
Part = dict[str, Any]
"""A part of a chart, by Plotly's own schema."""

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
SYMBOLS = {
    "base": "circle",
    "base_examples": "square",
    "base_retrieval": "diamond",
    "tuned": "triangle-up",
}
DASH = {"base": "solid", "base_examples": "dashdot", "base_retrieval": "dot", "tuned": "dash"}


def palette() -> dict[str, str]:
    """Colours by option and use, in the theme the reader has chosen."""
    return _DARK if st.context.theme.type == "dark" else _LIGHT


def kept(make: Callable[P, go.Figure]) -> Callable[P, go.Figure]:
    """A chart is built once for its figures and the theme, whoever looks at it."""

    @lru_cache(maxsize=128)
    def built(theme: str | None, *args: P.args, **kwargs: P.kwargs) -> go.Figure:
        return make(*args, **kwargs)

    def found(*args: P.args, **kwargs: P.kwargs) -> go.Figure:
        return built(st.context.theme.type, *args, **kwargs)

    return found


def chart(
    traces: Sequence[Part],
    height: int,
    *,
    right: int = 48,
    xaxis: Part | None = None,
    yaxis: Part | None = None,
    **layout: Any,
) -> go.Figure:
    """A chart in the app's face: no legend, no grid, an axis only where it has a title.

    All of it is handed over at once, as Plotly's methods that add and update take 10 ms a chart.

    Args:
        traces: as Plotly's schema has them, each with its `type`.
        height: px.
        right: px left free beside it, for words that run over.
        xaxis, yaxis, layout: as Plotly's schema has them, over what every chart has.
    """
    colours = palette()
    axis = {
        "showgrid": False,
        "zeroline": False,
        "rangemode": "tozero",
        "linecolor": colours["line"],
        "automargin": True,
        "fixedrange": True,
    }
    face = {
        "height": height,
        "margin": {"l": 4, "r": right, "t": 12, "b": 4},
        "showlegend": False,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "Inter, sans-serif", "color": colours["text"], "size": 14},
        "xaxis": axis | {"visible": False} | (xaxis or {}),
        "yaxis": axis | (yaxis or {}),
    }
    return go.Figure(traces, face | layout)


def titled(words: str) -> Part:
    """An axis with this title."""
    return {"title": {"text": words, "standoff": 8}, "visible": True}


def words(text: str, **where: Any) -> Part:
    """Words on a chart, without an arrow."""
    return {"text": text, "showarrow": False, **where}


def line(how: Part, **where: Any) -> Part:
    """A straight line over a chart; `how`: its colour, dash and width."""
    return {"type": "line", "line": how, **where}


def likely(value: float, low: float, high: float, colour: str) -> Part:
    """The bar of a likely range around a mark."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - value],
        "arrayminus": [value - low],
        "thickness": 2.5,
        "width": 6,
        "color": colour,
    }


def draw(figure: go.Figure, alt: str) -> None:
    """A chart, with the same in words for who does not see it."""
    st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, alt=alt)
