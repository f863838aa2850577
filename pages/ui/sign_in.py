"""Who is reading: signed in by OpenID Connect where the host has set that up, else the local reader."""

import hashlib
import re
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from advisor.errors import BadSettings, DatabaseAway, NotSignedIn
from advisor.host.admission import is_admitted, lacks_address
from advisor.host.settings import exposure, hosting
from pages.ui.everyone import everyone
from pages.ui.server.refused import ASKED

LOCAL = "local"
"""Who owns everything on one's own machine."""
ASK_AGAIN_S = 5.0
"""How long a page that is open may take to notice that its user signed out elsewhere, seconds."""
_ASKED_OVER = "asked_whether_signed_out"
_ADDRESSES = {
    "server_metadata_url": (
        "WORTH_TUNING_OIDC_METADATA_URL",
        "https://id.example.org/.well-known/openid-configuration",
    ),
    "redirect_uri": ("WORTH_TUNING_OIDC_REDIRECT_URI", "https://app.example.org/oauth2callback"),
}
"""Addresses of a sign-in by their key in [auth]: the variable that sets each, and an example."""


def secrets_from_environment() -> dict[str, Any] | None:
    """The host's settings as Streamlit takes them; None leaves `.streamlit/secrets.toml` alone."""
    found = hosting().sign_in
    return {"auth": found} if found else None


def as_set_up() -> Mapping[str, Any]:
    """The host's sign-in, from the environment or from `.streamlit/secrets.toml`; {} = there is none.

    As Streamlit has it: its table [auth], with the redirect address of the app, and a table in it
    for each of several providers.
    """
    if found := hosting().sign_in:
        return found
    said = st.secrets.get("auth") if st.secrets.load_if_toml_exists() else None
    return said if isinstance(said, Mapping) else {}


def is_set_up() -> bool:
    """Whether the host has set up a sign-in, wherever it stands."""
    return bool(as_set_up())


def check() -> None:
    """Look at the addresses of the sign-in before anybody is sent there.

    Raises:
        BadSettings: one of them is no address; the message names the setting, and not its value.
    """
    table = as_set_up()
    if not table:
        return
    providers = {f"auth.{name}": table[name] for name in _providers()} or {"auth": table}
    addresses = [(section, "server_metadata_url", one) for section, one in providers.items()]
    for section, key, of in [*addresses, ("auth", "redirect_uri", table)]:
        if _is_address(of.get(key)):
            continue
        variable, such_as = _ADDRESSES[key]
        in_file = f"{key} under [{section}] of .streamlit/secrets.toml"
        raise BadSettings(
            f"The setting {variable if hosting().sign_in else in_file} is no web address; write one "
            f"such as {such_as}."
        )


def _is_address(said: object) -> bool:
    return isinstance(said, str) and re.fullmatch(r"https?://[^/\s?#]+(/\S*)?", said) is not None


