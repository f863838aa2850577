"""Asking for a model: at one of the host's addresses by name, or at one of the reader's own."""

from typing import Any

from advisor.host.endpoints import host_behind, host_endpoints, host_name
from advisor.host.settings import exposure


def ask(area: Any, label: str, now: str, key: str, tip: str) -> str:
    """The address as the reader has it now.

    Args:
        area: where the field is drawn.
        label: over it.
        now: the address saved.
        key: of the widget.
        tip: what an address of one's own looks like.
    """
    names = [f"host:{name}" for name in host_endpoints()]
    only = exposure().only_endpoints
    if not names and not only:
        entered = area.text_input(
            label, value=now, placeholder="https://api.openai.com/v1", key=key, help=tip
        )
        return str(entered).strip()
    chosen = area.selectbox(
        label,
        list(dict.fromkeys([*filter(None, [now]), *names])),
        index=0 if now else None,
        placeholder="Choose one of this server's" + ("" if only else ", or enter your own"),
        accept_new_options=not only,
        key=key,
        help="Those that begin with host: are set up by the people who run this server, key included. "
        + ("It asks models nowhere else." if only else tip),
    )
    return str(chosen or "").strip()


def ask_model(area: Any, label: str, now: str, endpoint: str, key: str, like: str = "") -> str:
    """The model's name as the reader has it now; one of the host's where the host has named them.

    Args:
        area: where the field is drawn.
        label: over it.
        now: the name saved.
        endpoint: the address it is asked at.
        key: of the widget.
        like: what a name looks like.
    """
    found = host_behind(endpoint)
    if found is None or not found.models:
        return str(area.text_input(label, value=now, placeholder=like, key=key)).strip()
    chosen = area.selectbox(
        label,
        list(dict.fromkeys([*filter(None, [now]), *found.models])),
        index=0 if now else None,
        placeholder="Choose one of this server's",
        key=f"{key}:of:{endpoint}",
    )
    return str(chosen or "")


def wants_key(endpoint: str) -> bool:
    """Whether the reader may enter a key: the host's own addresses have theirs."""
    return host_name(endpoint) is None
