"""Settings of the host: what can't be read is said in a sentence that names no secret."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import streamlit as st
from streamlit.config import get_option, set_option

from advisor.errors import BadSettings
from advisor.host.endpoints import HostEndpoint, host_endpoints
from advisor.host.settings import Exposure, Hosting, exposure, hosting, settings
from advisor.llm import reach
from pages.ui.server.operations import check_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch):
    def set_up(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        host_endpoints.cache_clear()

    yield set_up
    settings.cache_clear()
    host_endpoints.cache_clear()


def test_without_settings_it_is_one_file_and_nothing_more(environment, monkeypatch):
    for name in ("DATABASE_URL", "WORTH_TUNING_DB", "WORTH_TUNING_ENDPOINTS"):
        monkeypatch.delenv(name, raising=False)
    environment()
    assert str(settings().database) == "data/worth_tuning.db"
    assert host_endpoints() == {}


def test_a_database_url_goes_before_the_file_and_is_in_no_repr(environment):
    environment(DATABASE_URL="postgresql://me:canary@db/x", WORTH_TUNING_DB="mine.db")
    assert settings().database == "postgresql://me:canary@db/x"
    assert "canary" not in repr(settings())
    environment(DATABASE_URL="")
    assert str(settings().database) == "mine.db"


def test_addresses_of_the_host_come_from_a_file_or_as_json(environment, tmp_path):
    file = tmp_path / "endpoints.toml"
    file.write_text('[ours]\nurl = "https://a/v1"\nkey_env = "K"\nrequests = 5\nper_s = 60\n')
    environment(WORTH_TUNING_ENDPOINTS=str(file))
    wanted = HostEndpoint(url="https://a/v1", key_env="K", requests=5, per_s=60)
    assert host_endpoints() == {"ours": wanted}
    environment(WORTH_TUNING_ENDPOINTS='{"ours": {"url": "https://a/v1"}}')
    assert host_endpoints() == {"ours": HostEndpoint(url="https://a/v1")}


@pytest.mark.parametrize(
    "said", ["no/such/file.toml", "{", '{"ours": {}}', '{"ours": {"url": "u", "key": "canary"}}']
)
def test_what_can_not_be_read_is_a_sentence_without_a_key(environment, said):
    environment(WORTH_TUNING_ENDPOINTS=said)
    with pytest.raises(BadSettings, match="name a TOML file, or give JSON") as caught:
        host_endpoints()
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("KEEP_DAYS", "soon"), ("RUN_BUDGET_USD", "-1"), ("LOG", "loud")],
)
def test_a_variable_that_can_not_be_read_ends_a_command_with_one_sentence(name, value):
    variable = f"WORTH_TUNING_{name}"
    command = [sys.executable, "-m", "advisor", "worker"]
    done = subprocess.run(
        command, env=os.environ | {variable: value}, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert re.fullmatch(
        rf"The setting {variable} can't be used \(.+\); docs/hosting\.md says what it takes\.\n",
        done.stderr,
    )
    assert value not in done.stderr.replace(variable, "").split("(")[0]


def test_an_empty_variable_is_one_that_is_not_set(environment):
    environment(WORTH_TUNING_KEEP_DAYS="", WORTH_TUNING_HOSTED="")
    assert Hosting.read().keep_days is None
    assert Exposure.read().hosted is None


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch):
    """Settings are read anew, before and after."""
    readers = (settings, host_endpoints, exposure, hosting, reach._reach)
    for reader in readers:
        reader.cache_clear()
    yield monkeypatch
    for reader in readers:
        reader.cache_clear()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "canary"),
        ("DATABASE_URL", "//canary"),
        ("DATABASE_URL", "postgres"),
        ("DATABASE_URL", "mysql://me:canary@db/x"),
        ("WORTH_TUNING_ALLOWED_ADDRESSES", "10.0.0.0/99"),
        ("WORTH_TUNING_ALLOWED_ADDRESSES", "one two"),
        ("WORTH_TUNING_HOSTNAMES", "app.*.example"),
        ("WORTH_TUNING_HOSTNAMES", "https://app.example"),
        ("WORTH_TUNING_HOSTNAMES", "*.example, *x.example"),
        ("WORTH_TUNING_ENDPOINTS", '{"ours": {"url": "ftp://models"}}'),
        ("WORTH_TUNING_KEEP_DAYS", "99999999999"),
        ("WORTH_TUNING_STOP_GRACE_S", "inf"),
        ("WORTH_TUNING_STOP_GRACE_S", "nan"),
        ("WORTH_TUNING_DAY_BUDGET_USD", "nan"),
        ("WORTH_TUNING_OIDC_METADATA_URL", "https://id.example/.well-known/openid-configuration"),
        ("WORTH_TUNING_OIDC_CLIENT_ID", "canary"),
    ],
)
def test_the_app_does_not_start_on_nonsense_and_says_in_one_sentence_which(unread, name, value):
    unread.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        check_settings()
    said = str(ended.value)
    assert re.fullmatch(r"[^\n]+[;.] ?[^\n]+\.", said)
    assert (name if "_OIDC_" not in name else "WORTH_TUNING_OIDC_COOKIE_SECRET") in said
    assert "canary" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://me:canary@db/x"),
        ("DATABASE_URL", "postgresql+psycopg://db/x"),
        ("WORTH_TUNING_ALLOWED_ADDRESSES", "10.0.0.0/8, [fd00::7]:8000, llm.internal"),
        ("WORTH_TUNING_HOSTNAMES", "localhost, app.example, *.example, 10.0.0.7"),
        ("WORTH_TUNING_HOSTNAMES", "*"),
    ],
)
def test_what_hosts_write_is_understood(unread, name, value):
    unread.setenv(name, value)
    unread.setenv("WORTH_TUNING_SIGN_IN", "none")
    check_settings()


@pytest.mark.parametrize("opens", ["WORTH_TUNING_HOSTED", "DATABASE_URL"])
def test_nobody_opens_the_app_to_strangers_by_forgetting_the_sign_in(unread, opens):
    unread.setenv(opens, "true" if opens == "WORTH_TUNING_HOSTED" else "postgresql://db/x")
    with pytest.raises(SystemExit, match="WORTH_TUNING_SIGN_IN=none"):
        check_settings()


def test_one_readers_own_machine_asks_for_no_sign_in(unread):
    check_settings()


@pytest.fixture
def secrets(tmp_path: Path):
    """Where the app's file of secrets is."""
    file = tmp_path / "secrets.toml"
    before = get_option("secrets.files")
    set_option("secrets.files", [str(file)])
    st.secrets._reset()
    yield file
    set_option("secrets.files", before)
    st.secrets._reset()


