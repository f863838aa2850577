"""A server and a browser for all tests; no page may reach out, and none may log an error."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, WebError

from .server import CHROMIUM_ARGS, chromium, replay_sample, running


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The Chromium that is there, with no traffic of its own."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": CHROMIUM_ARGS,
    }


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that all tests share."""
    with running(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="session")
def case_id(url: str, browser: Browser) -> str:
    """A case on that server: the first sample, all answers replayed."""
    with browser.new_context() as context:
        return replay_sample(context.new_page(), url)


@pytest.fixture(autouse=True)
def quiet(context: BrowserContext) -> Iterator[None]:
    """Whatever a test does: no request leaves this host, and the console stays empty."""
    left, said = [], []

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname not in (
            "localhost",
            "127.0.0.1",
        ):
            left.append(request.url)

    def logged(message: ConsoleMessage) -> None:
        # On a deep link Streamlit's client first asks below the page's own path for these two,
        # gets a 404, and goes on to ask at the root.
        probed = re.search(r"/_stcore/(health|host-config)$", message.location["url"])
        if message.type == "error" and not (probed and "404" in message.text):
            said.append(f"{message.text} ({message.location['url']})")

    def failed(error: WebError) -> None:
        said.append(str(error.error))

    heard = {"request": asked, "console": logged, "weberror": failed}
    for event, listener in heard.items():
        context.on(event, listener)
    yield
    for event, listener in heard.items():
        context.remove_listener(event, listener)
    assert left == []
    assert said == []
