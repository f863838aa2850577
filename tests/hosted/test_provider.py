"""Signing in and out at npm's oidc-provider in its own defaults, in a real browser."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.server import free_port, running, settled
from tests.oidc_server import CLIENT, SECRET

HERE = Path(__file__).parent / "oidc"
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif("MAKE_HOSTED" not in os.environ, reason="`make hosted` runs it"),
    pytest.mark.skipif(
        shutil.which("node") is None or not (HERE / "node_modules").is_dir(),
        reason="there is no npm here that could have installed the provider",
    ),
]


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here, and reaches nothing outside this machine."""
    context = browser.new_context()

    def local_only(route: Route) -> None:
        local = route.request.url.startswith(("http://localhost:", "http://127.0.0.1:"))
        route.continue_() if local else route.abort()

    context.route("**/*", local_only)
    yield context
    context.close()


@contextmanager
def hosted(folder: Path, **settings: str) -> Iterator[str]:
    """The app with that provider; gives its address."""
    port, issuer = free_port(), free_port()
    back = f"http://localhost:{port}/oauth2callback"
    started = subprocess.Popen(
        ["node", "provider.mjs", str(issuer), back, CLIENT, SECRET],
        cwd=HERE, stdout=subprocess.PIPE, stderr=(folder / "provider.log").open("wb"),
    )  # fmt: skip
    try:
        assert started.stdout is not None
        assert any(b"ready" in line for line in started.stdout)
        env = {
            "WORTH_TUNING_HOSTED": "true",
            "WORTH_TUNING_OIDC_METADATA_URL": (
                f"http://127.0.0.1:{issuer}/.well-known/openid-configuration"
            ),
            "WORTH_TUNING_OIDC_CLIENT_ID": CLIENT,
            "WORTH_TUNING_OIDC_CLIENT_SECRET": SECRET,
            "WORTH_TUNING_OIDC_REDIRECT_URI": back,
            "WORTH_TUNING_OIDC_COOKIE_SECRET": "0" * 32,
        }
        with running(folder / "app", port, **env | settings) as url:
            yield url
    finally:
        started.terminate()
        started.wait(30)


def ask_to_sign_in(page: Page, url: str) -> None:
    page.goto(url)
    settled(page, "Worth Tuning")
    page.get_by_role("button", name="Sign in").click()


def as_anna(page: Page) -> None:
    page.locator("input[name=login]").fill("anna")
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    expect(page.locator("input[name=prompt][value=consent]")).to_be_attached()
    page.locator("button[type=submit]").click()


def test_a_user_signs_in_and_out_and_nothing_of_it_is_left(visitor: BrowserContext, tmp_path: Path):
    page = visitor.new_page()
    with hosted(tmp_path) as url:
        ask_to_sign_in(page, url)
        as_anna(page)
        settled(page, "Is fine-tuning worth it?")
        copied = page.context.cookies(url)

        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Yes, sign me out").click()
        expect(page.get_by_text("Sign-out Success")).to_be_visible()
        page.goto(f"{url}/decisions")
        settled(page, "Worth Tuning")
        page.context.add_cookies(copied)
        page.goto(f"{url}/decisions")
        settled(page, "Worth Tuning")
        expect(page.get_by_text("You signed out in another window")).to_be_visible()
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("input[name=login]")).to_be_visible()  # it asks who it is again


@pytest.mark.parametrize(
    ("domain", "says"),
    [
        ("example.com", "Is fine-tuning worth it?"),
        ("example.org", "Your account may not use this app"),
    ],
)
def test_it_is_asked_for_the_address_that_its_token_leaves_out(
    visitor: BrowserContext, tmp_path: Path, domain: str, says: str
):
    page = visitor.new_page()
    with hosted(tmp_path, WORTH_TUNING_ALLOWED_DOMAINS=domain) as url:
        ask_to_sign_in(page, url)
        as_anna(page)
        expect(page.get_by_text(says)).to_be_visible(timeout=60_000)


def test_what_it_says_when_the_user_turns_back_is_shown(visitor: BrowserContext, tmp_path: Path):
    page = visitor.new_page()
    with hosted(tmp_path) as url:
        ask_to_sign_in(page, url)
        page.get_by_role("link", name="Cancel").click()
        expect(page.get_by_text("access_denied: End-User aborted interaction")).to_be_visible()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_what_it_says_of_a_prompt_that_it_does_not_know_is_shown(
    visitor: BrowserContext, tmp_path: Path
):
    page = visitor.new_page()
    with hosted(tmp_path, WORTH_TUNING_OIDC_PROMPT="select_account") as url:
        ask_to_sign_in(page, url)
        expect(page.get_by_text("invalid_request: unsupported prompt value")).to_be_visible()