SIGN_IN = {
    "server_metadata_url": "https://id.example.org/.well-known/openid-configuration",
    "client_id": "canary",
    "client_secret": "canary",
    "redirect_uri": "http://localhost:{port}/oauth2callback",
    "cookie_secret": "canary",
}
NO_ADDRESSES = ["canary.example/.well-known/openid-configuration", "ftp://canary/x", "https:///x"]


@pytest.mark.parametrize("key", ["server_metadata_url", "redirect_uri"])
@pytest.mark.parametrize("said", ["", *NO_ADDRESSES])
@pytest.mark.parametrize("provider", ["", "google"])
def test_the_app_does_not_start_with_a_sign_in_in_its_file_that_leads_nowhere(
    unread, secrets, provider, key, said
):
    table = SIGN_IN | {key: said}
    of_app = {name: table[name] for name in ("redirect_uri", "cookie_secret")}
    tables = {"auth": of_app, f"auth.{provider}": table} if provider else {"auth": table}
    secrets.write_text(toml(tables))
    with pytest.raises(SystemExit) as ended:
        check_settings()
    named = f"auth.{provider}" if provider and key == "server_metadata_url" else "auth"
    assert (
        f"The setting {key} under [{named}] of .streamlit/secrets.toml is no web"
        in ended.value.code
    )
    assert "canary" not in ended.value.code


def toml(tables):
    return "".join(
        f"[{name}]\n" + "".join(f'{key} = "{value}"\n' for key, value in table.items())
        for name, table in tables.items()
    )


@pytest.mark.parametrize("key", ["server_metadata_url", "redirect_uri"])
@pytest.mark.parametrize("said", NO_ADDRESSES)
def test_the_app_does_not_start_with_a_sign_in_in_its_environment_that_leads_nowhere(
    unread, key, said
):
    for name, value in (SIGN_IN | {key: said}).items():
        unread.setenv(variable_of(name), value)
    with pytest.raises(SystemExit) as ended:
        check_settings()
    assert f"The setting {variable_of(key)} is no web address; write one" in ended.value.code
    assert "canary" not in ended.value.code


def variable_of(key):
    return f"WORTH_TUNING_OIDC_{key.removeprefix('server_').upper()}"


def test_the_app_starts_with_a_sign_in_that_leads_to_addresses(unread, secrets):
    secrets.write_text(toml({"auth": SIGN_IN}))
    check_settings()
    for name, value in SIGN_IN.items():
        unread.setenv(variable_of(name), value)
    hosting.cache_clear()
    check_settings()


@pytest.mark.parametrize(
    ("bytes_", "why"), [(b'[auth]\nclient_secret = "canary', "it is no TOML"), (b"\xff", "no TOML")]
)
def test_secrets_that_can_not_be_read_are_a_sentence_and_no_app_without_a_sign_in(
    unread, secrets, bytes_, why
):
    secrets.write_bytes(bytes_)
    with pytest.raises(SystemExit) as ended:
        check_settings()
    assert f"The secrets in {secrets} can't be read" in str(ended.value)
    assert why in str(ended.value)
    assert "canary" not in str(ended.value)
