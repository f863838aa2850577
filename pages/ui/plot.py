"""Plot: the colours of the options in both themes, and how every chart is kept, laid out and drawn."""

from collections.abc import Callable

import plotly.graph_objects as go
import plotly.io
import streamlit as st

# Every chart says itself how it looks; a template would be built, checked and sent with each.
plotly.io.templates.default = None

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


def kept(name: str, source: object, make: Callable[[], go.Figure]) -> go.Figure:
    """A chart of a report, built once for it and the theme: Plotly takes 10 ms to build one."""
    theme = st.context.theme.type
    found = st.session_state.get(f"chart:{name}")
    if found is None or found[0] is not source or found[1] != theme:
        st.session_state[f"chart:{name}"] = found = (source, theme, make())
    figure: go.Figure = found[2]
    return figure


def laid_out(
    figure: go.Figure, height: int, x: str = "", y: str = "", right: int = 48
) -> go.Figure:
    """A chart in the app's face: no legend, no grid, an axis only where it has a title."""
    colours = palette()
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


def draw(figure: go.Figure, alt: str) -> None:
    """A chart, with the same in words for who does not see it."""
    st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, alt=alt)
