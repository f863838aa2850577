"""Plain text made safe for Markdown, and small pieces of it."""

import re
from typing import Literal

import streamlit as st

from advisor.report.model import Source
from advisor.words import day


def plain(text: str) -> str:
    """The text with every character that Markdown would act on escaped."""
    # A word joiner where a bare address would be found: links are made after the escapes are read.
    unlinked = re.sub(r"(https?|www|@)", "\\1\u2060", text, flags=re.IGNORECASE)
    escaped = "".join("\\" + c if c in r"\`*_{}[]()#+-.!|<>~$:^=&" else c for c in unlinked)
    return escaped.replace("\n", "  \n")


def on_primary(label: str) -> str:
    """The label of a primary button, in the theme's ink for it (see `.streamlit/config.toml`)."""
    return f":violet[{label}]"


def note(text: str, width: Literal["stretch", "content"] = "stretch") -> None:
    """A small grey line. Not `st.caption`: its fading falls short of AA contrast."""
    st.markdown(f":small[:gray[{text}]]", width=width)


def source(found: Source) -> str:
    """A source as Markdown: its label, linked where it has an address, and when it was read."""
    label = plain(found.label)
    text = f"[{label}](<{found.url}>)" if found.url else label
    return f"{text}, read {day(found.checked)}" if found.checked else text
