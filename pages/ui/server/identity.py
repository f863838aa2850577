"""Who sends a request, by the identity cookie that Streamlit signs."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from streamlit.web.server.starlette import starlette_auth_routes as auth
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME


def user_of(request: Request) -> Mapping[str, Any]:
    """The claims in the cookie; empty = nobody has signed in, or not here."""
    said = auth._get_cookie_value_from_request(request, USER_COOKIE_NAME)
    try:
        user = json.loads(said) if said else {}
    except ValueError:
        return {}
    return user if isinstance(user, dict) and user.get("is_logged_in") else {}
