"""Settings of whoever hosts the app, from the environment; docs/hosting.md has all in one table.

| Variable | What it sets |
|---|---|
| `WORTH_TUNING_DB` | the SQLite file that holds cases, runs and votes; default `data/worth_tuning.db` |
| `DATABASE_URL` | a Postgres for all replicas instead: `postgresql://user:password@host/name` |
| `WORTH_TUNING_ENDPOINTS` | model addresses whose keys the host holds: a TOML file, or JSON |
| `WORTH_TUNING_HOSTED` | `true`: strangers use it. Left out: so it is where `DATABASE_URL` is set |
| `WORTH_TUNING_ALLOWED_ADDRESSES` | names, addresses, networks inside, each with a port or with any |
| `WORTH_TUNING_ONLY_ENDPOINTS` | `true`: models are asked at `WORTH_TUNING_ENDPOINTS` only |
| `WORTH_TUNING_CA_FILE` | certificates, as PEM, trusted besides the public ones |
| `WORTH_TUNING_EGRESS_PROXY` | `http://host:port` through which addresses outside are asked |
| `WORTH_TUNING_LIVE` | where a base model and its LoRA answer on this machine; set by `make live` |
| `WORTH_TUNING_HOSTNAMES` | names at which the app is reached; a request for any other is refused |

Lists have commas: `llm.internal:8000, 10.1.0.0/16` and `tuning.example.com, *.example.org`. One table
of the endpoints for each name; an option's address is then `host:<name>`:

    [openai]
    url = "https://api.openai.com/v1"
    key_env = "OPENAI_API_KEY"     # the variable that holds the key; left out: no key is sent
    region = "the EU"              # where it answers from, as readers are told before a run
    requests = 500                 # at most so many requests ...
    per_s = 60                     # ... in so many seconds, over all replicas and workers
    [openai.models."gpt-4.1-mini"] # where any is named, no other is asked; USD for a million tokens:
    input = 0.40                   # budgets, caps and spend go by these, whatever a reader enters
    output = 1.60
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
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


class HostPrice(BaseModel):
    """What a model costs its host, USD for a million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)


class HostEndpoint(BaseModel):
    """A model address whose key the host holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(pattern=r"^https?://[^/\s]")
    key_env: str | None = None
    """The environment variable with the key; None = no key is sent."""
    region: str = ""
    """Where it answers from, in the words readers are shown; "" = not known."""
    requests: int | None = Field(default=None, ge=1)
    """The most requests in `per_s`; None = as many as the address takes."""
    per_s: float = Field(default=1.0, gt=0)
    """Seconds."""
    models: Mapping[str, HostPrice] = {}
    """The models that may be asked, and what each costs; empty = any, at the reader's prices."""


_SCHEMES = ("postgres://", "postgresql://", "postgresql+psycopg://", "sqlite://")


class Settings(FromEnvironment):
    """Each has a default that needs nothing set up."""

    db: Path = Path("data") / "worth_tuning.db"
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)
    endpoints: str | None = None

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


@lru_cache(maxsize=1)
def host_endpoints() -> Mapping[str, HostEndpoint]:
    """The addresses whose keys the host holds, by name; read once.

    Raises:
        BadSettings: what `WORTH_TUNING_ENDPOINTS` names can't be read.
    """
    said = (settings().endpoints or "").strip()
    if not said:
        return {}
    try:
        return _ENDPOINTS.validate_python(_tables(said))
    except (OSError, ValueError) as error:
        where = _first(error) if isinstance(error, ValidationError) else str(error)
        raise BadSettings(
            f"WORTH_TUNING_ENDPOINTS can't be read ({where}); name a TOML file, or give JSON."
        ) from error


def _tables(said: str) -> Any:
    if said.startswith("{"):
        return json.loads(said)
    return tomllib.loads(Path(said).expanduser().read_text("utf-8"))


def _first(error: ValidationError) -> str:
    first = error.errors(include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


_ENDPOINTS = TypeAdapter(dict[str, HostEndpoint])


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
    allowed_addresses: Parts = ()
    only_endpoints: bool = False
    """No reader has a model asked at an address of their own, wherever it is."""
    hostnames: Parts = ()
    """Empty = any name."""
    ca_file: Path | None = Field(
        default=None, validation_alias=AliasChoices("WORTH_TUNING_CA_FILE", "SSL_CERT_FILE")
    )
    """Certificates of authorities that are trusted besides the public ones, as PEM."""
    egress_proxy: str = Field(default="", repr=False)
    """`http://host:port` through which addresses outside are asked; "" = directly."""
    live: Parts = ()
    """Where a base model and its LoRA answer on this machine, in that order; empty = nowhere."""

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

    run_budget_usd: Decimal | None = Field(default=None, ge=0)
    """The most that one run may cost, judge included, USD; None = what its owner allows."""
    day_budget_usd: Decimal | None = Field(default=None, ge=0)
    """The most that the runs one owner starts on one day (UTC) may cost together, USD."""
    house_day_budget_usd: Decimal | None = Field(default=None, ge=0)
    """The most that all owners' runs of one day (UTC) may cost together, USD."""
    house_month_budget_usd: Decimal | None = Field(default=None, ge=0)
    """The most that all owners' runs of one month (UTC) may cost together, USD."""
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
    oidc_prompt: Literal["", "login", "consent", "select_account", "none"] = ""
    """What the provider is asked to show; "" = it decides. Strict ones refuse `select_account`."""

    facts: str = ""
    """Where newer editions of the prices and dates are: an address, or a folder; "" = nowhere."""
    oidc_post_logout: bool = False
    """The provider knows the redirect address as one to come back to after signing out."""

    sign_in_rule: Literal["required", "none"] = Field(
        default="required", validation_alias="WORTH_TUNING_SIGN_IN"
    )
    """Where strangers use the app: whether it may start without a sign-in."""
    allowed_domains: Parts = ()
    """Domains of e-mail addresses whose users may come in; empty = all."""
    allowed_groups: Parts = ()
    """Groups of which a user must be in one; empty = all."""
    groups_claim: str = "groups"
    """Where the provider's token says the groups of a user."""

    log: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    client_header: str = ""
    """The header in which the host's own proxy says who asks; "" = the peer is who."""
    rate_per_minute: int = Field(default=200, ge=0)
    """How often one client may do each thing that costs, in a minute, and how many sessions it may
    have open; 0 = as often as it likes. Held to where strangers use the app."""
    metrics_token: str = Field(default="", repr=False)
    """Whoever sends it as a bearer token reads /metrics; "" = there is no /metrics."""
    worker_port: int | None = Field(default=None, ge=1, le=65535)
    """Where a worker answers /healthz and /metrics; None = nowhere."""
    stop_grace_s: float = Field(default=10.0, ge=0, le=3600)
    """How long runs may finish the calls in flight when the process is told to stop, seconds."""

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
