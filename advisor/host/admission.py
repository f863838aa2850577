"""Who may come in, of all whom the identity provider knows: what its token says, held to the settings.

What can't be read for sure lets nobody in.
"""

import re
from collections.abc import Mapping
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from advisor.host.settings import Hosting

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@([^\s@<>()\[\],;:\"\\]+)")
"""One plain e-mail address; its domain is the group."""
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
"""Of ASCII only: `str.lower` makes an ASCII letter of others, such as the Kelvin sign."""


def is_admitted(user: Mapping[str, Any], host: Hosting) -> bool:
    """Whether the host lets this user in: by the domain of a verified address, and by a group.

    Args:
        user: the claims of the provider's token.
        host: the settings; each list that is empty lets everybody in.
    """
    if host.allowed_domains:
        domain = _domain(user)
        if domain is None or domain not in {
            name.translate(_LOWER) for name in host.allowed_domains
        }:
            return False
    return not host.allowed_groups or not _groups(user, host.groups_claim).isdisjoint(
        host.allowed_groups
    )


def lacks_address(user: Mapping[str, Any], host: Hosting) -> bool:
    """Whether the host lets people in by an e-mail address, and nothing is said of this user's."""
    return bool(host.allowed_domains) and not user.get("email")


def lacks(user: Mapping[str, Any], host: Hosting) -> frozenset[str]:
    """The claims that the host decides by, where these claims do not say what they must."""
    address = {"email", "email_verified"} if lacks_address(user, host) else set()
    claim = host.groups_claim
    without = host.allowed_groups and not _groups(user, claim)
    return frozenset(address | ({claim, claim.partition(".")[0]} if without else set()))


def completed(user: Mapping[str, Any], more: Mapping[str, Any], host: Hosting) -> dict[str, Any]:
    """The claims of a token, and those it lacks from what the provider says at its second address.

    That may be somebody else's: only the same subject counts (OpenID Connect Core 1.0, 5.3.2).
    """
    if not user.get("sub") or more.get("sub") != user["sub"]:
        return dict(user)
    return {**user, **{claim: more[claim] for claim in lacks(user, host) if claim in more}}


def _domain(user: Mapping[str, Any]) -> str | None:
    """Of the user's e-mail address; None = there is none that the provider stands for.

    A provider that says an address is not verified has not said whose it is. One that says neither
    has a directory of its own, whose addresses it gave out.
    """
    email, verified = user.get("email"), user.get("email_verified", True)
    if verified is not True and str(verified).lower() != "true":
        return None
    found = _ADDRESS.fullmatch(email) if isinstance(email, str) else None
    return found[1].translate(_LOWER) if found else None


def _groups(user: Mapping[str, Any], claim: str) -> set[str]:
    """The names in the claim: one, or a list of them; of anything else none.

    A claim that is not there by its whole name may lie within another: `realm_access.roles`.
    """
    said: Any = user
    for part in (claim,) if claim in user else claim.split("."):
        said = said.get(part) if isinstance(said, Mapping) else None
    named = said if isinstance(said, (list, tuple)) else [said]
    return {group for group in named if isinstance(group, str)}
