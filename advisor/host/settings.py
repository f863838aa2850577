"""Settings of whoever hosts the app, from the environment: each is declared here and nowhere else.

What its docstring says stands in the table of docs/hosting.md, written by `make golden`.

Lists have commas: `llm.internal:8000, 10.1.0.0/16` and `tuning.example.com, *.example.org`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from advisor.errors import BadSettings

PREFIX = "WORTH_TUNING_"


class FromEnvironment(BaseSettings):
    """Settings of whoever hosts the app; an empty variable is one that is not set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    @classmethod
    def read(cls) -> Self:
        """The settings as the environment has them.

        Raises:
            BadSettings: a variable can't be read; the message names it, and not its value.
        """
        try:
            return cls()
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            name = str(first["loc"][0])
            variable = name if name.isupper() else f"{PREFIX}{name.upper()}"
            raise BadSettings(
                f"The setting {variable} can't be used ({first['msg'].lower()}); "
                "docs/hosting.md says what it takes."
            ) from None


_SCHEMES = ("postgres://", "postgresql://", "postgresql+psycopg://", "sqlite://")


class Settings(FromEnvironment):
    """Each has a default that needs nothing set up."""

    db: Path = Path("data") / "worth_tuning.db"
    """The SQLite file with cases, runs and votes. Left out: `data/worth_tuning.db`."""
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)
    """A Postgres for all replicas and workers instead: `postgresql://user:password@host/name`. Left
    out: SQLite."""
    endpoints: str | None = None
    """Model addresses whose keys the host holds: a TOML file, or JSON; `deploy/endpoints.toml` is
    one. Name the models and what each costs you wherever there is a budget. Left out: none."""

    @field_validator("database_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(_SCHEMES):
            raise ValueError("it should look like postgresql://…@host/name")
        return url

    @property
    def database(self) -> str | Path:
        """What the store opens."""
        return self.database_url or self.db


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings, read once.

    Raises:
        BadSettings: one of them can't be read.
    """
    return Settings.read()


def _parts(value: object) -> object:
    """`a, b` as ("a", "b")."""
    if isinstance(value, str):
        return tuple(name for part in value.split(",") if (name := part.strip()))
    return value


_NAME = re.compile(r"\*|(\*\.)?[\w-]+(\.[\w-]+)*|\[?[0-9a-fA-F:]+\]?")
"""As Starlette takes them."""

Parts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parts)]
"""In the environment: with commas between."""


class Exposure(FromEnvironment):
    """Each has a default that fits one reader on their own machine."""

    hosted: bool | None = None
    """`true`: strangers use it, so addresses inside the host's network are refused. Left out:
    `true` where `DATABASE_URL` is set."""
    allowed_addresses: Parts = ()
    """Names, addresses and networks inside that may be asked nevertheless. Left out: none."""
    only_endpoints: bool = False
    """`true`: models are asked at the addresses of `WORTH_TUNING_ENDPOINTS` and nowhere else. Left
    out: readers may enter addresses of their own."""
    ca_file: Path | None = Field(
        default=None, validation_alias=AliasChoices("WORTH_TUNING_CA_FILE", "SSL_CERT_FILE")
    )
    """Certificates of your company's own authority, as PEM: trusted besides the public ones, for
    models and the sign-in. `SSL_CERT_FILE` does the same where this is left out. Left out: the
    public authorities."""
    egress_proxy: str = Field(default="", repr=False)
    """`http://host:port` through which models and the sign-in are asked, by CONNECT. What is inside
    your network is asked directly; an address that a reader typed in is looked up and checked here,
    and given to the proxy as a number. Left out: no proxy; those of the environment are not
    read."""
    hostnames: Parts = ()
    """Names at which the app is reached; a request for any other is refused. Left out: any."""
    live: Parts = ()
    """Where a small base model and its LoRA answer on this machine; `make live` sets it. Left out:
    Start offers nothing live."""

    @field_validator("egress_proxy")
    @classmethod
    def _is_a_proxy(cls, proxy: str) -> str:
        if proxy and not re.fullmatch(r"http://([^/@\s]+@)?[^/@\s:]+:\d{1,5}/?", proxy):
            raise ValueError("it should look like http://proxy.example.org:3128")
        return proxy

    @field_validator("live")
    @classmethod
    def _are_two_addresses(cls, live: tuple[str, ...]) -> tuple[str, ...]:
        if live and (len(live) != 2 or not all(one.startswith("http://") for one in live)):
            raise ValueError("it should be two addresses, http://…,http://…")
        return live

    @field_validator("hostnames")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_NAME.fullmatch(name) for name in names):
            raise ValueError("each is a name such as app.example.org or *.example.org")
        return names

    @property
    def to_strangers(self) -> bool:
        """Whether what is typed in must be kept out of the host's network."""
        if self.hosted is None:
            return not _typed.get() and settings().database_url is not None
        return self.hosted


@lru_cache(maxsize=1)
def exposure() -> Exposure:
    """The settings, read once.

    Raises:
        BadSettings: one of them can't be read.
    """
    return Exposure.read()


@contextmanager
def typed_by_the_host() -> Iterator[None]:
    """While a command goes on whose addresses come from whoever typed it.

    A database that replicas share says then nothing of strangers; `WORTH_TUNING_HOSTED` still does.
    """
    before = _typed.set(True)
    try:
        yield
    finally:
        _typed.reset(before)


_typed = ContextVar("typed", default=False)


_SIGN_IN = (
    "oidc_metadata_url",
    "oidc_client_id",
    "oidc_client_secret",
    "oidc_redirect_uri",
    "oidc_cookie_secret",
)


class Hosting(FromEnvironment):
    """Each has a default that fits one reader on their own machine."""

    sign_in_rule: Literal["required", "none"] = Field(
        default="required", validation_alias="WORTH_TUNING_SIGN_IN"
    )
    """`required`: where strangers use it, the app refuses to start without a sign-in; `none`: it is
    open to everybody. Left out: `required`."""
    allowed_domains: Parts = ()
    """Domains of e-mail addresses whose users may come in, every sub-domain named too:
    `example.com, hr.example.com`. An address that the provider calls unverified does not count; one
    of which it says nothing does, so let it be your own provider. Where its token holds no address,
    its `userinfo_endpoint` is asked; where that says none either, nobody comes in, and page and log
    say so. Left out: all."""
    allowed_groups: Parts = ()
    """Groups of which a user must be in one; asked for at `userinfo_endpoint` where the token holds
    none. Left out: all."""
    groups_claim: str = "groups"
    """Where the provider's token says a user's groups, a name or a list of names; within another
    claim with a dot, as `realm_access.roles`. Left out: `groups`."""

    oidc_metadata_url: str = ""
    """The identity provider's `…/.well-known/openid-configuration`. Left out: no sign-in from the
    environment."""
    oidc_client_id: str = ""
    """As the provider gave it."""
    oidc_client_secret: str = Field(default="", repr=False)
    """As the provider gave it."""
    oidc_redirect_uri: str = ""
    """The app's address with `/oauth2callback`; the provider has to know it."""
    oidc_cookie_secret: str = Field(default="", repr=False)
    """Long and random; signs the cookie of whoever is signed in; the same for all replicas."""
    oidc_post_logout: bool = False
    """`true`: the provider knows the redirect address as one to come back to after signing out;
    else its own page stays. Left out: no address is sent."""
    oidc_prompt: Literal["", "login", "consent", "select_account", "none"] = ""
    """What the provider is asked to show: `login`, `consent`, `select_account` or `none`; some
    refuse one they do not know. Left out: the provider decides."""

    run_budget_usd: Decimal | None = Field(default=None, ge=0)
    """The most that one run may cost, judge included. Left out: what its owner allows."""
    day_budget_usd: Decimal | None = Field(default=None, ge=0)
    """The most that the runs one user starts on one day (UTC) may cost together. Left out: no
    limit."""
    house_day_budget_usd: Decimal | None = Field(default=None, ge=0)
    """The most that the runs all users start on one day (UTC) may cost together. Left out: no
    limit."""
    house_month_budget_usd: Decimal | None = Field(default=None, ge=0)
    """The same for a month. Left out: no limit."""
    keep_days: int | None = Field(default=None, ge=1, le=36_500)
    """Days after its last change after which a case is erased. Left out: until its owner deletes
    it."""
    facts: str = ""
    """Where newer prices and dates are: the address, or the folder, that `facts export` writes to.
    Left out: those that ship are used."""
    server_region: str = ""
    """Where this server stands, in the words readers are shown: `Frankfurt`. Left out: not said."""

    log: Literal["text", "json"] = "text"
    """`json`: one JSON object a line; `text`: as Streamlit writes. Left out: `text`."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """`DEBUG`, `INFO`, `WARNING` or `ERROR`, with `json`. Left out: `INFO`."""
    client_header: str = ""
    """The header in which your proxy says who asks, for the log and the rates: `X-Forwarded-For`;
    name it only where the app is reached through that proxy alone. Left out: the peer's address."""
    rate_per_minute: int = Field(default=200, ge=0)
    """Where strangers use it: how often a minute one client may open a session, sign in, upload, or
    fetch a shared PDF. No more sessions than that may be open at once. Each replica counts for
    itself, so two let through up to twice as many. `0`: any number. Left out: `200`."""
    metrics_token: str = Field(default="", repr=False)
    """Whoever sends it as `Authorization: Bearer …` reads `/metrics`. Left out: there is no such
    page."""
    worker_port: int | None = Field(default=None, ge=1, le=65535)
    """The port at which a worker answers `/healthz` and `/metrics`; the app answers at its own.
    Left out: a worker answers nowhere."""
    stop_grace_s: float = Field(default=10.0, ge=0, le=3600)
    """Seconds for which calls in flight may still come in when the process is told to stop. Left
    out: `10`."""

    @field_validator("allowed_domains")
    @classmethod
    def _are_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"[\w-]+(\.[\w-]+)+", domain) for domain in domains):
            raise ValueError("each is a domain such as example.com, every sub-domain named too")
        return domains

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
    def has_budgets(self) -> bool:
        """Whether a run is held to any of the four budgets."""
        of_house = (self.house_day_budget_usd, self.house_month_budget_usd)
        return any(one is not None for one in (self.run_budget_usd, self.day_budget_usd, *of_house))

    @property
    def sign_in(self) -> dict[str, Any]:
        """What Streamlit calls the table [auth] of its secrets; empty = not set here."""
        if not self.oidc_metadata_url:
            return {}
        return {
            "server_metadata_url": self.oidc_metadata_url,
            "client_id": self.oidc_client_id,
            "client_secret": self.oidc_client_secret,
            "redirect_uri": self.oidc_redirect_uri,
            "cookie_secret": self.oidc_cookie_secret,
            # Streamlit would ask for `select_account`; an empty list asks for nothing.
            "client_kwargs": {"prompt": self.oidc_prompt or []},
        }


@lru_cache(maxsize=1)
def hosting() -> Hosting:
    """The settings, read once.

    Raises:
        BadSettings: one of them can't be read.
    """
    return Hosting.read()
