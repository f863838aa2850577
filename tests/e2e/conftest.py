"""A server and a browser for all tests; no page may reach out, and none may log an error."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

from advisor.store.repository import Store

from .server import CHROMIUM_ARGS, chromium, free_port, replayed, running
from .visitor import Visitor


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The Chromium that is there, with no traffic of its own."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": CHROMIUM_ARGS,
    }


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server that all tests share has its files: a test may put a case of its own there."""
    made = tmp_path_factory.mktemp("server")
    # Now, so that no test meets the server at making the tables.
    Store.open(made / "cases.db").close()
    return made


@pytest.fixture(scope="session")
def url(folder: Path) -> Iterator[str]:
    """The address of that server."""
    with running(folder) as address:
        yield address


@pytest.fixture(scope="session")
def case_id(folder: Path, url: str) -> str:
    """A case on that server: the first sample, all answers replayed."""
    return replayed(folder)


@pytest.fixture(scope="session")
def port() -> int:
    """For servers that last one test: at an address whose client the browser has already."""
    return free_port()


@pytest.fixture(scope="session")
def reader(browser: Browser, url: str) -> Visitor:
    return Visitor(browser, url)


@pytest.fixture(scope="session")
def other_reader(browser: Browser, url: str) -> Visitor:
    return Visitor(browser, url)


@pytest.fixture
def context(reader: Visitor) -> Iterator[BrowserContext]:
    """Where `page` opens: it knows of no test before."""
    yield reader.context
    reader.forget()


@pytest.fixture
def stranger(other_reader: Visitor) -> Iterator[Page]:
    """A page of somebody else's browser, which has never been here."""
    yield other_reader.context.new_page()
    other_reader.forget()


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
