"""The app's own way to the identity provider: by the host's certificates, and through its proxy."""

from typing import Any

from advisor.host.settings import exposure
from pages.ui import sign_in


def by_the_way_out() -> None:
    """Have the sign-in take the same way out as models, where the host has set one.

    So does one that `.streamlit/secrets.toml` sets up.
    Only strings can be said in the settings of the sign-in, so its client's class is set here.
    """
    if not (sign_in.is_set_up() and (exposure().ca_file or exposure().egress_proxy)):
        return
    # Imported here, as most starts can save the time.
    from authlib.integrations.starlette_client.apps import (  # type: ignore[import-untyped]
        AsyncOAuth2Client,
        StarletteOAuth2App,
    )

    from advisor.llm.guard import guarded
    from advisor.llm.reach import Reach

    class Client(AsyncOAuth2Client):  # type: ignore[misc]
        def __init__(self, *given: Any, **named: Any) -> None:
            # The host named the provider itself, so it may be inside the network.
            super().__init__(*given, transport=guarded(Reach()), **named)

    StarletteOAuth2App.client_cls = Client