def owner() -> str:
    """Whose cases this session sees.

    Signed in: the user's own. Open to strangers without a sign-in: those of this session alone.
    On one's own machine: all.

    Raises:
        NotSignedIn: there is a sign-in, and this visitor has not used it.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return LOCAL  # a script or a test; what is served beside the pages asks for no owner
    user = st.user.to_dict()
    if _may_not(user):
        raise NotSignedIn("Sign in to go on.")
    if user.get("is_logged_in"):
        return owner_of(user)
    if not exposure().to_strangers:
        return LOCAL
    return str(st.session_state.setdefault("visitor", f"visitor:{secrets.token_hex(16)}"))


def owner_of(user: Mapping[str, Any]) -> str:
    """The owner's name in the store; "" = the identity provider sent no identity.

    Issuer and subject alone name a user for good (OpenID Connect Core 1.0, 5.7); an e-mail address
    may go to somebody else. A digest, so that neither stands in the store or in a log.
    """
    issuer, subject = str(user.get("iss") or ""), str(user.get("sub") or "")
    if not issuer or not subject:
        return ""
    return "oidc:" + hashlib.sha256(f"{issuer}\0{subject}".encode()).hexdigest()


def needed() -> bool:
    """Whether there is a sign-in, and this visitor has no identity by it that may come in."""
    return _may_not(st.user.to_dict())


def _may_not(user: Mapping[str, Any]) -> bool:
    return _lacks_identity(user) or not is_allowed(user) or _is_over_here(user)


def _is_over_here(user: Mapping[str, Any]) -> bool:
    """`is_over`, looked up at intervals while a session goes on.

    While the database is away such a session stays as it was: nothing can be read in it.
    """
    if not user.get("is_logged_in"):
        return False
    this, now = sign_in_of(user), time.monotonic()
    kept: tuple[str, bool, float] | None = st.session_state.get(_ASKED_OVER)
    if kept is not None and kept[0] == this and (kept[1] or now - kept[2] < ASK_AGAIN_S):
        return kept[1]
    try:
        over = is_over(user)
    except DatabaseAway:
        if kept is None or kept[0] != this:
            raise
        over = kept[1]
    st.session_state[_ASKED_OVER] = (this, over, now)
    return over


def is_allowed(user: Mapping[str, Any]) -> bool:
    """Whether the host lets this user in; whoever has not signed in is asked to, not turned away."""
    return not user.get("is_logged_in") or is_admitted(user, hosting())


def sign_in_of(user: Mapping[str, Any]) -> str:
    """The digest of one sign-in: its cookie and every copy of that say the same.

    Each sign-in has a nonce of its own, which the provider repeats in the token (OpenID Connect
    Core 1.0, 3.1.3.7).
    """
    said = [str(user.get(claim) or "") for claim in ("iss", "sub", "nonce", "iat", "jti", "sid")]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def is_over(user: Mapping[str, Any]) -> bool:
    """Whether the user has signed out of the sign-in that this cookie, or its copy, is of.

    Raises:
        DatabaseAway: nobody can tell just now.
    """
    whose = owner_of(user)
    return bool(whose) and everyone().for_owner(whose).is_signed_out(sign_in_of(user))


def end(user: Mapping[str, Any]) -> None:
    """Note that this sign-in is over, in whatever browser its cookie is.

    Raises:
        DatabaseAway: it could not be noted.
    """
    if whose := owner_of(user):
        everyone().for_owner(whose).sign_out(sign_in_of(user), datetime.now(UTC))


def _lacks_identity(user: Mapping[str, Any]) -> bool:
    if user.get("is_logged_in"):
        return not owner_of(user)
    return "is_logged_in" in user  # Streamlit says so only where there is a sign-in


def ask() -> None:
    """Draw the sign-in instead of any page until the visitor has signed in."""
    st.title("Worth Tuning")
    st.markdown(
        "Base model or fine-tuned: a verdict on your own texts. Sign in, and what you do here is "
        "kept for you and shown to nobody else."
    )
    user = st.user.to_dict()
    if user.get("is_logged_in") and owner_of(user) and is_allowed(user):
        st.info("You signed out in another window. Sign in again to go on.")
    elif user.get("is_logged_in") and owner_of(user):
        st.error(
            "The sign-in service does not say your e-mail address, and this app lets people in by "
            "it. Ask the people who run the app to look at it."
            if lacks_address(user, hosting())
            else "Your account may not use this app. Ask the people who run it to let you in, or "
            "sign in with another account."
        )
        st.button("Sign out", on_click=st.logout)
    elif user.get("is_logged_in"):
        st.error("The sign-in gave no identity. Ask the people who run this app to look at it.")
    if said := st.query_params.get(ASKED):
        # Plain text, quoted: whoever makes a link can put words in there.
        st.error("The sign-in service refused:")
        st.text(said[:300])
    named = _providers()
    for provider in named or (None,):
        words = f"Sign in with {provider.capitalize()}" if provider else "Sign in"
        if st.button(f":violet[{words}]", type="primary", key=f"sign_in:{provider}"):
            st.login(provider)


def line() -> None:
    """Show who is signed in, with “Sign out”; nothing where there is no sign-in."""
    user = st.user.to_dict()
    if not user.get("is_logged_in"):
        return
    name = str(user.get("name") or user.get("email") or "")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            "Sign out",
            key="sign_out",
            type="tertiary",
            help=f"Signed in as {name}".rstrip() if name else None,
            on_click=st.logout,
        )


def _providers() -> tuple[str, ...]:
    """Names of the providers where there are several: tables inside [auth]."""
    return tuple(
        name
        for name, value in as_set_up().items()
        if isinstance(value, Mapping) and "client_id" in value
    )
