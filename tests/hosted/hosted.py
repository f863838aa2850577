"""A stack that answers, what it asks, and a user who has signed in."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, Error, Page, expect

from advisor.case.case import Case
from advisor.store.repository import Store
from pages.ui.sign_in import owner_of
from tests.e2e.server import settled
from tests.fault_server import FaultServer
from tests.hosted.stack import HOSTNAME, Stack, checkout, gateway, guide
from tests.oidc_server import CLIENT, SECRET, Provider, provider

KEY = "canary-host-key"
PASSWORD = "canary1"
"""Of the app's role in Postgres."""
COOKIE_SECRET = "canary3" * 5
PRICED = "".join(
    f'[ours.models."m-{option}"]\ninput = 0.4\noutput = 1.6\n' for option in ("base", "tuned")
)


@dataclass
class Hosted:
    """What a test of the stack has in hand."""

    stack: Stack
    server: FaultServer
    provider: Provider
    page: Page
    signed_in_s: float

    @property
    def database(self) -> str:
        """Its address now: it may change when it is started again."""
        return f"postgresql://worth:{PASSWORD}@{self.stack.address('database')}/worth"

    def saved(self, case: Case) -> str:
        """A case of the signed-in user, in the stack's own database; gives its id."""
        owner = owner_of({"iss": self.provider.issuer, "sub": self.provider.who["sub"]})
        store = Store.open(self.database, owner)
        brief = case.brief.model_copy(update={"use_case": "domain_summarization"})
        case_id = store.save_case(case.model_copy(update={"brief": brief}))
        store.close()
        return case_id

    def answered(self, case_id: str) -> int:
        """Answers that are kept; -1 = the database cannot be asked now."""
        query = (
            "SELECT count(*) FROM outputs JOIN runs ON runs.id = outputs.run_id "
            "WHERE runs.case_id = %s AND outputs.outcome = 'answered'"
        )
        try:
            with psycopg.connect(self.database, connect_timeout=3) as connection:
                row = connection.execute(query, (case_id,)).fetchone()
        except (psycopg.OperationalError, AssertionError):
            return -1
        return int(row[0]) if row else 0


@contextmanager
def from_a_checkout(browser: Browser, folder: Path) -> Iterator[Hosted]:
    """From a bare checkout to a signed-in user, by the commands of the guide."""
    machine = gateway()
    server = FaultServer(host=machine)
    with server.running(), provider(machine) as found:
        began = time.monotonic()
        folder.mkdir()
        stack = checkout(folder)
        copy, up = guide("Replicas and workers")[:2]
        stack.run(copy)
        fill_in(stack, server, found)
        with stack.gone_in_the_end():
            stack.run(up)
            context = browser.new_context(ignore_https_errors=True)
            page = context.new_page()
            sign_in(page, stack.url)
            yield Hosted(stack, server, found, page, time.monotonic() - began)
            context.close()


def fill_in(stack: Stack, server: FaultServer, found: Provider) -> None:
    """What an operations team writes: the name, the sign-in, passwords, the models and a key."""
    stack.set(
        APP_HOSTNAME=HOSTNAME,
        POSTGRES_PASSWORD=PASSWORD,
        POSTGRES_ADMIN_PASSWORD="canary2",
        WORTH_TUNING_OIDC_METADATA_URL=f"{found.issuer}/.well-known/openid-configuration",
        WORTH_TUNING_OIDC_CLIENT_ID=CLIENT,
        WORTH_TUNING_OIDC_CLIENT_SECRET=SECRET,
        WORTH_TUNING_OIDC_COOKIE_SECRET=COOKIE_SECRET,
        WORTH_TUNING_OIDC_REDIRECT_URI=f"{stack.url}/oauth2callback",
        WORTH_TUNING_ALLOWED_ADDRESSES=server.host,
        OUR_KEY=KEY,
    )
    endpoints = f'[ours]\nurl = "{server.url}"\nkey_env = "OUR_KEY"\n{PRICED}'
    (stack.folder / "deploy/endpoints.toml").write_text(endpoints, "utf-8")


def sign_in(page: Page, url: str) -> None:
    """By the provider, as whoever it takes everybody for.

    Twice at most: a browser that stops on the way back, as told at `opened`, brings a code that was
    taken already, and is asked to sign in again.
    """
    opened(page, url)
    settled(page, "Worth Tuning")
    button = page.get_by_role("button", name="Sign in")
    within = page.get_by_role("heading", level=1, name="Is fine-tuning worth it?", exact=True)
    with page.expect_navigation(url=f"{url}/", timeout=60_000):
        button.click()
    expect(within.or_(button)).to_be_visible()
    if button.is_visible():
        button.click()
    settled(page, "Is fine-tuning worth it?")


def opened(page: Page, address: str) -> None:
    """Go there; a browser on the engine's own machine stops where a container gets its network."""
    over, said = time.monotonic() + 90, ""
    while time.monotonic() < over:
        try:
            answer = page.goto(address)
        except Error as error:
            said = error.message
        else:
            if answer is not None and answer.ok:
                return
            said = f"{answer and answer.status}"
        time.sleep(1)
    raise AssertionError(f"{address} was not answered: {said}")
