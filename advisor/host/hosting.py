"""How the app is run for others: settings of whoever hosts it. docs/hosting.md has all in one table."""

from decimal import Decimal
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from advisor.errors import BadSettings
from advisor.host.environment import FromEnvironment

_SIGN_IN = (
    "oidc_metadata_url",
    "oidc_client_id",
    "oidc_client_secret",
    "oidc_redirect_uri",
    "oidc_cookie_secret",
)


class Hosting(FromEnvironment):
    """Each has a default that fits one reader on their own machine."""

    run_budget_usd: Decimal | None = Field(default=None, ge=0)
    """The most that one run may cost, judge included, USD; None = what its owner allows."""
    day_budget_usd: Decimal | None = Field(default=None, ge=0)
    """The most that the runs one owner starts on one day (UTC) may cost together, USD."""
    keep_days: int | None = Field(default=None, ge=1, le=36_500)
    """Days after its last change after which a case is erased; None = until its owner does."""
    server_region: str = ""
    """Where this server and its database stand, in the words readers are shown."""

    oidc_metadata_url: str = ""
    """The identity provider's `.well-known/openid-configuration`."""
    oidc_client_id: str = ""
    oidc_client_secret: str = Field(default="", repr=False)
    oidc_redirect_uri: str = ""
    """The app's own address, with /oauth2callback."""
    oidc_cookie_secret: str = Field(default="", repr=False)

    log: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    metrics_token: str = Field(default="", repr=False)
    """Whoever sends it as a bearer token reads /metrics; "" = there is no /metrics."""
    worker_port: int | None = Field(default=None, ge=1, le=65535)
    """Where a worker answers /healthz and /metrics; None = nowhere."""
    stop_grace_s: float = Field(default=10.0, ge=0, le=3600)
    """How long runs may finish the calls in flight when the process is told to stop, seconds."""

    @model_validator(mode="after")
    def _signs_in_wholly_or_not(self) -> Self:
        """A misspelt name must not leave the app open to everybody."""
        said = {f"WORTH_TUNING_{name.upper()}": getattr(self, name) for name in _SIGN_IN}
        missing = [name for name, value in said.items() if not value]
        if missing and len(missing) < len(said):
            raise BadSettings(
                f"A part of the sign-in is set and {', '.join(missing)} not; set all five or none."
            )
        return self

    @property
    def sign_in(self) -> dict[str, str]:
        """What Streamlit calls the table [auth] of its secrets; empty = not set here."""
        if not self.oidc_metadata_url:
            return {}
        return {
            "server_metadata_url": self.oidc_metadata_url,
            "client_id": self.oidc_client_id,
            "client_secret": self.oidc_client_secret,
            "redirect_uri": self.oidc_redirect_uri,
            "cookie_secret": self.oidc_cookie_secret,
        }


@lru_cache(maxsize=1)
def hosting() -> Hosting:
    """The settings, read once.

    Raises:
        BadSettings: one of them can't be read.
    """
    return Hosting.read()
