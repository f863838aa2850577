"""Signing in and out by a real OpenID provider, in a real browser."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from playwright.sync_api import Page, expect

from pages.ui.sign_in import ASK_AGAIN_S
from tests.oidc_server import CLIENT, SECRET, Provider, provider
from tests.proxy import EgressProxy

from .server import free_port, running, settled

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Provider, Path]]:
    """A server with a sign-in: its address, its provider, and the folder with its files."""
    folder = tmp_path_factory.mktemp("hosted")
    port = free_port()
    with provider() as found:
        env = {
            "WORTH_TUNING_HOSTED": "true",
            "WORTH_TUNING_OIDC_METADATA_URL": f"{found.issuer}/.well-known/openid-configuration",
            "WORTH_TUNING_OIDC_CLIENT_ID": CLIENT,
            "WORTH_TUNING_OIDC_CLIENT_SECRET": SECRET,
            "WORTH_TUNING_OIDC_REDIRECT_URI": f"http://localhost:{port}/oauth2callback",
            "WORTH_TUNING_OIDC_COOKIE_SECRET": "0" * 32,
        }
        with running(folder, port, **env) as url:
            yield url, found, folder


def sign_in(page: Page, url: str) -> None:
    page.goto(url)
    settled(page, "Worth Tuning")
    page.get_by_role("button", name="Sign in").click()
    settled(page, "Is fine-tuning worth it?")


def test_the_first_request_of_a_fresh_server_is_a_deep_link_and_meets_the_sign_in(page, hosted):
    url, _, _ = hosted
    page.goto(f"{url}/decisions")
    settled(page, "Worth Tuning")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("link", name="Use case")).to_have_count(0)


def test_two_users_sign_in_and_neither_sees_the_others_case(page, stranger: Page, hosted):
    url, found, folder = hosted
    sign_in(page, url)
    page.get_by_role("button", name="Open the sample").click()
    settled(page, "Compare")
    expect(page).to_have_url(re.compile("case="))
    case_id = page.url.partition("case=")[2]
    page.reload()
    settled(page, "Compare")

    found.who = {"sub": "2", "name": "Otto", "email": "otto@example.com"}
    sign_in(stranger, url)
    stranger.goto(f"{url}/compare?case={case_id}")
    settled(stranger)
    expect(stranger.get_by_text("There is no such decision here")).to_be_visible()
    found.who = {"sub": "1", "name": "Anna", "email": "anna@example.com"}

    with closing(sqlite3.connect(folder / "cases.db")) as database:
        owners = [owner for (owner,) in database.execute("SELECT DISTINCT owner FROM cases")]
    assert len(owners) == 1
    assert re.fullmatch(r"oidc:[0-9a-f]{64}", owners[0])
    log = (folder / "server.log").read_text()
    assert "example.com" not in log
    assert "Anna" not in log


def test_whoever_signs_out_meets_the_sign_in_again_also_after_a_reload(page, hosted):
    url, found, _ = hosted
    sign_in(page, url)
    before = found.signed_out
    # The provider has not been told of an address to come back to, and refuses every one.
    with page.expect_response(lambda said: said.url.startswith(f"{found.issuer}/end")) as ended:
        page.get_by_role("button", name="Sign out").click()
    assert ended.value.status == 200
    expect(page.get_by_text("signed_out")).to_be_visible()
    page.goto(f"{url}/decisions")
    settled(page, "Worth Tuning")
    assert found.signed_out == before + 1, "the provider was told"


def test_a_copied_cookie_signs_nobody_in_once_its_user_has_signed_out(page, stranger: Page, hosted):
    url, _, _ = hosted
    sign_in(page, url)
    copied = page.context.cookies()
    sign_in(stranger, url)  # the same user on another device
    browser = page.context.browser
    assert browser is not None
    thief = browser.new_context()
    thief.add_cookies(copied)
    window = thief.new_page()
    window.goto(f"{url}/decisions")
    settled(window, "My decisions")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("signed_out")).to_be_visible()

    window.wait_for_timeout(1000 * ASK_AGAIN_S)
    window.get_by_role("link", name="Use case").click()
    expect(window.get_by_text("You signed out in another window")).to_be_visible()
    expect(window.get_by_role("link", name="Use case")).to_have_count(0)
    window.goto(f"{url}/decisions")
    settled(window, "Worth Tuning")
    expect(window.get_by_role("button", name="Sign in")).to_be_visible()
    path = f"{url}/_stcore/upload_file/some-session/some-file"
    upload = thief.request.put(path, data="text", headers={"Content-Type": "text/plain"})
    assert (upload.status, upload.text().partition(".")[0]) == (401, "You signed out")
    sign_in(window, url)  # and whoever it is may sign in themselves
    thief.close()

    stranger.goto(f"{url}/decisions")
    settled(stranger, "My decisions")
    stranger.reload()
    expect(stranger.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(page, hosted):
    url, found, _ = hosted
    found.spoil_signature = True
    try:
        page.goto(url)
        settled(page, "Worth Tuning")
        # The page before has the same title and button: it is left when the answer is there.
        with (
            page.expect_event("framenavigated"),
            page.expect_response(lambda answer: "/oauth2callback" in answer.url),
        ):
            page.get_by_role("button", name="Sign in").click()
        settled(page, "Worth Tuning")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    finally:
        found.spoil_signature = False


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"sub": "1", "email": "anna@example.com"}, "Is fine-tuning worth it?"),
        ({"sub": "2", "email": "anna@example.com"}, "does not say your e-mail address"),
        ({"sub": "1", "email": "anna@example.org"}, "Your account may not use this app"),
        (None, "does not say your e-mail address"),
    ],
)
def test_an_address_that_stands_in_no_token_is_asked_for(page, tmp_path, more, says):
    port = free_port()
    with provider() as found:
        found.who, found.more = {"sub": "1", "name": "Anna"}, more
        env = {
            "WORTH_TUNING_HOSTED": "true",
            "WORTH_TUNING_ALLOWED_DOMAINS": "example.com",
            "WORTH_TUNING_OIDC_METADATA_URL": f"{found.issuer}/.well-known/openid-configuration",
            "WORTH_TUNING_OIDC_CLIENT_ID": CLIENT,
            "WORTH_TUNING_OIDC_CLIENT_SECRET": SECRET,
            "WORTH_TUNING_OIDC_REDIRECT_URI": f"http://localhost:{port}/oauth2callback",
            "WORTH_TUNING_OIDC_COOKIE_SECRET": "0" * 32,
        }
        with running(tmp_path, port, **env) as url:
            page.goto(url)
            settled(page, "Worth Tuning")
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_text(says)).to_be_visible()


def test_what_a_strict_provider_says_when_it_refuses_is_shown_as_plain_text(page, tmp_path):
    port = free_port()
    with provider() as found:
        env = {
            "WORTH_TUNING_HOSTED": "true",
            "WORTH_TUNING_OIDC_METADATA_URL": f"{found.issuer}/.well-known/openid-configuration",
            "WORTH_TUNING_OIDC_CLIENT_ID": CLIENT,
            "WORTH_TUNING_OIDC_CLIENT_SECRET": SECRET,
            "WORTH_TUNING_OIDC_REDIRECT_URI": f"http://localhost:{port}/oauth2callback",
            "WORTH_TUNING_OIDC_COOKIE_SECRET": "0" * 32,
            "WORTH_TUNING_OIDC_PROMPT": "select_account",
        }
        with running(tmp_path, port, **env) as url:
            page.goto(url)
            settled(page, "Worth Tuning")
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_text("invalid_request: unsupported prompt")).to_be_visible()
            page.goto(f"{url}/oauth2callback?error=access_denied&error_description=**%3Cb%3Eno")
            expect(page.get_by_text("access_denied: **<b>no")).to_be_visible()


def test_a_sign_in_of_the_file_of_secrets_goes_through_the_company_s_proxy(page, tmp_path):
    port = free_port()
    with provider() as found:
        company = EgressProxy(int(found.issuer.rpartition(":")[2]))
        secrets = tmp_path / ".streamlit" / "secrets.toml"
        secrets.parent.mkdir()
        secrets.write_text(f"""[auth]
