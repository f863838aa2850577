"""The result of asking an address, kept beside its button until the address changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.case.options import Model, Role
from advisor.case.refusals import Refusals
from advisor.errors import AdvisorError
from advisor.llm import capabilities
from advisor.llm.probe import probe
from advisor.runs.refused import named
from pages.ui import keys, markdown, session


@dataclass(frozen=True, slots=True)
class ProbeFinding:
    """What came of asking, as it is shown."""

    said: str
    """Markdown."""
    ok: bool | None = None
    """None: neither a success nor a failure."""


FindOut = Callable[[str, str, str | None], ProbeFinding]
"""Asks an address for a model, with a key."""


def ask(
    label: str,
    key: str,
    of: Model,
    role: Role,
    find_out: FindOut,
    *,
    waiting: str,
    quiet: bool = False,
    button_in: DeltaGenerator | None = None,
) -> bool:
    """A button that asks a model's address, and what was said the last time.

    Any other click draws the page again, and what was said stays. It goes when the address, the
    model or the key is another one: then it was said of something else.

    Args:
        label: of the button.
        key: the button's; what was said is kept beside it.
        of: whose address and model.
        role: whose key is sent.
        find_out: asks the address for the model with the key.
        waiting: what stands there meanwhile.
        quiet: draw the button small.
        button_in: where the button is drawn, if not where it is said what came of it.

    Returns:
        Whether the address was asked right now.
    """
    pasted = keys.key_of(role, of)
    about, place = hash((of.endpoint, of.model, pasted)), f"heard:{key}"
    kind: Literal["tertiary", "secondary"] = "tertiary" if quiet else "secondary"
    drawn = st if button_in is None else button_in
    if clicked := drawn.button(label, key=key, type=kind, disabled=not of.answers):
        st.session_state.pop(place, None)
        with st.spinner(waiting):
            st.session_state[place] = (about, _heard(find_out, of, pasted))
    kept: tuple[int, ProbeFinding] | None = st.session_state.get(place)
    if kept is None or kept[0] != about:
        return clicked
    draw: dict[bool | None, Callable[[str], object]] = {True: st.success, False: st.error}
    draw.get(kept[1].ok, st.markdown)(kept[1].said)
    return clicked


def _heard(find_out: FindOut, of: Model, pasted: str | None) -> ProbeFinding:
    """What was found out; that an address can't be used is a finding too, and is kept."""
    try:
        return find_out(of.endpoint, of.model, pasted)
    except AdvisorError as error:
        return ProbeFinding(markdown.plain(str(error)), ok=False)


def connection(endpoint: str, model: str, pasted: str | None) -> ProbeFinding:
    """Whether an address answers at all."""
    probed = probe(endpoint, model, pasted, known=_known(endpoint, model))
    _keep(endpoint, model, probed.refused)
    return ProbeFinding(markdown.plain(probed.sentence), probed.ok)


def abilities(endpoint: str, model: str, pasted: str | None) -> ProbeFinding:
    """What the model at an address can do."""
    found = capabilities.find_out(endpoint, model, pasted, known=_known(endpoint, model))
    _keep(endpoint, model, found.refused)
    return ProbeFinding("\n".join(f"- {markdown.plain(text)}" for text in found.sentences))


def _known(endpoint: str, model: str) -> Refusals | None:
    """What runs, or an earlier click, have found out of the address."""
    return session.store().refused().get(named(endpoint, model))


def _keep(endpoint: str, model: str, found: Refusals | None) -> None:
    """Keep what was found out, so that runs ask accordingly."""
    if found is not None:
        session.store().keep_refused({named(endpoint, model): found})
