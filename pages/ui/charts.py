"""Charts: the colours of the options in both themes, and how every chart is laid out and drawn."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, ParamSpec, cast

import plotly.graph_objects as go
import plotly.io
import streamlit as st
from streamlit.elements.lib import streamlit_plotly_theme as theme

# Each chart sets its own style: a Plotly template would be built, checked and sent with each.
plotly.io.templates.default = None

P = ParamSpec("P")
Part = dict[str, Any]
"""A part of a chart, by Plotly's own schema."""


class _ByOption(dict[str, str]):
    """A value by option or use; an option without one of its own has that of `other`."""

    def __missing__(self, key: str) -> str:
        return self["other"]


COLOURS = _ByOption(
    {
        "base": theme.CATEGORY_0,
        "tuned": theme.CATEGORY_1,
        "base_examples": theme.CATEGORY_2,
        "base_retrieval": theme.CATEGORY_3,
        "neither": theme.CATEGORY_4,
        "text": theme.CATEGORY_5,
        "line": theme.CATEGORY_6,
        "page": theme.BG_COLOR,
        "other": theme.CATEGORY_4,
    }
)
"""Colours by option and use. Each is a place holder: the reader's browser puts in that of the theme
it shows, in the order of `chartCategoricalColors`. When the theme changes while a page is open,
charts keep their colours until the page is drawn anew: so each can be read in the other theme too."""
_FONT: Part = {"color": COLOURS["text"], "size": 14}
SYMBOLS = _ByOption(
    {
        "base": "circle",
        "base_examples": "square",
        "base_retrieval": "diamond",
        "tuned": "triangle-up",
        "other": "cross",
    }
)
SIGNS = _ByOption(
    {"base": "●", "base_examples": "■", "base_retrieval": "◆", "tuned": "▲", "other": "✚"}
)
"""The same shapes as signs among words."""
DASH = _ByOption(
    {
        "base": "solid",
        "base_examples": "dashdot",
        "base_retrieval": "dot",
        "tuned": "dash",
        "other": "longdash",
    }
)

LABEL_SHARE = 0.12
"""What a line of words takes of the height of a chart of 300 px, beside axis and title."""


def kept(make: Callable[P, go.Figure]) -> Callable[P, go.Figure]:
    """Cache a chart by its figures: one build serves all sessions and both themes."""
    return cast("Callable[P, go.Figure]", lru_cache(maxsize=128)(make))


def chart(
    traces: Sequence[Part],
    height: int,
    *,
    left: int = 4,
    right: int = 48,
    top: int = 12,
    xaxis: Part | None = None,
    yaxis: Part | None = None,
    **layout: Any,
) -> go.Figure:
    """A chart in the app's style: no legend, no grid, an axis only where it has a title.

    All of it is handed over at once, as Plotly's methods that add and update take 10 ms a chart.

    Args:
        traces: as Plotly's schema has them, each with its `type`.
        height: px.
        left, right, top: px left free beside and above it, for words that run over.
        xaxis, yaxis, layout: as Plotly's schema has them, over what every chart has.
    """
    axis = {
        "showgrid": False,
        "zeroline": False,
        "rangemode": "tozero",
        "linecolor": COLOURS["line"],
        "automargin": True,
        "fixedrange": True,
        "tickfont": _FONT,  # Streamlit's own would be too faint
    }
    face = {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": 4, "pad": 0},
        "minreducedheight": 20,  # the least Plotly leaves of a low chart beside its axis' words
        "showlegend": False,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "Inter, sans-serif"} | _FONT,
        "xaxis": axis | {"visible": False} | (xaxis or {}),
        "yaxis": axis | (yaxis or {}),
    }
    return go.Figure(traces, face | layout)


def titled(words: str) -> Part:
    """An axis with this title."""
    return {"title": {"text": words, "standoff": 8, "font": _FONT}, "visible": True}


def words(text: str, **where: Any) -> Part:
    """Words on a chart, without an arrow."""
    return {"text": text, "showarrow": False, **where}


def signed(text: str, colour: str, sign: str = "■") -> str:
    """Words after a marker in an option's colour, as that colour is too light for words."""
    return f'<span style="color:{colour}">{sign}</span> {text}'


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
    """Draw a chart, with alt text."""
    st.plotly_chart(figure, theme="streamlit", config={"displayModeBar": False}, alt=alt)