server_metadata_url = "http://id.invalid/.well-known/openid-configuration"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "{"0" * 32}"
client_kwargs = {{ prompt = "login" }}
""")
        with company.running() as at:
            env = {
                "WORTH_TUNING_HOSTED": "true",
                "WORTH_TUNING_EGRESS_PROXY": f"http://{at}",
            }
            with running(tmp_path, port, **env) as url:
                sign_in(page, url)
    assert "CONNECT id.invalid:80 HTTP/1.1" in company.asked


class Old(TimestampSigner):
    """Signs as it would have 40 days ago."""

    def get_timestamp(self) -> int:
        return super().get_timestamp() - 40 * 86_400


def test_a_forged_cookie_signs_nobody_in(page, hosted):
    url, _, _ = hosted
    sign_in(page, url)
    name, secret = "_streamlit_user", "0" * 32
    (ours,) = [cookie for cookie in page.context.cookies() if cookie["name"] == name]
    said = URLSafeTimedSerializer(secret, salt=name).loads(ours["value"])

    def resigned(with_secret: str, signer: type[TimestampSigner] = TimestampSigner) -> str:
        return URLSafeTimedSerializer(with_secret, salt=name, signer=signer).dumps(said)

    buttons = {"Sign in": [resigned("1" * 32), resigned(secret, Old), ours["value"][:-2]]}
    buttons["Sign out"] = [resigned(secret)]  # so that the others fail for what is wrong with them
    for button, values in buttons.items():
        for value in values:
            page.context.add_cookies([ours | {"value": value}])
            page.goto(f"{url}/decisions")
            expect(page.get_by_role("button", name=button)).to_be_visible(timeout=20_000)


def test_a_shared_page_asks_nobody_to_sign_in(page, hosted):
    url, _, _ = hosted
    page.goto(f"{url}/report?share=none")
    settled(page, "There is no report here")
