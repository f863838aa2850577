"""The app's own way to the identity provider, and its second question there.

The way is by the host's certificates, and through its proxy.
"""

import logging
from typing import Any

from advisor.host import admission
from advisor.host.settings import exposure, hosting
from pages.ui import sign_in

_LOG = logging.getLogger(__name__)


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


def ask_whom_the_token_does_not_name() -> None:
    """Where the host decides who comes in, ask the provider for what its token leaves out.

    Many say an e-mail address, or groups, only at the address that they call `userinfo_endpoint`.
    Streamlit takes the token's claims alone, so the class that reads the token is set here.
    """
    host = hosting()
    if not (sign_in.is_set_up() and (host.allowed_domains or host.allowed_groups)):
        return
    from authlib.integrations import starlette_client  # type: ignore[import-untyped]

    class Asking(starlette_client.StarletteOAuth2App):  # type: ignore[misc]
        async def parse_id_token(self, token: Any, *given: Any, **named: Any) -> Any:
            user = await super().parse_id_token(token, *given, **named)
            if not user or not admission.lacks(user, host):
                return user
            more = {}
            try:
                if "userinfo_endpoint" in await self.load_server_metadata():
                    more = await self.userinfo(token=token)
            except Exception:  # noqa: BLE001 - nobody is let in by what was not said
                _LOG.warning("the identity provider did not say more of a user", exc_info=True)
            whole = admission.completed(user, more, host)
            if missing := admission.lacks(whole, host):
                _LOG.warning(
                    "the identity provider does not say %s of a user", ", ".join(sorted(missing))
                )
            return type(user)(whole)

    starlette_client.StarletteOAuth2App = Asking
